"""Which case a mail belongs to, in the order of proof: our signed token, our own Message-IDs, ids of the thread, the
number in the subject. Never by the sender alone, never by a guess: those are suggestions with their reason (S1.32).
"""

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from wardbook.cases import references
from wardbook.cases.models import Case, Party
from wardbook.contacts.models import Contact
from wardbook.correspondence import tokens, warnings
from wardbook.correspondence.mime import forwards
from wardbook.correspondence.mime.forwards import Forwarded
from wardbook.correspondence.mime.model import ParsedMail
from wardbook.correspondence.models import KnownIdentifier, Mailbox, Message, MessageAddress
from wardbook.correspondence.senders import Ours, Sender, people_with
from wardbook.lib.fold import fold
from wardbook.offices.models import Office

TOKEN = "token"  # noqa: S105  a way of matching, not a secret
THREAD = "thread"
NUMBER = "number"
SENDER = "sender"
SUBJECT = "subject"
HAND = "hand"
CAMPAIGN = "campaign"
FORWARD = "forward"

REASONS: dict[str, Promise] = {
    TOKEN: _("It answers a message of this case."),
    THREAD: _("It is in the same thread as a message of this case."),
    NUMBER: _("It quotes the number of this case."),
    SENDER: _("The sender has this open case."),
    SUBJECT: _("The sender has this case, and its words are alike."),
    FORWARD: _("The person whose mail was forwarded has this case, as the text says."),
}
"""Why a case is suggested, by `Message.suggestion`. Shown with `warnings`, which say what speaks against it."""

MOST_REFERENCES = 60
MOST_QUOTED = 5
MOST_SUGGESTED = 20
LONGEST_IDENTIFIER = 200
ALIKE = 62
_BEFORE = r"(?:case|issue|ticket|ref|reference|number|achos|cyf|cás|dossier|fall|vorgang|az|aktenzeichen|caso)"
_QUOTED = re.compile(
    rf"(?:\b{_BEFORE}\b\.?\s*(?:no|nr|number|rhif|núm|n°|№)?\s*[.:]?\s*#?\s*|[#\[]\s*#?)(\d{{1,9}})\b", re.IGNORECASE
)
_REPLY = re.compile(
    r"^\s*(?:(?:re|fw|fwd|aw|wg|sv|vs|antw|tr|rv|réf|ref|rép|ymat|att|doorst|vl|enc|r|i)\s*(?:\[\d+\])?\s*:|\[[^\]]{1,40}\])\s*",
    re.IGNORECASE,
)


class Match(NamedTuple):
    """Where a mail belongs as far as its own words go. `is_sure`: it may be filed there without a person."""

    case: Case | None = None
    how: str = ""
    is_sure: bool = False
    takes_part: bool = False
    answers: Message | None = None
    warnings: tuple[str, ...] = ()


def find(mailbox: Mailbox, mail: ParsedMail, sender: Sender, *, envelope_to: str = "") -> Match:
    """The case of a mail, or the likeliest one with the reason. At most six queries."""
    office = mailbox.office
    ours = _by_token(office, mail, envelope_to)
    if ours is not None:
        match = _judged(ours, ours.case, sender, mail) if ours.case else Match(answers=ours)
        if match.case is not None:
            return match
    threads = _in_thread(office, mail)
    if threads:
        match = _of_thread(threads, sender)
        if match.case is not None:
            return match._replace(answers=ours or match.answers)
    answers = ours or (threads[0] if threads else None)
    quoted = _quoted(office, mail.subject)
    if quoted:
        return _by_number(quoted, sender)._replace(answers=answers)
    return _of_sender(office, mail.subject, sender)._replace(answers=answers)


def of_contact(office: Office, subject: str, contact: Contact | None) -> Match:
    """The likeliest case of somebody whom a person named as the sender. At most two queries."""
    return _of_sender(office, subject, Sender(contacts=(contact,))) if contact else Match()


def forward_of(mail: ParsedMail, ours: Ours) -> Forwarded | None:
    """The mail of somebody outside that a colleague forwards, as far as its words say; never proved (B1)."""
    found = forwards.forwarded_in(mail)
    return next((one for one in found if not ours.claims(one.address)), None)


def of_forward(office: Office, forward: Forwarded) -> Match:
    """The case of the one whose mail was forwarded: a suggestion, for anybody could have written that."""
    if not forward.address:
        return Match()
    people = people_with(office.pk, forward.address)
    if len(people) != 1:
        return Match()
    found = _of_sender(office, forward.subject, Sender(contacts=people))
    return Match(found.case, FORWARD) if found.case else Match()


def identifiers(mail: ParsedMail) -> list[tuple[str, bool]]:
    """(id, whether it is the mail's own) of every Message-ID that a mail has or names, as they are looked up."""
    found: dict[str, bool] = {}
    if mail.message_id:
        found[short(mail.message_id)] = True
    for one in _named_by(mail):
        found.setdefault(one, False)
    return list(found.items())


