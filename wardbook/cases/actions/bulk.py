"""The same act on many cases: each in a savepoint, one undo, one result to show (S1.19)."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction

from wardbook.cases.models import Case
from wardbook.journal.actions import remember_undo
from wardbook.journal.models import Undo
from wardbook.lib.rules import RuleBroken

if TYPE_CHECKING:
    from wardbook.accounts.models import User


class BulkResult(NamedTuple):
    """Which cases were changed, and which were refused with the reason in words."""

    done: list[Case]
    refused: list[tuple[Case, str]]
    undo: int | None


@transaction.atomic
def in_bulk(
    cases: Iterable[Case],
    act: Callable[..., Any],
    *,
    by: "User",
    at: datetime,
    label: str,
    **arguments: Any,
) -> BulkResult:
    """Do one act of this package to each case, in the order of their ids (so that two bulk acts cannot lock each
    other out). A refusal leaves that case alone and is reported; the undo rows become one."""
    done: list[Case] = []
    refused: list[tuple[Case, str]] = []
    cases = sorted(cases, key=lambda case: case.pk)
    theirs = Undo.objects.filter(office_id__in={case.office_id for case in cases}, by=by)
    newest = theirs.order_by("-pk").values_list("pk", flat=True).first() or 0
    for case in cases:
        try:
            with transaction.atomic():
                act(case, by=by, at=at, **arguments)
        except RuleBroken as refusal:
            refused.append((case, str(refusal)))
        else:
            done.append(case)
    parts = list(theirs.filter(pk__gt=newest).order_by("-pk"))
    undo = None
    if parts and done:
        whole = remember_undo(
            "many",
            office_id=done[0].office_id,
            by=by,
            at=at,
            label=label,
            payload=[[part.inverse, part.payload] for part in parts],  # type: ignore[arg-type]  # any JSON
        )
        undo = whole.pk if whole else None
        Undo.objects.filter(pk__in=[part.pk for part in parts]).delete()
    return BulkResult(done, refused, undo)
