"""The cases before and after one in the list a person came from. The address says which list; a cookie of half an
hour keeps it while they work on the case."""

from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from wardbook.cases.models import Case
from wardbook.desk.cases_list import counting
from wardbook.desk.cases_list.columns import Order, order_of
from wardbook.desk.cases_list.counting import Amount
from wardbook.desk.cases_list.filters import FIELDS, Filter, from_pairs
from wardbook.desk.cases_list.narrowing import Narrowing
from wardbook.desk.cases_list.paging import Mark, beyond, ordered
from wardbook.offices.middleware import Request

COOKIE = "wardbook_list"
KEPT_FOR = 30 * 60
LONGEST = 1500
COUNTED = 1000
"""Beyond so many nobody wants to know the place, and counting would cost more than the page."""


def came_from(request: Request) -> Filter | None:
    """The list that the address, or else the cookie, speaks of."""
    pairs = [(name, value) for name, values in request.GET.lists() for value in values]
    if not _is_list(pairs):
        pairs = parse_qsl(request.COOKIES.get(COOKIE, "")[:LONGEST])
    return from_pairs(pairs) if _is_list(pairs) else None


def _is_list(pairs: list[tuple[str, str]]) -> bool:
    return any(name == "sort" or name.removeprefix("-") in FIELDS for name, _value in pairs)


def beside(request: Request, case: Case, chosen: Filter, today: date) -> dict[str, str]:
    """The addresses of the list, of the case before this one and of the one after it, and where it stands between
    them: "2 of 7". One query for most orders."""
    order = order_of(chosen, today)
    value = _value(case, order)
    mark = Mark(0, case.pk, value, value is not None)
    cases = Narrowing(request.member, today).cases(chosen).exclude(pk=case.pk)
    found = {"list": f"{reverse('desk:cases', args=[request.office.slug])}?{chosen.address()}"}
    sides = {
        name: ordered(beyond(cases, order, mark, value, backwards=backwards), order, backwards=backwards)
        for name, backwards in (("previous", True), ("following", False))
    }
    firsts = counting.firsts(list(sides.values()), "number", COUNTED)
    for name, (number, _amount) in zip(sides, firsts, strict=True):
        if number:
            found[name] = f"{reverse('desk:case', args=[request.office.slug, number])}?{chosen.address()}"
    before, after = (amount for _number, amount in firsts)
    if not before.is_more:
        place = Amount(before.number + 1)
        found["place"] = _("%(place)s of %(total)s") % {"place": place, "total": before + after + Amount(1)}
    return found


def _value(case: Case, order: Order) -> Any:
    """By what the case is ordered: read from the case when it is there."""
    if not isinstance(order.by, str):
        row = Case.objects.filter(pk=case.pk).annotate(sorted_by=order.expression)
        return row.values_list("sorted_by", flat=True).get()
    found: Any = case
    for name in order.by.split("__"):
        found = getattr(found, name, None) if found is not None else None
    return found


def remember(request: Request, response: HttpResponse, chosen: Filter | None) -> HttpResponse:
    """Keep the list while the person works on this case."""
    address = chosen.address() if chosen else ""
    if address and len(address) <= LONGEST and request.COOKIES.get(COOKIE) != address:
        response.set_cookie(
            COOKIE,
            address,
            max_age=KEPT_FOR,
            path=request.path,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
