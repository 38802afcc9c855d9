"""What was done, and what is to be done."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.cases import events
from wardbook.cases.actions import saving
from wardbook.cases.models import Activity, Case
from wardbook.contacts.models import Contact
from wardbook.journal.actions import record
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.offices.models import Office, Team
from wardbook.vocabulary.models import ActivityType, Tag

if TYPE_CHECKING:
    from wardbook.accounts.models import User


@transaction.atomic
def log_activity(
    office: Office,
    *,
    type: ActivityType,
    subject: str,
    by: "User | None",
    at: datetime,
    case: Case | None = None,
    contact: Contact | None = None,
    happened_at: datetime | None = None,
    direction: str = Activity.Direction.NONE,
    tags: Iterable[Tag] = (),
    informs_constituent: bool = False,
    **fields: Any,
) -> Activity:
    """Write down something that was done, with or without a case (S3.3, S3.4).

    `fields`: details, outcome, minutes, place, contact_type, assignee, policy_area, category.
    Raises RuleBroken without a subject, for a time to come, or for a thing of another office.
    """
    subject = _one_line(subject)
    happened_at = happened_at or at
    if happened_at > at:
        raise RuleBroken(_("Something that was done cannot lie in the future."))
    case = saving.locked(case) if case else None
    _same_office(office, type, contact, *tags, *fields.values())
    activity = Activity.objects.create(
        office=office,
        case=case,
        contact=contact,
        type=type,
        subject=subject,
        state=Activity.State.DONE,
        direction=direction,
        happened_at=happened_at,
        created_by=by,
        created_at=at,
        finished_at=at,
        finished_by=by,
        **fields,
    )
    activity.tags.set(tags)
    if case:
        if informs_constituent and (case.last_informed_at is None or happened_at > case.last_informed_at):
            case.last_informed_at = happened_at
            case.save(update_fields=["last_informed_at"])
        saving.touch(case, at)
    record(events.ACTIVITY_LOGGED, about=activity, by=by, at=at, type=type.pk)
    return activity


@transaction.atomic
def plan_activity(
    office: Office,
    *,
    subject: str,
    due_on: date,
    by: "User | None",
    at: datetime,
    case: Case | None = None,
    contact: Contact | None = None,
    assignee: "User | None" = None,
    team: Team | None = None,
    type: ActivityType | None = None,
    follows: Activity | None = None,
    details: str = "",
) -> Activity:
    """Plan the next step for a day: a follow-up, or a task for a colleague or team (AC-5, AC-11).

    Raises RuleBroken for a day that has passed, a closed case, or a thing of another office.
    """
    subject = _one_line(subject)
    if due_on < office.local_date(at):
        raise RuleBroken(_("A follow-up cannot lie in the past."))
    case = saving.locked(case) if case else None
    if case and case.is_closed:
        raise RuleBroken(_("This case is closed. Reopen it first."))
    type = type or _task_type(office)
    _same_office(office, type, contact, team, follows)
    activity = Activity.objects.create(
        office=office,
        case=case,
        contact=contact,
        type=type,
        subject=subject,
        details=details,
        state=Activity.State.PLANNED,
        due_on=due_on,
        assignee=assignee,
        team=team,
        follows=follows,
        created_by=by,
        created_at=at,
    )
    if case:
        saving.refresh_next_step(case)
        saving.touch(case, at)
    record(
        events.ACTIVITY_PLANNED,
        about=activity,
        by=by,
        at=at,
        type=type.pk,
        due_on=due_on.isoformat(),
        assignee=assignee.pk if assignee else None,
    )
    return activity


@transaction.atomic
def finish_activity(activity: Activity, *, by: "User | None", at: datetime, outcome: str = "") -> Activity:
    """Tick a planned activity off. Raises RuleBroken if it is no longer planned."""
    activity = _locked(activity)
    _still_planned(activity)
    activity.state = Activity.State.DONE
    activity.happened_at = activity.finished_at = at
    activity.finished_by = by
    activity.outcome = outcome.strip()[:300] or activity.outcome
    _save(activity, "state", "happened_at", "finished_at", "finished_by", "outcome")
    _after(activity, at)
    record(events.ACTIVITY_FINISHED, about=activity, by=by, at=at)
    _undo_state(activity, by, at, _("“%(subject)s” done") % {"subject": activity.subject})
    return activity


@transaction.atomic
def move_activity(activity: Activity, due_on: date, *, by: "User | None", at: datetime) -> Activity:
    """Put a planned activity off to another day."""
    activity = _locked(activity)
    _still_planned(activity)
    if due_on < activity.office.local_date(at):
        raise RuleBroken(_("A follow-up cannot lie in the past."))
    was = activity.due_on
    activity.due_on = due_on
    _save(activity, "due_on")
    _after(activity, at)
    record(
        events.ACTIVITY_MOVED,
        about=activity,
        by=by,
        at=at,
        was=was.isoformat() if was else None,
        now=due_on.isoformat(),
    )
    label = _("“%(subject)s” moved") % {"subject": activity.subject}
    _undo_state(activity, by, at, label, due_on=was)
    return activity


@transaction.atomic
def cancel_activity(activity: Activity, *, by: "User | None", at: datetime) -> Activity:
    """A planned activity will not happen."""
    activity = _locked(activity)
    _still_planned(activity)
    activity.state, activity.finished_at, activity.finished_by = Activity.State.CANCELLED, at, by
    _save(activity, "state", "finished_at", "finished_by")
    _after(activity, at)
    record(events.ACTIVITY_CANCELLED, about=activity, by=by, at=at)
    _undo_state(activity, by, at, _("“%(subject)s” cancelled") % {"subject": activity.subject})
    return activity


@transaction.atomic
def edit_activity(
    activity: Activity, *, by: "User | None", at: datetime, seen: int | None = None, **values: Any
) -> Activity:
    """Change what an activity says (subject, details, outcome, minutes, place, happened_at, due_on, assignee,
    team, type, contact_type). Raises Stale if somebody saved since version `seen`."""
    activity = _locked(activity)
    if seen is not None and activity.version != seen:
        raise Stale(activity)
    _same_office(activity.office, *values.values())
    if "subject" in values:
        values["subject"] = _one_line(values["subject"])
    changed = [name for name, value in values.items() if getattr(activity, name) != value]
    if not changed:
        return activity
    for name in changed:
        setattr(activity, name, values[name])
    _save(activity, *changed)
    _after(activity, at)
    record(events.ACTIVITY_EDITED, about=activity, by=by, at=at, fields=sorted(changed))
    return activity


@transaction.atomic
def file_on_case(activities: Iterable[Activity], case: Case, *, by: "User | None", at: datetime) -> Case:
    """Move activities without a case onto one: the same records, never copies (S3.3, S3.8)."""
    case = saving.locked(case)
    for given in activities:
        activity = _locked(given)
        _same_office(case.office, activity)
        if activity.case_id not in (None, case.pk):
            raise RuleBroken(_("“%(subject)s” is on another case already.") % {"subject": activity.subject})
        activity.case = case
        _save(activity, "case")
        record(events.ACTIVITY_FILED, about=activity, by=by, at=at, case=case.pk)
    saving.refresh_next_step(case)
    saving.touch(case, at)
    return case


@transaction.atomic
def see_activities(activities: Iterable[Activity], *, at: datetime) -> None:
    """The assignee has seen what is new for them (S3.28)."""
    Activity.objects.filter(pk__in=[a.pk for a in activities], seen_at__isnull=True).update(seen_at=at)


def _locked(activity: Activity) -> Activity:
    if activity.case_id:
        Case.objects.select_for_update().get(pk=activity.case_id)
    return Activity.objects.select_for_update().get(pk=activity.pk)


def _still_planned(activity: Activity) -> None:
    if not activity.is_planned:
        raise RuleBroken(_("This was already done or cancelled."))


def _save(activity: Activity, *fields: str) -> None:
    activity.version += 1
    activity.save(update_fields=[*fields, "version"])


def _after(activity: Activity, at: datetime) -> None:
    if activity.case:
        saving.refresh_next_step(activity.case)
        saving.touch(activity.case, at)


def _undo_state(activity: Activity, by: "User | None", at: datetime, label: str, **was: Any) -> None:
    from wardbook.journal.actions import remember_undo

    plain = {name: value.isoformat() if value else None for name, value in was.items()}
    payload = {"activity": activity.pk, "version": activity.version, "was": plain}
    remember_undo("activity.state", office_id=activity.office_id, by=by, at=at, label=label, payload=payload)


def _one_line(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise RuleBroken(_("Say in a few words what it is about."))
    return text


def _task_type(office: Office) -> ActivityType:
    types = ActivityType.objects.filter(office=office, retired_at__isnull=True)
    found = types.filter(family=ActivityType.Family.TASK).first() or types.first()
    if not isinstance(found, ActivityType):
        raise RuleBroken(_("The office has no actions to choose from. Add one under Settings › Lists."))
    return found


def _same_office(office: Office, *things: Any) -> None:
    from wardbook.cases.actions.opening import same_office

    same_office(office, *things)
