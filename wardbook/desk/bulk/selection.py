"""Which cases a bulk act is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl

from django.http import Http404
from django.utils.translation import gettext as _

from wardbook.cases.models import Case, CaseQuerySet
from wardbook.desk.cases_list.filters import Filter, from_pairs
from wardbook.desk.cases_list.narrowing import Narrowing
from wardbook.lib.ids import as_number
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request

MOST = 10_000
ASK_ABOVE = 25
"""Above so many cases the act is not done before the number was seen and confirmed (S1.19)."""
AT_ONCE = 200
"""Above so many it is done in the background."""
_SHOWN = 8


@dataclass(frozen=True)
class Selection:
    """Ticked cases by number, or all that a filter means. Holds ids; what is done looks at the cases again."""

    pks: list[int]
    numbers: list[int]
    is_all: bool
    query: Filter
    open_pks: list[int]
    titles: list[str]

    @property
    def closed(self) -> int:
        return self.count - len(self.open_pks)

    @property
    def count(self) -> int:
        return len(self.pks)

    @property
    def more(self) -> int:
        return max(0, self.count - len(self.titles))


def read(request: Request, today: date) -> Selection:
    """The selection that a form carries.

    Raises Http404 for the whole request when one of the numbers is no case that the person can see (A8), RuleBroken
    when nothing, or too much, is selected.
    """
    query = from_pairs(parse_qsl(request.POST.get("query", "")))
    if request.POST.get("all"):
        cases = Narrowing(request.member, today).cases(query)
        rows = _rows(cases)
        if len(rows) > MOST:
            raise RuleBroken(_("At most 10,000 cases at once. Narrow the list first."))
        return _selection(rows, [], query, is_all=True)
    typed = request.POST.getlist("case")
    sent = {as_number(text) for text in typed}
    numbers = sorted(number for number in sent if number is not None)
    if None in sent:
        raise Http404
    if not numbers:
        raise RuleBroken(_("Tick the cases first."))
    rows = _rows(Case.objects.visible_to(request.member).filter(number__in=numbers))
    if len(rows) != len(numbers):
        raise Http404
    return _selection(rows, numbers, query, is_all=False)


def _rows(cases: CaseQuerySet) -> list[tuple[int, str, str, bool]]:
    rows = cases.order_by("pk").values_list("pk", "reference", "description", "closed_at")[: MOST + 1]
    return [(pk, reference, title, closed_at is not None) for pk, reference, title, closed_at in rows]


def _selection(
    rows: list[tuple[int, str, str, bool]], numbers: list[int], query: Filter, *, is_all: bool
) -> Selection:
    if not rows:
        raise RuleBroken(_("No case matches any more."))
    return Selection(
        pks=[pk for pk, _reference, _title, _closed in rows],
        numbers=numbers,
        is_all=is_all,
        query=query,
        open_pks=[pk for pk, _reference, _title, closed in rows if not closed],
        titles=[f"{reference} {title}" for _pk, reference, title, _closed in rows[:_SHOWN]],
    )
