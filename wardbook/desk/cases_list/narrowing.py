"""From a filter to the cases it means."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from datetime import date, timedelta
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.db.models.lookups import In, IsNull, LessThanOrEqual

from wardbook.cases import finding, references
from wardbook.cases.models import (
    Case,
    CaseLocation,
    CaseQuerySet,
    CaseTag,
    CaseWords,
    CoAssignment,
    Priority,
    WaitingOn,
    owing,
)
from wardbook.cases.models.questions import Unindexed
from wardbook.contacts.models import Contact, ContactKey
from wardbook.desk.cases_list.filters import PRIORITIES, Filter, Term, day_range, days_range
from wardbook.lib.fold import words
from wardbook.offices.models import Membership, Team
from wardbook.vocabulary.models import CaseCode

# Fields that are one column holding the id of a value of a list.
COLUMNS = {
    "team": "owner_team_id",
    "area": "policy_area_id",
    "category": "category_id",
    "service": "service_type_id",
    "type": "case_type_id",
    "subtype": "sub_type_id",
    "code": "case_code_id",
    "how": "contact_type_id",
    "rep": "representative_id",
    "person": "constituent_id",
}
_WAITING_FOR_OTHERS = [who for who in WaitingOn.values if who != WaitingOn.US]


class Narrowing:
    """Reads filters for one person on one day."""

    def __init__(
        self,
        member: Membership,
        today: date,
        open_statuses: Iterable[int] = (),
        codes: Iterable[tuple[int, str]] | None = None,
        *,
        many: bool = False,
    ) -> None:
        """`codes` are all the case codes of the office with their names, where they are known already. With `many`,
        a thousand cases and more are expected: see `_among`."""
        self.member, self.today, self._known_codes, self._many = member, today, codes, many
        # With these ids the query can say that it is about open cases, and so use the indexes of open cases.
        self.open_statuses = frozenset(open_statuses)
        self._of_any_status = self._of_people = False

    def of_any_status(self) -> Narrowing:
        """The same for counting closed cases too, of which there are ten times as many."""
        other = copy(self)
        other._of_any_status = True
        return other

    def cases(self, chosen: Filter) -> CaseQuerySet:
        """The visible cases that a filter means."""
        return self.of(self._visible, chosen)

    def cases_of_people(self, chosen: Filter) -> CaseQuerySet:
        """The same, to be reached through the people in the order of their names."""
        other = copy(self)
        other._of_people = True
        return other.of(Case.objects.visible_to(self.member, reached_by_others=True), chosen)

    @cached_property
    def _visible(self) -> CaseQuerySet:
        return Case.objects.visible_to(self.member)

    def of(self, cases: CaseQuerySet, chosen: Filter) -> CaseQuerySet:
        wanted: dict[str, list[str]] = {}
        for term in chosen.terms:
            if term.negated:
                cases = cases.filter(~self._asks(term.field, [term.value]))
            elif term.field == "text":
                cases = cases.filter(self._text(term.value))
            else:
                wanted.setdefault(term.field, []).append(term.value)
        for field, values in wanted.items():
            cases = cases.filter(self._asks(field, values))
        return cases

    def _asks(self, field: str, values: list[str]) -> Q:
        if field in COLUMNS:
            return self._column(field, values)
        asks: Callable[[str], Q] = getattr(self, f"_{field}")
        if field in ("status", "tag", "ward"):
            ids = [int(value) for value in values if value.isdecimal()]
            parts = [asks(value) for value in values if not value.isdecimal()]
            several: Callable[[list[int]], Q] = getattr(self, f"_{field}_ids")
            return _any([*parts, several(ids)] if ids else parts)
        return _any([asks(value) for value in values])

    def _column(self, field: str, values: list[str]) -> Q:
        column = COLUMNS[field]
        found = Q(**{f"{column}__in": [int(value) for value in values if value.isdecimal()]})
        if "none" in values:
            found |= Q(**{f"{column.removesuffix('_id')}__isnull": True})
        if "mine" in values:
            found |= Q(owner_team__in=Team.objects.filter(members=self.member.user_id).values("pk"))
        return found

    def _status(self, value: str) -> Q:
        if value == "any":
            return Q()
        # Not by status class: only as closed_at IS NULL does SQLite use the indexes of open cases.
        if self._of_people:
            # Nor by their day: SQLite would skip through the index of all the cases.
            return Q(IsNull(Unindexed("closed_at"), value == "open"))
        return Q(closed_at__isnull=value == "open")

    def _status_ids(self, ids: list[int]) -> Q:
        found = Q(status_id__in=ids)
        return found & Q(closed_at__isnull=True) if self.open_statuses.issuperset(ids) else found

    def _owner(self, value: str) -> Q:
        """Owner or co-assignee: whoever works on it (S2.15)."""
        if value == "none":
            return Q(owner__isnull=True)
        if value == "gone":
            here = Membership.objects.active().filter(office_id=self.member.office_id)
            return Q(owner__isnull=False, closed_at__isnull=True) & ~Q(owner_id__in=here.values("user_id"))
        user_id = self.member.user_id if value == "me" else int(value)
        together = CoAssignment.objects.filter(user_id=user_id).order_by().values("case_id")
        if self._of_any_status:
            # Joined by OR, all the cases of the office would be read; those of one colleague are a few thousand.
            # Not by their office, which the cases themselves are asked for: so the index of owners alone is read.
            owned = Case.objects.filter(owner_id=user_id).order_by()
            return Q(pk__in=owned.values("pk").union(together, all=True))
        return Q(owner_id=user_id) | Q(pk__in=together)

    def _priority(self, value: str) -> Q:
        return Q(priority=Priority.values[PRIORITIES.index(value)])

    def _kind(self, value: str) -> Q:
        return Q(kind=value)

    def _tag(self, value: str) -> Q:
        return ~Q(pk__in=CaseTag.objects.filter(office_id=self.member.office_id).values("case_id"))

    def _tag_ids(self, ids: list[int]) -> Q:
        tagged = CaseTag.objects.filter(office_id=self.member.office_id, tag_id__in=ids)
        return self._among("pk", tagged.values("case_id"))

    def _ward(self, value: str) -> Q:
        placed = CaseLocation.objects.filter(ward__office_id=self.member.office_id)
        return Q(constituent__ward__isnull=True) & ~Q(pk__in=placed.values("case_id"))

    def _ward_ids(self, ids: list[int]) -> Q:
        """Where the person lives or where the problem is."""
        placed = CaseLocation.objects.filter(ward__office_id=self.member.office_id, ward_id__in=ids)
        # Not by the office of the contact: their ward says it, and its index alone is read.
        living = Contact.objects.filter(ward__office_id=self.member.office_id, ward_id__in=ids)
        return self._among("constituent_id", living.values("pk")) | self._among("pk", placed.values("case_id"))

    def _waiting(self, value: str) -> Q:
        if value == "any":
            return Q(waiting_on__in=_WAITING_FOR_OTHERS)
        return Q(waiting_on="" if value == "nobody" else value)

    def _waited(self, value: str) -> Q:
        return Q(closed_at__isnull=True, waiting_on__in=_WAITING_FOR_OTHERS) & self._days("waiting_since", value)

    def _next(self, value: str) -> Q:
        if value == "none":
            # No follow-up and nobody we wait for: what Case.objects.without_next_step() means.
            nobody = Q(waiting_on__in=["", WaitingOn.US])
            return Q(closed_at__isnull=True, next_step_on__isnull=True) & nobody
        if value == "any":
            return Q(next_step_on__isnull=False)
        return Q(closed_at__isnull=True) & self._due("next_step_on", value)

    def _deadline(self, value: str) -> Q:
        if value in ("any", "none"):
            return Q(deadline_on__isnull=value == "none")
        return Q(closed_at__isnull=True) & self._due("deadline_on", value)

    def _due(self, column: str, value: str) -> Q:
        if value == "overdue":
            return Q(**{f"{column}__lt": self.today})
        if value == "today":
            return Q(**{column: self.today})
        return Q(**{f"{column}__range": (self.today, self.today + timedelta(days=7))})

    def _restricted(self, value: str) -> Q:
        return Q(is_restricted=value == "yes")

    def _classified(self, value: str) -> Q:
        missing = owing(self.member.office_id)
        return ~missing if value == "yes" else missing

    def _age(self, value: str) -> Q:
        return self._days("opened_on", value)

    def _days(self, column: str, value: str) -> Q:
        fewest, most = days_range(value)
        found = Q()
        if fewest is not None:
            # Most cases are older than some days, yet SQLite takes any range for a narrow one and would read them
            # all by day. Behind COALESCE it does not see the range, and goes by what narrows more.
            found &= Q(LessThanOrEqual(Coalesce(column, column), self._ago(fewest)))
        if most is not None:
            found &= Q(**{f"{column}__gte": self._ago(most)})
        return found

    def _ago(self, days: int) -> date:
        return date.fromordinal(max(1, self.today.toordinal() - days))

    def _opened(self, value: str) -> Q:
        return self._period("opened_on", value)

    def _closed(self, value: str) -> Q:
        return self._period("closed_on", value)

    def _period(self, column: str, value: str) -> Q:
        first, last = day_range(value)
        found = Q(**{f"{column}__isnull": False})
        if first:
            found &= Q(**{f"{column}__gte": first})
        if last:
            found &= Q(**{f"{column}__lte": last})
        return found

    def saying(self, typed: str) -> Q:
        """What a text box finds, here and in other lists: accents, case and order do not matter."""
        return self._text(typed)

    def _ref(self, value: str) -> Q:
        number = Q(number=int(value)) if value.isascii() and value.isdecimal() and len(value) < 10 else Q()
        return Q(reference_key=value) | number if number else Q(reference_key=value)

    def _text(self, value: str) -> Q:
        """Every word begins a word of what it is about, of its code, or of whom it is about; or it is its reference.

        As ids, looked up in the indexes of each: joined by OR, all the cases of the office would be read.
        """
        office_id = self.member.office_id
        mine = Case.objects.filter(office_id=office_id).order_by()
        key = references.key(value)
        referred = mine.filter(self._ref(key)) if any(c.isdigit() for c in key) else None
        asked = words(value)
        if not asked:
            return Q(pk__in=[] if referred is None else referred.values("pk"))
        with_all = [self._among("pk", self._with_word(mine, word)) for word in asked]
        if referred is None:
            return reduce(and_, with_all)
        if len(asked) == 1:
            return self._among("pk", self._with_word(mine, asked[0], referred.values("pk")))
        return self._among("pk", mine.filter(*with_all).values("pk").union(referred.values("pk"), all=True))

    def _among(self, column: str, ids: Any) -> Q:
        """Whose id is among these. Of many, the database is to walk through the cases in their order, which an index
        has, and to look each up among the ids; left to itself SQLite fetches every one of them and puts them in
        order then (ten times as long)."""
        return Q(In(Unindexed(column), ids)) if self._many else Q(**{f"{column}__in": ids})

    def _with_word(self, mine: CaseQuerySet, word: str, *others: Any) -> Any:
        """The ids of the cases that have a word, before anybody asks who may see them."""
        office_id = self.member.office_id
        of_itself = CaseWords.objects.filter(words__begins=finding.key(office_id, word)).values("case_id")
        parts = [*others]
        if any(c.isalpha() for c in word):
            # Keys are numbers and addresses too: only of whoever is called so.
            keys = ContactKey.objects.filter(ContactKey.begins(word), office_id=office_id).values("contact_id")
            called_so = Q(sort_name__startswith=word) | Q(sort_name__contains=f" {word}")
            people = Contact.objects.filter(called_so, pk__in=keys).order_by()
            parts.append(mine.filter(constituent__in=people.values("pk")).values("pk"))
        if codes := [pk for pk, known in self._codes if any(one.startswith(word) for one in known)]:
            parts.append(mine.filter(case_code__in=codes).values("pk"))
        return of_itself.union(*parts, all=True) if parts else of_itself

    @cached_property
    def _codes(self) -> list[tuple[int, list[str]]]:
        """The office's case codes with their words. One query, if nobody gave them."""
        known = self._known_codes
        if known is None:
            known = [(code.pk, str(code)) for code in CaseCode.objects.filter(office_id=self.member.office_id)]
        return [(pk, words(name)) for pk, name in known]


def _any(parts: list[Q]) -> Q:
    """One of them. Q() asks nothing, so with it among them nothing is asked."""
    return Q() if not all(parts) else reduce(or_, parts)


def dropping_each(chosen: Filter) -> list[tuple[Term, Filter]]:
    """The filter without each of its terms in turn."""
    return [(term, chosen.without(term)) for term in chosen.narrowing]
