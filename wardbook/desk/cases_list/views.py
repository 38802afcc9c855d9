"""The list of cases, its filters and its columns."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from wardbook.cases.models import Case
from wardbook.desk import actions
from wardbook.desk.after import address as address_or_none
from wardbook.desk.cases_list import columns, counting, exporting, facets, filter_words, listing, paging, rows
from wardbook.desk.cases_list.counting import Amount
from wardbook.desk.cases_list.filters import FIELDS, Filter, from_pairs, span
from wardbook.desk.cases_list.names import Names
from wardbook.desk.cases_list.narrowing import Narrowing
from wardbook.desk.saved_views import Shelf
from wardbook.lib.download import as_download
from wardbook.lib.ids import as_id
from wardbook.lib.respond import done, respond, wants_piece
from wardbook.offices.actions.lists import remember_list
from wardbook.offices.middleware import Request

FEW = 1_000
"""Below so many cases they are looked up first and then put in order: no order's index need be walked for them."""
KNOWN = 3_000
"""Up to so many are named when they are counted: to name more takes longer than to look them up again, and no engine
takes any number of values in one statement."""


def filter_of(request: Request) -> Filter:
    """The filter of an address; of an address without one, the statuses that the person chose last."""
    pairs = [(name, value) for name, values in request.GET.lists() for value in values]
    if not any(name.removeprefix("-") in FIELDS for name, _value in pairs):
        kept = request.member.list_choice.get("status", [])
        pairs += [("status", value) for value in kept if isinstance(value, str)]
    return from_pairs(pairs)


@require_GET
def cases(request: Request, office: str) -> HttpResponse:
    """The cases of the office, narrowed and ordered as the address says."""
    chosen = filter_of(request)
    if "q" in request.GET:
        return _at_its_address(request, _with_words(request, chosen))
    if any(f"{name}-from" in request.GET or f"{name}-to" in request.GET for name in facets.SPANS):
        return _at_its_address(request, _with_spans(request, chosen))
    if request.GET.get("keep"):
        # Chosen with the row of statuses: this is how the list opens next time.
        remember_list(request.member, status=chosen.values("status"))
    return _list(request, chosen)


@require_GET
def filters(request: Request, office: str) -> HttpResponse:
    """Every filter with how many cases each value has; the dialog behind “More filters”."""
    chosen = filter_of(request)
    found = facets.Facets(request.member, request.office.local_date(timezone.now()), chosen)
    list_url = reverse("desk:cases", args=[office])
    context = {
        "fields": found.fields(),
        "spans": found.spans(),
        "keep": found.keep(),
        "list_url": list_url,
        "clear_url": f"{list_url}?{Filter.make([], chosen.sort).address()}",
        "count_words": _("Show the cases"),
    }
    return respond(request, "desk/cases_filter.html", context, piece="form")


@require_http_methods(["GET", "POST"])
def choose_columns(request: Request, office: str) -> HttpResponse:
    """Which columns the person's list has."""
    chosen = filter_of(request)
    back = f"{reverse('desk:cases', args=[office])}?{chosen.address()}"
    if request.method == "POST":
        wanted = [] if "reset" in request.POST else [c.key for c in columns.chosen(request.POST.getlist("column"))]
        remember_list(request.member, columns=wanted)
        return done(request, back)
    hidden = {columns.ALWAYS, *Names(request.member, {}).hidden}
    shown = {column.key for column in columns.chosen(request.member.list_choice.get("columns", ()))}
    context = {
        "choices": [(c, c.key in shown) for c in columns.COLUMNS.values() if c.key not in hidden],
        "most": columns.MOST - 1,
        "form_url": f"{request.path}?{chosen.address()}",
        "back": back,
    }
    return respond(request, "desk/cases_columns.html", context, piece="form")


@require_GET
def export(request: Request, office: str) -> HttpResponseBase:
    """The whole list as a file: with its columns or with `columns=all`, and with a mark for Excel (`for=excel`)."""
    chosen, at = filter_of(request), timezone.now()
    member, today = request.member, request.office.local_date(at)
    names = Names.of(member, chosen)
    if request.GET.get("columns") == "all":
        shown = exporting.every_column(names)
    else:
        shown = columns.chosen(member.list_choice.get("columns", ()), names.hidden)
    ids = exporting.ids_of(Narrowing(member, today, names.open_statuses, many=True), chosen)
    sheet = exporting.Sheet(shown, names, member, today)
    keys = [column.key for column in shown]
    actions.tell_export(request.office, query=chosen.address(), columns=keys, count=len(ids), by=request.user, at=at)
    answer = StreamingHttpResponse(sheet.lines(ids, marked=request.GET.get("for") == "excel"))
    return as_download(answer, _("Cases %(day)s.csv") % {"day": today.isoformat()}, "text/csv; charset=utf-8")


def _at_its_address(request: Request, chosen: Filter) -> HttpResponse:
    """What was typed or chosen in a form, at the one address that says so."""
    address = f"{request.path}?{chosen.address(view=_number(request, 'view'))}"
    if not wants_piece(request):
        return HttpResponseRedirect(address)
    response = _list(request, chosen)
    response["HX-Push-Url"] = address
    return response


def _with_words(request: Request, chosen: Filter) -> Filter:
    """What was typed becomes chips; what nobody knows by that name is looked for in the cases."""
    terms = filter_words.parse(request.GET["q"], Names.all(request.member).lexicon())
    kept = [term for term in chosen.terms if term.field != "text"]
    if any(term.field == "status" and not term.negated for term in terms):
        kept = [term for term in kept if term.field != "status" or term.negated]
    return Filter.make([*kept, *terms], chosen.sort)


