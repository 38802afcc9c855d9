"""The bin: 30 days to change one's mind (S1.25)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.cases import events
from wardbook.cases.actions import saving
from wardbook.cases.models import Case, Document
from wardbook.journal.actions import record, remember_undo
from wardbook.lib.rules import RuleBroken

if TYPE_CHECKING:
    from wardbook.accounts.models import User

KEPT_FOR = timedelta(days=30)


@transaction.atomic
def delete(case: Case, *, by: "User", at: datetime) -> Case:
    """Put a case into the bin. Its contact stays; it can be restored for 30 days."""
    case = saving.locked(case)
    was = saving.state(case)
    case.deleted_at, case.deleted_by = at, by
    saving.save(case, was, at=at, touch=False)
    record(events.DELETED, about=case, by=by, at=at)
    label = _("%(case)s moved to the bin") % {"case": case.reference}
    remember_undo("case.restore", office_id=case.office_id, by=by, at=at, label=label, payload={"cases": [case.pk]})
    return case


@transaction.atomic
def restore(case: Case, *, by: "User | None", at: datetime) -> Case:
    """Take a case out of the bin, with everything on it."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.deleted_at is None:
        raise RuleBroken(_("This case is not in the bin."))
    was = saving.state(case)
    case.deleted_at, case.deleted_by = None, None
    saving.save(case, was, at=at, touch=False)
    record(events.RESTORED, about=case, by=by, at=at)
    return case


@transaction.atomic
def purge(case: Case, *, at: datetime) -> list[str]:
    """Remove a case that has been in the bin for 30 days. Only its lines in the journal remain.

    Returns the storage keys of its files, for the caller to remove once this is committed.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.deleted_at is None or case.deleted_at + KEPT_FOR > at:
        raise RuleBroken(_("A case is removed after 30 days in the bin."))
    keys = list(Document.objects.filter(case=case).values_list("storage_key", flat=True))
    record(events.PURGED, about=case, by=None, at=at, files=len(keys))
    case.delete()
    return keys
