"""What is asked or refused before a message is written: the wrong person, the wrong file, somebody else's answer."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from wardbook.cases.models import Activity, Case
from wardbook.contacts.models import Contact
from wardbook.correspondence import filling, recipients, writing
from wardbook.correspondence.models import AddressTrouble, Mailbox, Message, SenderIdentity
from wardbook.correspondence.recipients import OnCase, Recipient
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.accounts.models import User


class Reason(NamedTuple):
    """One thing to confirm. `key` goes back in `confirmed`; it names the address, so that a yes to one is no yes to
    another. `kind`: outsider, first-time, first-time-sure, mixed, came-back, deceased, file, token."""

    key: str
    kind: str
    words: str


class NeedsConfirming(Exception):
    """The message is not sent before somebody said yes to each of these reasons (C6)."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(" ".join(reason.words for reason in reasons))
        self.reasons = list(reasons)


class AnsweredMeanwhile(Exception):
    """A colleague wrote since the page was made. Nothing is sent. `entry` is what they wrote, a Message or an
    Activity; `key` in `confirmed` sends anyway."""

    def __init__(self, entry: Any, who: str, at: datetime) -> None:
        self.entry, self.who, self.at = entry, who, at
        self.key = f"answered:{entry._meta.model_name}-{entry.pk}"
        super().__init__(_("%(who)s answered meanwhile. Your email is not sent.") % {"who": who})


def refuse_own_address(office: Office, to: Iterable[Recipient]) -> None:
    """A message to one of our own mailboxes would come back to us as mail."""
    own = {address for box in Mailbox.objects.filter(office=office).in_use() for address in box.own_addresses}
    for recipient in to:
        if recipient.key in own:
            raise RuleBroken(_("%(address)s is an address of this office.") % {"address": recipient.address})


def refuse_identity(identity: SenderIdentity, office: Office, by: "User") -> None:
    """People write as the office or as themselves (S1.29)."""
    usable = identity.retired_at is None and identity.mailbox.retired_at is None
    if identity.office_id != office.pk or not usable or identity.user_id not in (None, by.pk):
        raise RuleBroken(_("Choose another sender."))


def refuse_unwilling(office: Office, to: Iterable[Recipient]) -> None:
    """Who asked not to get email gets none; the reason is said."""
    for recipient in to:
        known = [recipient.contact] if recipient.contact else recipients.with_address(recipient.address, office.pk)
        for contact in known:
            if contact.do_not_email:
                raise RuleBroken(_unwilling(contact))


def _unwilling(contact: Contact) -> str:
    if contact.flags_source:
        words = _("%(name)s does not want email (%(source)s). Write a letter, or ring.")
        return words % {"name": contact.formal_name, "source": contact.flags_source}
    return _("%(name)s does not want email. Write a letter, or ring.") % {"name": contact.formal_name}


def ask(
    *,
    office: Office,
    case: Case | None,
    to: Sequence[Recipient],
    cc: Sequence[Recipient],
    here: OnCase,
    words: str,
    files: int,
    confirmed: Collection[str],
) -> None:
    """Raise NeedsConfirming for whatever nobody said yes to yet.

    What is asked twice is asked the second time only after the first yes (C6: first-time on a restricted case).
    """
    everybody = [*to, *cc]
    reasons: list[Reason] = []
    second: list[Reason] = []
    if case is not None:
        reasons, second = _strangers(case, everybody, here)
    reasons += _mixed(case, to, cc, here)
    reasons += _troubled(office, everybody)
    reasons += _deceased(everybody)
    if not files and writing.speaks_of_a_file(words):
        reasons.append(Reason("file", "file", _("Your text speaks of a file, but none is attached.")))
    for token in [*filling.tokens_in(words), *filling.slips_in(words)]:
        said = _("Your text still says {%(token)s}.") % {"token": token}
        reasons.append(Reason(f"token:{token}", "token", said))
    open_ones = [reason for reason in reasons if reason.key not in confirmed]
    if not open_ones:
        open_ones = [reason for reason in second if reason.key not in confirmed]
    if open_ones:
        raise NeedsConfirming(open_ones)


