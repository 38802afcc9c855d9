"""How the acts on mail are taken back. Registered by the app when it is ready."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from wardbook.cases import readers
from wardbook.cases.models import Case
from wardbook.correspondence import events
from wardbook.correspondence.actions import by_hand, composing
from wardbook.correspondence.actions.filing import KEPT
from wardbook.correspondence.models import Message, MessageOnCase
from wardbook.journal import inverses
from wardbook.journal.actions import record
from wardbook.journal.inverses import inverse
from wardbook.journal.models import Undo
from wardbook.lib.rules import RuleBroken

if TYPE_CHECKING:
    from wardbook.accounts.models import User


@inverse("message.place")
def put_back(undo: Undo, by: "User", at: datetime) -> str:
    """A message lies again where it lay, unless somebody did something with it later."""
    message = _held(undo.payload["message"], by)
    if message.version != undo.payload["version"]:
        raise RuleBroken(_("Somebody did something else with this message since."))
    now = {name: getattr(message, name) for name in KEPT}
    for name, value in undo.payload["was"].items():
        setattr(message, name, _read(name, value))
    if message.case_id is not None and not Case.objects.filter(pk=message.case_id, deleted_at__isnull=True).exists():
        raise RuleBroken(_("The case is no longer there for you."))
    suggested = message.suggested_case_id
    if suggested is not None and not Case.objects.filter(pk=suggested, deleted_at__isnull=True).exists():
        message.suggested_case_id = None
    message.version += 1
    message.save(update_fields=[*(name.removesuffix("_id") for name in KEPT), "version"])
    _record(message, now, by=by, at=at)
    return _("Undone: %(what)s") % {"what": undo.label}


@inverse("message.join")
def join_again(undo: Undo, by: "User", at: datetime) -> str:
    """A message that was shown on a second case lies on its first one alone."""
    message = _held(undo.payload["message"], by)
    MessageOnCase.objects.filter(message=message, case=undo.payload["case"]).delete()
    record(events.MESSAGE_RETURNED, about=message, by=by, at=at, was=undo.payload["case"])
    return _("Undone: %(what)s") % {"what": undo.label}


@inverse("message.withdraw")
def withdraw(undo: Undo, by: "User", at: datetime) -> str:
    """What was logged by hand is not in the Inbox any more. It stays with what needs no answer: it was typed in."""
    by_hand.withdraw(_held(undo.payload["message"], by), by=by, at=at)
    return _("Undone: %(what)s") % {"what": undo.label}


@inverse("message.describe")
def describe_as_before(undo: Undo, by: "User", at: datetime) -> str:
    """What was logged by hand says of itself what it said before, unless somebody did something with it later."""
    message = _held(undo.payload["message"], by)
    if message.version != undo.payload["version"]:
        raise RuleBroken(_("Somebody did something else with this message since."))
    by_hand.describe_as_before(message, undo.payload["was"], by=by, at=at)
    return _("Undone: %(what)s") % {"what": undo.label}


@inverse("message.stop")
def stop_messages(undo: Undo, by: "User", at: datetime) -> str:
    """Messages that are still held are stopped: all of them, or none if one has gone out. Some may be stopped."""
    for pk in undo.payload["messages"]:
        message = _held(pk, by)
        if message.state != Message.State.STOPPED:
            composing.stop(message, by=by, at=at)
    return _("Not sent: %(what)s") % {"what": undo.label}


@inverse("message.stop_and_reopen")
def stop_and_reopen(undo: Undo, by: "User", at: datetime) -> str:
    """An email that closed its case does not go, and the case is open again. Once it has gone, neither is undone."""
    here = [*composing.STOPPABLE, Message.State.STOPPED]
    gone = Message.objects.filter(pk__in=undo.payload["messages"]).exclude(state__in=here)
    if gone.exists():
        raise RuleBroken(_("The email has gone, so nothing is undone. If the case is not finished, reopen it."))
    part = Undo(
        office_id=undo.office_id, by=by, at=undo.at, label=undo.label, payload=undo.payload["parts"], pk=undo.pk
    )
    inverses.named("many")(part, by, at)
    return _("Not sent, and the case is open again.")


def _held(pk: int, by: "User") -> Message:
    message = Message.objects.select_for_update(of=("self",)).select_related("case").filter(pk=pk).first()
    if message is None or (message.case is not None and not readers.can_see(message.case, by)):
        raise RuleBroken(_("The message is no longer there for you."))
    return message


def _record(message: Message, was: dict[str, Any], *, by: "User", at: datetime) -> None:
    """Say in the journal what changed back, in the words of the acts themselves."""
    if (message.state, message.case_id) != (was["state"], was["case_id"]):
        if message.state == Message.State.WAITING:
            record(events.MESSAGE_RETURNED, about=message, by=by, at=at, was=was["case_id"])
        elif message.state == Message.State.DISMISSED:
            record(events.MESSAGE_DISMISSED, about=message, by=by, at=at, reason=message.dismissed_as)
        elif was["case_id"] is None:
            record(events.MESSAGE_FILED, about=message, by=by, at=at, case=message.case_id, how=message.filed_how)
        else:
            record(events.MESSAGE_MOVED, about=message, by=by, at=at, was=was["case_id"], case=message.case_id)
    elif message.assignee_id != was["assignee_id"]:
        facts = {"was": was["assignee_id"], "now": message.assignee_id}
        record(events.MESSAGE_ASSIGNED, about=message, by=by, at=at, **facts)
    else:
        until = message.later_on.isoformat() if message.later_on else None
        record(events.MESSAGE_PUT_OFF, about=message, by=by, at=at, until=until)


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "filed_at":
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name == "later_on" else value
