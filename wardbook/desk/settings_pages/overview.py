"""The first page of Settings."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from wardbook.desk.settings_pages.frame import show
from wardbook.offices.middleware import Request


@require_GET
def overview(request: Request, office: str) -> HttpResponse:
    """What can be set here by this person."""
    return show(request, "desk/settings.html", {})
