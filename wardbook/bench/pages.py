"""Which requests are measured, and what each may cost. Each step says what it must see, or nothing is measured."""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from wardbook.accounts.models import User
from wardbook.bench.measuring import Figures, Missed, Reader, measure
from wardbook.cases.models import Activity, Case, CaseTag
from wardbook.contacts.models import Contact
from wardbook.desk.cases_list.filters import SORTS
from wardbook.desk.cases_list.paging import SIZE
from wardbook.offices.models import Office, Ward
from wardbook.vocabulary.models import Status

LIST = (40, 100, 8)
PAGE = (40, 100, 20)
ENTRIES = 30
# Words of many invented cases, and of few; a name; two words; one word that nothing has.
WORDS = ("leak", "refused assess", "evans", "the")


class Budget(NamedTuple):
    """What a request may cost: milliseconds (median, 95th percentile) and queries."""

    median: float
    p95: float
    queries: int


class Row(NamedTuple):
    """One line of the table: what was measured, in the small and in the large office, and what it may cost."""

    name: str
    small: Figures
    large: Figures
    budget: Budget

    @property
    def holds(self) -> bool:
        """Within the budget, and no more queries in an office ten times as large."""
        figures, budget = self.large, self.budget
        return (
            figures.median <= budget.median
            and figures.p95 <= budget.p95
            and figures.queries <= min(budget.queries, self.small.queries)
        )

    @property
    def holds_by_processor(self) -> bool:
        """The same by processor time, which other work on the machine does not lengthen much."""
        figures, budget = self.large, self.budget
        return (
            figures.cpu <= budget.median
            and figures.cpu_p95 <= budget.p95
            and figures.queries <= min(budget.queries, self.small.queries)
        )


Prepare = Callable[["Visit"], Callable[[], object]]


class Visit:
    """A caseworker of one office, and the addresses they ask for."""

    def __init__(self, office: Office, host: str) -> None:
        self.office = office
        self.reader = Reader(_caseworker(office), host)

    def address(self, route: str, *args: object, query: str = "") -> str:
        return reverse(route, args=[self.office.slug, *args]) + (f"?{query}" if query else "")

    def listed(self, query: str = "", *, least: int = SIZE) -> Callable[[], object]:
        """The list of cases, which must show so many at least."""
        address = self.address("desk:cases", query=query)

        def ask() -> str:
            text = self.reader.get(address)
            shown = len(re.findall(r'id="case-\d+"', text))
            if shown < least:
                raise Missed(f"{address} lists {shown} cases, not {least}")
            return text

        ask()
        return ask

    def shown(self, address: str, *marks: str, **headers: str) -> Callable[[], object]:
        """A page that must hold these words."""

        def ask() -> None:
            text = self.reader.get(address, **headers)
            if absent := [mark for mark in marks if mark not in text]:
                raise Missed(f"{address} does not show {absent[0]}")

        ask()
        return ask


def steps() -> Iterator[tuple[str, Prepare, Budget]]:
    """Every request that is measured, by its name in the table."""
    listed, page = Budget(*LIST), Budget(*PAGE)
    yield "Cases list, open, newest, 50 rows", lambda visit: visit.listed("status=open"), listed
    yield "Cases list, second page", _second_page, listed
    for words in WORDS:
        query = urlencode([("status", "any"), *(("text", word) for word in words.split())])
        least = 1 if " " in words else SIZE
        yield f"Cases list, words “{words}”", _asking(query, least), listed
    yield "Cases list, one ward", lambda visit: visit.listed(f"status=any&ward={_ward(visit.office)}"), listed
    yield "Cases list, one ward, open", lambda visit: visit.listed(f"ward={_ward(visit.office)}", least=10), listed
    yield "Cases list, one status", lambda visit: visit.listed(f"status={_status(visit.office)}"), listed
    yield "Cases list, one tag", lambda visit: visit.listed(f"status=any&tag={_tag(visit.office)}"), listed
    yield "Cases list, mine", lambda visit: visit.listed("owner=me", least=20), listed
    yield (
        "Cases list, two filters and words",
        _asking("priority=high&status=any&classified=yes&text=leak", 20),
        listed,
    )
    for sort in sorted(SORTS):
        yield f"Cases list, open, by {sort}", _asking(f"status=open&sort={sort}"), listed
    for sort in sorted(SORTS):
        yield f"Cases list, all, by {sort}", _asking(f"status=any&sort=-{sort}"), listed
    yield f"Case page with {ENTRIES} entries", _case_page(""), page
    yield "Case page from a list", _case_page("status=any"), page
    yield "Case page from a list by age", _case_page("status=any&sort=age"), page
    yield "Contact type-ahead", _type_ahead, listed
    yield "Contact page", _contact, page
    yield "Contacts list", lambda visit: visit.shown(visit.address("contacts:list"), "<table"), listed
    yield "Home", lambda visit: visit.shown(visit.address("desk:home"), "data-row"), Budget(40, 100, 12)
    yield "Search", _search, Budget(40, 100, 12)
    yield "New case", _new_case, Budget(60, 120, 65)


