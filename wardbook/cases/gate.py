"""Classification that must be there before a case passes the gate (S4.13)."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wardbook.cases.models import Case
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import FieldUse, Office

LABELS: dict[str, Any] = {
    "kind": _("Kind"),
    "case_type": _("Case type"),
    "policy_area": _("Policy area"),
    "category": _("Category"),
    "service_type": _("Service type"),
    "case_code": _("Case code"),
    "contact_type": _("How it came"),
    "tags": _("Tags"),
    "priority": _("Priority"),
}


def uses(office: Office) -> dict[str, str]:
    """Field to hidden, shown or required, as the office has set it. One query."""
    known = {row.field: row.use for row in FieldUse.objects.filter(office=office)}
    return {field: known.get(field, FieldUse.Use.SHOWN) for field in LABELS}


def missing(case: Case) -> list[str]:
    """The fields that the office requires and the case does not have. Internal cases owe nothing."""
    if case.kind == Case.Kind.INTERNAL:
        return []
    required = [field for field, use in uses(case.office).items() if use == FieldUse.Use.REQUIRED]
    return [field for field in required if not _has(case, field)]


def check_opening(case: Case) -> None:
    """Refuse a new case without what the office asks for, where it asks for it at the start. Raises RuleBroken."""
    if case.office.gate != "create":
        return
    if fields := missing(case):
        names = ", ".join(str(LABELS[field]) for field in fields)
        raise RuleBroken(
            _t("Your office asks for this before a case is opened: %(names)s. Use “New case”, which asks for it.")
            % {"names": names}
        )


def _has(case: Case, field: str) -> bool:
    if field == "tags":
        return case.case_tags.exists()
    if field == "priority":
        return case.priority > 0
    if field == "kind":
        return True
    return getattr(case, f"{field}_id") is not None
