"""Queries whose SQL Django makes once (docs/decisions/0019).

For a page of twenty small queries, turning them into SQL takes several times as long as the database takes to answer
them. Here the SQL of a query is made when a role first asks it, and kept; later only the ids are put in.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

from wardbook.offices.models import Membership

Row = TypeVar("Row")

FIRST_STAND_IN = 2_088_000_001
"""Numbers from here on stand for the ids while the SQL is made. Every column of ids can be compared with them."""
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

    `build(member, **ids)` gives the queryset. It may ask the member for what depends on their role (`can`, `scope`),
    for their office_id and their user_id, and for nothing else; the ids may only stand where something is equal to
    them. Call it with the member and the ids to get the rows, as a list. tests/test_prepared.py holds, for every
    role, that they are those of the queryset.
    """

    all: ClassVar[list[Prepared[Any]]] = []

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], *ids: str) -> None:
        self.build, self.ids = build, ids
        self._made: dict[tuple[str, str], Made | None] = {}
        Prepared.all.append(self)

    def __call__(self, member: Membership, *, using: str = "default", **ids: int) -> list[Row]:
        """The rows. Raises what the queryset would, and ValueError for ids that are no whole numbers."""
        sql, params = self.statement(member, using=using, **ids)
        made = self._made[member.role, using]
        if made is None or not sql:
            return []
        # A compiler belongs to one thread at a time, with the connection of that thread.
        compiler = copy.copy(made.compiler)
        compiler.connection = connections[using]
        compiler.as_sql = lambda *_words, **_options: (sql, params)
        compiler.plain = lambda: self.build(member, **ids).query.get_compiler(using)
        return self._read(made.queryset, compiler, using)

    def statement(self, member: Membership, *, using: str = "default", **ids: int) -> tuple[str, tuple[Any, ...]]:
        """The SQL with its parameters; no SQL where nothing can be found."""
        if set(ids) != set(self.ids) or any(type(value) is not int for value in ids.values()):
            raise ValueError(f"Needed are whole numbers for {self.ids}, not {ids}.")
        key = (member.role, using)
        if key not in self._made:
            self._made[key] = self._make(*key)
        made = self._made[key]
        if made is None or any(value.bit_length() > WIDEST for value in ids.values()):
            return "", ()
        known = {"office_id": member.office_id, "user_id": member.user_id, **ids}
        params = made.params.copy()
        for place, name in made.places:
            params[place] = known[name]
        return made.sql, tuple(params)

    def _make(self, role: str, using: str) -> Made | None:
        """Make the SQL for a role; None where it may see nothing of it."""
        names = ("office_id", "user_id", *self.ids)
        stand_ins = {name: FIRST_STAND_IN + place for place, name in enumerate(names)}
        someone = Membership(role=role, office_id=stand_ins["office_id"], user_id=stand_ins["user_id"])
        queryset = self.build(someone, **{name: stand_ins[name] for name in self.ids})
        compiler = queryset.query.get_compiler(using)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        found = {number: name for name, number in stand_ins.items()}
        places = [(place, found[one]) for place, one in enumerate(params) if isinstance(one, int) and one in found]
        if missing := set(self.ids) - {name for _place, name in places}:
            raise ValueError(f"The query does not ask for {missing}.")
        return Made(queryset, compiler, sql, list(params), places)

    def _read(self, like: Any, compiler: Any, using: str) -> list[Row]:
        asked: Any = type(like)(model=like.model, query=Ready(compiler), using=using)
        asked._iterable_class, asked._fields = like._iterable_class, like._fields
        asked._prefetch_related_lookups = like._prefetch_related_lookups
        return list(asked)
