"""Queries whose SQL Django makes once (docs/decisions/0019).

For a page of twenty small queries, turning them into SQL takes several times as long as the database takes to answer
them. Here the SQL of a query is made when a role first asks it, and kept; later only the ids are put in.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

from wardbook.offices.models import Membership

Row = TypeVar("Row")
Value = int | date | datetime

FIRST_STAND_IN = 2_088_000_001
"""Numbers from here on stand for the ids while the SQL is made. Every column of ids can be compared with them."""
LONG_AGO = datetime(1066, 10, 14, tzinfo=UTC)
"""Days and moments after this one stand for those that are asked."""
WIDEST = 62
"""No id has more bits, and no database can be asked about many more."""


class Made(NamedTuple):
    """The SQL of one query for one role: which parameter is which id, and what reads the rows."""

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


class Prepared(Generic[Row]):
    """A question that is asked on every page, about other things each time.

    `build(member, **values)` gives the queryset. It may ask the member for what depends on their role (`can`,
    `scope`), for their office_id and their user_id, and for nothing else; and it may do nothing with the values but
    put them into the query as they are: ids (`*ids`), days and moments (`**times`: date or datetime).

    Call it with the member and the values to get the rows, as a list. tests/test_prepared.py holds, for every role,
    that they are those of the queryset.
    """

    all: ClassVar[list[Prepared[Any]]] = []

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], *ids: str, **times: type[date]) -> None:
        self.build = build
        self.kinds: dict[str, type] = dict.fromkeys(ids, int) | times
        self._made: dict[tuple[str, str], Made | None] = {}
        Prepared.all.append(self)

    def __call__(self, member: Membership, *, using: str = "default", **values: Value) -> list[Row]:
        """The rows. Raises what the queryset would, and TypeError for values of another kind."""
        sql, params = self.statement(member, using=using, **values)
        made = self._made[member.role, using]
        if made is None or not sql:
            return []
        # A compiler belongs to one thread at a time, with the connection of that thread.
        compiler = copy.copy(made.compiler)
        compiler.connection = connections[using]
        compiler.as_sql = lambda *_words, **_options: (sql, params)
        compiler.plain = lambda: self.build(member, **values).query.get_compiler(using)
        return self._read(made.queryset, compiler, using)

    def statement(
        self, member: Membership, *, using: str = "default", **values: Value
    ) -> tuple[str, tuple[Any, ...]]:
        """The SQL with its parameters; no SQL where nothing can be found."""
        if {name: type(value) for name, value in values.items()} != self.kinds:
            raise TypeError(f"Needed are {self.kinds}, not {values}.")
        key = (member.role, using)
        if key not in self._made:
            self._made[key] = self._make(*key)
        made = self._made[key]
        if made is None or any(isinstance(value, int) and value.bit_length() > WIDEST for value in values.values()):
            return "", ()
        known = {"office_id": member.office_id, "user_id": member.user_id, **values}
        params = made.params.copy()
        for place, name in made.places:
            params[place] = _adapted(known[name], using)
        return made.sql, tuple(params)

    def _make(self, role: str, using: str) -> Made | None:
        """Make the SQL for a role; None where it may see nothing of it."""
        kinds = {"office_id": int, "user_id": int} | self.kinds
        stand_ins: dict[str, Any] = {name: _stand_in(kind, place) for place, (name, kind) in enumerate(kinds.items())}
        someone = Membership(role=role, office_id=stand_ins["office_id"], user_id=stand_ins["user_id"])
        queryset = self.build(someone, **{name: stand_ins[name] for name in self.kinds})
        compiler = queryset.query.get_compiler(using)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        found = {_adapted(value, using): name for name, value in stand_ins.items()}
        places = [(place, found[one]) for place, one in enumerate(params) if one.__hash__ and one in found]
        if missing := set(self.kinds) - {name for _place, name in places}:
            raise ValueError(f"The query does not ask for {missing}.")
        return Made(queryset, compiler, sql, list(params), places)

    def _read(self, like: Any, compiler: Any, using: str) -> list[Row]:
        asked: Any = type(like)(model=like.model, query=Ready(compiler), using=using)
        asked._iterable_class, asked._fields = like._iterable_class, like._fields
        asked._prefetch_related_lookups = like._prefetch_related_lookups
        return list(asked)


def _stand_in(kind: type, place: int) -> Value:
    if kind is int:
        return FIRST_STAND_IN + place
    moment = LONG_AGO + timedelta(days=place, seconds=place, microseconds=place)
    return moment if kind is datetime else moment.date()


def _adapted(value: Value, using: str) -> Any:
    """The value as it stands among the parameters of this database."""
    operations = connections[using].ops
    if isinstance(value, datetime):
        return operations.adapt_datetimefield_value(value)
    return operations.adapt_datefield_value(value) if isinstance(value, date) else value
