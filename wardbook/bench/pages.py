"""Which requests are measured, and what each may cost (issue: figures; ux.md 1; stack.md 1)."""

import itertools
from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.urls import reverse

from wardbook.accounts.models import User
from wardbook.bench.measuring import Figures, Reader, measure
from wardbook.cases.models import Activity, Case
from wardbook.offices.models import Office


class Row(NamedTuple):
    """One line of the table: what was measured, in the small and in the large office, and what it may cost."""

    name: str
    small: Figures
    large: Figures
    most_median: float
    most_p95: float
    most_queries: int

    @property
    def holds(self) -> bool:
        """Within the budget, and no more queries in an office ten times as large."""
        figures = self.large
        return (
            figures.median <= self.most_median
            and figures.p95 <= self.most_p95
            and figures.queries <= self.most_queries
            and figures.queries <= self.small.queries
        )


def rows(small: Office, large: Office, *, host: str, times: int) -> Iterator[Row]:
    """Measure every page in both offices."""
    readers = {office.pk: Reader(_caseworker(office), host) for office in (small, large)}
    budgets = {
        "Cases list, open, newest, 50 rows": (_list, 40, 100, 8),
        "Cases list, two filters and a word": (_filtered, 40, 100, 8),
        "Cases list, second page": (_second_page, 40, 100, 8),
        "Case page with 30 entries": (_case_page, 40, 100, 20),
        "Contact type-ahead": (_type_ahead, 40, 100, 8),
        "Home": (_home, 40, 100, 12),
        "Contacts list": (_people, 40, 100, 8),
        "Search": (_search, 40, 100, 12),
        "New case": (_new_case, 60, 120, 60),
    }
    for name, (prepare, median, p95, queries) in budgets.items():
        figures = [measure(prepare(office, readers[office.pk]), times=times) for office in (small, large)]
        yield Row(name, figures[0], figures[1], median, p95, queries)


def addresses(office: Office) -> list[str]:
    """Pages to ask a running house for without signing in; each passes the whole stack up to the gate."""
    return ["/", "/accounts/login/", reverse("desk:cases", args=[office.slug]), "/healthz"]


def _caseworker(office: Office) -> User:
    return office.memberships.select_related("user").filter(role="caseworker").order_by("pk")[0].user


def _list(office: Office, reader: Reader) -> Callable[[], object]:
    return lambda: reader.get(reverse("desk:cases", args=[office.slug]))


def _filtered(office: Office, reader: Reader) -> Callable[[], object]:
    address = reverse("desk:cases", args=[office.slug]) + "?q=priority:high+area:housing+open"
    return lambda: reader.get(address)


def _second_page(office: Office, reader: Reader) -> Callable[[], object]:
    page = reader.get(reverse("desk:cases", args=[office.slug])).content.decode()
    start = page.index('rel="next"')
    link = page.rindex("<a ", 0, start), page.index(">", start)
    href = page[link[0] : link[1]].split('href="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    address = href if href.startswith("/") else reverse("desk:cases", args=[office.slug]) + href
    return lambda: reader.get(address)


def _case_page(office: Office, reader: Reader) -> Callable[[], object]:
    """A case with thirty activities: the many-cases story makes one in a thousand so long."""
    cases = Case.objects.filter(office=office, number__endswith="000", is_restricted=False)
    case = next(case for case in cases[:50] if Activity.objects.filter(case=case).count() >= 30)
    return lambda: reader.get(reverse("desk:case", args=[office.slug, case.number]))


def _type_ahead(office: Office, reader: Reader) -> Callable[[], object]:
    typed = itertools.cycle(["ev", "evans", "rh ev", "jones gr", "01632 96", "GM1 4", "mill lane", "o'br"])
    return lambda: reader.get(reverse("contacts:options", args=[office.slug]) + f"?q={next(typed)}")


def _home(office: Office, reader: Reader) -> Callable[[], object]:
    return lambda: reader.get(reverse("desk:home", args=[office.slug]))


def _people(office: Office, reader: Reader) -> Callable[[], object]:
    return lambda: reader.get(reverse("contacts:people", args=[office.slug]))


def _search(office: Office, reader: Reader) -> Callable[[], object]:
    typed = itertools.cycle(["visa delay", "jones", "2041", "pothole"])
    return lambda: reader.get(reverse("desk:search", args=[office.slug]) + f"?q={next(typed)}")


def _new_case(office: Office, reader: Reader) -> Callable[[], object]:
    contact = office.contacts.order_by("pk")[0]
    address = reverse("desk:new_case", args=[office.slug])
    fields: dict[str, object] = {"who": contact.pk, "description": "Damp in flat, council not replying"}
    return lambda: reader.post(address, fields)
