"""How what is done at the desk is taken back. Registered by the app when it is ready."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from wardbook.desk import events
from wardbook.desk.models import SavedView
from wardbook.journal.actions import record
from wardbook.journal.inverses import inverse
from wardbook.journal.models import Undo
from wardbook.lib.rules import RuleBroken

if TYPE_CHECKING:
    from wardbook.accounts.models import User


@inverse("view.return")
def put_view_back(undo: Undo, by: "User", at: datetime) -> str:
    """A deleted view is there again, unless its name was given anew."""
    kept = dict(undo.payload)
    created_at = parse_datetime(kept.pop("created_at")) or at
    if SavedView.objects.filter(office_id=undo.office_id, owner=by, name=kept["name"]).exists():
        raise RuleBroken(_("You have another view of this name now."))
    view = SavedView.objects.create(office_id=undo.office_id, owner=by, created_at=created_at, **kept)
    record(events.VIEW_SAVED, about=view, by=by, at=at, undo=undo.pk)
    return _("Undone: %(what)s") % {"what": undo.label}
