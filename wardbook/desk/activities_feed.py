"""Everything that was done and is to be done, across cases: mine or everybody's (AC-13)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q, Value
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wardbook.cases.models import Activity, Case
from wardbook.cases.models.activities import ActivityQuerySet
from wardbook.contacts.models import Contact
from wardbook.desk.cases_list.narrowing import Narrowing
from wardbook.desk.home.day import mine
from wardbook.desk.steps import DAYS
from wardbook.lib.fold import words
from wardbook.lib.ids import can_be_an_id
from wardbook.lib.quote import one_line
from wardbook.lib.respond import respond
from wardbook.offices.middleware import Request
from wardbook.offices.models import Membership, Team
from wardbook.vocabulary.models import ActivityType

WINDOWS = (14, 30, 90)
MOST = 50


@dataclass(frozen=True)
class Query:
    """What the address asks of the feed. Whatever it does not know, it leaves out."""

    everybody: bool = False
    state: str = ""
    type: int | None = None
    person: str = ""
    team: int | None = None
    alone: bool = False
    days: int = WINDOWS[0]
    words: str = ""

    @property
    def is_narrow(self) -> bool:
        return bool(self.type or self.person or self.team or self.alone or self.words)


def read(address: Mapping[str, str]) -> Query:
    """The query of an address. A hostile address is a wide one."""
    state, person, days = address.get("state", ""), address.get("person", ""), address.get("days", "")
    return Query(
        everybody=address.get("who") == "all",
        state=state if state in ("planned", "done") else "",
        type=_id(address.get("type")),
        person=person if person == "none" or can_be_an_id(person) else "",
        team=_id(address.get("team")),
        alone=address.get("alone") == "1",
        days=int(days)
        if days.isascii() and days.isdecimal() and len(days) < 4 and int(days) in WINDOWS
        else WINDOWS[0],
        words=one_line(address.get("q", "")[:200])[:100],
    )


def found(member: Membership, query: Query) -> ActivityQuerySet:
    """The activities that the query names, in no order yet."""
    rows = Activity.objects.visible_to(member).for_list()
    if not query.everybody and not query.person and not query.team:
        rows = rows.filter(mine(member) | Q(finished_by_id=member.user_id, state=Activity.State.DONE))
    if query.type:
        rows = rows.filter(type_id=query.type)
    if query.person:
        rows = rows.filter(assignee_id=None if query.person == "none" else int(query.person))
    if query.team:
        rows = rows.filter(team_id=query.team)
    if query.alone:
        rows = rows.filter(case__isnull=True)
    if query.words:
        cases = Case.objects.visible_to(member).filter(Narrowing(member, date.min).saying(query.words)).order_by()
        people = Contact.objects.visible_to(member).matching(member.office_id, query.words).order_by()
        # Signs alone are nobody's name.
        asked = words(query.words)
        people = people if asked else people.none()
        said = Q(subject__icontains=query.words) if not asked else Q()
        for word in asked:
            said &= Q(subject_folded__contains=word)
        rows = rows.filter(said | Q(case__in=cases.values("pk")) | Q(contact__in=people.values("pk")))
    return rows


@require_GET
def feed(request: Request, office: str) -> HttpResponse:
    """Overdue on top, then today and the days to come, then what was done."""
    at, query = timezone.now(), read(request.GET)
    rows, span = found(request.member, query), timedelta(days=query.days)
    sections = [*_planned(request, rows, query, at, span), *_done(rows, query, at, span)]
    context = {
        "today": request.office.local_date(at),
        "query": query,
        "everybody": query.everybody,
        "sections": sections,
        "is_empty": not any(section["rows"] for section in sections),
        "has_alone": any(row.case_id is None for section in sections for row in section["rows"]),
        "later_chips": list(DAYS.items()),
        "windows": WINDOWS,
        "feed_url": reverse("desk:activities", args=[office]),
        "most": MOST,
        **choices(request.member),
    }
    return respond(request, "desk/activities.html", context, piece="feed")


def _planned(
    request: Request, rows: ActivityQuerySet, query: Query, at: datetime, span: timedelta
) -> list[dict[str, Any]]:
    if query.state == "done":
        return []
    today = request.office.local_date(at)
    planned = rows.planned().order_by("due_on", "pk")
    late = list(planned.filter(due_on__lt=today)[: MOST + 1])
    coming = list(planned.filter(due_on__gte=today, due_on__lte=today + span)[: 2 * MOST])
    return [
        _section("overdue", _("Overdue"), late, "trouble"),
        _section("today", _("Today"), [row for row in coming if row.due_on == today]),
        _section(
            "coming", _("Next %(count)d days") % {"count": query.days}, [row for row in coming if row.due_on != today]
        ),
    ]


def _done(rows: ActivityQuerySet, query: Query, at: datetime, span: timedelta) -> list[dict[str, Any]]:
    if query.state == "planned":
        return []
    lately = rows.done().filter(happened_at__gt=at - span, happened_at__lte=at).order_by("-happened_at", "-pk")
    title = _("Done in the last %(count)d days") % {"count": query.days}
    return [_section("done", title, list(lately[: MOST + 1]))]


def _section(name: str, heading: str, rows: list[Activity], tone: str = "") -> dict[str, Any]:
    counted = f"{MOST}+" if len(rows) > MOST else str(len(rows))
    is_cut = len(rows) > MOST
    return {"id": name, "heading": heading, "rows": rows[:MOST], "counted": counted, "tone": tone, "is_cut": is_cut}


def choices(member: Membership) -> dict[str, list[tuple[int, str]]]:
    """What the feed can be narrowed to. One query for the three lists."""
    office = member.office_id
    types = _named(
        "types", ActivityType.objects.filter(office=office, retired_at__isnull=True), "name", "pk", "position"
    )
    people = _named("people", Membership.objects.staff().filter(office=office), "user__name", "user_id", None)
    teams = _named("teams", Team.objects.active().filter(office=office), "name", "pk", None)
    lists: dict[str, list[tuple[int, str]]] = {"types": [], "people": [], "teams": []}
    for kind, _place, pk, name in types.union(people, teams, all=True).order_by("kind", "place", "called"):
        lists[kind].append((pk, name))
    return lists


def _named(kind: str, rows: Any, name: str, pk: str, position: str | None) -> Any:
    place = F(position) if position else Value(0)
    columns = {"kind": Value(kind), "place": place, "which": F(pk), "called": F(name)}
    return rows.order_by().annotate(**columns).values_list(*columns)


def _id(text: str | None) -> int | None:
    return int(text) if text and can_be_an_id(text) else None


urlpatterns = [
    path("activities/", feed, name="activities"),
]
