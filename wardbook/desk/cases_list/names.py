"""What the fields of a filter are called, and what their values are called in an office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import Case, CharField, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Concat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.utils.translation import ngettext

from wardbook.contacts.models import Contact
from wardbook.desk.cases_list.filter_words import Lexicon, Name
from wardbook.desk.cases_list.filters import FIELDS, Filter, Term, day_range, days_range
from wardbook.lib.days import short_day
from wardbook.offices.models import FieldUse, Membership, Representative, Team, Ward
from wardbook.vocabulary import models as lists

LABELS: dict[str, Promise] = {
    "status": _later("Status"),
    "owner": _later("Assigned to"),
    "team": _later("Team"),
    "priority": _later("Priority"),
    "kind": _later("Kind"),
    "area": _later("Policy area"),
    "category": _later("Category"),
    "service": _later("Service type"),
    "type": _later("Case type"),
    "subtype": _later("Sub-type"),
    "code": _later("Case code"),
    "how": _later("How it came"),
    "tag": _later("Tag"),
    "ward": _later("Ward"),
    "rep": _later("Representative"),
    "waiting": _later("Waiting on"),
    "waited": _later("Waiting for (days)"),
    "next": _later("Next step"),
    "deadline": _later("Deadline"),
    "restricted": _later("Restricted"),
    "classified": _later("Classified"),
    "age": _later("Age in days"),
    "opened": _later("Opened"),
    "closed": _later("Closed"),
    "ref": _later("Reference"),
    "person": _later("Constituent"),
    "text": _later("Words"),
}
# A field's own words, as a chip says them by themselves.
WORDS: dict[tuple[str, str], Promise] = {
    ("status", "open"): _later("Not closed"),
    ("status", "closed"): _later("Closed"),
    ("status", "any"): _later("Any status"),
    ("owner", "me"): _later("Assigned to me"),
    ("owner", "none"): _later("Assigned to nobody"),
    ("owner", "gone"): _later("Needs a new owner"),
    ("team", "mine"): _later("My teams"),
    ("team", "none"): _later("No team"),
    ("priority", "none"): _later("No priority"),
    ("priority", "low"): _later("Low priority"),
    ("priority", "medium"): _later("Medium priority"),
    ("priority", "high"): _later("High priority"),
    ("kind", "casework"): _later("Casework"),
    ("kind", "policy"): _later("Policy"),
    ("kind", "internal"): _later("Internal"),
    ("kind", "invitation"): _later("Invitation"),
    ("waiting", "any"): _later("Waiting for somebody"),
    ("waiting", "us"): _later("Waiting for us"),
    ("waiting", "constituent"): _later("Waiting for the constituent"),
    ("waiting", "agency"): _later("Waiting for an agency"),
    ("waiting", "councillor"): _later("Waiting for a councillor"),
    ("waiting", "nobody"): _later("Waiting for nobody"),
    ("next", "overdue"): _later("Follow-up overdue"),
    ("next", "today"): _later("Follow-up today"),
    ("next", "week"): _later("Follow-up in 7 days"),
    ("next", "any"): _later("Has a follow-up"),
    ("next", "none"): _later("No next step"),
    ("deadline", "overdue"): _later("Deadline passed"),
    ("deadline", "week"): _later("Deadline in 7 days"),
    ("deadline", "any"): _later("Has a deadline"),
    ("deadline", "none"): _later("No deadline"),
    ("restricted", "yes"): _later("Restricted"),
    ("restricted", "no"): _later("Not restricted"),
    ("classified", "yes"): _later("Classified"),
    ("classified", "no"): _later("Not classified"),
}
# Office form field (office.FieldUse) of a filter field, where the office may hide it.
FORM_FIELDS = {
    "type": "case_type",
    "subtype": "case_type",
    "area": "policy_area",
    "category": "category",
    "service": "service_type",
    "code": "case_code",
    "how": "contact_type",
    "tag": "tags",
    "priority": "priority",
    "kind": "kind",
}
_LISTS: dict[str, type[lists.Value]] = {
    "area": lists.PolicyArea,
    "category": lists.Category,
    "service": lists.ServiceType,
    "type": lists.CaseType,
    "subtype": lists.SubType,
    "code": lists.CaseCode,
    "how": lists.ContactType,
    "tag": lists.Tag,
}
LISTED = ("area", "category", "service", "type", "subtype", "code", "how", "tag", "ward", "rep", "team", "owner")
_UNSHOWN = "unshown"
_RETIRED = Case(When(retired_at__isnull=False, then=1), default=0, output_field=IntegerField())


class Listed(NamedTuple):
    """A value of a list as it is shown and found."""

    field: str
    pk: int
    name: str
    status_class: str
    mark: str
    position: int
    is_retired: bool


class Names:
    """The statuses of an office, the names of those values that a page needs, and which fields the office does not
    show. One query."""

    def __init__(self, member: Membership, wanted: Mapping[str, Iterable[int] | None]) -> None:
        """`wanted` gives the ids of each field, or None for all of its values."""
        self._whole = {field for field, ids in wanted.items() if ids is None}
        queries = [_rows(field, member, ids) for field, ids in {"status": None, _UNSHOWN: None, **wanted}.items()]
        rows = [Listed(*row) for row in queries[0].union(*queries[1:], all=True)]
        unshown = {row.name for row in rows if row.field == _UNSHOWN}
        self.hidden = {field for field, form in FORM_FIELDS.items() if form in unshown}
        self.rows = sorted(
            (row for row in rows if row.field != _UNSHOWN), key=lambda row: (row.position, row.name.casefold())
        )
        self.statuses = [row for row in self.rows if row.field == "status"]
        self._names = {(row.field, str(row.pk)): row.name for row in self.rows}

    @classmethod
    def of(cls, member: Membership, chosen: Filter) -> Names:
        """For the chips of a filter."""
        wanted: dict[str, list[int] | None] = {}
        for term in chosen.terms:
            if term.field == "text":
                # Words are looked for in the codes too, so all of them are needed.
                wanted["code"] = None
            elif (
                wanted.get(term.field, ()) is not None
                and FIELDS[term.field].takes_ids
                and term.value.isdecimal()
                and term.field != "status"
            ):
                wanted[term.field] = [*(wanted.get(term.field) or ()), int(term.value)]
        return cls(member, wanted)

    @classmethod
    def all(cls, member: Membership, fields: Iterable[str] = LISTED) -> Names:
        return cls(member, dict.fromkeys(fields))

    def lexicon(self) -> Lexicon:
        return Lexicon(Name(row.field, str(row.pk), row.name) for row in self.rows)

    def has_all(self, field: str) -> bool:
        """Whether every value of the list is here."""
        return field in self._whole

    def of_field(self, field: str) -> list[Listed]:
        return [row for row in self.rows if row.field == field]

    @property
    def open_statuses(self) -> list[int]:
        return [row.pk for row in self.statuses if row.status_class != "closed"]

    def chip(self, term: Term) -> str:
        """A term in words, as on its chip."""
        words = self._words(term)
        return _("not: %(what)s") % {"what": words} if term.negated else words

    def _words(self, term: Term) -> str:
        field, value = term.field, term.value
        if (field, value) in WORDS:
            return str(WORDS[field, value])
        if field == "text":
            return f"“{value}”"
        if field in ("age", "waited"):
            return _days(field, value)
        if field in ("opened", "closed"):
            return _period(field, value)
        if field == "ref":
            name = value
        else:
            name = _("None") if value == "none" else self._names.get((field, value), _("unknown"))
        return _("%(field)s: %(value)s") % {"field": LABELS[field], "value": name}


def _rows(field: str, member: Membership, ids: Iterable[int] | None) -> QuerySet[Any]:
    found, pk, name = _source(field, member)
    if ids is not None:
        found = found.filter(**{f"{pk}__in": list(ids)})
    text = CharField()
    extra: dict[str, Any] = {
        "s": F("status_class") if field == "status" else Value("", output_field=text),
        "m": F("mark") if field == "status" else Value("", output_field=text),
        "o": F("position") if field in _LISTS or field == "status" else Value(0, output_field=IntegerField()),
        "r": Value(0, output_field=IntegerField()),
    }
    if field in _LISTS or field == "status":
        found = found.filter(merged_into__isnull=True)
        extra["r"] = _RETIRED
    named: QuerySet[Any] = found.order_by().annotate(f=Value(field, output_field=text), v=F(pk), n=name, **extra)
    return named.values_list("f", "v", "n", "s", "m", "o", "r")


def _source(field: str, member: Membership) -> tuple[QuerySet[Any], str, Any]:
    """The rows of a field that the person's office has, where the id stands, and the name."""
    if field == "status":
        return lists.Status.objects.filter(office_id=member.office_id), "pk", F("name")
    if field == _UNSHOWN:
        hidden = FieldUse.objects.filter(office_id=member.office_id, use=FieldUse.Use.HIDDEN)
        return hidden, "pk", F("field")
    if field == "code":
        name = Concat("code", Value(" "), "name", output_field=CharField())
        return lists.CaseCode.objects.filter(office_id=member.office_id), "pk", name
    if field in _LISTS:
        return _LISTS[field]._default_manager.filter(office_id=member.office_id), "pk", F("name")
    if field == "owner":
        return Membership.objects.visible_to(member), "user_id", F("user__name")
    if field == "person":
        return Contact.objects.visible_to(member), "pk", F("name")
    model: Any = {"ward": Ward, "rep": Representative, "team": Team}[field]
    return model.objects.filter(office_id=member.office_id), "pk", F("name")


