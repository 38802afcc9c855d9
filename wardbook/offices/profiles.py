"""What an office of each kind starts with: words, and which fields of a case are shown or required (C10).

A preset and no more: from then on the office changes what it likes.
"""

from typing import NamedTuple

from wardbook.offices.models import FieldUse, Office

HIDDEN, SHOWN, REQUIRED = FieldUse.Use.HIDDEN, FieldUse.Use.SHOWN, FieldUse.Use.REQUIRED


class Start(NamedTuple):
    """The presets of one profile."""

    case_label: Office.CaseLabel
    fields: dict[str, FieldUse.Use]
    has_triage: bool = False


# features.md 2, "Field profile matrix".
STARTS: dict[str, Start] = {
    Office.Profile.REPRESENTATIVE: Start(
        Office.CaseLabel.CASE,
        {
            "kind": REQUIRED,
            "case_type": SHOWN,
            "policy_area": REQUIRED,
            "category": REQUIRED,
            "service_type": HIDDEN,
            "case_code": HIDDEN,
            "contact_type": REQUIRED,
            "tags": SHOWN,
            "priority": SHOWN,
        },
    ),
    Office.Profile.CONSTITUENCY: Start(
        Office.CaseLabel.TICKET,
        {
            "kind": SHOWN,
            "case_type": REQUIRED,
            "policy_area": HIDDEN,
            "category": HIDDEN,
            "service_type": HIDDEN,
            "case_code": SHOWN,
            "contact_type": SHOWN,
            "tags": SHOWN,
            "priority": SHOWN,
        },
    ),
    Office.Profile.COUNCIL: Start(
        Office.CaseLabel.CASE,
        {
            "kind": HIDDEN,
            "case_type": HIDDEN,
            "policy_area": REQUIRED,
            "category": REQUIRED,
            "service_type": REQUIRED,
            "case_code": HIDDEN,
            "contact_type": HIDDEN,
            "tags": SHOWN,
            "priority": SHOWN,
        },
        has_triage=True,
    ),
    Office.Profile.AGENCY: Start(
        Office.CaseLabel.CASE,
        {
            "kind": HIDDEN,
            "case_type": REQUIRED,
            "policy_area": SHOWN,
            "category": SHOWN,
            "service_type": SHOWN,
            "case_code": HIDDEN,
            "contact_type": REQUIRED,
            "tags": SHOWN,
            "priority": REQUIRED,
        },
    ),
    Office.Profile.OUTREACH: Start(
        Office.CaseLabel.ISSUE,
        {
            "kind": HIDDEN,
            "case_type": HIDDEN,
            "policy_area": HIDDEN,
            "category": HIDDEN,
            "service_type": HIDDEN,
            "case_code": HIDDEN,
            "contact_type": HIDDEN,
            "tags": SHOWN,
            "priority": SHOWN,
        },
    ),
}

FIELDS = tuple(STARTS[Office.Profile.REPRESENTATIVE].fields)
