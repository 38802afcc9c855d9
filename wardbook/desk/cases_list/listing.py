"""What the page of the list shows besides the cases: statuses with counts, chips, views, what to do next."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wardbook.cases.models import Case
from wardbook.desk.after import address as address_or_none
from wardbook.desk.cases_list import counting
from wardbook.desk.cases_list.counting import Amount
from wardbook.desk.cases_list.filters import Filter, Term
from wardbook.desk.cases_list.names import Names
from wardbook.desk.cases_list.narrowing import Narrowing, dropping_each
from wardbook.desk.cases_list.paging import Page
from wardbook.desk.models import SavedView
from wardbook.desk.saved_views import Shelf, address_of, filter_of
from wardbook.offices.middleware import Request


def count_words(total: Amount) -> str:
    """ "214 cases", "10,000+ cases"."""
    return ngettext("%(count)s case", "%(count)s cases", total.number) % {"count": total}


def range_words(page: Page, total: Amount) -> str:
    if not page.rows:
        return ""
    first, last = Amount(page.start + 1), Amount(page.end)
    # Somebody may have closed a case between counting and reading.
    total = max(total, last, key=lambda amount: amount.number)
    return _("%(first)s–%(last)s of %(total)s") % {"first": first, "last": last, "total": count_words(total)}


def statuses_of(chosen: Filter, names: Names) -> list[int]:
    """The statuses whose cases the list has."""
    wanted, ruled_out = chosen.values("status"), chosen.values("status", negated=True)

    def among(values: list[str], pk: int, *, closed: bool) -> bool:
        return "any" in values or ("closed" if closed else "open") in values or str(pk) in values

    rows = [(row.pk, row.status_class == "closed") for row in names.statuses]
    return [pk for pk, closed in rows if among(wanted, pk, closed=closed) and not among(ruled_out, pk, closed=closed)]


def status_row(chosen: Filter, names: Names, counts: dict[int, Amount], state: dict[str, Any]) -> dict[str, Any]:
    """All, not closed, and each status: press the name for only that one, the box to add it or leave it out."""
    on = statuses_of(chosen, names)
    still_open = set(names.open_statuses)
    listed = [row for row in names.statuses if not row.is_retired or counts[row.pk] or row.pk in on]

    def url(*values: str) -> str:
        return f"?{chosen.with_status(*values).address(keep=1, **state)}"

    def toggled(pk: int) -> str:
        wanted = {row.pk for row in listed if (row.pk in on) != (row.pk == pk)}
        if not wanted or wanted == {row.pk for row in listed if row.pk in still_open}:
            return url("open")
        return url(*map(str, sorted(wanted)))

    return {
        "all": {
            "url": url("any"),
            "count": sum(counts.values(), Amount(0)),
            "current": chosen.values("status") == ["any"],
        },
        "open": {
            "url": url("open"),
            "count": sum((counts[pk] for pk in still_open), Amount(0)),
            "current": chosen.values("status") == ["open"],
        },
        "each": [
            {
                "pk": row.pk,
                "name": row.name,
                "count": counts[row.pk],
                "on": row.pk in on,
                "only": on == [row.pk],
                "url": url(str(row.pk)),
                "toggle_url": toggled(row.pk),
            }
            for row in listed
        ],
    }


def kinds(chosen: Filter, names: Names, state: dict[str, Any]) -> list[dict[str, Any]]:
    """All, only casework, only policy; nothing in an office that does not tell them apart."""
    if "kind" in names.hidden:
        return []
    now, rest = chosen.values("kind"), chosen.without_field("kind")
    choices = [("", _("All")), *((kind.value, str(kind.label)) for kind in (Case.Kind.CASEWORK, Case.Kind.POLICY))]
    return [
        {
            "label": label,
            "current": now == ([kind] if kind else []),
            "url": f"?{(rest.adding(Term('kind', kind)) if kind else rest).address(**state)}",
        }
        for kind, label in choices
    ]


def whose(request: Request, chosen: Filter, state: dict[str, Any]) -> list[dict[str, Any]]:
    """Everybody's cases, one's own, or those that nobody has; for whoever can have cases."""
    if not request.member.can("cases.own"):
        return []
    now, rest = chosen.values("owner"), chosen.without_field("owner")
    choices = [("", _("Everybody's")), ("me", _("Mine")), ("none", _("Nobody's"))]
    return [
        {
            "label": label,
            "current": now == ([owner] if owner else []),
            "url": f"?{(rest.adding(Term('owner', owner)) if owner else rest).address(**state)}",
        }
        for owner, label in choices
    ]


def heading(request: Request, chosen: Filter, shelf: Shelf, view: SavedView | None) -> str:
    """The name of the view, or of the suggested view that the filter happens to be, or “Cases”."""
    if view:
        return view.name
    if queue := shelf.queue(chosen):
        return str(queue.name)
    return {"issue": _("Issues"), "ticket": _("Tickets")}.get(request.office.case_label, _("Cases"))


def views_menu(request: Request, chosen: Filter, shelf: Shelf, view: SavedView | None) -> list[tuple[str, Any]]:
    """Suggested, own and shared views, as links."""
    root, slug = reverse("desk:cases", args=[request.office.slug]), request.office.slug
    here = shelf.queue(chosen) if view is None else None
    suggested = [
        {"label": queue.name, "url": f"{root}?{queue.filter.address()}", "current": queue is here}
        for queue in shelf.queues
    ]

    def links(views: list[SavedView]) -> list[dict[str, Any]]:
        return [{"label": one.name, "url": address_of(one, slug), "current": one is view} for one in views]

    return [(_("Suggested"), suggested), (_("Yours"), links(shelf.mine)), (_("Shared"), links(shelf.shared))]


def view_links(request: Request, chosen: Filter, view: SavedView | None) -> dict[str, Any]:
    """What can be done with the open view, and where."""
    slug = request.office.slug
    links: dict[str, Any] = {
        "view": view,
        "new_view_url": f"{reverse('desk:new_view', args=[slug])}?{urlencode({'query': chosen.address()})}",
    }
    if view:
        links |= {
            "view_is_changed": filter_of(view) != chosen,
            "is_own_view": view.owner_id == request.member.user_id,
            "view_url": address_of(view, slug),
            "view_edit_url": reverse("desk:view", args=[slug, view.pk]),
            "view_filter_url": reverse("desk:view_filter", args=[slug, view.pk]),
        }
    return links


def bulk_actions(request: Request) -> list[dict[str, Any]]:
    """What can be done with many cases at once, in the order of S1.20."""
    if not request.member.can("cases.bulk"):
        return []
    acts = (
        ("assignment", _("Assign"), "a", "user-plus", "cases.bulk"),
        ("status", _("Status"), "s", "circle-dot", "cases.bulk"),
        ("priority", _("Priority"), "p", "flag", "cases.bulk"),
        ("tags", _("Tags"), "t", "tag", "cases.bulk"),
        ("classification", _("Classify"), "", "folder-tree", "cases.bulk"),
        ("follow_up", _("Follow-up"), "d", "calendar-plus", "cases.bulk"),
        ("closure", _("Close"), "e", "archive", "cases.bulk"),
        ("restriction", _("Restrict"), "", "lock", "cases.restrict"),
        ("deletion", _("Delete"), "", "trash-2", "cases.delete"),
    )
    return [
        {"label": label, "url": address_or_none(f"desk:bulk_{name}", request.office.slug), "key": key, "icon": icon}
        | {"dialog": True}
        for name, label, key, icon, needed in acts
        if request.member.can(needed)
    ]


def export_items(request: Request, chosen: Filter) -> list[dict[str, Any]]:
    """The ways in which the whole list leaves as a file."""
    if not request.member.can("cases.export"):
        return []
    to = f"{reverse('desk:cases_export', args=[request.office.slug])}?{chosen.address()}"
    return [
        {"label": _("CSV, these columns"), "url": to, "icon": "download"},
        {"label": _("CSV, every column"), "url": f"{to}&columns=all", "icon": "download"},
        {"label": _("For Excel, these columns"), "url": f"{to}&for=excel", "icon": "download"},
        {"label": _("For Excel, every column"), "url": f"{to}&columns=all&for=excel", "icon": "download"},
        {"label": _("Print this page"), "icon": "printer", "print": "1"},
    ]


EVERY_CASE = Filter.make([Term("status", "any")])


def empty(narrowing: Narrowing, chosen: Filter, names: Names) -> dict[str, Any]:
    """Why nothing is there, and which filter's absence would bring the most back. One query."""
    dropped = dropping_each(chosen)[:8]
    if not dropped:
        if chosen.values("status") == ["any"] or not narrowing.cases(EVERY_CASE).exists():
            return {"is_new": True}
        text = _("There are cases with another status.")
        return {"is_new": False, "text": text, "url": f"?{EVERY_CASE.address()}", "action": _("Show all cases")}
    counts = counting.capped([narrowing.cases(without) for _term, without in dropped])
    best = max(range(len(dropped)), key=lambda index: counts[index].number)
    if not counts[best]:
        return {"is_new": False, "url": ""}
    term, without = dropped[best]
    words = {"what": names.chip(term).strip("“”"), "count": counts[best]}
    number = counts[best].number
    said = ngettext("Without “%(what)s” there is %(count)s.", "Without “%(what)s” there are %(count)s.", number)
    return {
        "is_new": False,
        "text": said % words,
        "url": f"?{without.address()}",
        "action": _("Remove “%(what)s”") % words,
    }
