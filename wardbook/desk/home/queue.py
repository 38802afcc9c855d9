"""The work queue: open cases as one table that sorts by every column (R2.1, HO-1). Two queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from django.db.models import Exists, F, OrderBy, OuterRef, Q, QuerySet, Value

from wardbook.cases.models import Case, CaseVisit
from wardbook.desk.cases_list.narrowing import Narrowing
from wardbook.lib.ids import as_id
from wardbook.lib.quote import one_line
from wardbook.offices.models import Membership
from wardbook.offices.prepared import Prepared
from wardbook.vocabulary.models import CaseType, Status

MOST = 25
NEWEST = "-activity"

# Column of the table to columns of the database. Nothing else reaches ORDER BY.
SORTS: dict[str, tuple[str, ...]] = {
    "activity": ("last_activity_at",),
    "id": ("number",),
    "first": ("constituent__given_name", "constituent__family_name"),
    "last": ("constituent__family_name", "constituent__given_name"),
    "type": ("case_type__name",),
    "subtype": ("sub_type__name",),
    "status": ("status__position", "status__name"),
    "code": ("case_code__code",),
    "age": ("-opened_on",),
    "assigned": ("owner__name",),
    "description": ("description",),
    "follow": ("next_step_on",),
    "by": ("created_by__name",),
}


@dataclass(frozen=True)
class Query:
    """What the address asks of the queue. Whatever it does not know, it leaves out."""

    everybody: bool = False
    words: str = ""
    case_type: int | None = None
    status: int | None = None
    assigned: str = ""
    sort: str = NEWEST

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.case_type or self.status or self.assigned)


def read(address: Mapping[str, str]) -> Query:
    """The query of an address. A hostile address is a wide one."""
    sort = address.get("sort", NEWEST)
    assigned = address.get("assigned", "")
    return Query(
        everybody=address.get("who") == "all",
        words=one_line(address.get("q", "")[:200])[:100],
        case_type=as_id(address.get("type")),
        status=as_id(address.get("status")),
        assigned=assigned if assigned == "none" or as_id(assigned) else "",
        sort=sort if sort.removeprefix("-") in SORTS else NEWEST,
    )


def rows(member: Membership, query: Query) -> list[Case]:
    """Open cases of the person, or all they see; one more than MOST, so that the page knows there are more."""
    known = KNOWN.get(query)
    return known(member) if known else list(_asked(member, query))


def _asked(member: Membership, query: Query) -> QuerySet[Case]:
    cases = Case.objects.visible_to(member).open()
    if not query.everybody:
        cases = cases.working_for(member.user_id)
    if query.case_type:
        cases = cases.filter(case_type_id=query.case_type)
    if query.status:
        cases = cases.filter(status_id=query.status)
    if query.assigned:
        cases = cases.filter(owner_id=None if query.assigned == "none" else int(query.assigned))
    if query.words:
        # As in the list of cases (R2.1, E63). No day is asked for.
        cases = cases.filter(Narrowing(member, date.min).saying(query.words))
    opened_since = CaseVisit.objects.filter(
        case=OuterRef("pk"), user_id=member.user_id, opened_at__gte=OuterRef("reopened_at")
    )
    return (
        cases.select_related(
            "constituent", "case_type", "sub_type", "status", "case_code", "owner", "created_by", "waiting_agency"
        )
        .annotate(reopened_unseen=Q(reopened_at__isnull=False) & ~Exists(opened_since))
        .order_by(*_order(query.sort))[: MOST + 1]
    )


class Choices(NamedTuple):
    """What the queue can be narrowed to: (id, name) pairs."""

    types: list[tuple[int, str]]
    statuses: list[tuple[int, str]]
    people: list[tuple[int, str]]


def choices(member: Membership) -> Choices:
    """The open statuses, the case types and the staff of the office. One query for the three lists."""
    found: dict[str, list[tuple[int, str]]] = {"type": [], "status": [], "who": []}
    for kind, _place, pk, name in CHOICES(member):
        found[kind].append((pk, name))
    return Choices(found["type"], found["status"], found["who"])


def _choices(member: Membership) -> Any:
    office = member.office_id
    types = _named("type", CaseType.objects.filter(office_id=office, retired_at__isnull=True), "name", "pk")
    statuses = Status.objects.filter(office_id=office, retired_at__isnull=True)
    statuses = statuses.exclude(status_class=Status.Class.CLOSED)
    people = Membership.objects.staff().filter(office_id=office)
    every = types.union(
        _named("status", statuses, "name", "pk"), _named("who", people, "user__name", "user_id"), all=True
    )
    return every.order_by("kind", "place", "called")


CHOICES: Prepared[tuple[str, int, int, str]] = Prepared(_choices)
# What is asked as long as nobody narrows or sorts.
KNOWN: dict[Query, Prepared[Case]] = {
    query: Prepared(partial(_asked, query=query)) for query in (Query(), Query(everybody=True))
}


def _named(kind: str, rows: Any, name: str, pk: str) -> Any:
    place = Value(0) if kind == "who" else F("position")
    columns = {"kind": Value(kind), "place": place, "which": F(pk), "called": F(name)}
    return rows.order_by().annotate(**columns).values_list(*columns)


def _order(sort: str) -> list[OrderBy]:
    backwards = sort.startswith("-")
    order = []
    for column in SORTS[sort.removeprefix("-")]:
        down = backwards != column.startswith("-")
        expression: Any = F(column.removeprefix("-"))
        if column.endswith(("last_activity_at", "number", "opened_on", "description")):
            # Never empty: without "nulls last" the indexes serve the order.
            order.append(expression.desc() if down else expression.asc())
        else:
            order.append(expression.desc(nulls_last=True) if down else expression.asc(nulls_last=True))
    return [*order, F("pk").desc() if backwards else F("pk").asc()]