def _with_spans(request: Request, chosen: Filter) -> Filter:
    """The form has two boxes for each stretch of days."""
    terms = [term for term in chosen.terms if term.field not in facets.SPANS]
    for name in facets.SPANS:
        term = span(name, request.GET.get(f"{name}-from", ""), request.GET.get(f"{name}-to", ""))
        terms += [term] if term else []
    return Filter.make(terms, chosen.sort)


def _list(request: Request, chosen: Filter) -> HttpResponse:
    member, today = request.member, request.office.local_date(timezone.now())
    names = Names.of(member, chosen)
    codes = [(row.pk, row.name) for row in names.of_field("code")] if names.has_all("code") else None
    narrowing = Narrowing(member, today, names.open_statuses, codes)
    counts = counting.by_status(narrowing, chosen, [row.pk for row in names.statuses], few=KNOWN)
    listed = listing.statuses_of(chosen, names)
    total = sum((counts.amounts[pk] for pk in listed), Amount(0))
    if total.number > FEW:
        narrowing = Narrowing(member, today, names.open_statuses, codes, many=True)
    shown = columns.chosen(member.list_choice.get("columns", ()), names.hidden)
    page = _page(request, narrowing, chosen, total, shown, counts.ids(listed, most=KNOWN))
    shelf = Shelf.of(request)
    view = shelf.view(_number(request, "view"))
    state = {"view": view.pk} if view else {}
    page_urls = {
        "previous_url": f"?{chosen.address(before=page.before, **state)}" if page.before else "",
        "next_url": f"?{chosen.address(after=page.after, **state)}" if page.after else "",
        "first_url": f"?{chosen.address(**state)}" if page.start else "",
    }
    slug, address = request.office.slug, chosen.address()
    context: dict[str, Any] = {
        **page_urls,
        **listing.view_links(request, chosen, view),
        "heading": listing.heading(request, chosen, shelf, view),
        "address": address,
        "total": total,
        "heads": rows.heads(shown, chosen, state),
        "rows": _rows(request, page, shown, names, today, address),
        "today": today,
        "now": timezone.now(),
        "sort": chosen.sort,
        "sorts": columns.MENU,
        "is_listed_sort": chosen.sort in dict(columns.MENU),
        "sort_keep": [pair for pair in chosen.pairs() if pair[0] != "sort"] + list(state.items()),
        "statuses": listing.status_row(chosen, names, counts.amounts, state),
        "whose": listing.whose(request, chosen, state),
        "kinds": listing.kinds(chosen, names, state),
        "chips": [
            {"label": names.chip(term), "remove_url": f"?{chosen.without(term).address(**state)}"}
            for term in chosen.narrowing
        ],
        "words": "",
        "keep": chosen.pairs() + list(state.items()),
        "clear_url": f"?{Filter.make([], chosen.sort).address()}",
        "count_words": listing.count_words(total),
        "range_words": listing.range_words(page, total),
        "views_menu": listing.views_menu(request, chosen, shelf, view),
        "bulk_actions": listing.bulk_actions(request),
        "filter_url": f"{reverse('desk:cases_filter', args=[slug])}?{address}",
        "export_items": listing.export_items(request, chosen) if total else [],
        "columns_url": f"{reverse('desk:cases_columns', args=[slug])}?{address}",
        "views_url": reverse("desk:views", args=[slug]),
        "bin_url": address_or_none("cases:bin", slug) if request.member.can("cases.delete") else None,
        "new_case_url": address_or_none("desk:new_case", slug) if request.member.can("cases.open") else None,
    }
    if not total:
        context["empty"] = listing.empty(narrowing, chosen, names)
    return respond(request, "desk/cases.html", context, piece="list", say=context["count_words"])


def _page(
    request: Request,
    narrowing: Narrowing,
    chosen: Filter,
    total: Amount,
    shown: list[columns.Column],
    known: list[int] | None,
) -> paging.Page:
    """The rows to show. `known` are the ids of all the cases that the filter means, if counting them has told."""
    if not total:
        return paging.Page([], 0, "", "")
    many = total.number > FEW and known is None
    if known is not None:
        found = Case.objects.visible_to(request.member).filter(pk__in=known)
    elif many:
        found = narrowing.cases(chosen)
    else:
        found = Case.objects.filter(pk__in=narrowing.cases(chosen).order_by().values("pk"))
    order = columns.order_of(chosen, narrowing.today)
    before, after = request.GET.get("before", ""), request.GET.get("after", "")
    of_people = narrowing.cases_of_people(chosen) if many and order.is_of_a_person else None
    whole = partial(paging.page, found, order, rows.loads(shown), member=request.member, of_people=of_people)
    page = whole(before=before, after=after)
    if not page.rows:
        # The place has moved, or was never one: begin at the beginning.
        page = whole(before="", after="")
    return page


def _rows(
    request: Request, page: paging.Page, shown: list[columns.Column], names: Names, today: date, address: str
) -> list[SafeString]:
    tags = rows.tags_of([row["pk"] for row in page.rows])
    root, boxes = reverse("desk:cases", args=[request.office.slug]), request.member.can("cases.bulk")
    drawing = rows.Drawing(shown, names.statuses, today, root=root, query=address, with_boxes=boxes)
    return [drawing.row(row, tags.get(row["pk"], ())) for row in page.rows]


def _number(request: Request, name: str) -> int:
    value = request.GET.get(name, "")
    return as_id(value) or 0


urlpatterns = [
    path("cases/", cases, name="cases"),
    path("cases/filter/", filters, name="cases_filter"),
    path("cases/export/", export, name="cases_export"),
    path("cases/columns/", choose_columns, name="cases_columns"),
]
