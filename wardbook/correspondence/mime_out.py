"""A message as the bytes that leave: the same bytes at every try, built from the message's own words and files.

The lines of the header are written here and not by the email package, which in older Pythons let a long name break
out of its line. Everything in them is ASCII without control characters, or encoded (RFC 2047).
"""

import hashlib
import re
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime
from typing import NamedTuple

from django.conf import settings
from django.utils.html import escape, urlize

from wardbook.cases import files
from wardbook.correspondence import writing
from wardbook.correspondence.models import Attachment, Message, MessageAddress

MOST_REFERENCES = 10
# RFC 5322 2.1.1: no line may be longer, whatever is in it.
LONGEST_LINE = 998
_BODY = policy.SMTP.clone(cte_type="7bit", max_line_length=78)
_IDENTIFIER = re.compile(r"^[\x21-\x3b\x3d\x3f-\x7e]+@[\x21-\x3b\x3d\x3f-\x7e]+\Z")
_MEDIA_TYPE = re.compile(r"^[a-z0-9][a-z0-9.+_-]*/[a-z0-9][a-z0-9.+_-]*\Z")
_PLAIN = re.compile(r"^[\x20-\x7e]*\Z")
_ATOMS = re.compile(r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*\Z")


class Outgoing(NamedTuple):
    """What a mail server is given."""

    sender: str
    data: bytes
    needs_utf8: bool


def build(message: Message) -> Outgoing:
    """The bytes of an outgoing message. Raises OSError if one of its files cannot be opened."""
    rows = list(message.addresses.all())
    needs_utf8 = any(not _server_address(row.address).isascii() for row in rows)
    body = _body(message)
    head = b"".join(_line(name, value, needs_utf8) for name, value in _head(message, rows))
    return Outgoing(envelope_sender(message), head + body.as_bytes(), needs_utf8)


def envelope_sender(message: Message) -> str:
    """Where the servers say that a message came back: an address of its own where there is one, so that even a
    bounce that quotes nothing finds its message."""
    return _server_address(message.reply_to or message.from_address)


def envelope_recipient(address: str) -> str:
    """An address as servers take it: the domain in ASCII."""
    return _server_address(address)


def _head(message: Message, rows: list[MessageAddress]) -> list[tuple[str, str]]:
    answers = message.reply_to or message.from_address
    lines = [
        ("From", _person(message.from_name, message.from_address)),
        ("To", _people(rows, MessageAddress.Role.TO)),
        ("Cc", _people(rows, MessageAddress.Role.CC)),
        ("Reply-To", "" if writing.same_address(answers, message.from_address) else _person("", answers)),
        ("Subject", _text(message.subject)),
        ("Date", format_datetime(message.at)),
        ("Message-ID", f"<{message.identifier}>"),
        ("In-Reply-To", _identifiers([message.in_reply_to])),
        ("References", _references(message)),
        ("Content-Language", message.language if re.fullmatch(r"[A-Za-z-]+", message.language) else ""),
    ]
    if message.is_automatic:
        lines += [("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")]
    return [(name, value) for name, value in lines if value]


def _line(name: str, value: str, is_utf8: bool) -> bytes:
    """One header, folded. Anything that could end it early is a mistake of ours, and stops here (C5)."""
    line = f"{name}: {value}\r\n"
    encoded = line.encode("utf-8" if is_utf8 else "ascii")
    unfolded = encoded[:-2].replace(b"\r\n ", b" ")
    if re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", unfolded) or max(map(len, encoded.split(b"\r\n"))) > LONGEST_LINE:
        raise ValueError(f"{name} cannot be written as one header.")
    return encoded


def _text(text: str) -> str:
    """Text for a header: as it is, or encoded where it is not plain or looks as if it were encoded already."""
    text = writing.one_line(text, 500)
    if _PLAIN.match(text) and "=?" not in text:
        return Header(text, "us-ascii", maxlinelen=76, header_name="Subject").encode(linesep="\r\n")
    return Header(text, "utf-8", maxlinelen=76, header_name="Subject").encode(linesep="\r\n")


def _person(name: str, address: str) -> str:
    name, address = writing.one_line(name, 200), _server_address(address)
    if not name:
        return address
    if not _PLAIN.match(name) or "=?" in name:
        shown = Header(name, "utf-8", maxlinelen=70, header_name="Reply-To").encode(linesep="\r\n")
    elif _ATOMS.match(name):
        shown = name
    else:
        shown = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{shown}\r\n <{address}>"


def _people(rows: list[MessageAddress], role: str) -> str:
    return ",\r\n ".join(_person(row.name, row.address) for row in rows if row.role == role)


def _server_address(address: str) -> str:
    local, at, domain = writing.clean_address(address).rpartition("@")
    return f"{local}{at}{domain.encode('idna').decode('ascii')}"


def _references(message: Message) -> str:
    """The thread: what the answered message named, then itself, so that mail programs show it in its place."""
    if message.answers is None:
        return ""
    named = [row.identifier for row in message.answers.known_identifiers.order_by("is_its_own", "pk")]
    return _identifiers([*named, message.answers.identifier][-MOST_REFERENCES:])


def _identifiers(given: list[str]) -> str:
    """Ids that strangers chose: only those that have the form of one."""
    whole = [one for one in dict.fromkeys(given) if one and len(one) <= 250 and _IDENTIFIER.match(one)]
    return "\r\n ".join(f"<{one}>" for one in whole)


def _body(message: Message) -> EmailMessage:
    body = EmailMessage(policy=_BODY)
    body.set_content(_plain_text(message), charset="utf-8")
    body.add_alternative(_html(message), subtype="html", charset="utf-8")
    for attachment in message.attachments.all():
        maintype, _slash, subtype = _media_type(attachment).partition("/")
        content = files.path_of(settings.MEDIA_ROOT, attachment.storage_key).read_bytes()
        name = files.clean_name(attachment.name)
        body.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    seed = hashlib.sha256(message.identifier.encode()).hexdigest()[:24]
    for number, part in enumerate(part for part in body.walk() if part.is_multipart()):
        part.set_boundary(f"=_{number}_{seed}")
    return body


def _media_type(attachment: Attachment) -> str:
    """The type by its bytes. A mail within a mail or a made-up type goes as plain bytes."""
    media_type = attachment.media_type.lower()
    if not _MEDIA_TYPE.match(media_type) or media_type.startswith(("message/", "multipart/", "inode/")):
        return "application/octet-stream"
    return media_type


def _plain_text(message: Message) -> str:
    parts = [message.text]
    if message.signature:
        # The usual mark before a signature; mail programs fold what follows it.
        parts.append(f"-- \n{message.signature}")
    if message.quoted:
        parts.append(message.quoted)
    return "\n\n".join(parts) + "\n"


def _html(message: Message) -> str:
    """The same words for programs that show HTML: paragraphs and links, nothing that is fetched (C8, D10)."""
    parts = [_paragraphs(urlize(message.text, autoescape=True))]
    if message.signature:
        parts.append(_paragraphs(escape(message.signature)))
    if message.quoted:
        opening, _newline, rest = message.quoted.partition("\n")
        unmarked = "\n".join(line.removeprefix("> ").removeprefix(">") for line in rest.split("\n"))
        parts.append(f"<p>{escape(opening)}</p>\n<blockquote>{_paragraphs(escape(unmarked))}</blockquote>")
    inner = "\n".join(parts)
    head = f'<!doctype html>\n<html lang="{escape(message.language)}">\n<head><meta charset="utf-8"></head>\n'
    return f"{head}<body>\n{inner}\n</body>\n</html>\n"


def _paragraphs(escaped: str) -> str:
    blocks = re.split(r"\n{2,}", escaped)
    return "\n".join(f"<p>{block.replace(chr(10), '<br>' + chr(10))}</p>" for block in blocks)
