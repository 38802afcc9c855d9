"""How every view of a case finds it, and where it goes afterwards."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from wardbook.cases import actions
from wardbook.cases.models import Activity, Case
from wardbook.journal.models import Event
from wardbook.lib.respond import respond, wants_piece
from wardbook.offices.middleware import Request
from wardbook.offices.prepared import Prepared

CASE_OF_A_PAGE: Prepared[Case] = Prepared(
    lambda member, number: Case.objects.visible_to(member).for_page().filter(number=number), "number"
)


def find_case(request: Request, number: int, at: datetime) -> Case:
    """The case at this address, or 404 if this person may not know it exists. Reading a restricted one is noted."""
    found = CASE_OF_A_PAGE(request.member, number=number)
    if not found:
        raise Http404
    case = found[0]
    if case.is_restricted:
        actions.note_reading(case, by=request.member.user, at=at)
    return case


def find_activity(request: Request, pk: int) -> Activity:
    """The activity, or 404 if this person may not know it exists."""
    activities = Activity.objects.visible_to(request.member)
    related = ("case__office", "contact", "type", "assignee", "office", "team")
    return get_object_or_404(activities.select_related(*related), pk=pk)


def today_of(request: Request, at: datetime) -> date:
    return request.office.local_date(at)


def case_url(case: Case, entry: str = "") -> str:
    """The page of a case, at one of its entries."""
    url = reverse("desk:case", args=[case.office.slug, case.number])
    return f"{url}?entry={entry}#{entry}" if entry else url


def home_of(activity: Activity) -> str:
    """Where an activity is shown: on its case, else on its own page."""
    if activity.case:
        return case_url(activity.case, f"activity-{activity.pk}")
    return reverse("cases:activity", args=[activity.office.slug, activity.pk])


def changed(request: Request, *, text: str, undo: str = "") -> dict[str, Any]:
    """What `respond` says and shows after a change in place; the rest of the page reloads itself."""
    return {"toast": {"text": text, "undo": undo}, "events": {"case-changed": {}}}


def who_was_first(case: Case, besides: int) -> str:
    """The name of whoever changed the case last, other than the person who asks."""
    event = Event.objects.on_case(case.pk).exclude(by_id=besides).exclude(by=None).order_by("-at", "-pk").first()
    return str(event.by) if event else ""


def page_or_piece(request: Request, template: str, context: dict[str, Any], piece: str, status: int) -> HttpResponse:
    """A form as a page, or for htmx its piece. A wrong form is swapped where it stood."""
    response = respond(request, template, context, piece=piece, status=status)
    if status >= 400 and wants_piece(request) and context.get("target"):
        response["HX-Retarget"] = f"#{context['target']}"
        response["HX-Reswap"] = "outerHTML"
    return response
