"""Who wrote a message becomes somebody the office knows, when a person says so."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from wardbook.contacts import actions as contact_actions
from wardbook.contacts.models import Contact
from wardbook.contacts.naming import take_apart
from wardbook.correspondence import senders
from wardbook.correspondence.models import Message
from wardbook.lib.rules import RuleBroken

if TYPE_CHECKING:
    from wardbook.accounts.models import User


def sender_known(message: Message, *, by: "User | None", at: datetime) -> Contact | None:
    """The sender as a contact: the one with the address or handle, or a new one. None where nothing is said of them.

    Never the other addresses of a mail (B12). Raises RuleBroken where several people share the address.
    """
    writer = senders.writer_of(message)
    known = senders.people_of(message)
    if len(known) > 1:
        raise RuleBroken(_("Several people share this address. Choose who wrote."))
    if known:
        return known[0]
    points: dict[str, Any] = {}
    if writer.kind == "email":
        points = {"emails": [writer.address]}
    elif writer.kind == "social":
        points = {"socials": [(writer.address, message.get_network_display())]}
    elif not writer.name:
        return None
    name = take_apart(writer.name if "@" not in writer.name else "")
    if not name.family_name:
        name = name._replace(family_name=writer.address.lstrip("@").partition("@")[0])
    return contact_actions.add_contact(message.office, by=by, at=at, **points, **name._asdict())
