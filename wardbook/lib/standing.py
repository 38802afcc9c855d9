"""Queries whose SQL Django makes once (docs/decisions/0019).

For a page of twenty small queries, turning them into SQL takes several times as long as the database takes to answer
them. Here the SQL of a query is made when it is first asked, and kept; later only the ids are put in.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

Row = TypeVar("Row")
Value = int | date | datetime

FIRST_STAND_IN = 2_088_000_001
"""Numbers from here on stand for the ids while the SQL is made. Every column of ids can be compared with them."""
LONG_AGO = datetime(1066, 10, 14, tzinfo=UTC)
"""Days and moments after this one stand for those that are asked."""
WIDEST = 62
"""No id has more bits, and no database can be asked about many more."""


class Made(NamedTuple):
    """The SQL of one query: which parameter is which value, and what reads the rows."""

    queryset: QuerySet[Any, Any]
    compiler: Any
    sql: str
    params: list[Any]
    places: list[tuple[int, str]]


class Ready:
    """In the place of a queryset's query: gives its rows a compiler that knows its SQL already."""

    def __init__(self, compiler: Any) -> None:
        self.compiler = compiler

    def get_compiler(self, using: str) -> Any:
        return self.compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self.compiler.query, name)


class Standing(Generic[Row]):
    """A question that is asked again and again, about other things each time.

    `build(**values)` gives the queryset. It may do nothing with the values but put them into the query as they are:
    ids (`*ids`), days and moments (`**times`: date or datetime). Call it with the values to get the rows, as a list.
    tests/test_standing.py holds that they are those of the queryset.
    """

    all: ClassVar[list[Standing[Any]]] = []
    may_be_left_out: ClassVar[frozenset[str]] = frozenset()
    """Values that not every query has to ask for."""

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], *ids: str, **times: type[date]) -> None:
        self.build = build
        self.kinds: dict[str, type] = dict.fromkeys(ids, int) | times
        self._made: dict[str, Made | None] = {}
        Standing.all.append(self)

    def __call__(self, **values: Value) -> list[Row]:
        """The rows. Raises what the queryset would, and TypeError for values of another kind."""
        return self.rows("", values)

    def queryset(self, shape: str, values: dict[str, Any]) -> QuerySet[Any, Row]:
        """The question as a queryset. What its SQL looks like depends on the shape alone, never on the values."""
        return self.build(**values)

    def rows(self, shape: str, values: dict[str, Any]) -> list[Row]:
        """The rows of one shape of the question."""
        sql, params = self.statement(shape, values)
        made = self._made[shape]
        if made is None or not sql:
            return []
        # A compiler belongs to one thread at a time, with the connection of that thread.
        compiler = copy.copy(made.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *_words, **_options: (sql, params)
        compiler.plain = lambda: self.queryset(shape, values).query.get_compiler(DEFAULT_DB_ALIAS)
        like: Any = made.queryset
        asked = type(like)(model=like.model, query=Ready(compiler), using=DEFAULT_DB_ALIAS)
        asked._iterable_class, asked._fields = like._iterable_class, like._fields
        asked._prefetch_related_lookups = like._prefetch_related_lookups
        return list(asked)

    def statement(self, shape: str, values: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
        """The SQL with its parameters; no SQL where nothing can be found."""
        if {name: type(value) for name, value in values.items()} != self.kinds:
            raise TypeError(f"Needed are {self.kinds}, not {values}.")
        if shape not in self._made:
            self._made[shape] = self._make(shape)
        made = self._made[shape]
        if made is None or any(isinstance(value, int) and value.bit_length() > WIDEST for value in values.values()):
            return "", ()
        params = made.params.copy()
        for place, name in made.places:
            params[place] = _adapted(values[name])
        return made.sql, tuple(params)

    def _make(self, shape: str) -> Made | None:
        """Make the SQL; None where nothing can ever be found."""
        stand_ins = {name: _stand_in(kind, place) for place, (name, kind) in enumerate(self.kinds.items())}
        queryset = self.queryset(shape, stand_ins)
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        found = {_adapted(value): name for name, value in stand_ins.items()}
        places = [(place, found[one]) for place, one in enumerate(params) if one.__hash__ and one in found]
        if missing := set(self.kinds) - {name for _place, name in places} - self.may_be_left_out:
            raise ValueError(f"The query does not ask for {missing}.")
        return Made(queryset, compiler, sql, list(params), places)


def _stand_in(kind: type, place: int) -> Value:
    if kind is int:
        return FIRST_STAND_IN + place
    moment = LONG_AGO + timedelta(days=place, seconds=place, microseconds=place)
    return moment if kind is datetime else moment.date()


def _adapted(value: Value) -> Any:
    """The value as it stands among the parameters of this database."""
    operations = connections[DEFAULT_DB_ALIAS].ops
    if isinstance(value, datetime):
        return operations.adapt_datetimefield_value(value)
    return operations.adapt_datefield_value(value) if isinstance(value, date) else value
