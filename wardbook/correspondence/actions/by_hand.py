"""What did not come in by itself is logged by hand: letters with their scans, social messages with their link.

Each lies in the Inbox like a mail, and is decided like one.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wardbook.cases import files
from wardbook.contacts.models import Contact
from wardbook.correspondence import events, raw_store, senders, threading
from wardbook.correspondence.models import Attachment, Message
from wardbook.journal.actions import record, remember_undo
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from wardbook.accounts.models import User

MOST_FILES = 20
LONGEST_LINK = 1000
# What a person says of what was logged, and what the journal calls it.
DESCRIBED = {"contact_id": "contact", "from_name": "name", "subject": "subject", "at": "day", "written_at": "written"}


class File(NamedTuple):
    """A file that was uploaded, or a piece cut from one: where it lies now, and what it is called."""

    path: Path
    name: str
    declared: str
    size: int


@transaction.atomic
def log_letter(
    office: Office,
    scans: Sequence[File] = (),
    *,
    received_on: date,
    written_on: date | None = None,
    pages: str = "",
    contact: Contact | None = None,
    name: str = "",
    subject: str = "",
    text: str = "",
    by: "User",
    at: datetime,
) -> Message:
    """A letter that came on paper, in the Inbox, with its scans. Who wrote it may be said later (`describe`).

    `pages` names a piece that was cut from a scan. Raises RuleBroken for days that cannot be, and for a scan that is
    here already.
    """
    _days(office, received_on, written_on, at)
    kept = [(scan, scan.path.read_bytes()) for scan in scans]
    message = _new(office, Message.Medium.LETTER, received_on, contact=contact, by=by, at=at)
    message.from_name, message.subject, message.text = name, subject, text
    message.content_hash = raw_store.digest_of(kept[0][1]) if kept else _digest(message)
    # A PDF that is cut is never made twice alike: the pages of the whole say which letter it is.
    message.identifier = f"scan:{pages or message.content_hash}"[:255] if kept else ""
    if message.identifier:
        _not_here(office, message.identifier)
    message.written_at = moment_of(office, written_on, at) if written_on else None
    _suggest(message)
    return _log(message, kept, by=by, at=at)


@transaction.atomic
def log_social(
    office: Office,
    *,
    network: str,
    handle: str,
    link: str = "",
    text: str = "",
    subject: str = "",
    name: str = "",
    received_on: date,
    contact: Contact | None = None,
    pictures: Sequence[File] = (),
    by: "User",
    at: datetime,
) -> Message:
    """A post or message of a network, in the Inbox. Whoever is known under its handle is found.

    Raises RuleBroken for a link that is no web address, and for a day to come.
    """
    _days(office, received_on, None, at)
    message = _new(office, Message.Medium.SOCIAL, received_on, contact=contact, by=by, at=at)
    message.network, message.from_address = Message.Network(network), plain_handle(handle)
    message.from_name, message.link, message.text, message.subject = name, safe_link(link), text, subject
    message.identifier = f"social:{message.link}"[:255] if message.link else ""
    if message.link and _equals(message).exclude(dismissed_as=Message.DismissalReason.WITHDRAWN).exists():
        raise RuleBroken(_("It is here already: this post was logged before."))
    message.content_hash = _digest(message)
    if contact is None:
        found = senders.people_called(office.pk, message.from_address)
        message.contact = found[0] if len(found) == 1 else None
    _suggest(message)
    return _log(message, [(one, one.path.read_bytes()) for one in pictures], by=by, at=at)


@transaction.atomic
def describe(
    message: Message,
    *,
    contact: Contact | None,
    name: str,
    subject: str,
    received_on: date,
    written_on: date | None,
    by: "User",
    at: datetime,
) -> Message:
    """Say who wrote what was logged by hand, what about, and when. Raises RuleBroken once it is filed, for what came
    in by itself, and for days that cannot be."""
    message = Message.objects.select_for_update(of=("self",)).select_related("office").get(pk=message.pk)
    if not message.is_by_hand or message.state != Message.State.WAITING:
        raise RuleBroken(_("Only what was logged by hand and waits in the Inbox can be put right."))
    if contact is not None and contact.office_id != message.office_id:
        raise RuleBroken(_("That belongs to another office."))
    _days(message.office, received_on, written_on, at)
    was = {name: getattr(message, name) for name in DESCRIBED}
    message.contact, message.from_name, message.subject = contact, name, subject
    if received_on != message.office.local_date(message.at):
        message.at = moment_of(message.office, received_on, at)
    message.written_at = moment_of(message.office, written_on, at) if written_on else None
    _suggest(message)
    message.version += 1
    message.save()
    changed = [said for name, said in DESCRIBED.items() if getattr(message, name) != was[name]]
    record(events.MESSAGE_DESCRIBED, about=message, by=by, at=at, fields=changed)
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in was.items()}
    payload = {"message": message.pk, "version": message.version, "was": plain}
    label = _("%(what)s: who wrote it, and when") % {"what": message}
    remember_undo("message.describe", office_id=message.office_id, by=by, at=at, label=label, payload=payload)
    return message


def describe_as_before(message: Message, was: dict[str, Any], *, by: "User", at: datetime) -> None:
    """What `describe` took down says again what it said. The caller holds the message, which waits."""
    for name, value in was.items():
        is_moment = name in ("at", "written_at") and value is not None
        setattr(message, name, datetime.fromisoformat(value) if is_moment else value)
    _suggest(message)
    message.version += 1
    message.save()
    record(events.MESSAGE_DESCRIBED, about=message, by=by, at=at, fields=[*DESCRIBED.values()])


def withdraw(message: Message, *, by: "User", at: datetime) -> None:
    """It was logged by mistake: it lies with what needs no answer, and the same can be logged again. The caller holds
    the message. Raises RuleBroken once it is no longer in the Inbox."""
    if message.state != Message.State.WAITING:
        raise RuleBroken(_("“%(what)s” is no longer in the Inbox. Put it back there first.") % {"what": message})
    message.state, message.dismissed_as = Message.State.DISMISSED, Message.DismissalReason.WITHDRAWN
    message.filed_at, message.filed_by, message.later_on = at, by, None
    message.identifier = f"withdrawn:{message.pk}"
    message.version += 1
    message.save(update_fields=["state", "dismissed_as", "filed_at", "filed_by", "later_on", "identifier", "version"])
    record(events.MESSAGE_DISMISSED, about=message, by=by, at=at, reason=message.dismissed_as)


@transaction.atomic
def name_sender(message: Message, name: str, *, by: "User", at: datetime) -> None:
    """Say the name of who wrote a letter that waits, as it is read from its scan."""
    held = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if held.is_by_hand and held.state == Message.State.WAITING and held.from_name != name:
        held.from_name, held.version = name[:200], held.version + 1
        held.save(update_fields=["from_name", "version"])
        record(events.MESSAGE_DESCRIBED, about=held, by=by, at=at, fields=["name"])
    message.from_name = held.from_name


def plain_handle(handle: str) -> str:
    """A handle as it is shown: one word, with its @. Raises RuleBroken for none."""
    handle = " ".join(handle.split())[:120]
    if not handle.strip("@ "):
        raise RuleBroken(_("Write the name they have on that network."))
    return handle if handle.startswith("@") or " " in handle else f"@{handle}"


def safe_link(link: str) -> str:
    """A link that may be shown: of the web, without a name and a password in it. Raises RuleBroken for others."""
    link = link.strip()
    if not link:
        return ""
    try:
        parts = urlsplit(link)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    odd = any(character.isspace() or ord(character) < 32 or character in "\"'<>\\`" for character in link)
    if not host or parts.scheme not in ("http", "https") or "@" in parts.netloc or odd:
        raise RuleBroken(_("Enter a whole web address, like https://example.org/post/1"))
    if len(link) > LONGEST_LINK:
        raise RuleBroken(_("This address is too long."))
    return link


def moment_of(office: Office, day: date, at: datetime) -> datetime:
    """Noon of an earlier day at the office; the moment itself when it is today."""
    return at if day >= office.local_date(at) else datetime.combine(day, time(12), tzinfo=office.zone)


def _new(
    office: Office, medium: str, received_on: date, *, contact: Contact | None, by: "User", at: datetime
) -> Message:
    if contact is not None and contact.office_id != office.pk:
        raise RuleBroken(_("That belongs to another office."))
    return Message(
        office=office,
        direction=Message.Direction.IN,
        medium=medium,
        state=Message.State.WAITING,
        contact=contact,
        at=moment_of(office, received_on, at),
        logged_by=by,
    )


def _days(office: Office, received_on: date, written_on: date | None, at: datetime) -> None:
    if received_on > office.local_date(at):
        raise RuleBroken(_("This day has not come yet."))
    if written_on is not None and written_on > received_on:
        raise RuleBroken(_("It cannot have come before it was written."))


def _suggest(message: Message) -> None:
    """The case that the sender's words or name point to: a suggestion, for a person said who wrote."""
    match = threading.of_contact(message.office, message.subject, message.contact)
    message.suggested_case, message.suggestion, message.suggestion_is_sure = match.case, match.how, False