def _strangers(case: Case, everybody: Sequence[Recipient], here: OnCase) -> tuple[list[Reason], list[Reason]]:
    first, second = [], []
    for recipient in everybody:
        address = recipient.address
        if not here.holds(address):
            words = _("%(address)s is not on this case.") % {"address": address}
            first.append(Reason(f"outsider:{recipient.key}", "outsider", words))
        if case.is_restricted and recipient.key not in here.written_to and recipient.key not in here.colleagues:
            if here.holds(address):
                words = _("Nobody has written to %(address)s about this case yet.") % {"address": address}
                first.append(Reason(f"first-time:{recipient.key}", "first-time", words))
            words = _("This case is restricted. Is %(address)s really right?") % {"address": address}
            second.append(Reason(f"first-time-sure:{recipient.key}", "first-time-sure", words))
    return first, second


def _mixed(case: Case | None, to: Sequence[Recipient], cc: Sequence[Recipient], here: OnCase) -> list[Reason]:
    """The constituent's address never goes to an agency by itself, nor words for one to the other (S3.29)."""
    lines = {recipients.line_to(recipient, case, here): recipient for recipient in [*to, *cc]}
    constituent, agency = lines.get(Message.Line.CONSTITUENT), lines.get(Message.Line.AGENCY)
    if case is None or constituent is None or agency is None:
        return []
    named = {"agency": agency.name or agency.address, "person": constituent.name or constituent.address}
    if cc:
        words = _("%(agency)s would see the address of %(person)s.") % named
    else:
        words = _("%(agency)s and %(person)s would get the same words, each in a message of their own.") % named
    return [Reason(f"mixed:{agency.key}+{constituent.key}", "mixed", words)]


def said_to_be_right(everybody: Iterable[Recipient], confirmed: Collection[str]) -> list[str]:
    """The addresses to which mail is sent although it came back from there before."""
    return [recipient.key for recipient in everybody if _came_back(recipient) in confirmed]


def _came_back(recipient: Recipient) -> str:
    return f"came-back:{recipient.key}"


def _troubled(office: Office, everybody: Sequence[Recipient]) -> list[Reason]:
    hard = AddressTrouble.objects.filter(office=office, is_hard=True, cleared_at=None)
    known = {trouble.address: trouble for trouble in hard.filter(address__in=[r.key for r in everybody])}
    return [
        Reason(
            _came_back(recipient),
            "came-back",
            _("Mail to %(address)s came back on %(day)s. Is the address right?")
            % {"address": recipient.address, "day": _day(known[recipient.key].at, office)},
        )
        for recipient in everybody
        if recipient.key in known
    ]


def _deceased(everybody: Sequence[Recipient]) -> list[Reason]:
    return [
        Reason(
            f"deceased:{recipient.key}",
            "deceased",
            _("%(name)s died on %(day)s.")
            % {"name": recipient.contact.formal_name, "day": writing.long_day(recipient.contact.deceased_on)},
        )
        for recipient in everybody
        if recipient.contact is not None and recipient.contact.deceased_on is not None
    ]


def answered_meanwhile(
    *,
    office: Office,
    case: Case | None,
    in_answer_to: Message | None,
    seen_at: datetime | None,
    confirmed: Collection[str],
    by: "User",
) -> None:
    """Raise AnsweredMeanwhile for the newest thing that a colleague said to somebody outside since `seen_at`.

    The caller holds the case (or the message answered), so that of two who press at the same moment one is second.
    """
    if seen_at is None:
        return
    newest: list[tuple[datetime, Any, Any]] = []
    said = Message.objects.said_to_others().filter(office=office, is_automatic=False, at__gt=seen_at)
    said = said.exclude(by=by).exclude(by=None)
    about = Q(case=case) if case is not None else Q(pk__in=[])
    if in_answer_to is not None:
        about |= Q(answers=in_answer_to)
    message = said.filter(about).select_related("by").order_by("-at", "-pk").first()
    if message is not None:
        newest.append((message.at, message, message.by))
    if case is not None:
        told = Activity.objects.filter(case=case, direction=Activity.Direction.OUT, state=Activity.State.DONE)
        told = told.filter(created_at__gt=seen_at, deleted_at=None).exclude(created_by=by).exclude(created_by=None)
        activity = told.select_related("created_by").order_by("-created_at", "-pk").first()
        if activity is not None:
            newest.append((activity.created_at, activity, activity.created_by))
    if newest:
        at, entry, who = max(newest, key=lambda one: one[0])
        meanwhile = AnsweredMeanwhile(entry, str(who), at)
        if meanwhile.key not in confirmed:
            raise meanwhile


def _day(at: datetime, office: Office) -> str:
    return writing.long_day(office.local_date(at))
