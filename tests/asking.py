"""Asking the product many thousand times: requests without the cost of Django's test client, undone one by one.

A fault is raised here as itself, not turned into a page. What an answer changed can be looked at before it is undone.
"""

import uuid
from contextlib import contextmanager
from urllib.parse import urlencode

from django.core.handlers.base import BaseHandler
from django.core.signals import request_finished
from django.db import close_old_connections, transaction
from django.test import Client, RequestFactory, override_settings


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
        body = urlencode(fields, doseq=True, errors="replace").encode()
        kind = "application/x-www-form-urlencoded"
        return self._ask(self._factory.generic("POST", address, body, kind, headers=headers or None))

    def _ask(self, request):
        if self._cookies:
            request.META["HTTP_COOKIE"] = self._cookies
        request._dont_enforce_csrf_checks = True
        with override_settings(DEBUG_PROPAGATE_EXCEPTIONS=True):
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


def key():
    """An operation key, as each form carries one."""
    return str(uuid.uuid4())
