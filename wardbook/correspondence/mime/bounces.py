"""What a bounce says: who was not reached, why, for ever or not, and which of our mails it was."""

from __future__ import annotations

import re

from wardbook.correspondence.mime.charsets import decode
from wardbook.correspondence.mime.fields import read_fields
from wardbook.correspondence.mime.identifiers import first_identifier
from wardbook.correspondence.mime.model import Bounce, FailedRecipient
from wardbook.correspondence.mime.structure import Node, Tree
from wardbook.correspondence.mime.words import decode_words

MOST = 500
STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
REPLY_CODE = re.compile(r"(?<![\d.#:])([45]\d\d)(?=[ \-#:]|$)")
MAIL = re.compile(r"[A-Za-z0-9._%+'/-][A-Za-z0-9._%+='/-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
LEADING = re.compile(
    r"^\s*(?:to:|recipient:|-{1,3}|\*|\d{1,3}\))?\s*[\[<\"']{0,3}([^\s<>@:\"'\[\]]{1,64}@[^\s<>@:\"'\[\]]{3,190})[\"'>\]]{0,3}[:;,.]?",
    re.IGNORECASE,
)
# What stands above the returned mail in reports without parts.
BELOW = re.compile(
    r"(?im)^.{0,40}(?:below this line is a copy|copy of (?:the|your) message|original message follows|message "
    r"header follows|"
    r"returned message|unsent message|original message headers|transcript of session follows|"
    r"urspr\S{1,3}ngliche nachrichtenk|"
    r"start of message|message headers?:|message text follows|received:\s).{0,80}$"
)
MESSAGE_ID = re.compile(rb"(?im)^[ \t>]*message-id:[ \t]*(?:\r?\n[ \t]+)?<([^<>\s]{1,500})>")
TEMPORARY = re.compile(
    r"delayed|will (?:be )?retr|will (?:continue|keep) |attempts? will (?:be|continue)|not yet been delivered|"
    r"this is (?:only |just )?a warning",
    re.IGNORECASE,
)
# The address stands behind these words, not before them.
NAMED = re.compile(
    r"(?i)did not reach the following|following (?:recipient|address|user|message)|n'a pas pu|konnte nicht"
)


def read_bounce(root: Node, failed: str, text: str, own: tuple[str, ...]) -> Bounce:
    """`failed`: X-Failed-Recipients; `own`: addresses that the report came to, which are never the failed ones."""
    recipients = _from_status(root)
    if not recipients and failed:
        status, diagnostic = _told(text)
        permanent = _permanent(status, "", text)
        recipients = [FailedRecipient(address, status, diagnostic, permanent) for address in MAIL.findall(failed)]
    if not recipients:
        recipients = _from_text(text, own)
    once = {recipient.address.casefold(): recipient for recipient in reversed(recipients)}
    return Bounce(tuple(reversed(once.values()))[:MOST], _original(root))


def _from_status(root: Node, *, inner: bool = True) -> list[FailedRecipient]:
    found: list[FailedRecipient] = []
    for node in root.walk():
        if inner and node.type == "message/rfc822" and b"delivery-status" in node.payload()[:10_000]:
            # A report within a report.
            found += _from_status(Tree(node.payload()).root(), inner=False)
        if node.type not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        payload = node.payload()
        position = 0
        while position < len(payload) and len(found) < MOST:
            fields, position, _ = read_fields(payload, position, len(payload))
            if not fields.rows and position < len(payload):
                at = payload.find(b"\n", position)
                position = len(payload) if at < 0 else at + 1
                continue
            address = _recipient(fields.text("final-recipient")) or _recipient(fields.text("original-recipient"))
            action = fields.text("action").split(" ")[0].strip().lower()
            if not address or action in ("delivered", "relayed", "expanded"):
                continue
            diagnostic = " ".join(decode_words(fields.text("diagnostic-code")).split())
            diagnostic = re.sub(r"^[\w-]{1,20}\s?;\s?", "", diagnostic)
            status = next(iter(STATUS.findall(fields.text("status"))), "")
            exact = next(iter(STATUS.findall(diagnostic)), "")
            # A server further on says it more exactly than the one that reports.
            if exact and (not status or status.endswith(".0.0")):
                status = exact
            original = _recipient(fields.text("original-recipient"))
            found.append(
                FailedRecipient(original or address, status, diagnostic, _permanent(status, action, diagnostic))
            )
    return found


def _recipient(text: str) -> str:
    address = text.rpartition(";")[2].strip().strip("<>")
    return address if "@" in address else ""


def _from_text(text: str, own: tuple[str, ...]) -> list[FailedRecipient]:
    begins = BELOW.search(text)
    said = text[: begins.start()] if begins and begins.start() > 40 else text
    named = NAMED.search(said)
    status, diagnostic = _told(said[:20_000])
    said = said[named.start() if named else 0 :][:20_000]
    ours = {address.casefold() for address in own}
    addresses: dict[str, None] = {}
    for line in said.split("\n"):
        lead = LEADING.match(line[:400])
        if lead and not re.search(r"postmaster@|mailer-daemon@|support@", lead[1], re.IGNORECASE):
            addresses.setdefault(lead[1].strip("<>;,."))
    addresses = {address: None for address in addresses if address.casefold() not in ours}
    if not addresses:
        for address in MAIL.findall(said):
            if not re.search(r"^(?:postmaster|mailer-daemon|support|abuse)@", address, re.IGNORECASE):
                addresses.setdefault(re.sub(r"(?i)^'|^smtp=", "", address))
    permanent = _permanent(status, "", said)
    return [
        FailedRecipient(address, status, diagnostic, permanent)
        for address in addresses
        if address.casefold() not in ours
    ]


def _told(text: str) -> tuple[str, str]:
    """Status and the line that says it."""
    for pattern in (STATUS, REPLY_CODE):
        for line in text[:20_000].split("\n"):
            found = pattern.search(line[:1_000])
            if found and (pattern is STATUS or found[1][0] in "45"):
                status = found[1] if pattern is STATUS else f"{found[1][0]}.0.0"
                return status, " ".join(line.split())[:500]
    return "", ""


def _permanent(status: str, action: str, said: str) -> bool:
    if action == "delayed" or status.startswith("4"):
        return False
    if status.startswith("5") or action == "failed":
        return True
    return TEMPORARY.search(said[:3_000]) is None


def _original(root: Node) -> str:
    """The Message-ID of the mail that came back."""
    for node in root.walk():
        if node.type in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"):
            payload = node.payload()
            fields, _, _ = read_fields(payload, 0, len(payload))
            identifier = first_identifier(fields.text("message-id"))
            if identifier:
                return identifier
    for node in root.walk():
        if node.type.startswith(("text/", "message/")):
            found = MESSAGE_ID.search(node.payload()[:200_000])
            if found:
                return decode(found[1])
    return ""
