"""How the acts on contacts are taken back. Registered by the app when it is ready."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from wardbook.contacts.actions.people import edit_contact, plain_state, restore_contact
from wardbook.contacts.models import Contact
from wardbook.journal.inverses import inverse
from wardbook.journal.models import Undo
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Ward

if TYPE_CHECKING:
    from wardbook.accounts.models import User


@inverse("contact.fields")
def set_back(undo: Undo, by: "User", at: datetime) -> str:
    """Give a contact what it had, unless somebody changed it later."""
    contact = Contact.objects.select_for_update().get(pk=undo.payload["contact"])
    now, changed = plain_state(contact), undo.payload["changed"]
    if any(now[name] != new for name, (_old, new) in changed.items()):
        raise RuleBroken(_("%(name)s was changed later, so this cannot be undone.") % {"name": contact})
    edit_contact(contact, by=by, at=at, **{name: _as_it_was(name, old) for name, (old, _new) in changed.items()})
    return _("Undone: %(what)s") % {"what": undo.label}


@inverse("contact.restore")
def bring_back(undo: Undo, by: "User", at: datetime) -> str:
    """A deleted contact is there again."""
    restore_contact(Contact.objects.get(pk=undo.payload["contact"]), by=by, at=at)
    return _("Undone: %(what)s") % {"what": undo.label}


def _as_it_was(name: str, value: Any) -> Any:
    if value is None or isinstance(value, list):
        return value
    if name == "ward":
        return Ward.objects.get(pk=value)
    return date.fromisoformat(value) if name in ("deceased_on", "warning_review_on") else value
