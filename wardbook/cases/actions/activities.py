"""What was done: written down, corrected, put on a case."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wardbook.cases import events
from wardbook.cases.actions import planning, saving
from wardbook.cases.models import Activity, Case
from wardbook.contacts.models import Contact
from wardbook.journal.actions import record, remember_undo
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.offices.models import Office
from wardbook.vocabulary.models import ActivityType, Tag

if TYPE_CHECKING:
    from wardbook.accounts.models import User

EDITABLE = frozenset(
    {"subject", "details", "outcome", "minutes", "place", "happened_at", "due_on", "assignee", "team", "type"}
    | {"contact_type", "direction", "contact", "written_on"}
)


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
    follow_up: planning.FollowUp | None = None,
    **fields: Any,
) -> Activity:
    """Write down something that was done, with or without a case (S3.3, S3.4), and plan what follows (S3.21).

    `fields`: details, outcome, written_on, minutes, place, contact_type, assignee, policy_area, category.
    Raises RuleBroken without a subject, for a time to come, or for a thing of another office.
    """
    subject = planning.subject_line(subject)
    happened_at = happened_at or at
    if happened_at > at:
        raise RuleBroken(_("Something that was done cannot lie in the future."))
    case = saving.locked(case) if case else None
    saving.same_office(office, type, contact, *tags, *fields.values())
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
    added = [activity]
    if follow_up:
        planned = planning.put_down(
            office, case=case, contact=contact, follows=activity, by=by, at=at, **follow_up._asdict()
        )
        added.insert(0, planned)
    planning.undo_adding(added, by, at, _("“%(subject)s” added") % {"subject": activity.subject})
    return activity


@transaction.atomic
def edit_activity(
    activity: Activity, *, by: "User | None", at: datetime, seen: int | None = None, **values: Any
) -> Activity:
    """Change what an activity says; EDITABLE names what. No change writes nothing.

    Raises Stale if somebody saved since version `seen`, RuleBroken as for logging and planning, ValueError for a
    field that is not editable.
    """
    if unknown := values.keys() - EDITABLE:
        raise ValueError(f"Not editable: {', '.join(sorted(unknown))}")
    activity = planning.hold(activity)
    if seen is not None and activity.version != seen:
        raise Stale(activity)
    saving.same_office(activity.office, *values.values())
    if "subject" in values:
        values["subject"] = planning.subject_line(values["subject"])
    changed = [name for name, value in values.items() if getattr(activity, name) != value]
    if not changed:
        return activity
    if "assignee" in changed:
        planning.can_do(activity.office, activity.case, values["assignee"])
    if "due_on" in changed and values["due_on"] and values["due_on"] < activity.office.local_date(at):
        raise RuleBroken(_("A follow-up cannot lie in the past."))
    if values.get("happened_at") and values["happened_at"] > at:
        raise RuleBroken(_("Something that was done cannot lie in the future."))
    was = saving.activity_state(activity)
    for name in changed:
        setattr(activity, name, values[name])
    planning.save(activity, at)
    record(events.ACTIVITY_EDITED, about=activity, by=by, at=at, fields=sorted(changed))
    planning.undo_changing(activity, was, by, at, _("“%(subject)s” edited") % {"subject": activity.subject})
    return activity


@transaction.atomic
def file_on_case(activities: Iterable[Activity], case: Case, *, by: "User | None", at: datetime) -> Case:
    """Move activities without a case onto one: the same records, never copies (S3.3, S3.8)."""
    case = saving.locked(case)
    filed: list[int] = []
    for given in activities:
        activity = Activity.objects.select_for_update().get(pk=given.pk)
        saving.same_office(case.office, activity)
        if activity.case_id == case.pk:
            continue
        if activity.case_id is not None:
            raise RuleBroken(_("“%(subject)s” is on another case already.") % {"subject": activity.subject})
        activity.case = case
        activity.version += 1
        activity.save(update_fields=["case", "version"])
        activity.documents.update(case=case)
        record(events.ACTIVITY_FILED, about=activity, by=by, at=at, case=case.pk)
        filed.append(activity.pk)
    if not filed:
        return case
    saving.refresh_next_step(case)
    saving.touch(case, at)
    label = ngettext("%(count)d entry filed on %(case)s", "%(count)d entries filed on %(case)s", len(filed)) % {
        "count": len(filed),
        "case": case.reference,
    }
    payload = {"case": case.pk, "activities": filed}
    remember_undo("activity.unfile", office_id=case.office_id, by=by, at=at, label=label, payload=payload)
    return case


@transaction.atomic
def see_activities(activities: Iterable[Activity], *, at: datetime) -> None:
    """The assignee has seen what is new for them (S3.28)."""
    Activity.objects.filter(pk__in=[a.pk for a in activities], seen_at__isnull=True).update(seen_at=at)
