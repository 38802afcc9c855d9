"""What one mail says, once it was read: plain values that know no database."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, slots=True)
class Part:
    """A file that came with the mail; `inline` where the HTML shows it in its place."""

    name: str
    type: str
    payload: bytes = field(repr=False)
    content_id: str = ""
    inline: bool = False

    @property
    def size(self) -> int:
        return len(self.payload)


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    address: str
    status: str
    diagnostic: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Bounce:
    recipients: tuple[FailedRecipient, ...]
    original_message_id: str = ""

    @property
    def permanent(self) -> bool:
        return any(recipient.permanent for recipient in self.recipients)


@dataclass(frozen=True, slots=True)
class ParsedMail:
    subject: str = ""
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    date: datetime | None = None
    message_id: str = ""
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    text: str = field(default="", repr=False)
    html: str = field(default="", repr=False)
    # The reply with the questions that it answers one by one, and without them.
    reply_text: str = field(default="", repr=False)
    reply_alone: str = field(default="", repr=False)
    quoted_text: str = field(default="", repr=False)
    signature: str = field(default="", repr=False)
    language: str | None = None
    attachments: tuple[Part, ...] = ()
    inline: tuple[Part, ...] = ()
    calendar: tuple[bytes, ...] = ()
    auto_kind: str = ""
    bounce: Bounce | None = None
    is_list: bool = False
    authentication_results: tuple[str, ...] = ()
    return_path: str | None = None
    delivered_to: tuple[str, ...] = ()
    thread_index: str = ""
    problems: tuple[str, ...] = ()
    raw_from: str = ""
    # A person's mail whose system asks that no machine answers it (X-Auto-Response-Suppress).
    wants_no_answer: bool = False
    files: tuple[Part, ...] = ()

    @property
    def is_auto_reply(self) -> bool:
        """Whatever must never be answered by a machine: out of office, bounces, receipts, lists, bulk."""
        return self.auto_kind != ""

    @property
    def is_bounce(self) -> bool:
        return self.auto_kind == "bounce"

    def fingerprint(self) -> str:
        """The same for the same mail however it travelled: header lines of transport and white space do not count."""
        digest = hashlib.sha256()
        told = (
            self.sender.address.casefold() if self.sender else self.raw_from,
            self.subject,
            self.date.isoformat() if self.date else "",
            self.text or self.html,
        )
        for value in told:
            digest.update(re.sub(r"\s+", " ", value).strip().encode("utf-8", "replace"))
            digest.update(b"\0")
        for part in self.files:
            digest.update(hashlib.sha256(part.payload).digest())
        return digest.hexdigest()
