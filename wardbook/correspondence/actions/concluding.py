"""An email that ends its case: sent and closed by one press, and taken back by one."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from wardbook.cases.actions import closing, saving
from wardbook.cases.models import Activity, Case
from wardbook.correspondence.actions import composing
from wardbook.correspondence.models import Message
from wardbook.journal.actions import remember_undo
from wardbook.journal.models import Undo

if TYPE_CHECKING:
    from wardbook.accounts.models import User

__all__ = ["write_and_close"]


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
    written = composing.write(office=case.office, case=case, by=by, at=at, **email)
    reminders = frozenset(_planned(case)) - before
    closing.close(case, by=by, at=at, **{**ending, "keep": frozenset(ending.get("keep", ())) | reminders})
    parts = list(Undo.objects.filter(office_id=case.office_id, by=by, at=at).order_by("-pk"))
    payload = {
        "messages": [message.pk for message in written],
        "parts": [[part.inverse, part.payload] for part in parts],
    }
    label = parts[0].label
    Undo.objects.filter(pk__in=[part.pk for part in parts]).delete()
    remember_undo("message.stop_and_reopen", office_id=case.office_id, by=by, at=at, label=label, payload=payload)
    return written


def _planned(case: Case) -> list[int]:
    return list(Activity.objects.planned().filter(case=case, deleted_at__isnull=True).values_list("pk", flat=True))