def short(identifier: str) -> str:
    """A Message-ID as it is kept: without brackets, its digest where it is very long."""
    plain = identifier.strip().strip("<>").replace("\0", "")
    return plain if len(plain) <= LONGEST_IDENTIFIER else f"sha256:{sha256(plain.encode()).hexdigest()}"


def base_subject(subject: str) -> str:
    """A subject without what replies and forwards put before it."""
    shorter = subject[:500]
    for _turn in range(12):
        cut = _REPLY.sub("", shorter, count=1)
        if cut == shorter or not cut.strip():
            break
        shorter = cut
    return " ".join(shorter.split())


def taking_part(cases: Iterable[int], sender: Sender) -> set[int]:
    """On which of these cases the sender takes part: constituent, who raised it, a party, the agency that we wait
    for, or an address that somebody of the office wrote to or whose mail somebody filed there. One query.

    That mail was sent to many, or filed by itself, makes nobody take part (B3).
    """
    wanted = list(cases)
    if not wanted or not sender.is_believed or not sender.address:
        return set()
    address = sender.address.lower()
    people = [contact.pk for contact in sender.contacts]
    here = Q(constituent__in=people) | Q(requester__in=people) | Q(waiting_agency__in=people)
    here |= Q(Exists(Party.objects.filter(case=OuterRef("pk"), contact__in=people, until__isnull=True)))
    written_to = MessageAddress.objects.filter(
        message__case=OuterRef("pk"), message__direction="out", message__is_automatic=False, address__iexact=address
    ).exclude(message__state__in=[Message.State.STOPPED, Message.State.FAILED])
    filed = Message.objects.filter(
        case=OuterRef("pk"), direction="in", from_address__iexact=address, filed_by__isnull=False
    )
    here |= Q(Exists(written_to)) | Q(Exists(filed))
    return set(Case.objects.filter(here, pk__in=wanted).values_list("pk", flat=True))


def _judged(ours: Message, case: Case, sender: Sender, mail: ParsedMail) -> Match:
    """A match by proof of ours. Whoever claims to be a colleague is looked at by a person (B1), and so is a
    stranger who answers a closed case; a machine's answer goes beside what it answers."""
    if case.deleted_at is not None:
        return Match(answers=ours)
    if sender.is_ours:
        return Match(case, TOKEN, answers=ours)
    if mail.is_bounce:
        return Match(case, TOKEN, is_sure=True, answers=ours)
    if case.pk in taking_part([case.pk], sender):
        return Match(case, TOKEN, is_sure=True, takes_part=True, answers=ours)
    sure = not case.is_closed or mail.is_auto_reply
    return Match(case, TOKEN, is_sure=sure, answers=ours, warnings=(warnings.NOT_ON_CASE,))


def _by_token(office: Office, mail: ParsedMail, envelope_to: str) -> Message | None:
    """The message of ours that is answered: by the address first, then by Message-ID, newest first."""
    addresses = [envelope_to, *mail.delivered_to, *(one.address for one in (*mail.to, *mail.cc)[:40])]
    returned = mail.bounce.original_message_id if mail.bounce else ""
    wanted = tokens.read_tokens([returned, *addresses, mail.in_reply_to or "", *_newest_first(mail)])
    if not wanted:
        return None
    rows = Message.objects.select_related("case__office", "answers__case__office").in_bulk(wanted[:MOST_REFERENCES])
    for pk in wanted:
        message = rows.get(pk)
        if message is not None and message.office_id == office.pk:
            # An answer to an acknowledgement, which itself is on no case, belongs where the first mail is.
            if message.case is None and message.answers is not None and message.answers.case is not None:
                return message.answers
            return message
    return None


def _named_by(mail: ParsedMail) -> list[str]:
    """The ids that a mail names, the one it answers first, then the thread from new to old, then Outlook's own."""
    named = [short(one) for one in (mail.in_reply_to or "", *_newest_first(mail)) if one]
    if len(mail.thread_index) >= 30:
        # The first 22 bytes are the same in the whole conversation.
        named.append(f"thread-index:{mail.thread_index.strip()[:29]}")
    return list(dict.fromkeys(named))


def _newest_first(mail: ParsedMail) -> list[str]:
    newest = list(reversed(mail.references))
    return [*newest[: MOST_REFERENCES - 1], *newest[-1:]] if len(newest) > MOST_REFERENCES else newest


