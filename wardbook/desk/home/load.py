"""Who has how much to do, and giving open cases of one person to another (ux.md 1.4)."""

from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from wardbook.cases.models import Activity, Case
from wardbook.offices.models import Membership

QUEUE_COUNTED = 99


class Load(NamedTuple):
    """What one person has in hand."""

    member: Membership
    open: int
    overdue: int


def loads(member: Membership, today: date) -> list[Load]:
    """Everybody who can be given work, the one with most overdue first. Three queries.

    Counts only what whoever asks may see: a manager does.
    """
    staff = Membership.objects.staff().filter(office_id=member.office_id).select_related("user")
    cases = Case.objects.visible_to(member).open().filter(owner__isnull=False).order_by()
    opened = dict(cases.values_list("owner").annotate(Count("pk")))
    late = Activity.objects.visible_to(member).overdue(today).filter(assignee__isnull=False).order_by()
    overdue = dict(late.values_list("assignee").annotate(Count("pk")))
    found = [Load(one, opened.get(one.user_id, 0), overdue.get(one.user_id, 0)) for one in staff]
    return sorted(found, key=lambda load: (-load.overdue, -load.open, load.member.user.name))


class Mine(NamedTuple):
    """How many open cases the person works on or follows, and how many of them wait for others."""

    open: int
    waiting: int


def my_cases(member: Membership) -> Mine:
    """One query. Who is given no cases has those they see: they raised them."""
    cases = Case.objects.visible_to(member).open()
    if member.can("cases.own"):
        cases = cases.working_for(member.user_id)
    waiting = Q(waiting_on__in=["constituent", "agency", "councillor"])
    counted = cases.aggregate(open=Count("pk"), waiting=Count("pk", filter=waiting))
    return Mine(counted["open"], counted["waiting"])


def capped(rows: QuerySet[Case]) -> str:
    """How many there are, counted up to QUEUE_COUNTED: a longer queue is long."""
    count = rows.order_by()[: QUEUE_COUNTED + 1].count()
    return f"{QUEUE_COUNTED}+" if count > QUEUE_COUNTED else str(count)


def held_by(member: Membership, user_id: int) -> QuerySet[Case]:
    """Open cases of one person, those with the earliest next step first."""
    cases = Case.objects.visible_to(member).open().filter(owner_id=user_id)
    return cases.select_related("constituent", "status").order_by("next_step_on", "-last_activity_at", "pk")
