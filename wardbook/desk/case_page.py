"""The page of a case: its details, its timeline with the one place to write, and what comes next (ux.md 1.7)."""

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wardbook.cases import actions, facts
from wardbook.cases.models import Case, CaseLink
from wardbook.cases.views.door import find_case
from wardbook.correspondence.models import Letter
from wardbook.correspondence.views.emails import stamp
from wardbook.desk import neighbours
from wardbook.desk.case_composer import Composer
from wardbook.desk.case_parts import Parts
from wardbook.desk.steps import DAYS
from wardbook.desk.timeline import SHOWS, Page, Timeline
from wardbook.desk.timeline_entry import Cursor
from wardbook.lib.respond import respond, wants_piece
from wardbook.offices.middleware import Request

PIECES = ("case-head", "case-timeline", "case-next")
SECTIONS: tuple[tuple[str, ...], ...] = (
    ("deadline", "priority", "status", "assignment", "waiting"),
    ("constituent", "requester", "representative"),
    ("description", "topic", "type", "code", "how", "kind", "tags", "opened"),
)
# Lines that say nothing on most cases: folded away until they do.
QUIET = ("deadline", "requester", "representative", "type", "code", "kind")
SHOWN_FILES = 8
# A working day comes round within so many weeks, whatever is closed: beyond that nothing is counted.
LONGEST_WEEKS = 5
# So many entries need no link to the last of them.
FEW = 6


@require_GET
def case(request: Request, office: str, number: int) -> HttpResponse:
    """One case. `show` narrows the timeline, `entry` opens it at one entry, `before` and `after` page through it,
    `write` opens a tab of the composer, or gives its panel alone; anything else is the list the person came from."""
    at = timezone.now()
    found = find_case(request, number, at)
    parts = Parts(found, request.member)
    composer = Composer(request, found, parts, at)
    if composer.is_asked_for_a_panel:
        listed = neighbours.came_from(request)
        beside = neighbours.beside(request, found, listed, found.office.local_date(at)) if listed else {}
        return composer.panel(beside)
    timeline = Timeline(found, request.member, at=at, show=request.GET.get("show", "all"), has_mail=parts.has_mail)
    page = _page(request, timeline)
    if page is None:
        return redirect("desk:case", office, number)
    piece = _asked_piece(request)
    ctx = _context(request, found, timeline, page, at) | _news(found, parts, timeline.today)
    if piece:
        return respond(request, "desk/case.html", ctx, piece=piece)
    actions.visit(found, by=request.member.user, at=at, opened=True)
    listed = neighbours.came_from(request)
    beside = neighbours.beside(request, found, listed, timeline.today) if listed else {}
    ctx |= _whole(request, found, parts, at) | {
        "now": at,
        "beside": beside,
    }
    ctx |= composer.context(beside)
    return neighbours.remember(request, respond(request, "desk/case.html", ctx), listed)


def _asked_piece(request: Request) -> str:
    """The part of the page that reloads itself after a change."""
    asked = request.headers.get("HX-Target", "").rpartition("#")[2]
    return asked if wants_piece(request) and asked in PIECES else ""


def _page(request: Request, timeline: Timeline) -> Page | None:
    if entry := request.GET.get("entry", ""):
        return timeline.around(entry)
    if cursor := Cursor.read(request.GET.get("before", "")):
        return timeline.before(cursor)
    if cursor := Cursor.read(request.GET.get("after", "")):
        return timeline.after(cursor)
    return timeline.newest()


def _context(request: Request, found: Case, timeline: Timeline, page: Page, at: datetime) -> dict[str, Any]:
    """What the parts need that reload themselves."""
    newest_first = request.member.user.newest_first
    entries, planned = page.entries, page.planned
    if newest_first:
        entries = entries[::-1]
    steps, files = timeline.steps(), timeline.file_lines()
    return {
        "case": found,
        "today": timeline.today,
        "here": request.path,
        "entries": entries,
        "planned": planned,
        "newest_id": entries[-1].id if len(entries) > FEW and not newest_first else "",
        "newest_first": newest_first,
        "older_url": _paged(request, "before", page.older),
        "newer_url": _paged(request, "after", page.newer),
        "is_newest": page.newer is None,
        "show": timeline.show,
        "shows": _shows(request, timeline.show),
        "step": steps[0] if steps else None,
        "later_steps": steps[1:],
        "files": files[:SHOWN_FILES],
        "more_files": files[SHOWN_FILES:],
        "file_count": len(files),
        "case_age": found.age(timeline.today),
        "menu": _menu(request, found),
        "follow_up_days": list(DAYS.items()),
        "can_claim": request.member.can("cases.own") and found.owner_id is None and not found.is_closed,
        "deadline_left": (found.deadline_on - timeline.today).days if found.deadline_on else None,
        "can_write": request.member.can("cases.write"),
    }


