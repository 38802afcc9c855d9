"""What Home asks of the database: work that is due, that is new, that has no next step."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Window

from wardbook.cases.models import Activity, Case
from wardbook.desk.home.arrivals import arrivals
from wardbook.offices.models import Membership, TeamMember
from wardbook.offices.prepared import Prepared

AHEAD = timedelta(days=14)
COUNTED = 100
MOST_PLANNED = 3 * COUNTED
SHOWN = 8


class Rows(NamedTuple):
    """The first rows of a section and how many there are; counted up to a hundred, because nobody reads more."""

    shown: Sequence[Any]
    total: int

    @property
    def counted(self) -> str:
        return f"{COUNTED}+" if self.total > COUNTED else str(self.total)

    @property
    def rest(self) -> int:
        return self.total - len(self.shown)

    def __bool__(self) -> bool:
        return self.total > 0


def first_rows(found: Sequence[Any], shown: int = SHOWN) -> Rows:
    """The rows of a section, of which one more than COUNTED were fetched."""
    return Rows(found[:shown], len(found))


@dataclass
class Day:
    """One person's day in one office."""

    member: Membership
    at: datetime
    everybody: bool = False
    today: date = field(init=False)

    def __post_init__(self) -> None:
        self.today = self.member.office.local_date(self.at)

    def due(self) -> tuple[Rows, Rows, Rows]:
        """What is overdue, due today, and due in the fourteen days after.

        Two queries: ids and days of all, then the few rows that are shown. A third only for somebody with so much
        overdue that the first never reached today.
        """
        until = self.today + AHEAD
        found = (ALL_PLANNED if self.everybody else PLANNED)(self.member, until=until)
        late = [pk for pk, day in found if day and day < self.today]
        if len(late) == MOST_PLANNED:
            planned = planned_for(self.member, everybody=self.everybody).filter(due_on__range=(self.today, until))
            found += planned.order_by("due_on", "pk").values_list("pk", "due_on")[: 2 * COUNTED]
        today = [pk for pk, day in found if day == self.today]
        later = [pk for pk, day in found if day and day > self.today]
        shown = [*late[:SHOWN], *today[: 2 * SHOWN], *later[:SHOWN]]
        # The ids came through the door.
        rows = Activity.objects.for_list().in_bulk(shown)

        def section(pks: list[int], cut: int) -> Rows:
            return Rows([rows[pk] for pk in pks[:cut]], len(pks))

        return section(late, SHOWN), section(today, 2 * SHOWN), section(later, SHOWN)

    def without_next_step(self) -> Rows:
        """Open cases with neither a follow-up nor anybody we wait for (ux.md, rule 3). One query."""
        shown = (ALL_AIMLESS if self.everybody else AIMLESS)(self.member)
        return Rows(shown, shown[0].total if shown else 0)

    def arrivals(self) -> Rows:
        """What is new for the person since they last cleared this, until they open it (S3.28)."""
        return first_rows(arrivals(self.member, self.at))


def mine(member: Membership) -> Q:
    """Work that is a person's to do: given to them; or to nobody, on a case of theirs or for a team of theirs."""
    me = member.user_id
    # As the index of open cases by owner has them: without the bin.
    own_case = Case.objects.open().filter(office_id=member.office_id, owner_id=me, deleted_at__isnull=True)
    own_team = TeamMember.objects.filter(user_id=me, team__office_id=member.office_id)
    nobodys = Q(assignee__isnull=True) & (
        Q(team__isnull=True, case__in=own_case.values("pk")) | Q(team__in=own_team.values("team"))
    )
    return Q(assignee_id=me) | nobodys


def planned_for(member: Membership, *, everybody: bool) -> QuerySet[Activity]:
    """Planned work that a person sees: theirs, or all of it."""
    activities = Activity.objects.visible_to(member).planned()
    return activities if everybody else activities.filter(mine(member))


def _planned(member: Membership, *, until: date, everybody: bool = False) -> Any:
    planned = planned_for(member, everybody=everybody).filter(due_on__lte=until).order_by("due_on", "pk")
    return planned.values_list("pk", "due_on")[:MOST_PLANNED]


def _aimless(member: Membership, *, everybody: bool = False) -> Any:
    cases = Case.objects.visible_to(member).without_next_step()
    if not everybody:
        cases = cases.open_ones_of(member)
    first = cases.order_by("last_activity_at", "pk").values("pk")[: COUNTED + 1]
    # The ids came through the door. They are counted before the few that are shown are cut off.
    rows = Case.objects.filter(pk__in=first).select_related("constituent")
    return rows.annotate(total=Window(Count("pk"))).order_by("last_activity_at", "pk")[:SHOWN]


PLANNED: Prepared[tuple[int, date | None]] = Prepared(_planned, until=date)
ALL_PLANNED: Prepared[tuple[int, date | None]] = Prepared(partial(_planned, everybody=True), until=date)
AIMLESS: Prepared[Any] = Prepared(_aimless)
ALL_AIMLESS: Prepared[Any] = Prepared(partial(_aimless, everybody=True))