def _equals(message: Message) -> "QuerySet[Message]":
    """What was logged of the same sender in the same words."""
    said = {name: getattr(message, name) for name in ("office", "medium", "network", "from_address", "link", "text")}
    return Message.objects.incoming().filter(**said)


def _digest(message: Message) -> str:
    """What tells something that was typed from what was typed like it: people do say the same twice."""
    said = [message.medium, message.network, message.from_address, message.link, message.text]
    return hashlib.sha256("\0".join([*said, str(_equals(message).count())]).encode()).hexdigest()


def _not_here(office: Office, identifier: str) -> None:
    known = Message.objects.filter(office=office, direction=Message.Direction.IN, identifier=identifier)
    if known.exists():
        raise RuleBroken(_("It is here already: the same scan came in before."))


def _log(message: Message, kept: list[tuple[File, bytes]], *, by: "User", at: datetime) -> Message:
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:
        raise RuleBroken(_("It is here already: the same scan came in before.")) from None
    Attachment.objects.bulk_create(
        _attachment(message, file, content, place) for place, (file, content) in enumerate(kept[:MOST_FILES])
    )
    record(events.MESSAGE_LOGGED, about=message, by=by, at=at, medium=message.medium, files=len(kept))
    label = _("Letter logged") if message.medium == Message.Medium.LETTER else _("Social message logged")
    payload = {"message": message.pk}
    remember_undo("message.withdraw", office_id=message.office_id, by=by, at=at, label=label, payload=payload)
    return message


def _attachment(message: Message, file: File, content: bytes, place: int) -> Attachment:
    key = raw_store.key_of(message.office_id, "by-hand", message.pk, message.content_hash, place)
    raw_store.put(key, content)
    name = files.clean_name(file.name)
    sniffed = files.sniff(content[:8192], name, file.declared)
    return Attachment(
        office_id=message.office_id,
        message=message,
        name=name,
        storage_key=key,
        sha256=raw_store.digest_of(content),
        size=len(content),
        media_type=sniffed.media_type[:100],
        declared_type=file.declared[:100],
        is_mismatch=sniffed.is_mismatch,
        is_risky=sniffed.is_risky,
    )


def too_large(upload: "UploadedFile[bytes]") -> str:
    """Why a file is not taken because of its size; "" if it may be."""
    if upload.size is not None and upload.size > settings.UPLOAD_MAX_BYTES:
        return _("It is larger than 50 MB. Make it smaller, or share it in parts.")
    return "" if upload.size else _("It is empty.")
