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
_ANY = -1
"""Stands for the status in a statement that is compiled once; no id and no other value of a filter is negative."""


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
    return _count([_compiled(cases, most) for cases in many], most)


def by_status(narrowing: Narrowing, chosen: Filter, statuses: Sequence[int]) -> dict[int, Amount]:
    """How many cases of each status there would be if only the choice of statuses changed."""
    if any(term.field in ("text", "ward") for term in chosen.terms):
        # Long lists of people are looked up for these: once for all statuses, not once for each.
        rest = narrowing.cases(chosen.without_field("status"))
        found = dict(rest.order_by().values_list("status_id").annotate(Count("pk")))
        return {pk: Amount(found.get(pk, 0)) for pk in statuses}
    # Compiled once: only the status differs.
    rest = narrowing.cases(chosen.without_field("status")).filter(status_id=_ANY)
    sql, values = _compiled(rest, MOST)
    each = [(sql, tuple(pk if value == _ANY else value for value in values)) for pk in statuses]
    return dict(zip(statuses, _count(each, MOST), strict=True))


def _compiled(cases: CaseQuerySet, most: int) -> tuple[str, tuple[Any, ...]]:
    """A statement that gives at most one row more than are counted, and its values."""
    try:
        return cases.order_by().values("pk")[: most + 1].query.sql_with_params()
    except EmptyResultSet:
        return "", ()


def _count(statements: Sequence[tuple[str, tuple[Any, ...]]], most: int) -> list[Amount]:
    counts = [
        f"(SELECT COUNT(*) FROM ({sql}) AS counted_{index})" if sql else "0"  # noqa: S608  compiled by Django
        for index, (sql, _values) in enumerate(statements)
    ]
    if not counts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}", [value for _sql, values in statements for value in values])
        found = cursor.fetchone()
    return [Amount(min(count, most), count > most) for count in found]
