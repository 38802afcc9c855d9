"""The parts of a mail as a tree.

Python's own parser recurses with the nesting (1,000 multiparts end it), tests every line against every open boundary,
and gives up a body whose boundary is broken. This one splits by searching, in time linear to the bytes, down to a
depth and a number of parts; what lies below stays whole as a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from wardbook.correspondence.mime import cms
from wardbook.correspondence.mime.fields import Fields, read_fields, read_value
from wardbook.correspondence.mime.transfer import decode_transfer, encoding_of

T = TypeVar("T")
DEEPEST = 50
MOST_PARTS = 5_000
# Bytes that may be searched in all: fifty levels of a huge mail would be searched fifty times.
MOST_SEARCHED = 400_000_000
GUESSED = re.compile(rb"^--([^\r\n]{1,200}?)[ \t]*\r?\n(?=[Cc]ontent-[A-Za-z-]+:)", re.MULTILINE)
# Outlook saves mails in a format of its own, which begins so.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EMPTY_LINE = re.compile(rb"\r?\n")
FIRST_FIELD = re.compile(rb"\s*(?:>?From |[!-9;-~]{1,100}[ \t]*:)")
NAMES = ("name", "filename")
# What may be written in any script (RFC 6532, RFC 6533), or was a mail to a news group, is read as its like.
ALIKE = {
    "message/global": "message/rfc822",
    "message/news": "message/rfc822",
    "message/global-headers": "text/rfc822-headers",
    "message/global-delivery-status": "message/delivery-status",
    "message/global-disposition-notification": "message/disposition-notification",
}
TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+*-]{1,127}")


@dataclass(slots=True)
class Node:
    fields: Fields
    data: bytes = field(repr=False)
    start: int
    end: int
    type: str
    parameters: dict[str, str]
    disposition: str
    disposition_parameters: dict[str, str]
    children: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def encoding(self) -> str:
        return encoding_of(self.fields.text("content-transfer-encoding"))

    def payload(self) -> bytes:
        return decode_transfer(self.data[self.start : self.end], self.encoding)


class Tree:
    """Reads one mail; counts what it spends."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.parts = 0
        self.searched = 0
        self.problems: list[str] = []

    def root(self) -> Node:
        if self.data.startswith(OLE) or (b"\0" in self.data[:200] and not FIRST_FIELD.match(self.data)):
            # No mail at all: it is kept as a file.
            self.note("not a mail")
            name = "message.msg" if self.data.startswith(OLE) else "message.dat"
            kind = "application/vnd.ms-outlook" if self.data.startswith(OLE) else "application/octet-stream"
            return Node(Fields(), self.data, 0, len(self.data), kind, {"name": name}, "attachment", {})
        return self.node(0, len(self.data), 0, "text/plain")

    def node(self, start: int, end: int, depth: int, default: str) -> Node:
        self.parts += 1
        empty = EMPTY_LINE.match(self.data, start, end) if default == "message/rfc822" else None
        # In a digest the header of a part is mostly left out (RFC 2046, 5.1.5): what follows is that of the mail.
        fields, body, wrong = (Fields(), empty.end(), False) if empty else read_fields(self.data, start, end)
        if wrong and depth == 0:
            self.note("header")
        content, parameters = self.content_type(fields, default, body, end)
        shown, shown_parameters = read_value(fields.text("content-disposition"))
        content = ALIKE.get(content, content)
        node = Node(fields, self.data, body, end, content, parameters, shown, shown_parameters)
        if content.startswith("multipart/"):
            self.open(node, depth)
        elif content in cms.TYPES and depth < DEEPEST and self.searched <= MOST_SEARCHED:
            signed = cms.signed_mail(node.payload())
            if signed:
                # Signed as a whole: what was signed takes the place of its signature.
                node.type = "multipart/signed"
                node.children.append(self.within(signed, lambda tree: tree.node(0, len(signed), depth + 1, default)))
        return node

    def content_type(self, fields: Fields, default: str, start: int, end: int) -> tuple[str, dict[str, str]]:
        values = [read_value(text) for text in fields.texts("content-type")[:5]]
        if not values:
            return default, {}
        for value, parameters in values:
            boundary = b"--" + parameters.get("boundary", "").encode("utf-8", "surrogateescape")
            if len(values) > 1 and len(boundary) > 2 and self.data.find(boundary, start, end) >= 0:
                return value, parameters
        value, parameters = values[0]
        if TYPE.fullmatch(value):
            return value, parameters
        found = TYPE.search(value)
        if found:
            return found[0], parameters
        short = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "multipart": "multipart/mixed"}
        if value.strip("/") in short:
            return short[value.strip("/")], parameters
        if parameters.get("boundary"):
            return "multipart/mixed", parameters
        return _type_of_none(fields, value, parameters), parameters

    def open(self, node: Node, depth: int) -> None:
        """Split a multipart; one that cannot be split becomes a text, so that nothing of it is lost."""
        if depth >= DEEPEST or self.searched > MOST_SEARCHED:
            self.note("nested too deep")
            node.type = "application/octet-stream"
            return
        boundary = node.parameters.get("boundary", "").rstrip().encode("utf-8", "surrogateescape")
        spans = self.split(node, boundary) if 0 < len(boundary) <= 1_000 else []
        if not spans:
            guessed = GUESSED.search(self.data, node.start, node.end)
            if guessed:
                self.note("boundary")
                spans = self.split(node, guessed[1])
        if not spans and node.encoding:
            # Against the rules, some encode a whole multipart.
            inner = decode_transfer(self.data[node.start : node.end], node.encoding)
            if boundary and b"--" + boundary in inner:
                self.inner(node, inner, depth)
                return
        default = "message/rfc822" if node.type == "multipart/digest" else "text/plain"
        for start, end in spans:
            if self.parts >= MOST_PARTS:
                self.note("too many parts")
                break
            node.children.append(self.node(start, end, depth + 1, default))
        if not node.children:
            if self.data[node.start : node.end].strip():
                self.note("boundary")
            node.type = "text/plain"

    def inner(self, node: Node, data: bytes, depth: int) -> None:
        node.data, node.start, node.end = data, 0, len(data)
        node.fields.rows = [row for row in node.fields.rows if row[0] != "content-transfer-encoding"]
        self.within(data, lambda tree: tree.open(node, depth + 1))

    def within(self, data: bytes, read: Callable[[Tree], T]) -> T:
        """Read in bytes that were unpacked, on the same account."""
        tree = Tree(data)
        tree.parts, tree.searched = self.parts, self.searched + len(data)
        found = read(tree)
        self.parts, self.searched = tree.parts, tree.searched
        for problem in tree.problems:
            self.note(problem)
        return found

    def split(self, node: Node, boundary: bytes) -> list[tuple[int, int]]:
        """Where each part starts and ends."""
        data, end = self.data, node.end
        self.searched += end - node.start
        mark = b"\n--" + boundary
        spans: list[tuple[int, int]] = []
        opened = -1
        # The first mark may stand at the very start, where no line end is before it.
        position = node.start - 1 if node.start and data[node.start - 1] == 10 else node.start
        first = data.startswith(mark[1:], node.start)
        while True:
            at = node.start if first else data.find(mark, position, end)
            if at < 0 or len(spans) > MOST_PARTS:
                break
            at = at if first else at + 1
            first = False
            position = at + len(mark) - 1
            stop = data.find(b"\n", position, end)
            stop = end if stop < 0 else stop + 1
            rest = data[position : min(stop, position + 200)].strip()
            # Software that writes on behind the closing mark is heard (RFC 2046, 5.1.1, note to implementors).
            if rest not in (b"", b"--") and not rest.startswith((b"-- ", b"--\t")):
                continue
            if opened >= 0:
                spans.append((opened, _before_line_end(data, opened, at)))
            # Parts after the closing mark are read too if they are parts.
            opened = stop if rest == b"" or data[stop : stop + 8].lower() == b"content-" else -1
            # The line end of one mark may be the one before the next: an empty part.
            position = stop - 1 if data[stop - 1] == 10 else stop
        if opened >= 0 and opened < end:
            spans.append((opened, end))
        return spans

    def note(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def _type_of_none(fields: Fields, value: str, parameters: dict[str, str]) -> str:
    """Of a type that is none: text (RFC 2045, 5.2), unless it has the name of a file or travelled like one."""
    if not value or value.startswith("text"):
        return "text/plain"
    shown, shown_parameters = read_value(fields.text("content-disposition"))
    is_file = shown == "attachment" or any(one.get(name) for one in (parameters, shown_parameters) for name in NAMES)
    is_packed = encoding_of(fields.text("content-transfer-encoding")) in ("base64", "uu")
    return "application/octet-stream" if is_file or is_packed else "text/plain"


def _before_line_end(data: bytes, start: int, at: int) -> int:
    """The line end before a boundary belongs to the boundary."""
    if at > start and data[at - 1] == 10:
        at -= 1
    if at > start and data[at - 1] == 13:
        at -= 1
    return at
