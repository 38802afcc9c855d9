"""What was written down before there was a case becomes one: entries without a case, a note on a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import ngettext

from wardbook.cases import gate
from wardbook.cases.actions.activities import file_on_case
from wardbook.cases.actions.opening import open_case
from wardbook.cases.actions.planning import FollowUp
from wardbook.cases.models import Activity, Case
from wardbook.contacts.actions import note_became_case
from wardbook.contacts.models import ContactNote
from wardbook.journal.actions import as_one, gathering
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.accounts.models import User


@transaction.atomic
def entries_become_case(
    office: Office, entries: Sequence[Activity], *, description: str, by: "User", at: datetime
) -> Case:
    """A case of whoever opens it, with what the entries say of themselves, and the entries on it (S3.8).

    Raises RuleBroken if the office asks for more before a case is opened, or an entry is on a case already.
    """

    def first(name: str) -> Any:
        return next((value for entry in entries if (value := getattr(entry, name)) is not None), None)

    # Topic and category of one and the same entry: they belong together.
    topic = next((entry for entry in entries if entry.policy_area_id), None)
    contact = first("contact")
    with gathering() as undos:
        case = open_case(
            office,
            description=description,
            constituent=contact,
            kind=Case.Kind.CASEWORK if contact else Case.Kind.INTERNAL,
            owner=by,
            contact_type=first("contact_type"),
            policy_area=topic.policy_area if topic else None,
            category=topic.category if topic else None,
            tags=list(dict.fromkeys(tag for entry in entries for tag in entry.tags.all())),
            by=by,
            at=at,
        )
        gate.check_opening(case)
        file_on_case(entries, case, by=by, at=at)
    label = ngettext("%(case)s opened with %(count)d entry", "%(case)s opened with %(count)d entries", len(entries))
    as_one(undos, label=label % {"case": case.reference, "count": len(entries)})
    return case


@transaction.atomic
def note_becomes_case(note: ContactNote, *, owner: "User | None", by: "User", at: datetime) -> Case:
    """Its line is what the case is about, its text the details; whoever owns it follows up as the office does first.

    Raises RuleBroken if the note is a case already, or the office asks for more before a case is opened.
    """
    office, today = note.office, note.office.local_date(at)
    due_on = office.follows_up_on(today)
    case = open_case(
        office,
        description=note.description,
        notes=note.text,
        constituent=note.contact,
        owner=owner,
        follow_up=FollowUp(note.description, due_on, owner) if owner else None,
        by=by,
        at=at,
    )
    gate.check_opening(case)
    note_became_case(note, case.pk, by=by, at=at)
    return case
