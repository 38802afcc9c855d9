"""Received HTML made harmless: what `clean` gives holds no script, no form, no style, no address but links.

Two walls, one behind the other. The first (`rebuilding`) reads the mail piece by piece and writes it anew from an
allow-list: it bounds the work, takes out what the sender hid, and settles pictures and links. The second is nh3,
which parses that as a browser does and lets pass only what is listed here. What comes out changed when it is cleaned
once more is shown as words only. It is shown in a frame without rights (`framing`), which is the third wall.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Mapping
from dataclasses import dataclass

import nh3

from wardbook.correspondence import links
from wardbook.correspondence.rebuilding import ATTRIBUTES, TAGS, Rebuilt, rebuild

# Beyond these a mail is shown as words: nobody reads 40,000 tags, and every one of them costs.
MOST_TAGS = 40_000
MOST_CHARACTERS = 3_000_000
MOST_OF_PICTURES = 40_000_000  # characters of all pictures that stand in the page itself
# Of a mail that is shown as words.
MOST_SHOWN = 200_000
MOST_LINES = 10_000

_OWN_PICTURE = re.compile(
    r"/(?![/\\])[\x21\x23-\x7e]{0,2000}|data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+"
)
_NO_TEXT = re.compile(r"<(script|style|title|textarea|xmp|iframe|noembed|noframes|noscript)\b|<!--", re.IGNORECASE)
_NEW_LINE = re.compile(r"<(?:/?(?:p|div|tr|li|h[1-6]|blockquote|table|ul|ol|pre)\b|br\b)[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z!?][^<>]*>")


@dataclass(frozen=True)
class CleanedMail:
    """A received mail that may be shown, and what was done to it."""

    html: str
    blocked: int = 0
    """Pictures from outside that were left out; `pictures` are their addresses."""
    trackers: int = 0
    """Pictures of no size, which only tell the sender who reads when. Never shown."""
    text_hidden: int = 0
    """Words that the sender had made invisible, left out."""
    renamed: int = 0
    """Links whose text named another host than they lead to; the real one now stands beside it."""
    as_words: bool = False
    """Too large or too strange to show as it was laid out: the words only."""
    cut: bool = False
    """Even the words, or the links, were too many; the rest is in the mail as it came."""
    pictures: tuple[str, ...] = ()
    """The addresses of the pictures from outside, each once. The reader's browser never asks for them."""
    lines: int = 0
    """About how many lines it takes on a screen, to choose the height of its frame."""


def clean(html: str, *, inline: Mapping[str, str] | None = None) -> CleanedMail:
    """A received mail as HTML that may be shown. Cleaned once more, with the same `inline`, it stays the same.

    `inline` maps what a picture is called in the mail to where it is: its Content-ID without brackets to
    `framing.as_data(bytes)`, or to one of our own addresses (one slash at its beginning). All other pictures are left
    out, those from outside too, so that no reader's address ever reaches a sender. If the reader asks for these, they
    are fetched by us from `pictures`, and come in by `inline` in the same way, under the address they have there.
    """
    if len(html) > MOST_CHARACTERS or html.count("<") > MOST_TAGS:
        return _words_of(html)
    named = {_key(name): place for name, place in (inline or {}).items() if _OWN_PICTURE.fullmatch(place)}

    first = rebuild(html, _Pictures(named).place)
    shown = _FILTER.clean(first.html)
    for _ in range(2):
        # What browsers write differently each time they read it is how filters were got around (mutation XSS).
        again = _FILTER.clean(rebuild(shown, _Pictures(named).place).html)
        if again == shown:
            return _told(first, shown)
        shown = again
    return _words_of(html)


class _Pictures:
    """Where the pictures of a mail are, as long as there is room: one may be named ten thousand times."""

    def __init__(self, named: Mapping[str, str]) -> None:
        self.named = named
        self.places = frozenset(named.values())
        self.room = MOST_OF_PICTURES

    def place(self, address: str) -> str | None:
        place = address if address in self.places else self.named.get(_key(address))
        if place is None or len(place) > self.room:
            return None
        self.room -= len(place)
        return place


def _told(first: Rebuilt, shown: str) -> CleanedMail:
    return CleanedMail(
        shown,
        blocked=first.blocked,
        trackers=first.trackers,
        text_hidden=first.hidden_words,
        renamed=first.renamed,
        cut=first.cut,
        pictures=tuple(dict.fromkeys(first.pictures)),
        lines=_lines(shown),
    )


def _words_of(html: str) -> CleanedMail:
    """The words of a mail that is too much, without asking how they were meant."""
    text = _TAG.sub("", _NEW_LINE.sub("\n", _without_code(html)))
    text = links.visible(links.entities(text))
    lines = [" ".join(line.split()) for line in text[: 4 * MOST_SHOWN].splitlines()]
    kept: list[str] = []
    length = 0
    for line in filter(None, lines):
        if length + len(line) > MOST_SHOWN or len(kept) >= MOST_LINES:
            kept.append(line[: MOST_SHOWN - length])
            break
        kept.append(line)
        length += len(line)
    shown = _FILTER.clean("".join(f"<p>{entities.escape(line, quote=False)}</p>" for line in kept))
    cut = len(text) > 4 * MOST_SHOWN or sum(map(len, kept)) < sum(map(len, lines))
    return CleanedMail(shown, as_words=True, cut=cut, lines=_lines(shown))


def _without_code(html: str) -> str:
    """Without scripts, styles and comments. One that never ends is left, so that no piece is looked at twice."""
    kept: list[str] = []
    endless: set[str] = set()
    at = 0
    while opening := _NO_TEXT.search(html, at):
        kept.append(html[at : opening.start()])
        end = f"</{opening[1]}" if opening[1] else "-->"
        found = None
        if end not in endless:
            found = re.compile(re.escape(end), re.IGNORECASE).search(html, opening.end())
        if found is None:
            endless.add(end)
        at = found.start() if found and opening[1] else found.end() if found else opening.end()
    return "".join([*kept, html[at:]])


def _lines(html: str) -> int:
    blocks = len(_NEW_LINE.findall(html)) // 2
    return blocks + len(_TAG.sub("", html)) // 90 + 8 * html.count("<img")


def _key(name: str) -> str:
    """A Content-ID as it is compared: `cid:%3Clogo@mail%3E` is `logo@mail`."""
    if name[:4].lower() == "cid:":
        name = links.unquoted(name[4:])
    return name.strip().strip("<>")


def _only_what_is_safe(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href":
        return links.safe_address(value)
    if attribute == "src":
        return value if _OWN_PICTURE.fullmatch(value) else None
    return value


_FILTER = nh3.Cleaner(
    tags=set(TAGS),
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    clean_content_tags={"script", "style"},
    attribute_filter=_only_what_is_safe,
    url_schemes={"http", "https", "mailto", "tel", "data"},
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
)