def _in_thread(office: Office, mail: ParsedMail) -> list[Message]:
    """Messages that have or name an id which this mail names or has, the closest first."""
    wanted = _named_by(mail)
    own = short(mail.message_id) if mail.message_id else ""
    # Somebody may have answered this mail, and their answer come first.
    lookup = [*wanted, own] if own else wanted
    if not lookup:
        return []
    known = (
        KnownIdentifier.objects.filter(office=office, identifier__in=lookup)
        .exclude(identifier=own, is_its_own=True)
        .select_related("message__case__office")
    )
    turn = {identifier: place for place, identifier in enumerate(lookup)}
    rows = sorted(known[:200], key=lambda row: (turn[row.identifier], not row.is_its_own, -row.message_id))
    return list({row.message_id: row.message for row in rows}.values())


def _of_thread(threads: list[Message], sender: Sender) -> Match:
    """Ids of other mail systems can be known to strangers, so the sender must take part or have been a
    correspondent of the thread; else it is a suggestion."""
    on_cases = [message for message in threads if message.case is not None and message.case.deleted_at is None]
    if not on_cases:
        return Match(answers=threads[0])
    part = taking_part({message.case_id for message in on_cases if message.case_id}, sender)
    for message in on_cases:
        if message.case_id in part and not sender.is_ours:
            return Match(message.case, THREAD, is_sure=True, takes_part=True, answers=message)
    nearest = on_cases[0]
    if sender.is_ours:
        return Match(nearest.case, THREAD, answers=nearest)
    open_case = nearest.case is not None and not nearest.case.is_closed
    known = open_case and sender.is_believed and _was_written_to(nearest, sender)
    return Match(nearest.case, THREAD, is_sure=known, answers=nearest, warnings=(warnings.NOT_ON_CASE,))


def _was_written_to(message: Message, sender: Sender) -> bool:
    """Whether the sender was a To or Cc of exactly the message that is answered. One query."""
    return message.addresses.filter(address__iexact=sender.address).exists()


def _quoted(office: Office, subject: str) -> list[Case]:
    """The cases whose number or reference a subject quotes. Numbers in the text of a mail mean nothing (B2)."""
    subject = subject[:500]
    numbers = {int(found) for found in _QUOTED.findall(subject)}
    keys = {references.key(found) for found in _pattern(office.reference_format).findall(subject)}
    if not numbers and not keys:
        return []
    if len(numbers) + len(keys) > MOST_QUOTED:
        return []
    numbers = {number for number in numbers if number < 2**31}
    cases = Case.objects.filter(office=office, deleted_at__isnull=True).select_related("office")
    return list(cases.filter(Q(number__in=numbers) | Q(reference_key__in=keys)).order_by("-number")[:MOST_QUOTED])


def _pattern(reference_format: str) -> re.Pattern[str]:
    """What a reference of this office looks like. A bare number is none: it could be a house number."""
    places = {"number": r"\d{1,9}", "year": r"\d{4}", "check": r"[A-Z]"}
    parts = re.split(r"\{(number|year|check)\}", reference_format)
    if not any(part.strip() for part in parts[::2]) and "{check}" not in reference_format:
        return re.compile(r"(?!)")
    told = [re.escape(part) if place % 2 == 0 else places[part] for place, part in enumerate(parts)]
    return re.compile(rf"(?<![\w-]){''.join(told)}(?![\w-])", re.IGNORECASE)


def _by_number(cases: list[Case], sender: Sender) -> Match:
    part = taking_part([case.pk for case in cases], sender)
    for case in cases:
        if case.pk in part:
            return Match(case, NUMBER, is_sure=len(part) == 1, takes_part=True)
    told = () if sender.is_ours else (warnings.QUOTES_NUMBER, warnings.NOT_ON_CASE)
    return Match(cases[0], NUMBER, warnings=told)


def _of_sender(office: Office, subject: str, sender: Sender) -> Match:
    """The open case of this sender whose words are nearest to the subject, else the newest one."""
    found = cases_of(office, sender)
    if not found:
        return Match()
    words = fold(base_subject(subject))
    ranked = sorted(found, key=lambda case: (-_likeness(words, case), case.is_closed))
    best = ranked[0]
    if _likeness(words, best) >= ALIKE:
        return Match(best, SUBJECT, takes_part=True)
    newest = next((case for case in found if not case.is_closed), None)
    return Match(newest, SENDER, takes_part=True) if newest else Match()


def cases_of(office: Office, sender: Sender) -> list[Case]:
    """The newest cases on which this sender is constituent, raised them or is a party, open ones first. One query."""
    people = [contact.pk for contact in sender.contacts]
    if not people:
        return []
    party = Party.objects.filter(contact__in=people, until__isnull=True).values("case")
    theirs = Q(constituent__in=people) | Q(requester__in=people) | Q(pk__in=party)
    cases = Case.objects.filter(theirs, office=office, deleted_at__isnull=True).select_related("office")
    return sorted(cases.order_by("-last_activity_at")[:MOST_SUGGESTED], key=lambda case: case.is_closed)


def _likeness(words: str, case: Case) -> float:
    return float(fuzz.token_set_ratio(words, fold(case.description))) if len(words) > 5 else 0.0
