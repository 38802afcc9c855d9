"""Where to go after an act."""

from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from wardbook.offices.middleware import Request


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
