"""One page of cases after another, by where the last one ended. Never by counting rows from the start."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

from django.db.models import F, OrderBy, Q, Subquery
from django.utils import timezone

from wardbook.cases.models import Case, CaseQuerySet
from wardbook.desk.cases_list.columns import COMPUTED, Order
from wardbook.offices.models import Membership

SIZE = 50
_FURTHEST = 10_000_000


class Mark(NamedTuple):
    """A row that a page stands beside: how many rows come before it, its id, and by what it is ordered.

    `known` is whether it has a value at all. Texts are not carried: names do not belong in addresses.
    """

    start: int
    pk: int
    value: Any = None
    known: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, how many come before the first, and the addresses of what lies before and after ("" for nothing)."""

    rows: list[dict[str, Any]]
    start: int
    before: str
    after: str

    @property
    def end(self) -> int:
        return self.start + len(self.rows)


def ordered(cases: CaseQuerySet, order: Order, *, backwards: bool = False) -> CaseQuerySet:
    """In the order, or in exactly the opposite one."""
    descending = order.descending != backwards
    nulls: dict[str, bool] = {}
    if order.nullable:
        nulls = {"nulls_first": True} if backwards else {"nulls_last": True}
    # By the name of the expression: one that asks something itself could not be moved inside another statement.
    return cases.alias(sorted_by=order.expression).order_by(
        OrderBy(F("sorted_by"), descending=descending, **nulls), "-pk" if descending else "pk"
    )


def beyond(cases: CaseQuerySet, order: Order, mark: Mark, value: Any, *, backwards: bool = False) -> CaseQuerySet:
    """The cases that come after a row, or before it."""
    cases = cases.alias(sorted_by=order.expression)
    sign = "lt" if order.descending != backwards else "gt"
    further = Q(**{f"pk__{sign}": mark.pk})
    unknown = Q(sorted_by__isnull=True)
    if not mark.known:
        return cases.filter(~unknown | further if backwards else unknown & further)
    # Written as a range and a correction: so the database starts in the middle of the index.
    later = Q(**{f"sorted_by__{sign}e": value}) & (Q(**{f"sorted_by__{sign}": value}) | further)
    return cases.filter(later | unknown if order.nullable and not backwards else later)


def page(
    cases: CaseQuerySet,
    order: Order,
    loads: list[str],
    *,
    member: Membership,
    before: str,
    after: str,
    of_people: CaseQuerySet | None = None,
) -> Page:
    """The page beside a mark; the first page without one, or with one that cannot be read.

    `of_people` are the same cases as reached through people, where that is the shorter way: see `_of_people`.
    """
    mark = read(after or before, order)
    backwards = bool(mark and not after)
    value = _value(mark, order, member) if mark else None

    def from_there(all_of_them: CaseQuerySet) -> CaseQuerySet:
        return beyond(all_of_them, order, mark, value, backwards=backwards) if mark else all_of_them

    show = partial(_shown, order=order, loads=loads, backwards=backwards)
    found: list[dict[str, Any]] = []
    if of_people is not None and (mark is None or mark.known):
        found = show(_of_people(from_there(of_people), order, member, backwards=backwards))
    if len(found) <= SIZE:
        # Asked by people there may be cases of nobody besides: these come last, or first on the way back.
        ids = ordered(from_there(cases), order, backwards=backwards).values_list("pk", flat=True)[: SIZE + 1]
        found = show(ids)
    more, found = len(found) > SIZE, found[:SIZE]
    start = mark.start if mark else 0
    if backwards:
        found.reverse()
        start = max(0, start - len(found)) if more else 0
    has_before = more if backwards else bool(mark)
    has_after = bool(mark) if backwards else more
    return Page(
        rows=found,
        start=start,
        before=write(found[0], start, order) if found and has_before else "",
        after=write(found[-1], start + len(found), order) if found and has_after else "",
    )


def _of_people(rows: CaseQuerySet, order: Order, member: Membership, *, backwards: bool) -> Any:
    """The ids of a page of cases of somebody, in the order of a person's name: the people are walked through in their
    order, and each one's cases looked up, so that not the people of all cases are."""
    # The cases themselves are asked for nothing that an index has, but whose they are: so SQLite begins with the
    # people, whatever it knows of its tables.
    known = rows.filter(constituent__office_id=member.office_id)
    plain = replace(order, nullable=False)
    return ordered(known, plain, backwards=backwards).values_list("pk", flat=True)[: SIZE + 1]


def _shown(ids: Any, *, order: Order, loads: list[str], backwards: bool) -> list[dict[str, Any]]:
    """What the rows of a page show. The ids come first, from an index alone."""
    computed = {name: COMPUTED[name] for name in loads if name in COMPUTED}
    rows = ordered(Case.objects.filter(pk__in=ids), order, backwards=backwards)
    return list(rows.annotate(sorted_by=order.expression, **computed).values("sorted_by", *loads))


def write(row: dict[str, Any], start: int, order: Order) -> str:
    """A row's mark, as it stands in an address."""
    value = row["sorted_by"]
    kept = None if order.reads == "text" or value is None else value.isoformat() if order.reads != "number" else value
    plain = json.dumps([start, row["pk"], kept, value is not None])
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read(text: str, order: Order) -> Mark | None:
    """The mark of an address; None for anything else."""
    try:
        plain = json.loads(base64.urlsafe_b64decode(text[:400].encode() + b"==="))
        start, pk, kept, known = plain
        if not (type(start) is int and type(pk) is int and type(known) is bool):
            return None
        if not (0 <= start <= _FURTHEST and 0 < pk < 2**63):
            return None
        return Mark(start, pk, _read_value(kept, order) if known else None, known)
    except (binascii.Error, UnicodeError, ValueError, TypeError, RecursionError, OverflowError):
        return None


def _read_value(kept: Any, order: Order) -> Any:
    if order.reads == "text":
        return None
    if order.reads == "number":
        if type(kept) is not int or abs(kept) > 2**53:
            raise ValueError
        return kept
    if order.reads == "day":
        return date.fromisoformat(kept)
    moment = datetime.fromisoformat(kept)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _value(mark: Mark, order: Order, member: Membership) -> Any:
    """By what the marked row is ordered; of texts, what it is now, if the person may see it."""
    if order.reads != "text" or not mark.known:
        return mark.value
    now = Case.objects.visible_to(member).filter(pk=mark.pk).annotate(sorted_by=order.expression)
    return Subquery(now.values("sorted_by")[:1])
