"""What is to be done: planned for a day, ticked off, put off, cancelled."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.cases import events, readers
from wardbook.cases.actions import saving
from wardbook.cases.models import Activity, Case
from wardbook.contacts.models import Contact
from wardbook.journal.actions import record, remember_undo
from wardbook.lib.quote import one_line
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Membership, Office, Team
from wardbook.vocabulary.models import ActivityType

if TYPE_CHECKING:
    from wardbook.accounts.models import User


class FollowUp(NamedTuple):
    """What to do next, on which day, by whom."""

    subject: str
    due_on: date
    assignee: "User | None"
    type: ActivityType | None = None


@transaction.atomic
def plan_activity(
    office: Office, *, subject: str, due_on: date, by: "User | None", at: datetime, **fields: Any
) -> Activity:
    """Plan the next step for a day: a follow-up, or a task for a colleague or team (AC-5, AC-11).

    `fields`: case, contact, assignee, team, type, follows, details. Raises RuleBroken for a day that has passed, a
    closed case, a thing of another office, or somebody who does not work here or cannot see the case.
    """
    activity = put_down(office, subject=subject, due_on=due_on, by=by, at=at, **fields)
    undo_adding([activity], by, at, _("“%(subject)s” planned") % {"subject": activity.subject})
    return activity


def put_down(
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
    """A planned step as part of another act, which remembers how to take both back."""
    subject = subject_line(subject)
    if due_on < office.local_date(at):
        raise RuleBroken(_("A follow-up cannot lie in the past."))
    case = saving.locked(case) if case else None
    if case and case.is_closed:
        raise RuleBroken(_("This case is closed. Reopen it first."))
    type = type or _task_type(office)
    saving.same_office(office, type, contact, team, follows)
    can_do(office, case, assignee)
    activity = Activity.objects.create(
        office=office,
        case=case,
        contact=contact,
        type=type,
        subject=subject,
        details=details.strip(),
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
    activity = hold(activity)
    _still_planned(activity)
    was = saving.activity_state(activity)
    activity.state = Activity.State.DONE
    activity.happened_at = activity.finished_at = at
    activity.finished_by = by
    activity.outcome = outcome.strip()[:300] or activity.outcome
    save(activity, at)
    record(events.ACTIVITY_FINISHED, about=activity, by=by, at=at)
    undo_changing(activity, was, by, at, _("“%(subject)s” done") % {"subject": activity.subject})
    return activity


@transaction.atomic
def move_activity(activity: Activity, due_on: date, *, by: "User | None", at: datetime) -> Activity:
    """Put a planned activity off to another day."""
    activity = hold(activity)
    _still_planned(activity)
    if due_on < activity.office.local_date(at):
        raise RuleBroken(_("A follow-up cannot lie in the past."))
    was = saving.activity_state(activity)
    activity.due_on = due_on
    save(activity, at)
    record(
        events.ACTIVITY_MOVED, about=activity, by=by, at=at, was=saving.plain(was["due_on"]), now=due_on.isoformat()
    )
    undo_changing(activity, was, by, at, _("“%(subject)s” moved") % {"subject": activity.subject})
    return activity


@transaction.atomic
def cancel_activity(activity: Activity, *, by: "User | None", at: datetime) -> Activity:
    """A planned activity will not happen."""
    activity = hold(activity)
    _still_planned(activity)
    was = saving.activity_state(activity)
    activity.state, activity.finished_at, activity.finished_by = Activity.State.CANCELLED, at, by
    save(activity, at)
    record(events.ACTIVITY_CANCELLED, about=activity, by=by, at=at)
    undo_changing(activity, was, by, at, _("“%(subject)s” cancelled") % {"subject": activity.subject})
    return activity


def can_do(office: Office, case: Case | None, assignee: "User | None") -> None:
    """Refuse to give work to somebody who does not work here, or who cannot see what it is about."""
    if assignee is None:
        return
    if not Membership.objects.staff().filter(office=office, user=assignee).exists():
        raise RuleBroken(_("%(name)s cannot be given work in this office.") % {"name": assignee})
    if case is not None and not readers.can_see(case, assignee):
        raise RuleBroken(_("%(name)s cannot see this case. Let them in first.") % {"name": assignee})


def hold(activity: Activity) -> Activity:
    """The activity as it is now, held until the transaction ends; its case is held first, as everywhere."""
    if activity.case_id:
        saving.locked(Case(pk=activity.case_id))
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    if activity.deleted_at:
        raise RuleBroken(_("This entry was taken back."))
    return activity


def save(activity: Activity, at: datetime) -> None:
    """Save a held activity and what its case derives from it."""
    activity.version += 1
    activity.save()
    if activity.case:
        saving.refresh_next_step(activity.case)
        saving.touch(activity.case, at)


def undo_changing(activity: Activity, was: dict[str, Any], by: "User | None", at: datetime, label: str) -> None:
    """Remember how to set an activity back to what it was."""
    now = saving.activity_state(activity)
    changed = {name: [saving.plain(old), saving.plain(now[name])] for name, old in was.items() if now[name] != old}
    payload = {"activity": activity.pk, "changed": changed}
    remember_undo("activity.fields", office_id=activity.office_id, by=by, at=at, label=label, payload=payload)


def undo_adding(activities: Sequence[Activity], by: "User | None", at: datetime, label: str) -> None:
    """Remember how to take new activities away again, the newest first, as long as they say what they say now."""
    parts = [[activity.pk, plain_state(activity)] for activity in activities]
    office_id = activities[0].office_id
    remember_undo("activity.remove", office_id=office_id, by=by, at=at, label=label, payload={"activities": parts})


def plain_state(activity: Activity) -> dict[str, Any]:
    """What an activity says, as JSON keeps it."""
    return {name: saving.plain(value) for name, value in saving.activity_state(activity).items()}


def subject_line(text: str) -> str:
    """A subject on one line. Raises RuleBroken for none."""
    subject = one_line(text)
    if not subject:
        raise RuleBroken(_("Say in a few words what it is about."))
    return subject


def _still_planned(activity: Activity) -> None:
    if not activity.is_planned:
        raise RuleBroken(_("This was already done or cancelled."))


def _task_type(office: Office) -> ActivityType:
    types = list(ActivityType.objects.filter(office=office).in_use())
    if not types:
        raise RuleBroken(_("The office has no actions to choose from. Add one under Settings › Lists."))
    return next((value for value in types if value.family == ActivityType.Family.TASK), types[0])
