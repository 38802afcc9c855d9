"""Reads the HTML of a mail piece by piece, as browsers do, in a time that grows with its length and no faster."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from wardbook.correspondence.links import attribute_value, entities

# Their content is not text for a reader. It is passed over to the end tag, whatever stands in it.
_RAW = frozenset("script style title textarea xmp iframe noembed noframes noscript plaintext".split())
_NAME = re.compile(r"[a-zA-Z][^\s/>]{0,60}")
_ATTRIBUTE = re.compile(r"""[\s/]*(?:(?P<close>>)|(?P<name>[^\s/>][^\s/>=]*)(?P<given>\s*=\s*(?P<quote>["'])?)?)""")
_BARE = re.compile(r"[^\s>]*")
_COMMENT_END = re.compile("--!?>")
_MOST_ATTRIBUTES = 100
WANTED = frozenset(
    "href src alt title dir lang width height align valign colspan rowspan start type value style hidden".split()
)


class Text(NamedTuple):
    """Words, with entities read."""

    words: str


class Start(NamedTuple):
    """A start tag in lower case, with those of its attributes that anything is done with."""

    name: str
    attributes: dict[str, str]


class End(NamedTuple):
    """An end tag."""

    name: str


def pieces(source: str) -> Iterator[Text | Start | End]:
    """The pieces of a document. What a browser would not read to its end, a cut tag or comment, ends it here too."""
    at, text_from = 0, 0
    while (mark := source.find("<", at)) >= 0:
        follows = source[mark + 1 : mark + 2]
        if follows.isalpha() and follows.isascii():
            name = _NAME.match(source, mark + 1)
            assert name is not None
            if mark > text_from:
                yield Text(entities(source[text_from:mark]))
            attributes, end = _attributes(source, name.end())
            if end < 0:
                return
            tag = name[0].lower()
            yield Start(tag, attributes)
            at = text_from = _past_raw(source, tag, end) if tag in _RAW else end
            if at < 0:
                return
        elif follows in ("/", "!", "?") and follows:
            if mark > text_from:
                yield Text(entities(source[text_from:mark]))
            name = _NAME.match(source, mark + 2) if follows == "/" else None
            if name:
                yield End(name[0].lower())
                _, end = _attributes(source, name.end())
            else:
                end = _past_comment(source, mark)
            if end < 0:
                return
            at = text_from = end
        else:
            at = mark + 1
    if text_from < len(source):
        yield Text(entities(source[text_from:]))


def _attributes(source: str, at: int) -> tuple[dict[str, str], int]:
    """The wanted attributes of the tag that `at` stands in, and where the tag ends; -1 if it never does."""
    found: dict[str, str] = {}
    for _ in range(_MOST_ATTRIBUTES):
        hit = _ATTRIBUTE.match(source, at)
        if hit is None:
            return found, -1
        if hit["close"]:
            return found, hit.end()
        at = hit.end()
        value = ""
        if hit["quote"]:
            end = source.find(hit["quote"], at)
            if end < 0:
                return found, -1
            value, at = source[at:end], end + 1
        elif hit["given"]:
            bare = _BARE.match(source, at)
            assert bare is not None
            value, at = bare[0], bare.end()
        name = hit["name"].lower()
        if name in WANTED and name not in found:
            found[name] = attribute_value(value)
    end = source.find(">", at)
    return found, end + 1 if end >= 0 else -1


def _past_comment(source: str, mark: int) -> int:
    if source.startswith("<!--", mark):
        if source.startswith((">", "->"), mark + 4):
            return source.index(">", mark) + 1
        comment = _COMMENT_END.search(source, mark + 4)
        return comment.end() if comment else -1
    end = source.find(">", mark)
    return end + 1 if end >= 0 else -1


def _past_raw(source: str, tag: str, at: int) -> int:
    end = re.compile(rf"</{tag}(?=[\s/>])", re.IGNORECASE).search(source, at)
    return end.start() if end else -1
