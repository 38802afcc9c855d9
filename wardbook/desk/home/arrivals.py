"""What came to a person from others and is not opened yet (S3.28). One query."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from wardbook.cases.models import Activity, Case, CaseVisit, CoAssignment, InternalNote
from wardbook.correspondence.models import Message
from wardbook.offices.models import Membership, Team
from wardbook.offices.prepared import Prepared

NEW_FOR = timedelta(days=30)
"""How long something given to somebody stays new for them when they never open it."""

MOST = 300
# Somebody known, else the address: what a mail calls its sender proves nothing.
SENDER = Coalesce("contact__name", "from_address", output_field=CharField())
# With its type: PostgreSQL takes a bare NULL of a union for text.
NOBODYS_TASK = Cast(Value(None), BigIntegerField())


class Arrival(NamedTuple):
    """Something that came to a person: what kind, when, from whom, and where it is."""

    kind: str
    at: datetime
    who: str
    words: str
    activity: int | None
    case: int | None
    reference: str
    constituent: str


def arrivals(member: Membership, at: datetime) -> list[Arrival]:
    """Cases given, reopened or shared, replies to them and to cases that nobody has, tasks given, notes that name the
    person; the newest first.

    Since they last cleared the list, and only until they open the case or the task. A case shows once.
    """
    since = max(member.home_seen_at or member.started_at, at - NEW_FOR)
    found: dict[Any, Arrival] = {}
    for row in ARRIVED(member, since=since):
        arrival = Arrival(*row)
        found.setdefault(arrival.activity or ("case", arrival.case), arrival)
    return list(found.values())


def _arrived(member: Membership, *, since: datetime) -> QuerySet[Any, tuple[Any, ...]]:
    # Without those that a role never has: a councillor sees no notes of the office.
    first, *others = (part for part in _parts(member, since) if not part.query.is_empty())
    return first.union(*others, all=True).order_by("-moment")[:MOST]


ARRIVED: Prepared[tuple[Any, ...]] = Prepared(_arrived, since=datetime)


def _parts(member: Membership, since: datetime) -> list[QuerySet[Any, tuple[Any, ...]]]:
    me = member.user_id
    cases = Case.objects.visible_to(member).open()
    own = cases.filter(owner_id=me)
    given = own.filter(assigned_at__gt=since).exclude(assigned_by_id=me)
    reopened = own.filter(reopened_at__gt=since)
    # Asked of the few cases that are shared, not of all that can be seen.
    shared = CoAssignment.objects.filter(Exists(cases.filter(pk=OuterRef("case"))), user_id=me, since__gt=since)
    tasks = Activity.objects.visible_to(member).planned().filter(assignee_id=me, created_at__gt=since)
    tasks = tasks.filter(seen_at__isnull=True).exclude(created_by_id=me)
    notes = InternalNote.objects.visible_to(member).filter(mentions=me, at__gt=since).exclude(by_id=me)
    replies = Message.objects.visible_to(member).incoming().filter(case__in=own.values("pk"))
    # Written by a person, and not one of hundreds alike.
    replies = replies.filter(filed_at__gt=since, auto_kind="").exclude(filed_by_id=me)
    # Not as IS NULL: SQLite would walk all messages that are in no campaign, instead of those of the person's cases.
    replies = replies.exclude(campaign__isnull=False)
    to_sort = Message.objects.visible_to(member).for_nobody().filter(_is_mine_to_sort(member), filed_at__gt=since)
    to_sort = to_sort.exclude(campaign__isnull=False)
    return [
        _part("case", _unopened(given, me, "pk", "assigned_at"), "assigned_at", "assigned_by__name", ""),
        _part("reopened", _unopened(reopened, me, "pk", "reopened_at"), "reopened_at", "", ""),
        _part("together", _unopened(shared, me, "case", "since"), "since", "", "case__"),
        _part("task", _unopened(tasks, me, "case", "created_at"), "created_at", "created_by__name", "case__"),
        _part("reply", _unopened(replies, me, "case", "filed_at"), "filed_at", SENDER, "case__"),
        _part("nobodys", _unopened(to_sort, me, "case", "filed_at"), "filed_at", SENDER, "case__"),
        _part("mention", _unopened(notes, me, "case", "at"), "at", "by__name", "case__"),
    ]


def _is_mine_to_sort(member: Membership) -> Q:
    """Messages on a case that nobody has: for its team, else for triage (S1.32); without triage for all who sort."""
    teams = Team.objects.filter(office_id=member.office_id, retired_at__isnull=True)
    own, triage = teams.filter(members=member.user_id), teams.filter(is_triage=True)
    sorts = Q(Exists(triage.filter(members=member.user_id)))
    if member.can("cases.bulk"):
        sorts |= ~Q(Exists(triage))
    return Q(case__owner_team__in=own.values("pk")) | Q(sorts, case__owner_team__isnull=True)


def _unopened(rows: QuerySet[Any], me: int, case: str, moment: str) -> QuerySet[Any]:
    """Those whose case the person has not had on the screen since it came."""
    opened = CaseVisit.objects.filter(case=OuterRef(case), user_id=me, opened_at__gte=OuterRef(moment))
    return rows.filter(~Exists(opened))


def _part(
    kind: str, rows: QuerySet[Any], moment: str, who: str | Coalesce, case: str
) -> QuerySet[Any, tuple[Any, ...]]:
    is_task = kind == "task"
    columns: dict[str, Any] = {
        "arrival": Value(kind),
        "moment": F(moment),
        "sender": (F(who) if isinstance(who, str) else who) if who else Value("", CharField()),
        "subject_words": F("subject") if kind in ("task", "reply", "nobodys") else F(f"{case}description"),
        "task": F("pk") if is_task else NOBODYS_TASK,
        "case_number": F(f"{case}number"),
        "case_reference": F(f"{case}reference"),
        "constituent_name": F(f"{case}constituent__name"),
    }
    found: QuerySet[Any, tuple[Any, ...]] = rows.order_by().annotate(**columns).values_list(*columns)
    return found
