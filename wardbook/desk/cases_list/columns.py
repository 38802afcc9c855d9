"""The columns a list of cases can have, and by what it can be ordered."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import DateField, ExpressionWrapper, F, IntegerField, OuterRef, Subquery, Value
from django.db.models.expressions import Expression, Func
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wardbook.cases.models import CaseLocation
from wardbook.desk.cases_list.filters import Filter


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, what a row must load for it, and the name under which it sorts."""

    key: str
    label: Promise
    loads: tuple[str, ...]
    kind: str = "text"
    numeric: bool = False


_AGE = ("opened_on", "closed_on")

COLUMNS: dict[str, Column] = {
    column.key: column
    for column in (
        Column("number", _("Case"), ("reference", "description"), kind="case"),
        Column("constituent", _("Constituent"), ("constituent__name", "is_anonymous"), kind="constituent"),
        Column("status", _("Status"), ("waiting_on", "waiting_agency__name"), kind="status"),
        Column("owner", _("Who"), ("owner__name",), kind="person"),
        Column("next", _("Next step"), ("next_step_on",), kind="day"),
        Column("age", _("Age"), _AGE, kind="age", numeric=True),
        Column("priority", _("Priority"), ("priority",), kind="priority"),
        Column("activity", _("Newest activity"), ("last_activity_at",), kind="moment"),
        Column("opened", _("Opened"), ("opened_on",), kind="plain_day"),
        Column("closed", _("Closed"), ("closed_on",), kind="plain_day"),
        Column("deadline", _("Deadline"), ("deadline_on",), kind="day"),
        Column("waiting", _("Waiting since"), ("waiting_since",), kind="plain_day"),
        Column("team", _("Team"), ("owner_team__name",)),
        Column("first", _("First name"), ("constituent__given_name",)),
        Column("last", _("Last name"), ("constituent__family_name",)),
        Column("title", _("Description"), ("description",)),
        Column("type", _("Case type"), ("case_type__name",)),
        Column("subtype", _("Sub-type"), ("sub_type__name",)),
        Column("code", _("Case code"), ("case_code__code",)),
        Column("kind", _("Kind"), ("kind",), kind="kind"),
        Column("area", _("Policy area"), ("policy_area__name",)),
        Column("category", _("Category"), ("category__name",)),
        Column("service", _("Service type"), ("service_type__name",)),
        Column("how", _("How it came"), ("contact_type__name",)),
        Column("ward", _("Ward"), ("ward_name",)),
        Column("rep", _("Representative"), ("representative__name",)),
        Column("by", _("Opened by"), ("created_by__name",)),
    )
}
_PLACES = CaseLocation.objects.filter(case=OuterRef("pk"), ward__isnull=False).order_by("pk")
# What a row shows that is not a column of the database: the ward somebody lives in, else where the problem is.
COMPUTED: dict[str, Expression] = {
    "ward_name": Coalesce("constituent__ward__name", Subquery(_PLACES.values("ward__name")[:1])),
}
ALWAYS = "number"
DEFAULT = ("number", "constituent", "status", "owner", "next", "age")
MOST = 12
# What every row needs, whatever is shown.
BASE = ("pk", "number", "status_id", "closed_on", "is_restricted", "priority")


def chosen(keys: Iterable[object], hidden: Collection[str] = ()) -> list[Column]:
    """The columns of these names, in the table's own order, the case itself always among them; without those of
    fields that the office does not show."""
    wanted = {key for key in keys if isinstance(key, str) and key not in hidden} & COLUMNS.keys() or set(DEFAULT)
    wanted.add(ALWAYS)
    return [column for key, column in COLUMNS.items() if key in wanted][:MOST]


class DaysBetween(Func):
    """Whole days from the second day to the first."""

    output_field = IntegerField()
    arity = 2
    template = "(%(expressions)s)"
    arg_joiner = " - "

    def as_sqlite(self, compiler, connection, **extra):  # type: ignore[no-untyped-def]  # as Django's own
        template = "CAST(%(expressions)s AS integer)"
        days = [Func(part, function="julianday") for part in self.get_source_expressions()]
        whole = self.copy()
        whole.set_source_expressions(days)
        return super(DaysBetween, whole).as_sql(compiler, connection, template=template, **extra)


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is ordered: by one expression, then by id in the same direction; nothing known comes last."""

    by: str | Expression
    descending: bool
    nullable: bool = False
    reads: str = "text"

    @property
    def expression(self) -> Expression | F:
        return F(self.by) if isinstance(self.by, str) else self.by

    @property
    def is_of_a_person(self) -> bool:
        """Whether the people of the office have an index in this order."""
        return isinstance(self.by, str) and self.by.startswith("constituent__")


# Name of a sort: column, whether it can be unknown, what its values are.
_SORTS: dict[str, tuple[str, bool, str]] = {
    "number": ("number", False, "number"),
    "title": ("description", False, "text"),
    "constituent": ("constituent__sort_name", True, "text"),
    "first": ("constituent__given_name", True, "text"),
    "last": ("constituent__family_name", True, "text"),
    "status": ("status__position", False, "number"),
    "priority": ("priority", False, "number"),
    "owner": ("owner__name", True, "text"),
    "team": ("owner_team__name", True, "text"),
    "next": ("next_step_on", True, "day"),
    "opened": ("opened_on", False, "day"),
    "activity": ("last_activity_at", False, "moment"),
    "closed": ("closed_on", True, "day"),
    "type": ("case_type__name", True, "text"),
    "subtype": ("sub_type__name", True, "text"),
    "code": ("case_code__code", True, "text"),
    "area": ("policy_area__name", True, "text"),
    "category": ("category__name", True, "text"),
    "service": ("service_type__name", True, "text"),
    "how": ("contact_type__name", True, "text"),
    "ward": ("ward_name", True, "text"),
    "rep": ("representative__name", True, "text"),
    "waiting": ("waiting_since", True, "day"),
    "deadline": ("deadline_on", True, "day"),
    "kind": ("kind", False, "text"),
    "by": ("created_by__name", True, "text"),
}


def order_of(filter: Filter, today: date) -> Order:
    """By what the list of a filter is ordered on a day."""
    name, descending = filter.sort.removeprefix("-"), filter.sort.startswith("-")
    if name == "age":
        if filter.values("status") == ["open"]:
            # The oldest is the one opened first.
            return Order("opened_on", not descending, reads="day")
        until = Coalesce("closed_on", Value(today, output_field=DateField()))
        days = ExpressionWrapper(DaysBetween(until, F("opened_on")), IntegerField())
        return Order(days, descending, reads="number")
    column, nullable, reads = _SORTS[name]
    return Order(COMPUTED.get(column, column), descending, nullable, reads)


# What the Sort menu offers; every header does besides.
MENU = (
    ("-activity", _("Newest activity")),
    ("activity", _("Longest without activity")),
    ("-opened", _("Opened last")),
    ("opened", _("Opened first")),
    ("-priority", _("Highest priority")),
    ("next", _("Next step")),
    ("-age", _("Oldest")),
    ("-number", _("Number, newest first")),
    ("number", _("Number")),
)
