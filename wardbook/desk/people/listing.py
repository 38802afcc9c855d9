"""The list of people and organisations, page by page."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, Subquery
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from wardbook.contacts.models import Contact, ContactQuerySet
from wardbook.desk.people.options import open_case_counts
from wardbook.lib.ids import as_id
from wardbook.lib.quote import one_line
from wardbook.lib.respond import respond
from wardbook.offices.middleware import Request
from wardbook.offices.models import Ward

PAGE = 50
MOST_COUNTED = 1000


@dataclass
class Filter:
    """What narrows the list, as it stands in the address."""

    words: str = ""
    kind: str = ""
    area: str = ""
    ward: Ward | None = None

    @classmethod
    def read(cls, request: Request) -> "Filter":
        """Unknown values narrow nothing; another office's ward is unknown."""
        kind, area = request.GET.get("kind", ""), request.GET.get("area", "")
        ward = as_id(request.GET.get("ward", ""))
        return cls(
            words=one_line(request.GET.get("q", ""))[:80],
            kind=kind if kind in ("person", "organisation", "agency") else "",
            area=area if area in Contact.Area.values else "",
            ward=Ward.objects.filter(office=request.office, pk=ward).first() if ward else None,
        )

    def query(self, **changed: str) -> str:
        """The address of this filter with something changed."""
        now = {
            "q": self.words,
            "kind": self.kind,
            "area": self.area,
            "ward": str(self.ward.pk) if self.ward else "",
            **changed,
        }
        return "?" + urlencode({name: value for name, value in now.items() if value})

    def narrow(self, people: ContactQuerySet, office_id: int) -> ContactQuerySet:
        if self.kind == "agency":
            people = people.filter(is_agency=True)
        elif self.kind:
            people = people.filter(kind=self.kind)
        if self.area:
            people = people.filter(area=self.area)
        if self.ward:
            people = people.filter(ward=self.ward)
        return people.matching(office_id, self.words) if self.words else people

    def chips(self) -> list[dict[str, str]]:
        chips = []
        if self.area:
            chips.append({"label": str(Contact.Area(self.area).label), "remove_url": self.query(area="")})
        if self.ward:
            label = _("Ward %(name)s") % {"name": self.ward.name}
            chips.append({"label": label, "remove_url": self.query(ward="")})
        return chips


@require_GET
def listing(request: Request, office: str) -> HttpResponse:
    """People and organisations by name."""
    chosen = Filter.read(request)
    everybody = chosen.narrow(Contact.objects.visible_to(request.member), request.office.pk)
    rows, before, after = _page(everybody, request.GET.get("after", ""), request.GET.get("before", ""))
    counts = open_case_counts(request.member, rows)
    count = rows[0].counted if rows else everybody.order_by()[: MOST_COUNTED + 1].count()
    ctx = {
        "rows": [_row(contact, counts.get(contact.pk, 0)) for contact in rows],
        "filter": chosen,
        "chips": chosen.chips(),
        "is_narrowed": bool(chosen.words or chosen.chips()),
        "tabs": _tabs(chosen),
        "count_words": _count_words(count),
        "previous_url": chosen.query(before=before) if before else "",
        "next_url": chosen.query(after=after) if after else "",
        "first_url": chosen.query() if request.GET.get("after") or request.GET.get("before") else "",
        "keep": [(name, value) for name, value in (("kind", chosen.kind), ("area", chosen.area)) if value]
        + ([("ward", chosen.ward.pk)] if chosen.ward else []),
        "filter_url": reverse("contacts:filter", args=[office]) + chosen.query(),
        "new_url": reverse("contacts:new", args=[office]),
        "without_words_url": chosen.query(q=""),
    }
    return respond(request, "people/list.html", ctx, piece="people")


@require_GET
def narrowing(request: Request, office: str) -> HttpResponse:
    """All filters of the list in one form; also the dialog behind "More filters"."""
    ctx = {
        "filter": Filter.read(request),
        "wards": Ward.objects.filter(office=request.office, retired_at__isnull=True),
        "areas": Contact.Area.choices,
        "list_url": reverse("contacts:list", args=[office]),
    }
    return respond(request, "people/filter.html", ctx, piece="form")


def _page(everybody: ContactQuerySet, after: str, before: str) -> tuple[list[Any], str, str]:
    """One page by name, and the keys of the pages before and after it ("" for none).

    Each row also knows how many of everybody are `counted`, which is no further than anybody reads.
    """
    some = everybody.order_by().values("pk")[: MOST_COUNTED + 1]
    counted = Contact.objects.filter(pk__in=some).order_by().values("office_id").annotate(count=Count("pk"))
    people: Any = everybody.annotate(counted=Subquery(counted.values("count")))
    backwards = bool(before)
    name, pk = _key(before or after)
    if pk and backwards:
        people = people.filter(Q(sort_name__lt=name) | Q(sort_name=name, pk__lt=pk))
    elif pk:
        people = people.filter(Q(sort_name__gte=name), Q(sort_name__gt=name) | Q(pk__gt=pk))
    order = ("-sort_name", "-pk") if backwards else ("sort_name", "pk")
    rows = list(people.for_list().order_by(*order)[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    if backwards:
        rows.reverse()
    first, last = (_write_key(rows[0]), _write_key(rows[-1])) if rows else ("", "")
    has_before = more if backwards else bool(pk)
    has_after = bool(rows) if backwards else more
    return rows, first if has_before else "", last if has_after else ""


def _write_key(contact: Contact) -> str:
    return f"{contact.pk}~{contact.sort_name}"


def _key(text: str) -> tuple[str, int]:
    pk, _tilde, name = text.partition("~")
    found = as_id(pk)
    return (name, found) if found is not None else ("", 0)


def _row(contact: Contact, open_cases: int) -> dict[str, Any]:
    points = list(contact.points.all())
    return {
        "contact": contact,
        "address": next((str(address) for address in contact.addresses.all()), ""),
        "phone": next((point.value for point in points if point.kind == "phone"), ""),
        "email": next((point.value for point in points if point.kind == "email"), ""),
        "open_cases": open_cases,
    }


def _tabs(chosen: Filter) -> list[dict[str, Any]]:
    kinds = [
        ("", _("Everybody")),
        ("person", _("People")),
        ("organisation", _("Organisations")),
        ("agency", _("Agencies")),
    ]
    return [
        {"label": label, "url": chosen.query(kind=kind), "current": chosen.kind == kind, "count": None, "key": ""}
        for kind, label in kinds
    ]


def _count_words(count: int) -> str:
    if count > MOST_COUNTED:
        return _("More than 1,000")
    return ngettext("%(count)d person or organisation", "%(count)d people and organisations", count) % {
        "count": count
    }
