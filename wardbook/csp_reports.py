"""What browsers report when a page breaks its content security policy: a line in the log, and nothing personal in it.

Anybody may send such reports, so they are small, few, and taken for no more than a hint. Of addresses only what an
operator needs is kept: of our own page the name of its route, of what was blocked where it came from.
"""

import json
import logging
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wardbook.journal.middleware import repeatable

log = logging.getLogger(__name__)

MOST_BYTES = 16_000
MOST_AT_ONCE = 10
MOST_A_MINUTE = 60
"""Of the whole installation: more tells no more, and must not fill the disk."""
_KINDS = ("application/csp-report", "application/reports+json", "application/json")
_WORD = 60


@csrf_exempt  # browsers send these by themselves and prove nothing
@repeatable
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Take a report, or a few at once. 204 whatever is in it."""
    if request.content_type not in _KINDS:
        return HttpResponse(status=415)
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return HttpResponse(status=413)
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return HttpResponse(status=400)
    for report in _reports(told)[:MOST_AT_ONCE]:
        if _too_many():
            return HttpResponse(status=429, headers={"Retry-After": "60"})
        line = plain(report)
        log.warning("a page broke its policy: %s", line["directive"] or "?", extra=line)
    return HttpResponse(status=204)


def plain(report: dict[str, Any]) -> dict[str, Any]:
    """A report without what could tell of a person: no address of a page, no sample, no query."""
    line = report.get("line-number", report.get("lineNumber"))
    return {
        "directive": _word(_of(report, "effective-directive", "effectiveDirective", "violated-directive")),
        "route": _route(_of(report, "document-uri", "documentURL")),
        "blocked": _origin(_of(report, "blocked-uri", "blockedURL")),
        "source": _source(_of(report, "source-file", "sourceFile")),
        "line": line if isinstance(line, int) else 0,
    }


def _reports(told: Any) -> list[dict[str, Any]]:
    """The reports in either of the two forms that browsers send."""
    found = told if isinstance(told, list) else [told]
    bodies = [one.get("csp-report") or one.get("body") for one in found if isinstance(one, dict)]
    return [body for body in bodies if isinstance(body, dict)]


def _too_many() -> bool:
    cache.add("csp-reports", 0, 60)
    try:
        return cache.incr("csp-reports") > MOST_A_MINUTE
    except ValueError:
        # It ran out between the two.
        return False


def _of(report: dict[str, Any], *names: str) -> str:
    return next((found for name in names if isinstance(found := report.get(name), str)), "")


def _word(text: str) -> str:
    words = text.split()
    return "".join(sign for sign in words[0] if sign.isalnum() or sign == "-")[:_WORD] if words else ""


def _route(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).view_name
    except (Resolver404, ValueError):
        return ""


def _origin(address: str) -> str:
    """Where something came from, or the browser's word for it (inline, eval, data)."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return f"{parts.scheme}://{host}"[:_WORD] if host else _word(parts.scheme or address)


def _source(address: str) -> str:
    """Our own script by its path; of anything else (an extension of the browser) where it came from."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return ""
    return path[:200] if path.startswith(settings.STATIC_URL) else _origin(address)
