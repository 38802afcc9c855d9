"""From where a request comes, as it is written down."""

from typing import TypedDict

from allauth.core.internal.httpkit import get_client_ip
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from wardbook.lib.quote import one_line


class Seen(TypedDict):
    """Address and browser of a caller."""

    ip: str | None
    user_agent: str


def seen_from(request: HttpRequest | None) -> Seen:
    """The caller's real address, past our own proxies and no further (G7), and what their browser calls itself."""
    if request is None:
        return {"ip": None, "user_agent": ""}
    try:
        ip = get_client_ip(request)
    except ImproperlyConfigured:
        # Fewer proxies than the settings promise: somebody came round them.
        ip = None
    agent = request.META.get("HTTP_USER_AGENT", "")
    return {"ip": ip or None, "user_agent": one_line(agent[:200])}
