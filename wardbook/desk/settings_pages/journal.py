"""The journal as a page: the newest lines first, in words, by person and by day (C7, K1)."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wardbook.cases.models import Case
from wardbook.desk.settings_pages.event_words import THINGS, WORDS
from wardbook.desk.settings_pages.frame import show
from wardbook.journal.models import Event
from wardbook.lib.ids import can_be_an_id
from wardbook.offices.middleware import Request
from wardbook.offices.models import Membership, Office

PAGE = 50


@require_GET
def journal_page(request: Request, office: str) -> HttpResponse:
    """Fifty lines; older ones by number, which counts without gaps."""
    asked = request.GET
    person = asked.get("person", "")
    day = _day(asked.get("day", ""))
    lines = Event.objects.visible_to(request.member).select_related("by").order_by("-number")
    if person == "clock":
        lines = lines.filter(by__isnull=True)
    elif can_be_an_id(person):
        lines = lines.filter(by_id=int(person))
    if day:
        lines = lines.filter(_on(request.office, day))
    newest = not can_be_an_id(asked.get("before", ""))
    if not newest:
        lines = lines.filter(number__lt=int(asked["before"]))
    found = list(lines[: PAGE + 1])
    people = Membership.objects.visible_to(request.member).select_related("user").order_by("user__name")
    url = reverse("desk:journal", args=[office])
    context = {
        "lines": _told(request, found[:PAGE]),
        "people": people,
        "person": person,
        "day": day.isoformat() if day else "",
        "older": found[PAGE - 1].number if len(found) > PAGE else None,
        "is_first": newest,
        "journal_url": url,
        "is_narrow": bool(person or day),
    }
    return show(request, "desk/settings/journal.html", context)


def _told(request: Request, lines: list[Event]) -> list[dict[str, Any]]:
    """Each line in words. A case is named only to whoever may see it. One query for the references."""
    numbers = {line.case_id for line in lines if line.case_id}
    cases = Case.objects.visible_to(request.member).filter(pk__in=numbers).in_bulk()
    return [
        {
            "number": line.number,
            "at": line.at,
            "late": line.recorded_at - line.at > timedelta(minutes=5),
            "recorded_at": line.recorded_at,
            "who": str(line.by) if line.by else _("Wardbook"),
            "words": WORDS.get(line.name, line.name),
            "name": line.name,
            "case": cases.get(line.case_id) if line.case_id else None,
            "thing": "" if line.case_id else THINGS.get(line.subject_type, ""),
            "subject": line.subject_id,
        }
        for line in lines
    ]


def _on(office: Office, day: date) -> Q:
    """The hours of a day at the office."""
    first = datetime.combine(day, time.min, tzinfo=office.zone)
    return Q(at__gte=first, at__lt=datetime.combine(day + timedelta(days=1), time.min, tzinfo=office.zone))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 <= day.year <= timezone.now().year + 1 else None
