"""Asking the product many thousand times: requests without the cost of Django's test client, undone one by one.

A fault is raised here as itself, not turned into a page. What an answer changed can be looked at before it is undone.
"""

import re
import uuid
from contextlib import contextmanager
from unittest.mock import patch
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.signals import request_finished
from django.db import close_old_connections, connection, transaction
from django.test import Client, RequestFactory

from tests.dumping import changes, dump
from tests.office_wall import unwatched

READING = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")
WRITES = re.compile(r'(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) "?(\w+)', re.IGNORECASE)


class Asker:
    """Somebody at a browser, signed in or not. Cookies are those of the start; what a page sets is left."""

    def __init__(self, user=None) -> None:
        client = Client()
        if user is not None:
            client.force_login(user)
        self.user = user
        self._handler = BaseHandler()
        self._handler.load_middleware()
        self._factory = RequestFactory()
        self._cookies = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())

    def get(self, address, fields=None, **headers):
        if fields:
            address = f"{address}{'&' if '?' in address else '?'}{urlencode(fields, doseq=True)}"
        return self._ask(self._factory.get(address, headers=headers or None))

    def post(self, address, fields=None, files=None, **headers):
        """A form as a browser sends it; with files as many parts, else in one line."""
        fields = dict(fields or {})
        if files:
            data = fields | files
            return self._ask(self._factory.post(address, data, headers=headers or None))
        return self._ask(self._sent("post", address, fields, headers=headers or None))

    def ask(self, method, address, fields=None, *, has_token=True):
        """Any method; what is sent goes along as a form's fields, except with GET. `has_token`: the one of CSRF."""
        if method == "get":
            return self.get(address)
        return self._ask(self._sent(method, address, fields), has_token=has_token)

    def _sent(self, method, address, fields, **given):
        body = urlencode(fields or {}, doseq=True, errors="replace").encode()
        return self._factory.generic(method.upper(), address, body, "application/x-www-form-urlencoded", **given)

    def _ask(self, request, *, has_token=True):
        if self._cookies:
            request.META["HTTP_COOKIE"] = self._cookies
        request._dont_enforce_csrf_checks = has_token
        # Set without a word to those who listen for changed settings: that took as long as a small answer.
        with patch.object(settings, "DEBUG_PROPAGATE_EXCEPTIONS", new=True):
            response = self._handler.get_response(request)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        if response.streaming:
            # Closing says that a request is over, which would close the connection of the test.
            request_finished.disconnect(close_old_connections)
            response.close()
            request_finished.connect(close_old_connections)
        response.body = body
        return response


@contextmanager
def undone():
    """Whatever happens inside is taken back at its end."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


@contextmanager
def writing(first=lambda table: None):
    """The tables that are written to meanwhile; `first` is called before the first time."""
    seen = set()

    def look(execute, sql, params, many, context):
        table = "" if sql.lstrip("( ").upper().startswith(READING) else WRITES.match(sql)[1]
        if table and table not in seen:
            seen.add(table)
            with unwatched():
                first(table)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield seen


def unchanged(act, *worlds, apart=changes, known=None):
    """The answer of an act that may change nothing in these offices; nothing of it stays.

    Only the tables that it writes to are compared, each as it was before the first time. `known` keeps how tables
    were, for one who asks often while nothing ever stays: a dict, empty at first.
    """
    kept = {} if known is None else known
    before = [{} for _world in worlds]

    def look(table):
        for was, world in zip(before, worlds, strict=True):
            place = (world.office.pk, table)
            if place not in kept:
                kept[place] = dump(world, {table})
            was.update({label: dict(rows) for label, rows in kept[place].items()})

    with undone():
        with writing(look) as tables:
            answer = act()
        found = [apart(was, dump(world, tables)) for was, world in zip(before, worlds, strict=True)]
    assert not any(found), found
    return answer


def key():
    """An operation key, as each form carries one."""
    return str(uuid.uuid4())
