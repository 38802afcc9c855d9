"""Mail of ours that came back: shown on the message, noted on the address, given to its sender as work (R31)."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from wardbook.cases.models import Case
from wardbook.correspondence import events, tokens, writing
from wardbook.correspondence.actions import failing
from wardbook.correspondence.mime.model import FailedRecipient, ParsedMail
from wardbook.correspondence.models import AddressTrouble, Dispatch, Message, MessageAddress
from wardbook.journal.actions import record
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.accounts.models import User

_MAY_COME_BACK = (
    Message.State.SENT,
    Message.State.UNCERTAIN,
    Message.State.LEASED,
    Message.State.QUEUED,
    Message.State.BOUNCED,
)
_LOOKED_AT = 20


def message_of(mail: ParsedMail, *, office_id: int, came_to: Iterable[str] = ()) -> Message | None:
    """Which of our messages a bounce is about: by the Message-ID it quotes, by the address it came to (VERP), by the
    ids it names. Only under our own seal, and only of this office: nobody can make one up."""
    named = mail.bounce.original_message_id if mail.bounce else ""
    addressed = [*came_to, *mail.delivered_to, *(one.address for one in mail.to)]
    for text in [named, *addressed[:_LOOKED_AT], mail.in_reply_to or "", *mail.references[:_LOOKED_AT]]:
        pk = tokens.read_token(text) if text else None
        found = Message.objects.outgoing().filter(office_id=office_id, pk=pk).first() if pk is not None else None
        if found is not None:
            return found
    return None


@transaction.atomic
def bounced(mail: ParsedMail, *, office_id: int, at: datetime, came_to: Iterable[str] = ()) -> Message | None:
    """Note that a message of ours came back, or is late. Returns that message; None where it is not known.

    A second report about the same address changes nothing. A report of delay (4.x.x) is only noted.
    """
    message = message_of(mail, office_id=office_id, came_to=came_to)
    if message is None or mail.bounce is None:
        return None
    message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    rows = list(MessageAddress.objects.filter(message=message))
    back: list[str] = []
    why = ""
    for failed in mail.bounce.recipients or (FailedRecipient("", "", "", permanent=True),):
        for row in _rows_of(failed, rows):
            said = " ".join(f"{failed.status} {failed.diagnostic}".split())[:300]
            if not failed.permanent:
                MessageAddress.objects.filter(pk=row.pk, state__in=["", "accepted"]).update(answer=said)
                continue
            changed = MessageAddress.objects.filter(pk=row.pk).exclude(state=MessageAddress.State.BOUNCED)
            if changed.update(state=MessageAddress.State.BOUNCED, answer=said):
                back.append(row.address)
                why = why or _reason(failed.status, message.office)
                _note_trouble(row.address, failed, message, at)
    if back and message.state in _MAY_COME_BACK:
        _come_back(message, back, why, at)
    return message


@transaction.atomic
def clear_addresses(office: Office, keys: Collection[str], *, by: "User", at: datetime) -> None:
    """Somebody says that addresses from which mail came back are right: nobody is asked again until it comes back."""
    known = AddressTrouble.objects.select_for_update().filter(office=office, address__in=keys, cleared_at=None)
    for trouble in known.order_by("pk"):
        trouble.cleared_at = at
        trouble.save(update_fields=["cleared_at"])
        record(events.ADDRESS_CLEARED, about=trouble, by=by, at=at)


def _rows_of(failed: FailedRecipient, rows: list[MessageAddress]) -> list[MessageAddress]:
    """The addresses a report is about. One without an address, or about where ours was forwarded to, is about the
    only one there is."""
    found = [row for row in rows if failed.address and writing.same_address(row.address, failed.address)]
    return found or (rows if len(rows) == 1 else [])


def _come_back(message: Message, back: list[str], why: str, at: datetime) -> None:
    left = MessageAddress.objects.filter(message=message).exclude(
        state__in=[MessageAddress.State.BOUNCED, MessageAddress.State.REFUSED]
    )
    if not left.exists():
        Message.objects.filter(pk=message.pk).update(state=Message.State.BOUNCED)
        Dispatch.objects.filter(pk=message.pk).update(ended_at=at, lease_until=None, lease_by="")
        message.state = Message.State.BOUNCED
        _not_informed(message)
    record(events.MESSAGE_BOUNCED, about=message, by=None, at=at, permanent=True)
    failing.give_work(message, at=at, addresses=back, why=why)


def _not_informed(message: Message) -> None:
    """What nobody got informed nobody: the case says again when the constituent last heard, unless something later
    reached them (S3.30)."""
    dispatch = Dispatch.objects.get(pk=message.pk)
    if message.case_id is not None and dispatch.sent_at is not None:
        informed = Case.objects.filter(pk=message.case_id, last_informed_at=dispatch.sent_at)
        informed.update(last_informed_at=dispatch.informed_was)


def _note_trouble(address: str, failed: FailedRecipient, message: Message, at: datetime) -> None:
    AddressTrouble.objects.update_or_create(
        office_id=message.office_id,
        address=writing.address_key(address),
        cleared_at=None,
        defaults={
            "is_hard": _is_about_the_address(failed.status),
            "status": failed.status[:20],
            "diagnosis": " ".join(failed.diagnostic.split())[:300],
            "message": message,
            "at": at,
        },
    )


def _is_about_the_address(status: str) -> bool:
    """Whether it is the address that is wrong. A full mailbox (5.2.2), a mail too large or one taken for spam (5.7)
    says nothing against the address (RFC 3463)."""
    return not status.startswith(("5.2.2", "5.2.3", "5.3.4", "5.6", "5.7"))


def _reason(status: str, office: Office) -> str:
    with override(office.language):
        if status.startswith(("5.1.1", "5.1.10", "5.1.0", "5.1.6")) or not status:
            return _("mailbox unknown")
        if status.startswith(("5.1.2", "5.4.4", "5.1.8")):
            return _("the address does not exist")
        if status.startswith("5.2.2"):
            return _("mailbox full")
        if status.startswith("5.2.1"):
            return _("mailbox closed")
        if status.startswith(("5.2.3", "5.3.4")):
            return _("the message is too large")
        if status.startswith("5.7"):
            return _("their server refused it")
        return _("it could not be delivered")
