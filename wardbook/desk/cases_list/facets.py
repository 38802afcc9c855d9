"""All filters at once: each value with how many cases it would give, zeros too."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wardbook.cases.models import CaseLocation, CaseQuerySet, CaseTag, CoAssignment, Priority
from wardbook.desk.cases_list.counting import Amount, capped
from wardbook.desk.cases_list.filters import FIELDS, PRIORITIES, Filter, Term, boxes
from wardbook.desk.cases_list.names import LABELS, LISTED, WORDS, Names
from wardbook.desk.cases_list.narrowing import COLUMNS, Narrowing
from wardbook.offices.models import Membership, TeamMember

READ_AT_MOST = 50_000
"""Cases that are counted; in a larger set the numbers are of the newest, and say so."""

# Field, by which column cases are counted, and what value of a filter a value of the column is.
_COLUMNS = {
    **{name: column for name, column in COLUMNS.items() if name != "person"},
    "owner": "owner_id",
    "priority": "priority",
    "kind": "kind",
    "waiting": "waiting_on",
    "restricted": "is_restricted",
    "ward": "constituent__ward_id",
}
_ORDER = (
    ("owner", "team", "priority", "kind"),
    ("area", "category", "service", "type", "subtype", "code", "how", "tag"),
    ("ward", "rep"),
    ("waiting", "next", "deadline", "restricted", "classified"),
)
SPANS = ("age", "opened", "waited", "closed")
_ASKED = ("next", "deadline", "classified")
_SHORT = ("priority", "kind", "waiting", "next", "deadline", "restricted", "classified")


@dataclass(slots=True)
class Choice:
    """One value of a field."""

    value: str
    label: str
    count: str = ""
    chosen: bool = False
    ruled_out: bool = False


@dataclass(slots=True)
class FacetField:
    """One field of the form with its values."""

    name: str
    label: str
    is_short: bool
    choices: list[Choice] = field(default_factory=list)

    @property
    def rules_out(self) -> bool:
        return any(choice.ruled_out for choice in self.choices)


class Facets:
    """Counts for one person's filter."""

    def __init__(self, member: Membership, today: date, chosen: Filter) -> None:
        self.member, self.chosen = member, chosen
        self.names = Names.all(member, LISTED)
        self.narrowing = Narrowing(member, today, self.names.open_statuses)
        self.counts, self.is_partial = self._count()

    def fields(self) -> list[list[FacetField]]:
        """The fields in groups, as the form shows them."""
        return [[self._field(name) for name in group if name not in self.names.hidden] for group in _ORDER]

    def keep(self) -> list[tuple[str, str]]:
        """What the form does not show and must not lose."""
        shown = {name for group in _ORDER for name in group if name not in self.names.hidden}
        negated_short = {f"-{name}" for name in _SHORT}
        pairs = self.chosen.pairs()
        return [p for p in pairs if p[0] in negated_short or p[0].removeprefix("-") not in shown.union(SPANS)]

    def spans(self) -> list[dict[str, str]]:
        """The fields that are a stretch of days: two boxes each."""
        found = []
        for name in SPANS:
            value = next(iter(self.chosen.values(name)), None)
            first, last = boxes(name, value) if value else ("", "")
            days = FIELDS[name].form == "days"
            found.append(
                {
                    "name": name,
                    "label": str(LABELS[name]),
                    "type": "number" if days else "date",
                    "from_label": _("At least") if days else _("From"),
                    "to_label": _("At most") if days else _("To"),
                    "from_value": first,
                    "to_value": last,
                }
            )
        return found

    def count_words(self) -> str:
        total = self.counts["total"][""]
        amount = Amount(total, is_more=self.is_partial)
        return ngettext("Show %(count)s case", "Show %(count)s cases", total) % {"count": amount}

    def _field(self, name: str) -> FacetField:
        now, ruled_out = self.chosen.values(name), self.chosen.values(name, negated=True)
        found = FacetField(name, str(LABELS[name]), name in _SHORT)
        for word in FIELDS[name].words:
            label = str(WORDS.get((name, word), _("None")))
            found.choices.append(self._choice(name, word, label, now, ruled_out))
        for row in self.names.of_field(name):
            value = str(row.pk)
            if row.is_retired and not self.counts[name].get(value) and value not in now:
                continue
            found.choices.append(self._choice(name, value, row.name, now, ruled_out))
        return found

    def _choice(self, name: str, value: str, label: str, now: list[str], ruled_out: list[str]) -> Choice:
        counted = name in self.counts and (value in self.counts[name] or not FIELDS[name].words or value.isdecimal())
        count = ""
        if counted or name in ("priority", "kind", "restricted"):
            count = str(Amount(self.counts[name].get(value, 0), is_more=self.is_partial))
        return Choice(value, label, count, value in now, value in ruled_out)

    def _count(self) -> tuple[dict[str, Counter[str]], bool]:
        """Each field is counted over what the other fields leave: so its numbers say what choosing would give."""
        counts: dict[str, Counter[str]] = {"total": Counter()}
        own = {term.field for term in self.chosen.terms if not term.negated}
        alone = [name for name in _COLUMNS if name in own]
        shared = [name for name in _COLUMNS if name not in own]
        partial = False
        for names, base in [(shared, self.chosen), *(([name], self._without(name)) for name in alone)]:
            found, whole = self._read(names, base)
            counts |= found
            partial = partial or not whole
            if base is self.chosen:
                counts["total"][""] = found["total"][""]
        counts["tag"] = self._tags(self._without("tag") if "tag" in own else self.chosen)
        self._add_together(counts, self._without("owner") if "owner" in own else self.chosen)
        self._add_places(counts, self._without("ward") if "ward" in own else self.chosen)
        self._add_days(counts)
        return counts, partial

    def _without(self, name: str) -> Filter:
        kept = [term for term in self.chosen.terms if term.field != name or term.negated]
        return Filter.make(kept, self.chosen.sort)

    def _base(self, chosen: Filter) -> CaseQuerySet:
        return self.narrowing.cases(chosen).order_by()

    def _read(self, names: list[str], base: Filter) -> tuple[dict[str, Counter[str]], bool]:
        columns = [_COLUMNS[name] for name in names]
        rows = self._base(base).order_by("-last_activity_at", "-pk").values_list(*columns, "pk")
        values: list[Any] = list(rows[: READ_AT_MOST + 1])
        whole, values = len(values) <= READ_AT_MOST, values[:READ_AT_MOST]
        each = zip(*values, strict=True) if values else iter(())
        counts: dict[str, Counter[str]] = {name: Counter() for name in names}
        for name, column in zip(names, each, strict=False):
            for value, number in Counter(column).items():
                counts[name][self._value(name, value)] += number
        counts["total"] = Counter({"": len(values)})
        self._add_words(counts)
        return counts, whole

    def _value(self, name: str, value: Any) -> str:
        if name == "priority":
            return PRIORITIES[Priority.values.index(value)]
        if name == "restricted":
            return "yes" if value else "no"
        if name == "waiting":
            return value or "nobody"
        return "none" if value is None else str(value)

    def _add_words(self, counts: dict[str, Counter[str]]) -> None:
        if "waiting" in counts:
            waiting = counts["waiting"]
            waiting["any"] = sum(waiting[who] for who in ("constituent", "agency", "councillor"))
            for who in FIELDS["waiting"].words:
                waiting[who] += 0
        if "team" in counts:
            mine = TeamMember.objects.filter(user_id=self.member.user_id, team__office_id=self.member.office_id)
            counts["team"]["mine"] = sum(counts["team"][str(pk)] for pk in mine.values_list("team_id", flat=True))

    def _tags(self, base: Filter) -> Counter[str]:
        tagged = CaseTag.objects.filter(office_id=self.member.office_id, case__in=self._base(base).values("pk"))
        return Counter({str(pk): number for pk, number in tagged.values_list("tag_id").annotate(Count("pk"))})

    def _add_together(self, counts: dict[str, Counter[str]], base: Filter) -> None:
        """Whoever works on a case beside its owner."""
        together = CoAssignment.objects.filter(case__in=self._base(base).values("pk"))
        others = together.exclude(case__owner_id=F("user_id")).values_list("user_id").annotate(Count("pk"))
        for user_id, number in others:
            counts["owner"][str(user_id)] += number
        counts["owner"]["me"] = counts["owner"][str(self.member.user_id)]

    def _add_days(self, counts: dict[str, Counter[str]]) -> None:
        """What depends on today, or on several columns, is asked word by word, all in one statement."""
        asked = [Term(name, word) for name in _ASKED for word in FIELDS[name].words]
        found = capped([self.narrowing.cases(self._without(term.field).adding(term)) for term in asked])
        for name in _ASKED:
            counts[name] = Counter()
        for term, amount in zip(asked, found, strict=True):
            counts[term.field][term.value] = amount.number

    def _add_places(self, counts: dict[str, Counter[str]], base: Filter) -> None:
        """Cases whose place lies in another ward than their constituent lives in."""
        placed = CaseLocation.objects.filter(ward__isnull=False, case__in=self._base(base).values("pk"))
        others = placed.exclude(case__constituent__ward_id=F("ward_id")).values_list("ward_id")
        for ward_id, number in others.annotate(Count("case", distinct=True)):
            counts["ward"][str(ward_id)] += number
        # Who has a place in a ward is not without one, wherever they live.
        counts["ward"].pop("none", None)
