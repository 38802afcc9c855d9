"""The parts of the area that an office serves."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.accounts.models import User
from wardbook.journal.actions import record
from wardbook.lib.rules import RuleBroken
from wardbook.offices import events
from wardbook.offices.models import Office, Ward


@transaction.atomic
def add_ward(office: Office, *, name: str, code: str = "", by: User | None, at: datetime) -> Ward:
    """One more ward. Raises RuleBroken for no name or one that is taken."""
    ward = Ward(office=office, name=name.strip(), code=code.strip())
    _refuse(ward)
    ward.save(force_insert=True)
    record(events.WARD_ADDED, about=ward, by=by, at=at)
    return ward


@transaction.atomic
def change_ward(ward: Ward, *, name: str, code: str, by: User | None, at: datetime) -> Ward:
    """Another name or official code; it stays the same ward, on all that lies in it. Raises RuleBroken."""
    ward = _locked(ward)
    new = {"name": name.strip(), "code": code.strip()}
    changed = sorted(field for field, value in new.items() if getattr(ward, field) != value)
    if not changed:
        return ward
    for field in changed:
        setattr(ward, field, new[field])
    _refuse(ward)
    ward.save(update_fields=changed)
    record(events.WARD_CHANGED, about=ward, by=by, at=at, fields=changed)
    return ward


@transaction.atomic
def retire_ward(ward: Ward, *, by: User | None, at: datetime) -> Ward:
    """Nobody can choose the ward any more; who lies in it stays there until a new table says otherwise."""
    ward = _locked(ward)
    if ward.retired_at is None:
        ward.retired_at = at
        ward.save(update_fields=["retired_at"])
        record(events.WARD_RETIRED, about=ward, by=by, at=at)
    return ward


@transaction.atomic
def restore_ward(ward: Ward, *, by: User | None, at: datetime) -> Ward:
    """The ward can be chosen again."""
    ward = _locked(ward)
    if ward.retired_at is not None:
        ward.retired_at = None
        ward.save(update_fields=["retired_at"])
        record(events.WARD_RESTORED, about=ward, by=by, at=at)
    return ward


def _refuse(ward: Ward) -> None:
    if not ward.name:
        raise RuleBroken(_("Enter the name of the ward."))
    same = Ward.objects.filter(office=ward.office, name__iexact=ward.name).exclude(pk=ward.pk).first()
    if same is not None and same.retired_at:
        raise RuleBroken(_("%(ward)s is retired. Bring it back instead.") % {"ward": same.name})
    if same is not None:
        raise RuleBroken(_("There is a ward of this name already."))


def _locked(ward: Ward) -> Ward:
    return Ward.objects.select_for_update(of=("self",)).select_related("office").get(pk=ward.pk)
