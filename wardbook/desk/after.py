"""Where to go after an act, and how to take it back."""

from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from wardbook.journal.models import Undo
from wardbook.offices.middleware import Request


def undo_address(request: Request, at: datetime) -> str:
    """The address that takes back what the person did at this moment, or "" when it cannot be taken back."""
    undo = Undo.objects.visible_to(request.member).filter(at=at).order_by("-pk").values_list("pk", flat=True).first()
    return address("desk:undo", request.office.slug, undo) if undo else ""


def undo_number(request: Request, at: datetime) -> int | None:
    """The number of that undo."""
    return Undo.objects.visible_to(request.member).filter(at=at).order_by("-pk").values_list("pk", flat=True).first()


def back(request: Request, otherwise: str) -> str:
    """The page of this office from which a form was sent, if it says so and it is one of ours."""
    wanted = request.POST.get("back") or request.GET.get("back") or ""
    root = f"/{request.office.slug}/"
    if wanted.startswith(root) and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return otherwise


def address(route: str, *args: object) -> str:
    """The address of a route, or "" where this installation does not have it."""
    try:
        return reverse(route, args=args)
    except NoReverseMatch:
        return ""