def _news(found: Case, parts: Parts, today: date) -> dict[str, Any]:
    """When the constituent last heard from us (S3.30), and the letters that are on their way out."""
    told, states = found.last_informed_at, Letter.State
    return {
        "informed_on": found.office.local_date(told) if told else None,
        "days_in_silence": (today - found.opened_on).days if not told and is_silent_too_long(found, today) else 0,
        "letters": [
            {
                "pk": one.pk,
                "name": one.name,
                "stands": states(one.kind).label,
                "returned": one.kind == states.RETURNED,
            }
            for one in parts.letters
        ],
    }


def is_silent_too_long(found: Case, today: date) -> bool:
    """Whether somebody who never heard from us should have: the deadline is over, or the working days after which the
    office follows up first. The calendar is read only where it decides."""
    if found.deadline_on and found.deadline_on < today:
        return True
    days, since = found.office.default_follow_up_days, (today - found.opened_on).days
    if since <= days or since > days * LONGEST_WEEKS * 7:
        return since > days
    return today > found.office.follows_up_on(found.opened_on)


def _paged(request: Request, name: str, cursor: Cursor | None) -> str:
    if cursor is None:
        return ""
    query = request.GET.copy()
    for key in ("before", "after", "entry"):
        query.pop(key, None)
    query[name] = str(cursor)
    return f"{request.path}?{query.urlencode()}#case-timeline"


def _shows(request: Request, chosen: str) -> list[dict[str, Any]]:
    labels = {
        "all": _("All"),
        "emails": _("Emails"),
        "notes": _("Notes"),
        "calls": _("Calls"),
        "letters": _("Letters"),
        "system": _("System"),
    }
    found = []
    for show in SHOWS:
        if show == "system" and not request.member.can("cases.write"):
            continue
        if show == "emails" and not request.member.can("correspondence.read"):
            continue
        url = request.path if show == "all" else f"{request.path}?show={show}"
        found.append({"label": labels[show], "url": f"{url}#case-timeline", "current": show == chosen})
    return found


def _whole(request: Request, found: Case, parts: Parts, at: datetime) -> dict[str, Any]:
    """What only the whole page needs: the details, the people, the places."""
    today = found.office.local_date(at)
    rows = facts.rows(
        found,
        request.member,
        today=today,
        uses=parts.uses,
        tags=parts.tags,
        together=parts.together,
        phones=parts.points.get(found.constituent_id or 0, []),
        others=parts.others,
    )
    first, *rest = SECTIONS
    if found.deadline_on is None:
        # Nothing to count down: the line is only where a deadline is set.
        first = (*first[1:], first[0])
    quiet = [rows[name] for name in QUIET if name in rows and _is_usual(rows[name], found)]
    return {
        "sections": [
            [rows[name] for name in names if name in rows and rows[name] not in quiet] for names in (first, *rest)
        ],
        "quiet": quiet,
        "parties": [(party, parts.points.get(party.contact_id or 0, [])) for party in parts.parties],
        "places": parts.places,
        "links": _links(request, found) if parts.has_links else [],
        "presence_url": f"{reverse('cases:presence', args=[found.office.slug, found.number])}?seen={stamp(at)}",
    }


def _links(request: Request, found: Case) -> list[dict[str, Any]]:
    """The other cases that have to do with this one, as far as this reader may know that they exist."""
    links = CaseLink.objects.visible_to(request.member).of(found)
    return [{"pk": one.pk, "case": one.other(found), "words": one.words_on(found)} for one in links]


def _is_usual(row: facts.Row, found: Case) -> bool:
    return not (row.template or row.value) or (row.name == "kind" and found.kind == Case.Kind.CASEWORK)


def _menu(request: Request, found: Case) -> list[dict[str, Any]]:
    """The rare acts."""
    slug, can = found.office.slug, request.member.can
    items: list[dict[str, Any]] = [{"label": _("Print"), "icon": "printer", "print": "1"}]
    if can("cases.notes.internal"):
        items.append({"label": _("Print with office notes"), "icon": "printer", "print": "office"})
    if can("cases.write"):
        items += [
            _item(_("Add a person"), "cases:parties", found, "user-plus"),
            _item(_("Add a place"), "cases:places", found, "map-pin"),
        ]
    if can("cases.restrict"):
        items.append(_item(_("Who may see it"), "cases:restriction", found, "lock") | {"dialog": False})
    if can("cases.delete"):
        url = reverse("cases:deletion", args=[slug, found.number])
        items.append({"label": _("Delete"), "url": url, "icon": "trash-2", "post": True, "danger": True})
    return items


def _item(label: str, route: str, found: Case, icon: str) -> dict[str, Any]:
    url = reverse(route, args=[found.office.slug, found.number])
    return {"label": label, "url": url, "icon": icon, "dialog": True}
