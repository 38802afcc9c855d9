"""How every action takes hold of a case, saves it, and remembers how to take the change back."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Min
from django.utils.translation import gettext as _

from wardbook.cases.actions.indexing import index
from wardbook.cases.models import Activity, Case
from wardbook.journal.actions import remember_undo
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.accounts.models import User

# What a case is made of as far as taking back goes: anything an action may change in one step.
KEPT = (
    "status_id",
    "status_class",
    "review_on",
    "priority",
    "owner_id",
    "owner_team_id",
    "assigned_at",
    "assigned_by_id",
    "waiting_on",
    "waiting_agency_id",
    "waiting_since",
    "deadline_on",
    "deadline_reason",
    "closed_on",
    "closed_at",
    "outcome",
    "outcome_note",
    "is_restricted",
    "deleted_at",
    "deleted_by_id",
    "reopen_count",
    "reopened_at",
    "kind",
    "description",
    "notes",
    "constituent_id",
    "is_anonymous",
    "requester_id",
    "representative_id",
    "case_type_id",
    "sub_type_id",
    "case_code_id",
    "policy_area_id",
    "category_id",
    "service_type_id",
    "contact_type_id",
    "opened_on",
)


# What may be set back on an activity.
ACTIVITY_KEPT = (
    "state",
    "happened_at",
    "finished_at",
    "finished_by_id",
    "subject",
    "details",
    "outcome",
    "minutes",
    "place",
    "due_on",
    "assignee_id",
    "team_id",
    "type_id",
    "contact_type_id",
    "contact_id",
    "direction",
    "written_on",
)


def locked(case: Case) -> Case:
    """The case as it is now, held until the transaction ends. Raises RuleBroken if it is in the bin."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.deleted_at:
        raise RuleBroken(_("This case is in the bin."))
    return case


def same_office(office: Office, *things: Any) -> None:
    """Refuse anything that belongs to another office (A2, V8)."""
    for thing in things:
        if getattr(thing, "office_id", office.pk) != office.pk:
            raise RuleBroken(_("That belongs to another office."))


def same_version(case: Case, seen: int | None) -> None:
    """Raise Stale when somebody saved since the person's page was made (R13)."""
    if seen is not None and case.version != seen:
        raise Stale(case)


def state(case: Case) -> dict[str, Any]:
    """The values that can be taken back, as they are."""
    return {name: getattr(case, name) for name in KEPT}


def activity_state(activity: Activity) -> dict[str, Any]:
    """The values of an activity that can be taken back, as they are."""
    return {name: getattr(activity, name) for name in ACTIVITY_KEPT}


def save(case: Case, was: dict[str, Any], *, at: datetime, touch: bool = True) -> dict[str, list[Any]]:
    """Save what differs from `was`; returns {column: [was, now]}, ready for JSON. Saves nothing for nothing."""
    changed = {
        name: [plain(old), plain(getattr(case, name))] for name, old in was.items() if getattr(case, name) != old
    }
    if not changed:
        return {}
    case.version += 1
    if touch and at > case.last_activity_at:
        case.last_activity_at = at
    fields = [name.removesuffix("_id") if name.endswith("_id") else name for name in changed]
    case.save(update_fields=[*fields, "version", "last_activity_at", "next_step_on", "first_closed_at"])
    if "description" in changed:
        index([case])
    return changed


def touch(case: Case, at: datetime) -> None:
    """Something was added to the case: it moves up in the lists. No new version: nothing on it was edited."""
    if at > case.last_activity_at:
        case.last_activity_at = at
        case.save(update_fields=["last_activity_at"])


def refresh_next_step(case: Case) -> None:
    """The earliest planned day of the case. Derived; called by whatever plans, moves or finishes."""
    day = None
    if not case.is_closed:
        day = (
            Activity.objects.planned()
            .filter(case=case, deleted_at__isnull=True)
            .aggregate(Min("due_on"))["due_on__min"]
        )
    if day != case.next_step_on:
        case.next_step_on = day
        case.save(update_fields=["next_step_on"])


def undo_fields(
    changes: Iterable[tuple[Case, dict[str, list[Any]]]],
    *,
    by: "User | None",
    at: datetime,
    label: str,
    activities: Iterable[int] = (),
    tags: Iterable[tuple[int, list[int], list[int]]] = (),
) -> int | None:
    """Remember how to set cases back; one row for all of them. Returns the id of the undo, if there is one."""
    changes = [(case, changed) for case, changed in changes if changed or tags]
    if not changes:
        return None
    undo = remember_undo(
        "case.fields",
        office_id=changes[0][0].office_id,
        by=by,
        at=at,
        label=label,
        payload={
            "cases": [[case.pk, changed] for case, changed in changes],
            "activities": list(activities),
            "tags": [list(entry) for entry in tags],
        },
    )
    return undo.pk if undo else None


def plain(value: Any) -> Any:
    """A value as JSON keeps it; moments in UTC, as the database gives them back."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value
