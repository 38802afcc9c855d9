"""Notes: for the office, or for everybody on the case. Two functions, two tables, no switch between them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.cases import events, readers
from wardbook.cases.actions import saving
from wardbook.cases.models import Case, CaseNote, InternalNote, NoteRevision
from wardbook.journal.actions import record
from wardbook.lib.rules import RuleBroken

if TYPE_CHECKING:
    from wardbook.accounts.models import User

EDITABLE_FOR = timedelta(minutes=15)


@transaction.atomic
def add_internal_note(
    case: Case, *, text: str, by: "User", at: datetime, mentions: "Iterable[User]" = ()
) -> InternalNote:
    """A note for the office only (S1.33). Of those mentioned, who may read it finds it on Home."""
    case = saving.locked(case)
    text = text.strip()
    if not text:
        raise RuleBroken(_("Write the note first."))
    note = InternalNote.objects.create(case=case, text=text, by=by, at=at)
    wanted = {user.pk for user in mentions}
    can_read = (
        [member for member in readers.who_can_see(case) if member.can("cases.notes.internal")] if wanted else []
    )
    mentioned = sorted(member.user_id for member in can_read if member.user_id in wanted)
    note.mentions.set(mentioned)
    saving.touch(case, at)
    record(events.NOTE_ADDED, about=case, by=by, at=at, note=note.pk, mentions=mentioned)
    return note


@transaction.atomic
def edit_internal_note(note: InternalNote, *, text: str, by: "User", at: datetime) -> InternalNote:
    """The author corrects a note within 15 minutes; what it said before is kept (S1.33)."""
    saving.locked(note.case)
    note = InternalNote.objects.select_for_update().get(pk=note.pk)
    text = text.strip()
    if note.by_id != by.pk:
        raise RuleBroken(_("Only %(name)s can edit this note.") % {"name": note.by})
    if at - note.at > EDITABLE_FOR:
        raise RuleBroken(_("A note can be edited for 15 minutes. Add another one."))
    if not text:
        raise RuleBroken(_("Write the note first."))
    if text != note.text:
        NoteRevision.objects.create(note=note, text=note.text, replaced_at=at)
        note.text, note.edited_at = text, at
        note.save(update_fields=["text", "edited_at"])
        record(events.NOTE_EDITED, about=note.case, by=by, at=at, note=note.pk)
    return note


@transaction.atomic
def add_case_note(case: Case, *, text: str, by: "User", at: datetime) -> CaseNote:
    """A note that everybody with access to the case sees, the Councillor too (S5.7)."""
    case = saving.locked(case)
    text = text.strip()
    if not text:
        raise RuleBroken(_("Write the note first."))
    if case.is_closed:
        raise RuleBroken(_("This case is closed. Reopen it to add a note for everybody on it."))
    note = CaseNote.objects.create(case=case, text=text, by=by, at=at)
    saving.touch(case, at)
    record(events.CASE_NOTE_ADDED, about=case, by=by, at=at, note=note.pk)
    return note
