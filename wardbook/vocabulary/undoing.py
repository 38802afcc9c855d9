"""How the acts on lists are taken back. Registered by the app when it is ready."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wardbook.journal.inverses import inverse
from wardbook.journal.models import Undo
from wardbook.lib.rules import RuleBroken
from wardbook.vocabulary import actions
from wardbook.vocabulary.models import LISTS, Value

if TYPE_CHECKING:
    from wardbook.accounts.models import User


@inverse("vocabulary.edit")
def set_back(undo: Undo, by: "User", at: datetime) -> str:
    """A value is called and described as before, unless somebody changed the same later."""
    value, changed = _value(undo), undo.payload["changed"]
    if any(getattr(value, field) != new for field, (_old, new) in changed.items()):
        raise RuleBroken(_("“%(name)s” was changed later, so this cannot be undone.") % {"name": value.name})
    # The key of a tag follows from its name.
    before = {field: old for field, (old, _new) in changed.items() if field != "key"}
    actions.edit_value(value, by=by, at=at, **before)
    return _("Undone: %(what)s") % {"what": undo.label}


@inverse("vocabulary.bring_back")
def unretire(undo: Undo, by: "User", at: datetime) -> str:
    """A retired value may be chosen again."""
    actions.bring_back(_value(undo), by=by, at=at)
    return _("Undone: %(what)s") % {"what": undo.label}


@inverse("vocabulary.unmerge")
def part(undo: Undo, by: "User", at: datetime) -> str:
    """Two values that were made one are two again."""
    actions.unmerge(_value(undo), by=by, at=at)
    return _("Undone: %(what)s") % {"what": undo.label}


def _value(undo: Undo) -> Value:
    model = LISTS[undo.payload["list"]]
    return model._default_manager.get(pk=undo.payload["value"], office_id=undo.office_id)
