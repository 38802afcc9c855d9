"""Tags and text of HTML in one pass that never looks at a byte again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:_-]{0,40})")
VOID = frozenset("br hr img input meta link area base col embed source track wbr param".split())
# Their content is no HTML: it ends only at their own closing tag.
OPAQUE = frozenset({"script", "style", "textarea", "title", "xmp"})
CLOSED = {name: re.compile(f"</{name}", re.IGNORECASE) for name in OPAQUE}
ENDS_NAME = (" ", "\t", "\r", "\n", "\f", "/", ">", '"', "'")
LONGEST_ATTRIBUTES = 20_000


@dataclass(slots=True)
class Tag:
    name: str
    closing: bool
    empty: bool
    source: str

    def attribute(self, name: str) -> str:
        """The value of one attribute; '' where it is missing."""
        found = ATTRIBUTES[name].search(self.source[:LONGEST_ATTRIBUTES])
        if found is None:
            return ""
        return unescape(found[1] or found[2] or found[3] or "").strip()


ATTRIBUTES = {
    name: re.compile(rf"[\s\"'/]{name}\s{{0,20}}=\s{{0,20}}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
    for name in ("id", "class", "style", "href", "type", "alt", "cite", "name", "data-marker")
}


def scan(html: str) -> Iterator[str | Tag]:
    position, length = 0, len(html)
    # What was looked for to the end and not found need not be looked for again.
    missing: set[str] = set()

    def find(sought: str, start: int) -> int:
        if sought in missing:
            return -1
        at = html.find(sought, start)
        if at < 0:
            missing.add(sought)
        return at

    text_from = 0
    while position < length:
        at = html.find("<", position)
        if at < 0:
            break
        if html.startswith("<!--", at):
            if at > text_from:
                yield html[text_from:at]
            end = find("-->", at + 4)
            # `<!-->` and a comment never closed end at their own bracket.
            if html.startswith(("<!-->", "<!--->"), at) or end < 0:
                end = find(">", at)
                position = length if end < 0 else end + 1
            else:
                position = end + 3
            text_from = position
            continue
        if html.startswith(("<!", "<?"), at):
            if at > text_from:
                yield html[text_from:at]
            end = find(">", at)
            position = text_from = length if end < 0 else end + 1
            continue
        name = NAME.match(html, at + 1)
        # An address in angle brackets is text: <john@example.org>, <https://…>.
        if name is None or name[1][-1] == ":" or html[name.end() : name.end() + 1] not in ENDS_NAME:
            position = at + 1
            continue
        end = _tag_end(html, name.end(), find)
        if end < 0:
            # No bracket closes any more: the rest is text.
            break
        inside = html[name.end() : end]
        if at > text_from:
            yield html[text_from:at]
        lower = name[1].lower()
        closing = html[at + 1] == "/"
        yield Tag(lower, closing, lower in VOID or inside.endswith("/"), f" {inside}")
        position = text_from = end + 1
        if lower in OPAQUE and not closing and not inside.endswith("/"):
            closed = CLOSED[lower].search(html, position) if lower not in missing else None
            if closed is None:
                missing.add(lower)
                if lower in ("script", "style"):
                    position = text_from = length
            elif closed.start() > position:
                yield html[position : closed.start()]
                position = text_from = closed.start()
    if length > text_from:
        yield html[text_from:]


def _tag_end(html: str, position: int, find: object) -> int:
    """The bracket that ends this tag: not one within a quoted value."""
    assert callable(find)
    end: int = find(">", position)
    while end >= 0:
        piece = html[position:end]
        quote = _open_quote(piece)
        if not quote:
            return end
        closed: int = find(quote, end)
        if closed < 0:
            return end
        # Go on behind the value.
        position = closed + 1
        following: int = find(">", position)
        if following < 0:
            return end
        end = following
    return end


VALUES = re.compile(r"=\s{0,20}(?:\"[^\"]*\"|'[^']*')")
OPENED = re.compile(r"=\s{0,20}([\"'])[^\"']*\Z")


def _open_quote(piece: str) -> str:
    if '"' not in piece and "'" not in piece:
        return ""
    found = OPENED.search(VALUES.sub("=x", piece))
    return found[1] if found else ""
