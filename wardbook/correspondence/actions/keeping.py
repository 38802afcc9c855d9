"""A mail is kept, byte for byte, before anybody reads it."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from wardbook.correspondence import events, raw_store
from wardbook.correspondence.models import Delivery, Mailbox, RawMail
from wardbook.journal.actions import record
from wardbook.lib import faults

LARGEST_ROW = 256 * 1024
"""Bytes up to which a mail lies in its row; larger ones lie in a file."""

MOST_OF_TOO_LARGE = 64 * 1024
"""Bytes kept of a mail that was refused: enough for its header."""


def keep(
    mailbox: Mailbox,
    raw: bytes,
    *,
    at: datetime,
    via: str,
    uid_validity: int | None = None,
    uid: int | None = None,
    folder: str = "",
    envelope_from: str = "",
    envelope_to: str = "",
) -> Delivery:
    """Keep one mail as one mailbox got it, once for each (folder, uid_validity, uid) of the mailbox.

    Committed when it returns; only then may the server be told. Raises OSError where there is no room.
    """
    known = _known(mailbox, folder, uid_validity, uid)
    if known is not None:
        return known
    content = _content(mailbox, raw)
    return _deliver(
        mailbox,
        raw,
        content,
        via=via,
        uid_validity=uid_validity,
        uid=uid,
        folder=folder,
        envelope_from=envelope_from[:320],
        envelope_to=envelope_to[:320],
        arrived_at=at,
    )


def refuse_too_large(
    mailbox: Mailbox,
    head: bytes,
    *,
    size: int,
    at: datetime,
    via: str,
    uid_validity: int | None = None,
    uid: int | None = None,
    folder: str = "",
    envelope_from: str = "",
    envelope_to: str = "",
) -> Delivery:
    """Note a mail that is larger than the mailbox takes: its beginning and its size. It stays where it is."""
    known = _known(mailbox, folder, uid_validity, uid)
    if known is not None:
        return known
    head = head[:MOST_OF_TOO_LARGE]
    return _deliver(
        mailbox,
        head,
        {"content": head},
        via=via,
        uid_validity=uid_validity,
        uid=uid,
        folder=folder,
        envelope_from=envelope_from[:320],
        envelope_to=envelope_to[:320],
        arrived_at=at,
        state=Delivery.State.REFUSED,
        problem=f"{size} bytes",
    )


def bytes_of(raw: RawMail) -> bytes:
    """A mail as it came. Raises OSError when its file is not there."""
    return bytes(raw.content) if raw.content is not None else raw_store.get(raw.storage_key)


def _content(mailbox: Mailbox, raw: bytes) -> dict[str, Any]:
    """Where the bytes go. A file is durable before the row that names it is."""
    if len(raw) <= LARGEST_ROW:
        return {"content": raw}
    key = raw_store.key_of(mailbox.office_id, hashlib.sha256(raw).hexdigest())
    raw_store.put(key, raw)
    faults.point("raw-file-stored")
    return {"storage_key": key}


def _known(mailbox: Mailbox, folder: str, uid_validity: int | None, uid: int | None) -> Delivery | None:
    if uid is None:
        return None
    return Delivery.objects.filter(mailbox=mailbox, folder=folder, uid_validity=uid_validity, uid=uid).first()


def _deliver(mailbox: Mailbox, raw: bytes, content: dict[str, Any], **fields: Any) -> Delivery:
    try:
        with transaction.atomic():
            kept, _created = RawMail.objects.get_or_create(
                office_id=mailbox.office_id,
                sha256=hashlib.sha256(raw).hexdigest(),
                defaults={"size": len(raw), "kept_at": fields["arrived_at"], **content},
            )
            delivery = Delivery.objects.create(mailbox=mailbox, raw=kept, **fields)
            if delivery.state == Delivery.State.REFUSED:
                refused = {"delivery": delivery.pk, "size": int(delivery.problem.split()[0])}
                record(events.MESSAGE_REFUSED, about=mailbox, by=None, at=delivery.arrived_at, **refused)
            faults.point("before-keeping-commits")
            return delivery
    except IntegrityError:
        # Another fetcher kept the same one between our look and our row (R16).
        known = _known(mailbox, fields["folder"], fields["uid_validity"], fields["uid"])
        if known is None:
            raise
        return known