def _days(field: str, value: str) -> str:
    fewest, most = days_range(value)
    if fewest is not None and most is not None:
        if field == "age":
            return _("%(from)d to %(to)d days old") % {"from": fewest, "to": most}
        return _("waiting %(from)d to %(to)d days") % {"from": fewest, "to": most}
    if fewest is not None:
        days = fewest - 1
        if field == "age":
            return ngettext("older than %(days)d day", "older than %(days)d days", days) % {"days": days}
        return ngettext("waiting over %(days)d day", "waiting over %(days)d days", days) % {"days": days}
    days = (most or 0) + 1
    if field == "age":
        return ngettext("younger than %(days)d day", "younger than %(days)d days", days) % {"days": days}
    return ngettext("waiting under %(days)d day", "waiting under %(days)d days", days) % {"days": days}


def _period(field: str, value: str) -> str:
    first, last = day_range(value)
    shown = {"from": first and f"{short_day(first)} {first.year}", "to": last and f"{short_day(last)} {last.year}"}
    if first and last:
        words = _("opened %(from)s to %(to)s") if field == "opened" else _("closed %(from)s to %(to)s")
    elif first:
        words = _("opened since %(from)s") if field == "opened" else _("closed since %(from)s")
    else:
        words = _("opened until %(to)s") if field == "opened" else _("closed until %(to)s")
    return words % shown
