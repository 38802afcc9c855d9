"""Who has an item of the Inbox on the screen, and what becomes of mail that nobody could read."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from wardbook.correspondence import events
from wardbook.correspondence.models import Delivery, InboxVisit, Message
from wardbook.journal.actions import record

if TYPE_CHECKING:
    from wardbook.accounts.models import User


def look_at(message: Message, *, by: "User", at: datetime) -> None:
    """This person looks at it now."""
    if not InboxVisit.objects.filter(message=message, user=by).update(seen_at=at):
        InboxVisit.objects.get_or_create(message=message, user=by, defaults={"seen_at": at})


@transaction.atomic
def settle(delivery: Delivery, *, by: "User", at: datetime) -> None:
    """Somebody has looked at a mail that could not be read. It is off the list; its bytes stay."""
    if Delivery.objects.filter(pk=delivery.pk, settled_at__isnull=True).update(settled_at=at):
        record(events.DELIVERY_SETTLED, about=delivery.mailbox, by=by, at=at, delivery=delivery.pk)


@transaction.atomic
def note_pictures(message: Message, *, asked: int, shown: int, by: "User", at: datetime) -> None:
    """Somebody asked for the pictures from outside: from now on the sender may know that it is read."""
    record(events.PICTURES_SHOWN, about=message, by=by, at=at, asked=asked, shown=shown)
