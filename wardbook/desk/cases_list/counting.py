"""How many cases, without counting further than anybody reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count
from django.utils.formats import number_format

from wardbook.cases.models import CaseQuerySet
from wardbook.desk.cases_list.filters import Filter
from wardbook.desk.cases_list.narrowing import Narrowing

MOST = 10_000


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of cases; `is_more` when counting stopped there."""

    number: int
    is_more: bool = False

    def __str__(self) -> str:
        shown = str(number_format(self.number, use_l10n=True, force_grouping=True))
        return f"{shown}+" if self.is_more else shown

    def __bool__(self) -> bool:
        return self.number > 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.number + other.number, self.is_more or other.is_more)


def capped(many: Sequence[CaseQuerySet], most: int = MOST) -> list[Amount]:
    """How many cases each of these has, all in one statement."""
    counts: list[str] = []
    values: list[Any] = []
    for index, cases in enumerate(many):
        try:
            sql, of = cases.order_by().values("pk")[: most + 1].query.sql_with_params()
        except EmptyResultSet:
            counts.append("0")
            continue
        counts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted_{index})")  # noqa: S608  compiled by Django, values apart
        values.extend(of)
    if not counts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}", values)
        found = cursor.fetchone()
    return [Amount(min(count, most), count > most) for count in found]


def by_status(narrowing: Narrowing, chosen: Filter, statuses: Sequence[int]) -> dict[int, Amount]:
    """How many cases of each status there would be if only the choice of statuses changed."""
    if chosen.values("text") or chosen.values("text", negated=True):
        # Every case must be read anyway, so once for all statuses.
        rest = narrowing.cases(chosen.without_field("status"))
        found = dict(rest.order_by().values_list("status_id").annotate(Count("pk")))
        return {pk: Amount(found.get(pk, 0)) for pk in statuses}
    each = [narrowing.cases(chosen.with_status(str(pk))) for pk in statuses]
    return dict(zip(statuses, capped(each), strict=True))
