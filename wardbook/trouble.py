"""What people see when something cannot be done: always in words, never the cause."""

from __future__ import annotations

import logging
import secrets
import sys

from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, DisallowedHost):
        # The page would build addresses with the host that was just refused.
        return HttpResponse(_("This is not the address of Wardbook."), "text/plain", 400)
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def forgery(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the proof that it came from our page: an old page, cookies off, or an attack."""
    problem = _("The page was open for too long, or your browser keeps no cookies. Load it again and repeat it.")
    response = render(request, "403.html", {"problem": problem}, status=403)
    # token.js then takes over the new token and sends what was typed once more.
    response["X-Trouble"] = "forgery"
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same for what never existed and for what is not yours: no reference, no address, nothing to compare."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault. The reference stands in the log beside the cause; the page may be unable to draw itself."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return database_gone(request)
    reference = secrets.token_hex(4)
    log.error("told the reader to quote %s", reference, extra={"path": request.path})
    try:
        return render(request, "500.html", {"reference": reference}, status=500)
    except Exception:
        log.exception("the page that says sorry failed too")
        sorry = _("Something went wrong here, and nothing was changed. If you ask for help, quote %(reference)s.")
        return HttpResponse(sorry % {"reference": reference}, "text/plain", 500)


def database_gone(request: HttpRequest) -> HttpResponse:
    """The database is being started again, is full, or is held by somebody: soon it answers (R4, R5, R7).

    The page asks it for nothing, not even who is there.
    """
    log.error("the database does not answer", extra={"path": request.path})
    response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = "5"
    return response
