"""Notes on a contact: worth knowing, with no workflow (S2.3)."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.contacts import events
from wardbook.contacts.actions import saving
from wardbook.contacts.models import Contact, ContactNote
from wardbook.journal.actions import record
from wardbook.lib.rules import RuleBroken
from wardbook.vocabulary.models import NoteCode

if TYPE_CHECKING:
    from wardbook.accounts.models import User


@transaction.atomic
def add_note(
    contact: Contact,
    *,
    description: str,
    by: "User",
    at: datetime,
    text: str = "",
    code: NoteCode | None = None,
    noted_on: date | None = None,
) -> ContactNote:
    """Keep something worth knowing. Raises RuleBroken without a line, or for a day to come."""
    saving.same_office(contact, code)
    description = " ".join(description.split())[:200]
    if not description:
        raise RuleBroken(_("Say it in one line first."))
    today = contact.office.local_date(at)
    noted_on = noted_on or today
    if noted_on > today:
        raise RuleBroken(_("A note cannot be from a day to come."))
    note = ContactNote.objects.create(
        office_id=contact.office_id,
        contact=contact,
        noted_on=noted_on,
        code=code,
        description=description,
        text=text.strip(),
        by=by,
        at=at,
    )
    record(events.NOTE_ADDED, about=note, by=by, at=at, contact=contact.pk, code=code.pk if code else None)
    return note


@transaction.atomic
def note_became_case(note: ContactNote, case_id: int, *, by: "User", at: datetime) -> ContactNote:
    """Remember which case a note was turned into. Raises RuleBroken if it is one already."""
    note = ContactNote.objects.select_for_update().get(pk=note.pk)
    if note.case_id is not None:
        raise RuleBroken(_("This note was turned into a case already."))
    note.case_id = case_id
    note.save(update_fields=["case_id"])
    record(events.NOTE_BECAME_CASE, about=note, by=by, at=at, contact=note.contact_id)
    return note
