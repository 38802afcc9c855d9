"""What is asked about many cases at once. `visible_to` is the only door to them."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, Func, OuterRef, Q
from django.db.models.lookups import Exact

from wardbook.cases.models.choices import Priority, WaitingOn
from wardbook.offices.models import FieldUse, Membership, Team

if TYPE_CHECKING:
    from wardbook.cases.models.case import Case  # noqa: F401  mypy reads it in the string below


# What is a column of the case, of the fields that an office may ask for.
CLASSIFYING = ("case_type", "policy_area", "category", "service_type", "case_code", "contact_type")


def owing(office_id: int) -> Q:
    """Cases without something that their office asks for at the gate (S4.13); as `gate.missing`, for many at once.

    What the office asks for stands in a part of the query that no row changes, so it is looked up once.
    """
    from wardbook.cases.models.case import Case, CaseTag

    asked = FieldUse.objects.filter(office_id=office_id, use=FieldUse.Use.REQUIRED)
    found = Q(Exists(asked.filter(field="priority")), priority=Priority.NONE)
    found |= Q(Exists(asked.filter(field="tags")), ~Exists(CaseTag.objects.filter(case_id=OuterRef("pk"))))
    for field in CLASSIFYING:
        found |= Q(Exists(asked.filter(field=field)), **{f"{field}__isnull": True})
    return found & ~Q(kind=Case.Kind.INTERNAL)


class Unindexed(Func):
    """A column that SQLite does not look up in an index."""

    arity = 1
    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **extra)


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, member: Membership, *, reached_by_others: bool = False) -> Self:
        """The only door through which a view, a search, a figure or an export may reach a case.

        The role's scope, plus cases on which the person is named, less cases from which they are kept
        (conflict of interest), always within their office, never the bin. The same cases `reached_by_others`: through
        a join, not by an index of the office's cases, of which SQLite would otherwise read all.
        """
        return self._reached(member, reached_by_others=reached_by_others, deleted_at__isnull=True)

    def reachable_by(self, member: Membership) -> Self:
        """As `visible_to`, with the bin."""
        return self._reached(member)

    def _reached(self, member: Membership, *, reached_by_others: bool = False, **further: bool) -> Self:
        from wardbook.cases.models.people import CaseAccess, CoAssignment

        if not member.can("cases.read"):
            return self.none()
        # One filter for all of it, and ids as lists, which are short as a rule: nearly every query begins here, and
        # what is asked of each case by itself costs the database and Django more than all else.
        mine = (
            Q(Exact(Unindexed("office_id"), member.office_id)) if reached_by_others else Q(office_id=member.office_id)
        )
        granted = CaseAccess.objects.filter(user_id=member.user_id).values("case_id")
        let_in = ~Q(pk__in=granted.filter(grant=CaseAccess.Grant.KEPT_OUT))
        scope = member.scope
        if scope == "all":
            return self.filter(let_in, mine, **further)
        named = (
            Q(owner_id=member.user_id)
            | Q(pk__in=CoAssignment.objects.filter(user_id=member.user_id).values("case_id"))
            | Q(pk__in=granted.filter(grant=CaseAccess.Grant.READER))
        )
        if scope == "unrestricted":
            own = Q(is_restricted=False) | named
        elif scope == "team":
            teams = Team.objects.filter(members=member.user_id)
            own = Q(is_restricted=False, owner_team__in=teams.values("pk")) | named
        elif scope == "raised":
            own = Q(is_restricted=False, created_by_id=member.user_id) | named
        else:
            own = named
        return self.filter(own, let_in, mine, **further)

    def open(self) -> Self:
        # As closed_at IS NULL, and not by status: only so does SQLite use the partial indexes.
        return self.filter(closed_at__isnull=True)

    def closed(self) -> Self:
        return self.filter(closed_at__isnull=False)

    def in_bin(self) -> Self:
        return self.filter(deleted_at__isnull=False)

    def working_for(self, user_id: int) -> Self:
        """Cases a person works on: owner or co-assignee."""
        from wardbook.cases.models.people import CoAssignment

        together = CoAssignment.objects.filter(case=OuterRef("pk"), user_id=user_id)
        return self.filter(Q(owner_id=user_id) | Exists(together))

    def open_ones_of(self, member: Membership) -> Self:
        """Open cases that a member works on, for who wants few of them: found by their two indexes, and not by
        asking each open case of the office."""
        from wardbook.cases.models.case import Case
        from wardbook.cases.models.people import CoAssignment

        owned = Case.objects.open().filter(
            office_id=member.office_id, owner_id=member.user_id, deleted_at__isnull=True
        )
        together = CoAssignment.objects.filter(user_id=member.user_id)
        return self.open().filter(pk__in=owned.order_by().values("pk").union(together.order_by().values("case_id")))

    def unassigned(self) -> Self:
        return self.filter(owner__isnull=True)

    def without_next_step(self) -> Self:
        """Open cases with no follow-up and nobody we wait for (ux.md, rule 3)."""
        return self.open().filter(next_step_on__isnull=True, waiting_on__in=["", WaitingOn.US])

    def waiting(self) -> Self:
        return self.open().exclude(waiting_on__in=["", WaitingOn.US])

    def unclassified(self, office_id: int) -> Self:
        return self.filter(owing(office_id))

    def needs_new_owner(self) -> Self:
        """Open cases whose owner no longer works here (S1.21)."""
        here = Membership.objects.active().filter(office_id=OuterRef("office_id"), user_id=OuterRef("owner_id"))
        return self.open().filter(owner__isnull=False).filter(~Exists(here))

    def for_list(self) -> Self:
        return self.select_related(
            "constituent", "owner", "owner_team", "status", "category", "waiting_agency"
        ).prefetch_related("tags")

    def for_page(self) -> Self:
        return self.select_related(
            "office",
            "constituent__ward",
            "requester",
            "owner",
            "owner_team",
            "status",
            "policy_area",
            "category",
            "service_type",
            "case_type",
            "sub_type",
            "case_code",
            "contact_type",
            "representative",
            "waiting_agency",
            "created_by",
        )
