"""What a forwarded mail says of the one within it: who wrote that, when, about what.

Words that the forwarding person, or whoever pretends to be them, could have written: never a proof. No database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from wardbook.correspondence.mime import quote_words as words
from wardbook.correspondence.mime.addresses import read_addresses
from wardbook.correspondence.mime.dates import read_date
from wardbook.correspondence.mime.model import ParsedMail
from wardbook.correspondence.mime.reading import parse

MOST_LINES = 2_000
MOST_BLOCKS = 5
LONGEST_BLOCK = 20
_MARK = re.compile(r"^[\s>|]{0,20}")
_SUBJECT = re.compile(
    r"^\s*(?:fwd?|wg|tr|rv|enc|doorst|vl|vb|ileti|pd|továbbítás|i)\s*(?:\[\d+\])?\s*:", re.IGNORECASE
)
# As Outlook writes an address, in brackets behind the name or behind the address itself.
_MAILTO = re.compile(r"[\[<(]\s*mailto:\s*([^\s<>\[\]()]+@[^\s<>\[\]()]+?)\s*[\])>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The mail within a mail. `address` is "" where only a name is said."""

    name: str
    address: str
    date: datetime | None = None
    subject: str = ""
    is_attached: bool = False


def forwarded_in(mail: ParsedMail) -> list[Forwarded]:
    """The mails that a mail brings along, outermost first; none for one that is no forward."""
    attached = [part for part in mail.files if part.type == "message/rfc822"]
    if len(attached) == 1:
        inner = parse(attached[0].payload)
        if inner.sender is not None and "@" in inner.sender.address:
            return [Forwarded(inner.sender.name, inner.sender.address, inner.date, inner.subject, is_attached=True)]
    lines = [_MARK.sub("", line[:1_000]) for line in mail.text.split("\n", MOST_LINES)[:MOST_LINES]]
    says_so = _SUBJECT.match(mail.subject) is not None
    return list(_blocks(lines, says_so=says_so))


def _blocks(lines: list[str], *, says_so: bool) -> Iterator[Forwarded]:
    """Each block of header lines below a line that says "forwarded", or any where the subject says so."""
    marked, found, at = False, 0, 0
    while at < len(lines) and found < MOST_BLOCKS:
        if words.FORWARD.match(lines[at][:200]):
            marked, at = True, at + 1
            continue
        if words.header_kind(lines[at]) in ("from", "date", "subject", "to"):
            headers, after = _headers(lines, at)
            is_block = "from" in headers and len(headers) >= (2 if marked else 3)
            if is_block and (marked or says_so):
                told = _told(headers)
                if told is not None:
                    found += 1
                    yield told
                at, marked = after, False
                continue
        elif lines[at].strip() and marked:
            marked = False
        at += 1


def _headers(lines: list[str], at: int) -> tuple[dict[str, str], int]:
    """The header lines from here: what each says, and where the text begins. One may go on in the next line."""
    told: dict[str, str] = {}
    last, end = "", min(at + LONGEST_BLOCK, len(lines))
    while at < end:
        line = lines[at]
        kind = words.header_kind(line)
        if kind:
            found = words.HEADER.match(line[:1_000])
            told.setdefault(kind, found[2].strip(" *\t") if found else "")
            last = kind
        elif line.strip() and last and line[:1] in " \t":
            told[last] = f"{told[last]} {line.strip()}"
        elif line.strip() or not (at + 1 < end and words.header_kind(lines[at + 1])):
            break
        at += 1
    return told, at


def _told(headers: dict[str, str]) -> Forwarded | None:
    said = _MAILTO.sub(r"<\1>", headers["from"])
    people = read_addresses(said)
    person = next((one for one in people if "@" in one.address), None)
    name = person.name if person else said.strip(" \"'<>")[:200]
    if not name and person is None:
        return None
    date = read_date(headers["date"]) if headers.get("date") else None
    return Forwarded(name, person.address if person else "", date, headers.get("subject", "")[:500])
