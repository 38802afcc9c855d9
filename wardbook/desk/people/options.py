"""Type-ahead over people, and who may be the same as somebody about to be added."""

from django.db.models import Count
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from wardbook.cases.models import Case
from wardbook.contacts.lookup import SHORTEST, best_matches
from wardbook.contacts.models import Address, Contact, ContactPoint
from wardbook.lib.fold import digits, fold, words
from wardbook.lib.quote import one_line
from wardbook.lib.respond import Option
from wardbook.lib.respond import options as list_options
from wardbook.offices.middleware import Request
from wardbook.offices.models import Membership

LONGEST_QUERY = 80
MOST_SHOWN, MOST_LOOKED_AT = 8, 24


@require_GET
def options(request: Request, office: str) -> HttpResponse:
    """The people who match `q`; `only=agency|person|organisation` narrows; `add=1` offers to make a new one."""
    typed = one_line(request.GET.get("q", ""))[:LONGEST_QUERY]
    people = Contact.objects.visible_to(request.member)
    only = request.GET.get("only", "")
    if only == "agency":
        people = people.filter(is_agency=True)
    elif only in Contact.Kind.values:
        people = people.filter(kind=only)
    found = best_matches(people, request.office.pk, typed, limit=MOST_LOOKED_AT)
    counts = open_case_counts(request.member, found)
    asked = set(words(typed))
    # A whole word before a beginning of one, then whoever we are busy for: those ring.
    found.sort(key=lambda contact: (not asked <= set(words(contact.name)), not counts.get(contact.pk)))
    offered = [option_of(contact, counts.get(contact.pk, 0), typed) for contact in found[:MOST_SHOWN]]
    add = ""
    if request.GET.get("add") and len(typed) >= SHORTEST:
        add = _("Add “%(name)s” as a new person") % {"name": typed}
    return list_options(request, offered, add=add, typed=typed)


def open_case_counts(member: Membership, people: list[Contact]) -> dict[int, int]:
    """Contact id to the number of its open cases that this member may see. One query."""
    if not people:
        return {}
    cases = Case.objects.visible_to(member).open().filter(constituent__in=[contact.pk for contact in people])
    return dict(cases.order_by().values_list("constituent_id").annotate(Count("pk")))


def option_of(contact: Contact, open_cases: int, typed: str = "") -> Option:
    """One line of the list: who, where, how to reach them, and how many cases are open."""
    parts = [str(address) for address in contact.addresses.all() if address.kind != Address.Kind.MAILING][:1]
    if point := _telling_point(contact, typed):
        parts.append(point)
    aside = ngettext("%(count)d open case", "%(count)d open cases", open_cases) % {"count": open_cases}
    return Option(value=contact.pk, label=contact.name, detail=" · ".join(parts), aside=aside if open_cases else "")


def _telling_point(contact: Contact, typed: str) -> str:
    """The number or address that was typed a part of, else the first."""
    points = [p for p in contact.points.all() if p.kind in (ContactPoint.Kind.PHONE, ContactPoint.Kind.EMAIL)]
    number, word = digits(typed), fold(typed)
    for point in points:
        if point.kind == ContactPoint.Kind.PHONE and len(number) > 3 and number in digits(point.value):
            return point.value
        if point.kind == ContactPoint.Kind.EMAIL and len(word) > 2 and word in fold(point.value):
            return point.value
    return points[0].value if points else ""
