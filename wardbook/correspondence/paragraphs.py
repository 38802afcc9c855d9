"""Plain text of a mail as HTML: escaped, its links to press, the quoted past folded away."""

from __future__ import annotations

import re
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from wardbook.correspondence import links

# Beyond these the rest is left to the message as it came; a page of more is read by nobody, and slow on a phone.
MOST_CHARACTERS = 200_000
MOST_LINES = 10_000
MOST_LINKS = 1_000

_QUOTE_MARK = re.compile(r"[ \t]{0,3}(?:[>|»›][ \t]?)+")
_LINE_END = SafeString("<br>")
# So few are part of what the writer says, and stay open.
_FEW_LINES = 3


def as_paragraphs(text: str) -> SafeString:
    """The text of a mail, shown as it was typed: paragraphs, lines, links. Lines quoted from before are folded.

    Every piece of the text is escaped on its way; only the tags are ours.
    """
    lines, cut = _lines(text)
    linker = _Linker()
    parts = []
    for quoted, run in groupby(lines, key=lambda line: bool(_QUOTE_MARK.match(line))):
        block = list(run)
        if not quoted:
            parts.append(_paragraphs(block, linker))
            continue
        inside = _paragraphs([_QUOTE_MARK.sub("", line, count=1) for line in block], linker)
        if len(block) <= _FEW_LINES:
            parts.append(format_html("<blockquote>{}</blockquote>", inside))
            continue
        words = ngettext("Earlier text (%(n)s line)", "Earlier text (%(n)s lines)", len(block)) % {"n": len(block)}
        parts.append(
            format_html(
                '<details class="mail__earlier"><summary>{}</summary><blockquote>{}</blockquote></details>',
                words,
                inside,
            )
        )
    if cut:
        parts.append(format_html('<p class="mail__cut">{}</p>', "…"))
    return format_html_join("", "{}", ((part,) for part in parts))


def is_cut(text: str) -> bool:
    """Whether `as_paragraphs` leaves out the end of this text."""
    return _lines(text)[1]


def _lines(text: str) -> tuple[list[str], bool]:
    shown = links.visible(text[:MOST_CHARACTERS]).replace("\r\n", "\n").replace("\r", "\n")
    lines = shown.expandtabs(4).rstrip().split("\n")
    return lines[:MOST_LINES], len(text) > MOST_CHARACTERS or len(lines) > MOST_LINES


def _paragraphs(lines: list[str], linker: _Linker) -> SafeString:
    paragraphs = [list(run) for empty, run in groupby(lines, key=lambda line: not line.strip()) if not empty]
    return format_html_join(
        "",
        '<p dir="auto">{}</p>',
        ((format_html_join(_LINE_END, "{}", ((linker.of(line),) for line in run)),) for run in paragraphs),
    )


class _Linker:
    """Makes the links of a text pressable, up to so many of them."""

    def __init__(self) -> None:
        self.left = MOST_LINKS

    def of(self, line: str) -> SafeString:
        pieces, at = [], 0
        for found in links.find_links(line, self.left):
            self.left -= 1
            pieces.append(format_html("{}", line[at : found.start]))
            words = links.plain_words(line[found.start : found.end])
            pieces.append(
                format_html(
                    '<a href="{}" target="_blank" rel="noopener noreferrer nofollow"><bdi>{}{}</bdi></a>',
                    found.address,
                    words,
                    links.label(words, found.address),
                )
            )
            at = found.end
        pieces.append(format_html("{}", line[at:]))
        return format_html_join("", "{}", ((piece,) for piece in pieces))
