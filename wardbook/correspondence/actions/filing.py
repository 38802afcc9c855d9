"""Each thing that came in is put where it belongs: a case, a new case, nobody, later. First come, first served."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.cases import actions as case_actions
from wardbook.cases import readers
from wardbook.cases.actions import saving
from wardbook.cases.actions.linking import link_cases
from wardbook.cases.models import Case, CaseLink, WaitingOn
from wardbook.contacts.models import Contact
from wardbook.correspondence import events, threading, warnings
from wardbook.correspondence.actions import introducing
from wardbook.correspondence.models import Message, MessageOnCase, PostRules
from wardbook.journal.actions import as_one, gathering, record, remember_undo
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Membership
from wardbook.vocabulary.models import ContactType

if TYPE_CHECKING:
    from wardbook.accounts.models import User

A_MOMENT = timedelta(minutes=10)

# What may be set back on a message: where it lies, never what it says.
KEPT = (
    "state",
    "case_id",
    "line",
    "contact_id",
    "suggested_case_id",
    "suggestion",
    "suggestion_is_sure",
    "assignee_id",
    "later_on",
    "filed_at",
    "filed_by_id",
    "filed_how",
    "dismissed_as",
    "warnings",
)


@transaction.atomic
def file_on_case(
    message: Message,
    case: Case,
    *,
    by: "User | None",
    at: datetime,
    how: str = threading.HAND,
    contact: Contact | None = None,
) -> Message:
    """Put a message of the Inbox on a case. `contact` says who wrote it, where that is not known by the address.

    A person's message reopens a case that was closed within the office's days, and ends our waiting for them.
    Raises RuleBroken if somebody was first, or if the case is in the bin.
    """
    message = _waiting(message, by=by, at=at, case=case)
    if message.case_id is not None:
        return message
    case = _held_case(case, message)
    was = state(message)
    place(message, case, how=how, contact=contact, by=by, at=at)
    save(message)
    _join_thread(message, case)
    record(events.MESSAGE_FILED, about=message, by=by, at=at, case=case.pk, how=how)
    label = _("Message added to %(case)s") % {"case": case.reference}
    with gathering() as undos:
        remember(message, was, by=by, at=at, label=label)
        follow_up(message, case, by=by, at=at)
    as_one(undos)
    return message


@transaction.atomic
def open_case_from(
    message: Message,
    *,
    by: "User | None",
    at: datetime,
    description: str = "",
    contact: Contact | None = None,
    make_contact: bool = False,
    how: str = threading.HAND,
    **fields: Any,
) -> Case:
    """Open a case from a message of the Inbox and put it there. Its subject says what it is about, its sender whom.

    `make_contact` makes the sender known where nobody has the address yet. `fields` are those of
    `case_actions.open_case` (owner, tags, policy_area, category, kind, follow_up, is_anonymous, is_restricted …).
    Raises RuleBroken if somebody was first, or if it is not known whom it is about.
    """
    message = _waiting(message, by=by, at=at)
    if message.case_id is not None:
        raise RuleBroken(_("You put this message on a case already."))
    contact = (
        contact or message.contact or (introducing.sender_known(message, by=by, at=at) if make_contact else None)
    )
    with gathering() as undos:
        case = case_actions.open_case(
            message.office, by=by, at=at, **_for_new_case(message, description, contact, fields)
        )
        if fields.get("is_restricted") and by is not None:
            case = case_actions.restrict(case, by=by, at=at)
        file_on_case(message, case, by=by, at=at, how=how, contact=contact)
    as_one(undos)
    return case


@transaction.atomic
def dismiss(message: Message, *, reason: str, by: "User | None", at: datetime) -> Message:
    """It needs no answer. Raises RuleBroken if somebody was first, ValueError for a reason that is none."""
    if reason not in Message.DismissalReason.values:
        raise ValueError(f"Not a reason: {reason}")
    message = _waiting(message, by=by, at=at)
    if message.state != Message.State.WAITING:
        raise RuleBroken(_("You put this message on a case already."))
    was = state(message)
    message.state, message.dismissed_as = Message.State.DISMISSED, reason
    message.filed_at, message.filed_by, message.filed_how = at, by, ""
    message.later_on = None
    save(message)
    record(events.MESSAGE_DISMISSED, about=message, by=by, at=at, reason=reason)
    remember(message, was, by=by, at=at, label=_("Message: no answer needed"))
    return message


@transaction.atomic
def put_off(message: Message, *, until: date | None, by: "User", at: datetime) -> Message:
    """Have it come back to the Inbox on a day; None brings it back now. Raises RuleBroken for a day not to come."""
    message = _waiting(message, by=by, at=at)
    if message.state != Message.State.WAITING:
        raise RuleBroken(_("You put this message on a case already."))
    if until is not None and until <= message.office.local_date(at):
        raise RuleBroken(_("Choose a day after today."))
    was = state(message)
    if message.later_on == until:
        return message
    message.later_on = until
    save(message)
    record(events.MESSAGE_PUT_OFF, about=message, by=by, at=at, until=until.isoformat() if until else None)
    remember(message, was, by=by, at=at, label=_("Message put off"))
    return message


@transaction.atomic
def assign(message: Message, *, to: "User | None", by: "User", at: datetime) -> Message:
    """Have somebody look at it, or nobody. Raises RuleBroken for somebody who does not work in the Inbox."""
    message = _waiting(message, by=by, at=at)
    if message.state != Message.State.WAITING:
        raise RuleBroken(_("You put this message on a case already."))
    if to is not None:
        member = Membership.objects.active().filter(office_id=message.office_id, user=to).first()
        if member is None or not member.can("inbox.read"):
            raise RuleBroken(_("%(name)s does not see the Inbox.") % {"name": to})
    was = state(message)
    if message.assignee == to:
        return message
    message.assignee = to
    save(message)
    now = to.pk if to else None
    record(events.MESSAGE_ASSIGNED, about=message, by=by, at=at, was=was["assignee_id"], now=now)
    label = _("Message given to %(name)s") % {"name": to} if to else _("Message given to nobody")
    remember(message, was, by=by, at=at, label=label)
    return message


@transaction.atomic
def return_to_inbox(message: Message, *, by: "User", at: datetime) -> Message:
    """Put what was filed or dismissed back into the Inbox, with the case it was on as the suggestion."""
    message = _held(message)
    if message.state == Message.State.WAITING:
        return message
    was = state(message)
    case = message.case
    if case is not None:
        message.suggested_case, message.suggestion, message.suggestion_is_sure = case, message.filed_how, False
    _into_inbox(message)
    save(message)
    record(events.MESSAGE_RETURNED, about=message, by=by, at=at, was=case.pk if case else None)
    remember(message, was, by=by, at=at, label=_("Message put back into the Inbox"))
    return message


@transaction.atomic
def move_to_case(message: Message, case: Case, *, by: "User", at: datetime) -> Message:
    """Put a message that lies on one case on another."""
    message = _held(message)
    if message.case_id is None:
        return file_on_case(message, case, by=by, at=at)
    if message.case_id == case.pk:
        return message
    was = state(message)
    case = _held_case(case, message)
    place(message, case, how=threading.HAND, contact=None, by=by, at=at)
    save(message)
    MessageOnCase.objects.filter(message=message, case=case).delete()
    record(events.MESSAGE_MOVED, about=message, by=by, at=at, was=was["case_id"], case=case.pk)
    label = _("Message moved to %(case)s") % {"case": case.reference}
    remember(message, was, by=by, at=at, label=label)
    return message


@transaction.atomic
def split(message: Message, *, by: "User", at: datetime, description: str, **fields: Any) -> Case:
    """Make the second matter of a message that is on a case a case of its own, of the same person (E9, IN-18).

    The message is shown on both, and the cases are linked. The new one is restricted if the first is. Raises
    RuleBroken for a message that is on no case yet.
    """
    message = _held(message)
    first = message.case
    if first is None:
        raise RuleBroken(_("Put the message on its first case. Then make a case of its second matter."))
    fields.setdefault("constituent", message.contact or first.constituent)
    if fields["constituent"] is None:
        fields.setdefault("is_anonymous", first.is_anonymous)
    with gathering() as undos:
        case = case_actions.open_case(
            message.office, by=by, at=at, **_for_new_case(message, description, fields["constituent"], fields)
        )
        if first.is_restricted or fields.get("is_restricted"):
            case = case_actions.restrict(case, by=by, at=at)
        MessageOnCase.objects.create(office_id=message.office_id, message=message, case=case, by=by, at=at)
        link_cases(case, first, by=by, at=at, why=CaseLink.Why.SPLIT)
        record(events.MESSAGE_SPLIT, about=message, by=by, at=at, case=case.pk)
        label = _("%(case)s made of a second matter") % {"case": case.reference}
        payload = {"message": message.pk, "case": case.pk}
        remember_undo("message.join", office_id=case.office_id, by=by, at=at, label=label, payload=payload)
    as_one(undos)
    return case


def place(
    message: Message, case: Case, *, how: str, contact: Contact | None, by: "User | None", at: datetime
) -> None:
    """Set the fields of a message that goes on a case. The caller saves, and lets the case know by `follow_up`."""
    message.contact = contact or message.contact
    message.case, message.state = case, Message.State.FILED
    message.line = line_of(message, case)
    message.filed_at, message.filed_by, message.filed_how = at, by, how
    message.dismissed_as, message.later_on = "", None
    message.suggested_case, message.suggestion, message.suggestion_is_sure = None, "", False
    if by is not None:
        message.warnings = [code for code in message.warnings if code != warnings.QUOTES_NUMBER]


def line_of(message: Message, case: Case) -> str:
    """Whose correspondence a message is within its case (S3.29)."""
    contact = message.contact
    if contact is not None:
        if contact.pk in (case.constituent_id, case.requester_id):
            return Message.Line.CONSTITUENT
        return Message.Line.AGENCY if contact.is_agency else Message.Line.OTHER
    if message.answers is not None and message.answers.case_id == case.pk and message.answers.line:
        return message.answers.line
    return Message.Line.OTHER


def follow_up(message: Message, case: Case, *, by: "User | None", at: datetime) -> None:
    """What a message means for its case: it moves up, it opens again if it was closed lately, and we no longer wait
    for who wrote. An automatic answer does nothing but lie there (S1.32)."""
    saving.touch(case, at)
    if message.auto_kind or warnings.NOT_ON_CASE in message.warnings:
        return
    if case.is_closed:
        if reopens(case, at=at):
            case_actions.reopen(case, by=by, at=at)
    elif _is_awaited(message, case):
        case_actions.wait_on(case, WaitingOn.US, by=by, at=at)


def reopens(case: Case, *, at: datetime) -> bool:
    """Whether a reply now still opens a closed case again."""
    days = PostRules.of(case.office).reopen_days
    return case.closed_on is not None and (case.office.local_date(at) - case.closed_on).days <= days


def state(message: Message) -> dict[str, Any]:
    """Where the message lies, as it can be set back."""
    return {name: getattr(message, name) for name in KEPT}


def remember(message: Message, was: dict[str, Any], *, by: "User | None", at: datetime, label: str) -> None:
    """Keep how to put a message back where it was."""
    payload = {
        "message": message.pk,
        "version": message.version,
        "was": {name: value.isoformat() if isinstance(value, date) else value for name, value in was.items()},
    }
    remember_undo("message.place", office_id=message.office_id, by=by, at=at, label=label, payload=payload)


def _held(message: Message) -> Message:
    held = Message.objects.select_for_update(of=("self",)).select_related("office", "case", "contact", "filed_by")
    return held.get(pk=message.pk, direction=Message.Direction.IN)


def _waiting(message: Message, *, by: "User | None", at: datetime, case: Case | None = None) -> Message:
    """The message as it is now, held until the transaction ends. The first of two wins; the second is told who."""
    message = _held(message)
    if message.state == Message.State.WAITING:
        return message
    who, lately = message.filed_by, message.filed_at is not None and at - message.filed_at <= A_MOMENT
    if message.state == Message.State.FILED and case is not None and message.case_id == case.pk and who == by:
        return message
    raise RuleBroken(_was_first(message, who, by, lately=lately))


def _was_first(message: Message, who: "User | None", by: "User | None", *, lately: bool) -> str:
    names = {"name": who.first_name if who else _("Wardbook"), "case": message.case.reference if message.case else ""}
    if message.state == Message.State.DISMISSED:
        said = _("%(name)s said a moment ago that this needs no answer.")
        return (said if lately else _("%(name)s said that this needs no answer.")) % names
    if message.case is not None and by is not None and not readers.can_see(message.case, by):
        return _("%(name)s dealt with this a moment ago.") % names
    said = _("%(name)s added this to %(case)s a moment ago.") if lately else _("%(name)s added this to %(case)s.")
    return said % names


def _held_case(case: Case, message: Message) -> Case:
    case = Case.objects.select_for_update(of=("self",)).select_related("office").get(pk=case.pk)
    if case.office_id != message.office_id:
        raise RuleBroken(_("That belongs to another office."))
    if case.deleted_at is not None:
        raise RuleBroken(_("This case is in the bin."))
    return case


def save(message: Message) -> None:
    """Write where the message lies, as a new version."""
    message.version += 1
    fields = [name.removesuffix("_id") for name in KEPT]
    message.save(update_fields=[*fields, "version"])


def _into_inbox(message: Message) -> None:
    message.state, message.case, message.line = Message.State.WAITING, None, ""
    message.filed_at, message.filed_by, message.filed_how = None, None, ""
    message.dismissed_as = ""


def _join_thread(message: Message, case: Case) -> None:
    """What else of the thread waits in the Inbox is suggested for the same case."""
    same = Message.objects.filter(office_id=message.office_id, state=Message.State.WAITING, answers=message)
    same.update(suggested_case=case, suggestion=threading.THREAD, suggestion_is_sure=True)


def _is_awaited(message: Message, case: Case) -> bool:
    contact = message.contact
    if contact is None:
        return False
    if case.waiting_on == WaitingOn.CONSTITUENT:
        return contact.pk in (case.constituent_id, case.requester_id)
    if case.waiting_on == WaitingOn.AGENCY:
        return contact.pk == case.waiting_agency_id if case.waiting_agency_id else contact.is_agency
    if case.waiting_on == WaitingOn.COUNCILLOR:
        return contact.pk not in (case.constituent_id, case.requester_id) and not contact.is_agency
    return False


def _for_new_case(
    message: Message, description: str, contact: Contact | None, fields: dict[str, Any]
) -> dict[str, Any]:
    """What a case that is made of a message begins with."""
    invited = (message.invitation or {}).get("summary", "")
    given = {"kind": Case.Kind.INVITATION} if invited and fields.get("kind") == Case.Kind.INVITATION else {}
    about = description.strip() or (invited if given else "") or threading.base_subject(message.subject)
    code = message.medium
    how = ContactType.objects.filter(office_id=message.office_id, code=code, retired_at__isnull=True).first()
    new = {"contact_type": how, "constituent": contact, **fields, "description": about[:200] or _("(no subject)")}
    new.pop("is_restricted", None)
    return new