def rows(small: Office, large: Office, *, host: str, times: int) -> Iterator[Row]:
    """Measure every step in both offices."""
    visits = [Visit(office, host) for office in (small, large)]
    for name, prepare, budget in steps():
        figures = [measure(prepare(visit), times=times) for visit in visits]
        yield Row(name, figures[0], figures[1], budget)


def addresses(office: Office) -> list[str]:
    """Pages to ask a running house for when signed in; the last asks for nothing."""
    slug = office.slug
    long = _long_case(office)
    return [
        reverse("desk:home", args=[slug]),
        reverse("desk:cases", args=[slug]),
        reverse("desk:cases", args=[slug]) + "?status=any&text=leak",
        reverse("desk:case", args=[slug, long.number]),
        reverse("contacts:list", args=[slug]),
        reverse("contacts:contact", args=[slug, long.constituent_id]),
        "/healthz",
    ]


def _asking(query: str, least: int = SIZE) -> Prepare:
    return lambda visit: visit.listed(query, least=least)


def _caseworker(office: Office) -> User:
    return office.memberships.select_related("user").filter(role="caseworker").order_by("pk")[0].user


def _ward(office: Office) -> int:
    """The ward with the most people."""
    return Ward.objects.filter(office=office).annotate(people=Count("contacts")).order_by("-people", "pk")[0].pk


def _status(office: Office) -> int:
    return Status.objects.filter(office=office, status_class="closed").order_by("pk")[0].pk


def _tag(office: Office) -> int:
    """The tag with the most cases."""
    tags = CaseTag.objects.filter(office=office).values_list("tag_id").annotate(cases=Count("pk"))
    return int(tags.order_by("-cases", "tag_id")[0][0])


def _second_page(visit: Visit) -> Callable[[], object]:
    text = visit.reader.get(visit.address("desk:cases", query="status=open"))
    found = re.search(r'href="\?([^"]+)" rel="next"', text)
    if not found:
        raise Missed("The list of cases has no second page.")
    return visit.listed(found[1].replace("&amp;", "&"))


def _long_case(office: Office) -> Case:
    """An open case with thirty activities: the story of many cases makes one in a thousand so long."""
    cases = Case.objects.filter(office=office, is_restricted=False, constituent__isnull=False)
    for case in cases.filter(number__endswith="000").order_by("closed_at", "pk")[:100]:
        if Activity.objects.filter(case=case).count() >= ENTRIES:
            return case
    raise Missed(f"The office {office.slug} has no case with {ENTRIES} entries.")


def _case_page(query: str) -> Prepare:
    def prepare(visit: Visit) -> Callable[[], object]:
        case = _long_case(visit.office)
        marks = [case.reference, 'id="composer"']
        if query:
            marks.append('rel="prev"')
        return visit.shown(visit.address("desk:case", case.number, query=query), *marks)

    return prepare


def _type_ahead(visit: Visit) -> Callable[[], object]:
    person = Contact.objects.filter(office=visit.office).order_by("pk")[0]
    family = person.family_name.lower()
    typed = [family[:2], family, f"{person.given_name[:2]} {family[:2]}", "01632 96", "GM1 4", "lane"]
    return _in_turn(
        visit.shown(visit.address("contacts:options", query=urlencode({"q": words})), 'role="option"')
        for words in typed
    )


def _contact(visit: Visit) -> Callable[[], object]:
    contact = _long_case(visit.office).constituent
    if contact is None:
        raise Missed("The long case has no constituent.")
    return visit.shown(visit.address("contacts:contact", contact.pk), contact.family_name)


def _search(visit: Visit) -> Callable[[], object]:
    return _in_turn(
        visit.shown(visit.address("desk:search", query=urlencode({"q": words})), "/cases/")
        for words in ("refused assess", "evans", "leak")
    )


def _in_turn(asks: Iterable[Callable[[], object]]) -> Callable[[], object]:
    turns = itertools.cycle(list(asks))

    def ask() -> None:
        next(turns)()

    return ask


def _new_case(visit: Visit) -> Callable[[], object]:
    """Quick log, with what a caller asks for; a case more in the office each time."""
    address = visit.address("desk:new_case")
    people = itertools.cycle(
        Contact.objects.filter(office=visit.office).order_by("pk").values_list("pk", flat=True)[:200]
    )
    how = re.search(r'name="how" value="(\d+)"', visit.reader.get(address))
    if not how:
        raise Missed(f"{address} does not ask how it came")
    before = Case.objects.filter(office=visit.office).count()

    def post() -> None:
        fields: dict[str, object] = {
            "how": how[1],
            "person": next(people),
            "what": "Damp in flat, council not replying",
        }
        visit.reader.post(address, fields)
        nonlocal before
        before += 1

    post()
    if Case.objects.filter(office=visit.office).count() != before:
        raise Missed(f"{address} made no case")
    return post
