"""A13: every query that a request makes on what belongs to an office names that office.

While a request is answered, each SELECT, UPDATE and DELETE on a table of an office must be kept to the office: by a
condition that all its rows meet, on `office_id` or on the id of a thing (primary or foreign key), with values that an
earlier query of the same request has given back, or that it has just written. So a case found through its door opens
its notes, and a number out of the address opens nothing. What was remembered as JSON, in an undo or in the facts of
the journal, was given back too. Values that come from nowhere fail the test, which names the query and the line that
asked.

It looks at Django's queries, not at their SQL; statements that the product writes by hand are looked at as text.
What runs outside of requests (commands, tasks) sweeps over all offices and is not watched.
"""

import json
import re
import sys
import threading
from collections import defaultdict
from contextlib import contextmanager
from functools import cache

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.core.handlers.base import BaseHandler
from django.db import connections
from django.db.models import JSONField, Model
from django.db.models.expressions import Col, Exists, Subquery, Value
from django.db.models.lookups import Exact, In
from django.db.models.sql import AggregateQuery, Query
from django.db.models.sql.compiler import SQLCompiler, SQLInsertCompiler
from django.db.models.sql.constants import MULTI, SINGLE
from django.db.models.sql.where import AND, OR, WhereNode

from wardbook.invariants import path_to_office
from wardbook.offices.models import Office

# Places that ask over the walls, each with the reason.
MAY_ASK_OVER_THE_WALL = {
    "wardbook/offices/middleware.py:_member": "finds out which offices are the caller's",
    "wardbook/offices/views.py:start": "leads the caller to an office of theirs",
    "wardbook/offices/passwords.py:refuse_office_words": "a password must not name any office of its owner",
    "wardbook/offices/actions/invitations.py:find": "a secret out of a mail, asked before anybody is in an office",
    "wardbook/offices/actions/people.py:deactivate_member": "whoever still works in another office may sign in there",
    "wardbook/offices/actions/offices.py:_check": "an address of an office is given once in the installation",
    "wardbook/correspondence/actions/mailboxes.py:_address_is_free": "a mailbox is fetched once in the installation",
    "wardbook/correspondence/addressees.py:mailbox_for": "mail says by its address whose it is, not by a sign-in",
    "wardbook/offices/demo.py:person": "the demo lets anybody in as anybody, and has no real people",
    "wardbook/offices/demo.py:newcomer": "the demo lets anybody in as anybody, and has no real people",
    "wardbook/offices/demo.py:in_order": "the demo lets anybody in as anybody, and has no real people",
}
# Files through which others ask.
ASKED_THROUGH = ("lib/standing.py", "offices/prepared.py")
# Columns that hold ids without a foreign key, for what they tell of may be gone.
MEANS = {("journal_event", "case_id"): "cases_case"}
_local = threading.local()
_FROM = re.compile(r'\b(?:FROM|JOIN|UPDATE)\s+"(\w+)"')
_NAMES_OFFICE = re.compile(r'"office_id"\s*(?:=|IN)|"offices_office"\."id"\s*(?:=|IN)')
_PARTS = re.compile(r"SELECT COUNT\(\*\) FROM \(")


class Unscoped(AssertionError):
    """A request asked over the walls of its office."""


@cache
def tables_of_offices():
    """{table: model} of what belongs to an office, and the offices themselves."""
    return {model._meta.db_table: model for model in apps.get_models() if model is Office or path_to_office(model)}


