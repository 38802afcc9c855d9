"""What has a value of a list takes another: open cases and planned work, after a merge (S4.15)."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F

from wardbook.cases import events
from wardbook.cases.models import Activity, Case, CaseTag, Party
from wardbook.journal.actions import Line, record_many
from wardbook.vocabulary.models import ActivityType, Category, PartyRole, ServiceType, Status, SubType, Tag, Value

if TYPE_CHECKING:
    from wardbook.accounts.models import User


def move_open(value: Value, into: Value, *, by: "User | None", at: datetime) -> int:
    """Have open cases take `into` where they have `value`. Returns how many changed.

    One line of the journal for each case, one query for all. What is closed or done keeps what it had.
    """
    opened = Case.objects.filter(office_id=value.office_id, deleted_at__isnull=True).open()
    if isinstance(value, ActivityType):
        planned = Activity.objects.filter(office_id=value.office_id, deleted_at__isnull=True).planned()
        return planned.filter(type=value).update(type=into, version=F("version") + 1)
    if isinstance(value, Tag):
        return _move_tag(value, into, opened, by=by, at=at)
    if isinstance(value, PartyRole):
        return _move_role(value, into, opened)
    column = next(
        (field.name for field in Case._meta.get_fields() if field.is_relation and field.related_model is type(value)),
        None,
    )
    if column is None:
        return 0
    cases = list(opened.filter(**{column: value.pk}).select_for_update())
    if not cases:
        return 0
    new: dict[str, Any] = {column: into, **_above(into)}
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(**new, version=F("version") + 1)
    facts: dict[str, Any] = {"fields": [f"{column}_id"], "changes": {f"{column}_id": [value.pk, into.pk]}}
    name = events.EDITED
    if isinstance(value, Status):
        name, facts = events.STATUS_CHANGED, {"was": value.pk, "now": into.pk, "review_on": None}
    record_many([Line(name, case, facts) for case in cases], by=by, at=at)
    return len(cases)


def _above(into: Value) -> dict[str, Any]:
    """The values that stand over a new one in its tree, so that a case never contradicts itself."""
    if isinstance(into, ServiceType):
        return {"category": into.category, "policy_area": into.category.policy_area}
    if isinstance(into, Category):
        return {"policy_area": into.policy_area}
    return {"case_type": into.case_type} if isinstance(into, SubType) else {}


def _move_tag(value: Tag, into: Value, opened: Any, *, by: "User | None", at: datetime) -> int:
    rows = CaseTag.objects.filter(tag=value, case__in=opened)
    cases = list(opened.filter(pk__in=rows.values("case")).select_for_update())
    both = set(CaseTag.objects.filter(tag_id=into.pk, case__in=cases).values_list("case_id", flat=True))
    CaseTag.objects.filter(tag=value, case_id__in=both).delete()
    CaseTag.objects.filter(tag=value, case__in=cases).update(tag_id=into.pk)
    lines = [Line(events.TAGGED, case, {"added": [into.pk], "removed": [value.pk]}) for case in cases]
    record_many(lines, by=by, at=at)
    return len(cases)


def _move_role(value: PartyRole, into: Value, opened: Any) -> int:
    rows = Party.objects.filter(role=value, case__in=opened)
    moved = 0
    for party in rows:
        same: dict[str, Any] = {"contact_id": party.contact_id, "user_id": party.user_id, "until__isnull": True}
        if party.until is None and Party.objects.filter(case_id=party.case_id, role_id=into.pk, **same).exists():
            continue
        party.role_id = into.pk
        party.save(update_fields=["role"])
        moved += 1
    return moved
