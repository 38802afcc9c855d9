"""The same act on many cases: each in a savepoint, one undo, one result to show (S1.19)."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction

from wardbook.cases.models import Case
from wardbook.journal.actions import as_one, gathering
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
    with gathering() as undos:
        for case in sorted(cases, key=lambda case: case.pk):
            try:
                with transaction.atomic():
                    act(case, by=by, at=at, **arguments)
            except RuleBroken as refusal:
                refused.append((case, str(refusal)))
            else:
                done.append(case)
    whole = as_one(undos, label=label)
    return BulkResult(done, refused, whole.pk if whole else None)