class Wall:
    """What one request has been given so far, and where it asked for what it was not given."""

    def __init__(self):
        self.tables = tables_of_offices()
        self.known: dict[str, set] = defaultdict(set)
        # Ids that stood in JSON, which does not say of what.
        self.remembered: set = set()
        self.holes: list[str] = []

    def meant(self, field):
        """The table of an office that a value of this field is an id of, or nothing."""
        if getattr(field, "model", None) is None:
            return None
        if told := MEANS.get((field.model._meta.db_table, field.attname)):
            return told
        if field.is_relation and getattr(field, "target_field", None) is not None:
            table = field.remote_field.model._meta.db_table
        elif getattr(field, "primary_key", False):
            table = field.model._meta.db_table
        else:
            return None
        return table if table in self.tables else None

    def look(self, compiler):
        """Refuse a query over the wall."""
        if self.is_kept(compiler.query):
            return
        try:
            self.refuse(str(compiler.query) if _is_select(compiler) else compiler.as_sql()[0])
        except EmptyResultSet:
            # Nothing can meet its conditions, so it is never sent.
            return

    def look_at_text(self, sql):
        for part in _PARTS.split(sql):
            if any(table in self.tables for table in _FROM.findall(part)) and not _NAMES_OFFICE.search(part):
                self.refuse(part)

    def refuse(self, sql):
        place, line = asking_line()
        if place != "a test" and place not in MAY_ASK_OVER_THE_WALL:
            self.holes.append(f"{place}, line {line}: {sql[:1500]}")

    def is_kept(self, query, within=None):
        """Whether all rows of a query, and of the queries inside it, are kept to what the request was given."""
        if isinstance(query, AggregateQuery):
            return self.is_kept(query.inner_query, within)
        if query.combinator:
            return all(self.is_kept(one, within) for one in query.combined_queries)
        if not self.is_of_offices(query):
            return True
        inner = (one for annotation in query.annotations.values() for one in _queries_in(annotation))
        return self.keeps(query.where, query) and all(self.is_kept(one, query) for one in inner)

    def is_of_offices(self, query):
        """Whether a query reads what belongs to an office."""
        used = {query.alias_map[alias].table_name for alias, times in query.alias_refcount.items() if times}
        if not query.alias_map:
            # Nothing was asked of it yet: all of the table.
            used = {query.get_meta().db_table}
        return not used.isdisjoint(self.tables)

    def keeps(self, node, query):
        """Whether a condition keeps the rows that meet it to what the request was given."""
        if isinstance(node, WhereNode):
            if node.negated or node.connector not in (AND, OR):
                return False
            if node.connector == AND:
                return any(self.keeps(child, query) for child in node.children) or self.is_about_given(node)
            return bool(node.children) and all(self.keeps(child, query) for child in node.children)
        if isinstance(node, Exact) and isinstance(node.lhs, Exists) and node.rhs is True:
            node = node.lhs
        if isinstance(node, Exists):
            return self.is_kept(node.query, query)
        if not isinstance(node, (Exact, In)) or not isinstance(node.lhs, Col):
            return False
        table = self.meant(node.lhs.target)
        if isinstance(node.rhs, Query) and self.is_of_offices(node.rhs):
            # Somebody who is among the members of the office, say.
            return self.is_kept(node.rhs, query)
        return table is not None and self.was_given(table, node.lhs.target, node.rhs, query)

    def is_about_given(self, node):
        """Whether a line of the journal is asked for by what it is about: a (type, id) pair."""
        told = {
            child.lhs.target.attname: child.rhs
            for child in node.children
            if isinstance(child, Exact) and isinstance(child.lhs, Col)
        }
        kind, pk = told.get("subject_type"), told.get("subject_id")
        return bool(kind and pk) and pk in self.known[apps.get_model(kind)._meta.db_table] | self.remembered

    def was_given(self, table, field, value, query):
        if isinstance(value, Subquery):
            value = value.query
        if isinstance(value, Query):
            return self.is_kept(value, query)
        if isinstance(value, Col):
            # The row of the query around this one, which is judged by itself.
            return value.alias not in query.alias_map
        if isinstance(value, Value):
            value = value.value
        values = value if isinstance(value, (list, tuple, set, frozenset)) or hasattr(value, "__next__") else [value]
        given, remembered = self.known[table], self.remembered
        # None and 0 are ids of nothing.
        plain = [_plain(one, field) for one in values if one]
        return all(one in given or one in remembered for one in plain)

    def learn(self, compiler, result, kind):
        """Keep the ids in what a query gave back; gives it on."""
        columns = []
        for place, (expression, _sql, _name) in enumerate(compiler.select or ()):
            field = _field_of(expression)
            if isinstance(field, JSONField):
                columns.append((place, ""))
            elif table := self.meant(field):
                columns.append((place, table))
        if not columns or result is None:
            return result
        if kind == SINGLE:
            self._learn_row(columns, result)
            return result
        return self._learn_rows(columns, result) if kind == MULTI else result

    def _learn_rows(self, columns, chunks):
        if isinstance(chunks, list):
            for chunk in chunks:
                for row in chunk:
                    self._learn_row(columns, row)
            return chunks
        return self._learn_later(columns, chunks)

    def _learn_later(self, columns, chunks):
        for chunk in chunks:
            for row in chunk:
                self._learn_row(columns, row)
            yield chunk

    def _learn_row(self, columns, row):
        for place, table in columns:
            if table:
                self.known[table].add(row[place])
            elif isinstance(row[place], str):
                self.remembered.update(_numbers_in(json.loads(row[place])))

    def learn_written(self, compiler, rows):
        table = compiler.query.get_meta().db_table
        self.known[table].update(one.pk for one in compiler.query.objs if isinstance(one, Model) and one.pk)
        for row in rows:
            for field, value in zip(compiler.returning_fields or (), row, strict=False):
                if meant := self.meant(field):
                    self.known[meant].add(value)


