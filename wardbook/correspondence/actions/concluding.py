"""An email that ends its case: sent and closed by one press, and taken back by one."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from wardbook.cases.actions import closing, saving
from wardbook.cases.models import Activity, Case
from wardbook.correspondence.actions import composing
from wardbook.correspondence.models import Message
from wardbook.journal.actions import as_one, gathering, take_back
from wardbook.journal.models import Undo
from wardbook.lib.rules import RuleBroken

if TYPE_CHECKING:
    from wardbook.accounts.models import User

__all__ = ["stop", "write_and_close"]

TAKEN_BACK_BY = "message.stop_and_reopen"


@transaction.atomic
def write_and_close(
    case: Case, *, ending: Mapping[str, Any], seen: int | None, by: "User", at: datetime, **email: Any
) -> list[Message]:
    """Write an email and close its case: both, or neither. `ending` is what `closing.close` takes, `email` what
    `composing.write` takes.

    What the email itself plans stays planned: it was asked for in the same breath. Taking it back within the hold
    stops the email and opens the case again; once the email has gone neither is undone, for a case whose answer is
    out is opened again by a press of its own. Raises what the two acts raise, Stale before either.
    """
    held = saving.locked(case)
    saving.same_version(held, seen)
    before = set(_planned(case))
    with gathering() as undos:
        written = composing.write(office=case.office, case=case, by=by, at=at, **email)
        reminders = frozenset(_planned(case)) - before
        closing.close(case, by=by, at=at, **{**ending, "keep": frozenset(ending.get("keep", ())) | reminders})
    as_one(undos, inverse=TAKEN_BACK_BY, messages=[message.pk for message in written])
    return written


@transaction.atomic
def stop(message: Message, *, may_reopen: bool, by: "User", at: datetime) -> bool:
    """Keep an email from going out. If it closed its case, and nothing that was written with it goes out any more,
    the case is open again, as by Undo; `may_reopen` is whether the person may do that. Returns whether it is.

    Raises RuleBroken when the email is no longer here. A case that was changed since stays closed.
    """
    undo = _closed_with(message, at)
    composing.stop(message, by=by, at=at)
    if undo is None or not may_reopen:
        return False
    others = Message.objects.filter(pk__in=undo.payload["messages"]).exclude(state=Message.State.STOPPED)
    if others.exists():
        return False
    try:
        with transaction.atomic():
            take_back(undo, by=by, at=at)
    except RuleBroken:
        return False
    return True


def _closed_with(message: Message, at: datetime) -> Undo | None:
    """How the press that wrote this email and closed its case is taken back, if it was such a press."""
    kept = Undo.objects.filter(office_id=message.office_id, by_id=message.by_id, inverse=TAKEN_BACK_BY)
    waiting = kept.filter(undone_at__isnull=True).recent(at)
    return next((undo for undo in waiting if message.pk in undo.payload["messages"]), None)


def _planned(case: Case) -> list[int]:
    return list(Activity.objects.planned().filter(case=case, deleted_at__isnull=True).values_list("pk", flat=True))
