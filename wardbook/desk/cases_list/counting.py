"""How many cases, without counting further than anybody reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Aggregate, Count, TextField, When
from django.db.models import Case as Choice
from django.utils.formats import number_format

from wardbook.cases.models import CaseQuerySet
from wardbook.desk.cases_list.filters import Filter, Term
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


def firsts(many: Sequence[CaseQuerySet], column: str, most: int) -> list[tuple[Any, Amount]]:
    """The column of the first case of each of these, None without one, and how many cases each has. One statement."""
    ones = [_compiled(cases, 0, column, ordered=True) for cases in many]
    found = _ask(
        [*(_one(*one) for one in ones), *(_counted(index, *_compiled(c, most)) for index, c in enumerate(many))]
    )
    return [
        (value, Amount(min(count, most), count > most))
        for value, count in zip(found[: len(ones)], found[len(ones) :], strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases each status has, and of some statuses which."""

    amounts: dict[int, Amount]
    known: dict[int, list[int]] = field(default_factory=dict)

    def ids(self, statuses: Iterable[int], *, most: int) -> list[int] | None:
        """The cases of these statuses; None where some were only counted, or together they are more than `most`."""
        found: list[int] = []
        for pk in statuses:
            if self.amounts[pk] and pk not in self.known:
                return None
            found += self.known.get(pk, ())
        return found if len(found) <= most else None


def by_status(narrowing: Narrowing, chosen: Filter, statuses: Sequence[int], *, few: int) -> Counts:
    """How many cases of each status there would be if only the choice of statuses changed; and which, where long
    lists are looked up for that and no more than `few` are found: nobody need look them up again then."""
    if any(_is_looked_up(term) for term in chosen.terms):
        # Long lists of people or cases are looked up for these: once for all statuses, not once for each.
        rest = narrowing.of_any_status().cases(chosen.without_field("status"))
        counted = rest.order_by().values("status_id").annotate(number=Count("pk"))
        found = {
            pk: (number, ids)
            for pk, number, ids in counted.annotate(
                ids=Choice(When(number__lte=few, then=_Joined("pk")), default=None)
            ).values_list("status_id", "number", "ids")
        }
        return Counts(
            {pk: Amount(found[pk][0] if pk in found else 0) for pk in statuses},
            {pk: [int(one) for one in ids.split(",")] for pk, (_, ids) in found.items() if ids},
        )
    # Compiled once: only the status differs.
    rest = narrowing.cases(chosen.without_field("status")).filter(status_id=_ANY)
    sql, values = _compiled(rest, MOST)
    each = [(sql, tuple(pk if value == _ANY else value for value in values)) for pk in statuses]
    return Counts(dict(zip(statuses, _count(each, MOST), strict=True)))


class _Joined(Aggregate):
    """The ids of a group in one text, with commas between; in no order."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="STRING_AGG(%(expressions)s::text, ',')", **extra)


def _is_looked_up(term: Term) -> bool:
    if term.field == "owner":
        return not term.negated and (term.value == "me" or term.value.isdecimal())
    return term.field in ("text", "ward", "tag")


def _compiled(
    cases: CaseQuerySet, most: int, column: str = "pk", *, ordered: bool = False
) -> tuple[str, tuple[Any, ...]]:
    """A statement that gives at most one row more than are counted, and its values."""
    rows = cases if ordered else cases.order_by()
    try:
        sql, values = rows.values(column)[: most + 1].query.sql_with_params()
    except EmptyResultSet:
        return "", ()
    return sql, values


def _one(sql: str, values: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    return (f"({sql})", values) if sql else ("NULL", ())


def _counted(index: int, sql: str, values: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    return (f"(SELECT COUNT(*) FROM ({sql}) AS counted_{index})", values) if sql else ("0", ())  # noqa: S608  by Django


def _count(statements: Sequence[tuple[str, tuple[Any, ...]]], most: int) -> list[Amount]:
    found = _ask([_counted(index, sql, values) for index, (sql, values) in enumerate(statements)])
    return [Amount(min(count, most), count > most) for count in found]


def _ask(parts: Sequence[tuple[str, tuple[Any, ...]]]) -> list[Any]:
    """What each of these gives, all in one statement."""
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(sql for sql, _ in parts)}", [v for _, values in parts for v in values])
        return list(cursor.fetchone())
