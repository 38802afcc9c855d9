"""Changing what a case says."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.cases import events
from wardbook.cases.actions import saving
from wardbook.cases.actions.access import restrict
from wardbook.cases.actions.saving import same_office
from wardbook.cases.models import Case, CaseTag, Priority
from wardbook.contacts.models import Contact
from wardbook.journal.actions import record
from wardbook.lib.rules import RuleBroken
from wardbook.vocabulary.models import Tag

if TYPE_CHECKING:
    from wardbook.accounts.models import User

EDITABLE = frozenset(
    {
        "kind",
        "description",
        "notes",
        "constituent",
        "is_anonymous",
        "requester",
        "representative",
        "case_type",
        "sub_type",
        "case_code",
        "policy_area",
        "category",
        "service_type",
        "contact_type",
        "opened_on",
        "priority",
    }
)


@transaction.atomic
def edit(case: Case, *, by: "User | None", at: datetime, seen: int | None = None, **values: Any) -> Case:
    """Change fields of a case. The tree stays consistent: a category brings its policy area and drops a service
    type of another; a case type drops a sub-type of another (S2.10). No change writes nothing (S2.14).

    Raises Stale if somebody saved since version `seen`, RuleBroken for a future open date or another office's
    value, ValueError for a field that is not editable here.
    """
    case = saving.locked(case)
    saving.same_version(case, seen)
    was = saving.state(case)
    put(case, values, at=at)
    changed = saving.save(case, was, at=at)
    if not changed:
        return case
    if "opened_on" in changed:
        CaseTag.objects.filter(case=case).update(opened_on=case.opened_on)
    record_edit(case, changed, by=by, at=at)
    label = _("%(case)s edited") % {"case": case.reference}
    saving.undo_fields([(case, changed)], by=by, at=at, label=label)
    if "case_type_id" in changed and case.case_type is not None and case.case_type.restricts and by is not None:
        case = restrict(case, by=by, at=at)
    return case


@transaction.atomic
def set_priority(case: Case, priority: int, *, by: "User | None", at: datetime, seen: int | None = None) -> Case:
    """None, Low, Medium or High (S1.23)."""
    if priority not in Priority.values:
        raise RuleBroken(_("Choose None, Low, Medium or High."))
    case = saving.locked(case)
    saving.same_version(case, seen)
    was = saving.state(case)
    case.priority = priority
    changed = saving.save(case, was, at=at)
    if changed:
        record(events.PRIORITY_CHANGED, about=case, by=by, at=at, was=was["priority"], now=priority)
        label = _("%(case)s: priority %(priority)s") % {
            "case": case.reference,
            "priority": Priority(priority).label,
        }
        saving.undo_fields([(case, changed)], by=by, at=at, label=label)
    return case


@transaction.atomic
def set_tags(case: Case, tags: Iterable[Tag], *, by: "User | None", at: datetime) -> Case:
    """Have exactly these tags on a case."""
    case = saving.locked(case)
    added, removed = put_tags(case, tags, by=by, at=at)
    if not added and not removed:
        return case
    label = _("%(case)s: tags changed") % {"case": case.reference}
    saving.undo_fields([(case, {})], by=by, at=at, label=label, tags=[(case.pk, added, removed)])
    return case


@transaction.atomic
def wait_on(
    case: Case,
    who: str,
    *,
    by: "User | None",
    at: datetime,
    agency: Contact | None = None,
    seen: int | None = None,
) -> Case:
    """Say who must act next, or nobody with "" (E12)."""
    case = saving.locked(case)
    saving.same_version(case, seen)
    same_office(case.office, agency)
    was = saving.state(case)
    case.wait_on(who, agency=agency, today=case.office.local_date(at))
    changed = saving.save(case, was, at=at)
    if changed:
        record(
            events.WAITING,
            about=case,
            by=by,
            at=at,
            was=was["waiting_on"],
            now=who,
            agency=case.waiting_agency_id,
        )
        label = _("%(case)s: waiting on changed") % {"case": case.reference}
        saving.undo_fields([(case, changed)], by=by, at=at, label=label)
    return case


@transaction.atomic
def set_deadline(
    case: Case,
    day: date | None,
    *,
    by: "User | None",
    at: datetime,
    reason: str = "",
    seen: int | None = None,
) -> Case:
    """The day after which it is too late: an eviction, a hearing, a removal (E15)."""
    case = saving.locked(case)
    saving.same_version(case, seen)
    was = saving.state(case)
    case.deadline_on, case.deadline_reason = day, reason.strip()[:120] if day else ""
    changed = saving.save(case, was, at=at)
    if changed:
        record(events.DEADLINE_SET, about=case, by=by, at=at, now=day.isoformat() if day else None)
        label = _("%(case)s: deadline changed") % {"case": case.reference}
        saving.undo_fields([(case, changed)], by=by, at=at, label=label)
    return case


def put(case: Case, values: dict[str, Any], *, at: datetime) -> None:
    """Put values on a held case, keeping its tree of topics consistent. The caller saves."""
    if unknown := values.keys() - EDITABLE:
        raise ValueError(f"Not editable here: {', '.join(sorted(unknown))}")
    same_office(case.office, *values.values())
    if values.get("opened_on") and values["opened_on"] > case.office.local_date(at):
        raise RuleBroken(_("The open date cannot be in the future."))
    if values.get("opened_on") and case.closed_on and values["opened_on"] > case.closed_on:
        raise RuleBroken(_("The case was closed before that day."))
    if "description" in values:
        values["description"] = " ".join(str(values["description"]).split())
        if not values["description"]:
            raise RuleBroken(_("Say in a few words what it is about."))
    for name, value in values.items():
        setattr(case, name, value)
    _keep_tree(case, values)


def put_tags(case: Case, tags: Iterable[Tag], *, by: "User | None", at: datetime) -> tuple[list[int], list[int]]:
    """Have exactly these tags on a held case, and say so in the journal. Returns (added, removed)."""
    wanted = {tag.pk: tag for tag in tags}
    same_office(case.office, *wanted.values())
    known = set(CaseTag.objects.filter(case=case).values_list("tag_id", flat=True))
    added, removed = sorted(wanted.keys() - known), sorted(known - wanted.keys())
    if added or removed:
        CaseTag.objects.filter(case=case, tag_id__in=removed).delete()
        CaseTag.objects.bulk_create(
            CaseTag(office_id=case.office_id, case=case, tag_id=pk, opened_on=case.opened_on) for pk in added
        )
        saving.touch(case, at)
        record(events.TAGGED, about=case, by=by, at=at, added=added, removed=removed)
    return added, removed


def record_edit(case: Case, changed: dict[str, list[Any]], *, by: "User | None", at: datetime) -> None:
    """Say in the journal which fields changed, and from what to what where that is an id, a code or a day."""
    free_text = {"description", "notes", "outcome_note", "deadline_reason"}
    changes = {name: pair for name, pair in changed.items() if name not in free_text}
    record(events.EDITED, about=case, by=by, at=at, fields=sorted(changed), changes=changes)


def _keep_tree(case: Case, values: dict[str, Any]) -> None:
    if "category" in values and case.category is not None:
        case.policy_area = case.category.policy_area
    elif case.category is not None and case.category.policy_area_id != case.policy_area_id:
        case.category = None
    if case.service_type is not None and case.service_type.category_id != case.category_id:
        case.service_type = None
    if case.sub_type is not None and case.sub_type.case_type_id != case.case_type_id:
        case.sub_type = None
