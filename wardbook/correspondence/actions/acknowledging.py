"""Who writes to us for the first time is told that it came, once, and never in a circle (B10, RFC 3834)."""

import re
from datetime import datetime, timedelta

from wardbook.correspondence import events, filling, mime, senders, warnings
from wardbook.correspondence.acknowledgement_words import words_in
from wardbook.correspondence.actions import composing, keeping
from wardbook.correspondence.mime.model import ParsedMail
from wardbook.correspondence.models import AutomaticAnswer, Delivery, Message, MessageAddress, PostRules, Template
from wardbook.correspondence.recipients import Recipient
from wardbook.correspondence.senders import Sender
from wardbook.correspondence.threading import THREAD, TOKEN
from wardbook.journal.actions import record
from wardbook.lib.rules import RuleBroken

ONCE_IN = timedelta(hours=24)
MOST_BEFORE_SILENCE = 3

# What a template of an acknowledgement may say. Nothing of the person or their message: whoever is not known gets the
# same words as whoever is (C9), and what came in is never sent back (B4).
ALLOWED = frozenset({"case.reference", "office.name", "office.short_name", "today"})
_OTHER_INSTANCE = re.compile(rb"^x-wardbook-auto[ \t]*:", re.IGNORECASE | re.MULTILINE)
_NOT_ANSWERED = frozenset(
    {warnings.UNVERIFIED, warnings.FORGED_STAFF, warnings.SEVERAL_SENDERS, warnings.NO_SENDER, warnings.CODE}
    | {warnings.SAME_IDENTIFIER}
)


def acknowledge(
    message: Message, mail: ParsedMail, sender: Sender, delivery: Delivery, ours: senders.Ours, *, at: datetime
) -> Message | None:
    """Queue an acknowledgement of a message that just came in, if one is due. Runs in the transaction of reading."""
    mailbox = message.mailbox
    if mailbox is None or not mailbox.acknowledges or not _by_a_person(message, mail, sender, delivery):
        return None
    address = senders.plain(sender.address)
    if ours.end_here(address) or not _within_limits(message.office_id, address, at=at):
        return None
    language, subject, body = written(message, at=at)
    try:
        answer = composing.queue_automatic(
            mailbox,
            to=Recipient("", sender.address),
            subject=subject,
            body=body,
            in_answer_to=message,
            language=language,
            at=at,
        )
    except RuleBroken:
        return None
    AutomaticAnswer.objects.create(office_id=message.office_id, address=address[:320], at=at, message=answer)
    record(events.MESSAGE_ACKNOWLEDGED, about=message, by=None, at=at, message=answer.pk)
    return answer


def written(message: Message, *, at: datetime) -> tuple[str, str, str]:
    """(language, subject, body): the office's own words where it has some for the language, else the built-in."""
    mailbox = message.mailbox
    assert mailbox is not None
    office = mailbox.office
    wanted = [one for one in (message.language, mailbox.language, office.language) if one]
    own = _template(office.pk, wanted)
    case = message.case
    if own is not None:
        language = own.language or wanted[0]
        usual = words_in(language, *wanted)[1]
        # The office wrote its words for any language in one of its own.
        spoken = own.language or mailbox.language or office.language
        facts = filling.Facts(office=office, at=at, case=case, language=spoken)
        subject = _filled(own.subject, facts) or usual.subject
        paragraphs = [_filled(part, facts) for part in re.split(r"\n\s*\n", own.body.replace("\r\n", "\n"))]
        if case is None and "{case.reference}" in own.body:
            paragraphs.append(usual.later)
    else:
        language, usual = words_in(*([mailbox.language] if mailbox.language else []), *wanted)
        subject = usual.subject
        reference = usual.reference.format(reference=case.reference) if case else usual.later
        paragraphs = [usual.received, reference, usual.closing, mailbox.name]
    paragraphs.append(PostRules.of(office).privacy_line.strip() or usual.privacy)
    return language, subject, "\n\n".join(part for part in paragraphs if part)


def _template(office_id: int, wanted: list[str]) -> Template | None:
    """The office's acknowledgement in the first of these languages, else the one it has for any. One query."""
    own = Template.objects.in_use().filter(office_id=office_id, kind=Template.Kind.ACKNOWLEDGEMENT)
    by_language = {one.language.lower().partition("-")[0]: one for one in own}
    for language in wanted:
        if found := by_language.get(language.lower().partition("-")[0]):
            return found
    return by_language.get("")


def _filled(text: str, facts: filling.Facts) -> str:
    """A paragraph with its tokens filled; nothing where one of them has no value or may not be said here."""
    if set(filling.tokens_in(text)) - ALLOWED:
        return ""
    filled = filling.fill(text, facts)
    return "" if filled.missing else filled.text.strip()


def _by_a_person(message: Message, mail: ParsedMail, sender: Sender, delivery: Delivery) -> bool:
    """Whether a person wrote it, who begins something: no machine, no list, no answer to what we wrote."""
    if message.auto_kind or mail.is_list or mail.bounce is not None:
        return False
    if not sender.is_believed or sender.is_ours or _NOT_ANSWERED & set(message.warnings):
        return False
    if mime.nobody_reads(sender.address):
        return False
    null_sender = mail.return_path is not None and mail.return_path.strip("<> ") == ""
    if null_sender or delivery.envelope_from.strip() == "<>":
        return False
    if message.answers is not None or message.filed_how in (TOKEN, THREAD):
        return False
    head = keeping.bytes_of(delivery.raw)[:65_536].partition(b"\r\n\r\n")[0].partition(b"\n\n")[0]
    return _OTHER_INSTANCE.search(head) is None


def _within_limits(office_id: int, address: str, *, at: datetime) -> bool:
    """At most one in 24 h, and three in all, until a person of the office writes to them. Two queries.

    The journal of the office is held by now, so that two workers cannot both find that one is due.
    """
    answered = AutomaticAnswer.objects.filter(office_id=office_id, address=address)
    times = list(answered.order_by("-at").values_list("at", flat=True)[:MOST_BEFORE_SILENCE])
    if times and at - times[0] < ONCE_IN:
        return False
    if len(times) < MOST_BEFORE_SILENCE:
        return True
    by_hand = MessageAddress.objects.filter(
        message__office_id=office_id,
        message__direction=Message.Direction.OUT,
        message__is_automatic=False,
        message__at__gt=times[-1],
        address__iexact=address,
    )
    since = by_hand.order_by("-message__at").values_list("message__at", flat=True).first()
    return since is not None and answered.filter(at__gt=since).count() < MOST_BEFORE_SILENCE