def _is_select(compiler):
    return type(compiler) is SQLCompiler


def _queries_in(expression):
    if isinstance(expression, Subquery):
        yield expression.query
    for source in getattr(expression, "get_source_expressions", list)():
        if source is not None and not isinstance(source, Query):
            yield from _queries_in(source)


def _numbers_in(told):
    if isinstance(told, dict):
        yield from (int(key) for key in told if key.isdigit())
        told = list(told.values())
    if isinstance(told, list):
        for one in told:
            yield from _numbers_in(one)
    elif isinstance(told, int):
        yield told


def _field_of(expression):
    if isinstance(expression, Col):
        return expression.target
    try:
        return expression.output_field
    except Exception:
        # An expression without a field of its own is no id.
        return None


def _plain(value, field):
    value = getattr(value, "pk", value)
    target = field.target_field if field.is_relation else field
    return target.to_python(value)


def asking_line():
    """The innermost line of the product that is running: ("wardbook/x.py:function", line). "a test" where a test that
    listens in on the product asks something of its own."""
    frame, by_a_test = sys._getframe(1), False
    while frame is not None:
        name = frame.f_code.co_filename
        _root, found, rest = name.rpartition("/wardbook/")
        if found and "/tests/" not in rest and "site-packages" not in name and rest not in ASKED_THROUGH:
            return ("a test" if by_a_test else f"wardbook/{rest}:{frame.f_code.co_name}"), frame.f_lineno
        by_a_test = by_a_test or ("/tests/" in name and name != __file__ and "site-packages" not in name)
        frame = frame.f_back
    return "not the product", 0


def _wall():
    return getattr(_local, "wall", None)


@contextmanager
def answering():
    """One request. Raises Unscoped at its end for what it asked over the wall."""
    if _wall() is not None:
        yield _wall()
        return
    _local.wall, _local.by_hand = Wall(), True
    try:
        with _by_hand():
            yield _local.wall
        holes = _local.wall.holes
    finally:
        _local.wall = None
    if holes:
        raise Unscoped("A query does not name the office it is for.\n" + "\n".join(dict.fromkeys(holes)))


@contextmanager
def unwatched():
    """What a test itself asks while a request is answered is not asked by the request."""
    wall, _local.wall = _wall(), None
    try:
        yield
    finally:
        _local.wall = wall


@contextmanager
def _by_hand():
    """Look at the statements that are written by hand: those that no compiler of Django sends."""

    def look(execute, sql, params, many, context):
        if getattr(_local, "by_hand", True) and _wall() is not None:
            _wall().look_at_text(sql)
        return execute(sql, params, many, context)

    with connections["default"].execute_wrapper(look):
        yield


@contextmanager
def watching():
    """Watch every request of this process, however it is asked."""
    ask, insert, respond = SQLCompiler.execute_sql, SQLInsertCompiler.execute_sql, BaseHandler.get_response

    def asked(self, result_type=MULTI, *words, **options):
        wall = _wall()
        if wall is None:
            return ask(self, result_type, *words, **options)
        # One whose SQL was made once (wardbook/lib/standing.py) says what it asks as the question put now.
        wall.look(self.plain() if hasattr(self, "plain") else self)
        with _by_django():
            result = ask(self, result_type, *words, **options)
        return wall.learn(self, result, result_type)

    def inserted(self, *words, **options):
        wall = _wall()
        with _by_django():
            rows = insert(self, *words, **options)
        if wall is not None:
            wall.learn_written(self, rows)
        return rows

    def responded(self, request):
        with answering():
            return respond(self, request)

    SQLCompiler.execute_sql, SQLInsertCompiler.execute_sql, BaseHandler.get_response = asked, inserted, responded
    try:
        yield
    finally:
        SQLCompiler.execute_sql, SQLInsertCompiler.execute_sql, BaseHandler.get_response = ask, insert, respond


@contextmanager
def _by_django():
    before, _local.by_hand = getattr(_local, "by_hand", True), False
    try:
        yield
    finally:
        _local.by_hand = before
