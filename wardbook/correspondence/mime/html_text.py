"""HTML of a mail as lines of text, each knowing whether the mailer marked it as quoted.

A scanner, not a tree: time is linear to the length whatever the HTML is; what is too much is left out with a note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from wardbook.correspondence.mime.charsets import clean
from wardbook.correspondence.mime.html_marks import Marks
from wardbook.correspondence.mime.html_scan import Tag, scan

MOST_CHARACTERS = 2_000_000
MOST_LINKS = 5_000

BREAKING = frozenset(
    "p div h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table tr blockquote pre address article aside section header footer "
    "nav main figure figcaption form fieldset hr center body html tbody thead tfoot caption title legend details "
    "summary".split()
)
# A line is left free before and after these.
SPACED = frozenset("p h1 h2 h3 h4 h5 h6 ul ol table blockquote pre dl".split())
DROPPED = frozenset("script style head title noscript template svg math object iframe select textarea xml".split())


@dataclass(slots=True)
class Line:
    text: str
    quoted: bool
    # How many quotations surround it: shown as > in the text.
    level: int = 0
    # Behind a sign that everything from here on is the past (Outlook).
    mark: str = ""
    # The mailer says that it is of a signature: 2, or 1 where people write into those too.
    signed: int = 0

    def __str__(self) -> str:
        return f"{'>' * self.level} {self.text}".rstrip() if self.level else self.text


@dataclass(slots=True)
class Rendering:
    lines: list[Line] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(map(str, self.lines)).strip("\n")


def render(html: str) -> Rendering:
    """The HTML as a person would read it."""
    writer = Writer()
    if len(html) > MOST_CHARACTERS:
        writer.out.problems.append("html cut")
        html = html[:MOST_CHARACTERS]
    for piece in scan(html):
        if isinstance(piece, str):
            writer.words(piece)
        elif piece.closing:
            writer.close(piece)
        else:
            writer.open(piece)
    writer.finish()
    return writer.out


class Writer:
    def __init__(self) -> None:
        self.out = Rendering()
        self.marks = Marks()
        self.buffer: list[str] = []
        self.gap = False
        # Whether the words in hand are of a signature, and whether others are too.
        self.signed, self.unsigned = 0, False
        self.dropping: list[str] = []
        self.pre = 0
        self.lists: list[list[int | str]] = []
        self.links: list[tuple[str, int]] = []
        self.link_count = 0
        self.cell = False
        self.row_begun = False

    # -- words -------------------------------------------------------------------------------------------------------

    def words(self, raw: str) -> None:
        if self.dropping:
            return
        text = clean(unescape(raw)) if "&" in raw else raw
        text = text.replace("\u200b", "").replace("\ufeff", "").replace("\u00ad", "")
        if self.pre:
            first, *others = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            self.append(first)
            for other in others:
                self.line()
                self.append(other)
            return
        text = _one_space(text)
        if not text or (text == " " and not self.buffer):
            return
        if self.cell:
            if not text.strip(" \xa0"):
                return
            self.cell = False
            if self.row_begun and self.buffer:
                self.buffer.append(" | ")
            self.row_begun = True
        self.append(text)

    def append(self, text: str) -> None:
        self.buffer.append(text)
        if text.strip():
            self.signed = max(self.signed, self.marks.signed)
            self.unsigned |= not self.marks.signed

    # -- tags --------------------------------------------------------------------------------------------------------

    def open(self, tag: Tag) -> None:
        name = tag.name
        if self.dropping:
            if name == self.dropping[-1] and not tag.empty:
                self.dropping.append(name)
            elif name == "body" and self.dropping[-1] in ("head", "title"):
                self.dropping.clear()
            return
        if name in DROPPED and not tag.empty:
            self.dropping.append(name)
            return
        if name == "br":
            self.line()
            return
        if name in BREAKING:
            self.block(name)
        if name == "hr":
            self.marks.note(tag)
            return
        if name == "img":
            alternative = tag.attribute("alt").strip()
            if alternative and len(alternative) < 200:
                self.words(f"[{alternative}]")
            return
        if not tag.empty:
            self.marks.open(tag)
        if name in ("td", "th"):
            self.cell = True
        elif name == "tr":
            self.row_begun = False
        elif name == "pre":
            self.pre += 1
        elif name in ("ul", "ol"):
            self.lists.append([name, 0])
        elif name == "li":
            self.item()
        elif name == "a":
            self.links.append((tag.attribute("href"), len(self.buffer)))

    def close(self, tag: Tag) -> None:
        name = tag.name
        if self.dropping:
            if name == self.dropping[-1]:
                self.dropping.pop()
            return
        if name == "a" and self.links:
            self.end_link()
        if name == "p" or name in BREAKING:
            self.block(name)
        if name == "pre" and self.pre:
            self.pre -= 1
        elif name in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif name == "tr":
            self.cell = self.row_begun = False
        self.marks.close(tag)

    def item(self) -> None:
        depth = min(len(self.lists), 10)
        sign = "- "
        if self.lists and self.lists[-1][0] == "ol":
            count = int(self.lists[-1][1]) + 1
            self.lists[-1][1] = count
            sign = f"{count}. "
        self.buffer.append("  " * max(depth - 1, 0) + sign)

    def end_link(self) -> None:
        """A link is its words and, unless they say it already, its address."""
        address, begun = self.links.pop()
        address = address.strip()
        self.link_count += 1
        if self.link_count > MOST_LINKS:
            if self.link_count == MOST_LINKS + 1:
                self.out.problems.append("too many links")
            return
        if (
            not address.lower().startswith(("http://", "https://", "ftp://", "mailto:", "tel:"))
            or len(address) > 2_000
        ):
            return
        shown = "".join(self.buffer[begun:]).strip()
        bare = address.removeprefix("mailto:").removeprefix("tel:").split("?")[0] if ":" in address[:7] else address
        if shown and _same(bare, shown):
            return
        if shown:
            self.buffer.append(f" ({bare if address.lower().startswith(('mailto:', 'tel:')) else address})")

    # -- lines -------------------------------------------------------------------------------------------------------

    def block(self, name: str) -> None:
        if self.cell and name in ("p", "div"):
            return
        if self.buffer:
            self.line()
        if name in SPACED and not (name == "table" and self.row_begun):
            self.gap = True

    def line(self) -> None:
        text = "".join(self.buffer)
        self.buffer.clear()
        self.links = [(address, 0) for address, _ in self.links]
        text = text.rstrip().replace("\xa0", " ") if self.pre else _tidy(text)
        self.write(text)

    def write(self, text: str) -> None:
        lines = self.out.lines
        signed = 0 if self.unsigned else self.signed
        self.signed, self.unsigned = 0, False
        if not text:
            # Never more than one free line.
            self.gap = True
            return
        if self.gap and lines:
            last = lines[-1]
            level = min(last.level, self.marks.level)
            lines.append(Line("", last.quoted and self.marks.quoted, level))
        self.gap = False
        lines.append(Line(text, self.marks.quoted, min(self.marks.level, 20), self.marks.take_mark(), signed))

    def finish(self) -> None:
        if self.buffer:
            self.line()


def _one_space(text: str) -> str:
    """White space within becomes one space each; at the ends one remains, as it may part two words."""
    inside = " ".join(text.split())
    if not inside:
        return " " if text else ""
    return f"{' ' if text[0].isspace() else ''}{inside}{' ' if text[-1].isspace() else ''}"


def _tidy(text: str) -> str:
    indent = len(text) - len(text.lstrip(" "))
    bullet = text[indent : indent + 2] == "- " or text[indent : indent + 1].isdigit()
    tidy = " ".join(text.split())
    return " " * indent + tidy if indent and bullet and tidy else tidy


def _same(address: str, shown: str) -> bool:
    def flat(text: str) -> str:
        return re.sub(r"^(?:https?://)?(?:www\.)?", "", text.strip().lower()).rstrip("/")

    return flat(address) == flat(shown)
