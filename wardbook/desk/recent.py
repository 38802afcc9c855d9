"""Recent actions, and taking one back (ux.md P12)."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from wardbook.desk.inbox.open_again import item_address
from wardbook.journal.actions import take_back
from wardbook.journal.models import Undo
from wardbook.lib.respond import done, respond, wants_piece
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request

SHOWN = 20


@require_GET
def recent(request: Request, office: str) -> HttpResponse:
    """The last things the person did here, each with Undo while it can be undone."""
    at = timezone.now()
    undos = Undo.objects.visible_to(request.member).recent(at).defer("payload")[:SHOWN]
    context = {"undos": list(undos), "today": request.office.local_date(at)}
    return respond(request, "desk/recent.html", context, piece="recent")


@require_POST
def undo(request: Request, office: str, pk: int) -> HttpResponse:
    """Take one act back, or say why it is too late."""
    kept = get_object_or_404(Undo.objects.visible_to(request.member), pk=pk)
    try:
        said = take_back(kept, by=request.user, at=timezone.now())
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    else:
        open_again = item_address(request, kept, _came_from(request))
        if open_again:
            return done(request, open_again, said)
        messages.success(request, said)
    return _same_page(request)


def _same_page(request: Request) -> HttpResponse:
    """The page from which it was asked, drawn anew. What was taken back may stand anywhere on it."""
    if wants_piece(request):
        response = HttpResponse()
        response["HX-Refresh"] = "true"
    else:
        response = HttpResponseRedirect(_came_from(request) or reverse("desk:recent", args=[request.office.slug]))
        response.status_code = 303
    return response


def _came_from(request: HttpRequest) -> str:
    came_from = request.headers.get("Referer", "")
    secure = request.is_secure()
    if not url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}, require_https=secure):
        return ""
    parts = urlsplit(came_from)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
