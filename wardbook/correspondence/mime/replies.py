"""The reply of a mail from all that it has: its text, and what its HTML marks as quoted."""

from __future__ import annotations

import re

from wardbook.correspondence.mime import signatures
from wardbook.correspondence.mime.bodies import Words
from wardbook.correspondence.mime.html_text import MOST_CHARACTERS, Line
from wardbook.correspondence.mime.quotes import EMPTY, TEXT, Split, classify, split

MARKED = (
    "gmail_quote gmail_attr cite divrplyfwdmsg appendonsend outlookmessageheader moz-cite-prefix yahoo_quoted "
    "protonmail_quote zmail_extra stopspelling border-top blockquote wmquote tutanota_quote reference-message "
    "domino-section messagereplysection fsreplyabove cm_replymail"
).split()

SIGNED = ("signature", "__sig", "bloop_sign", "_rc_sig", 'id="sig', "-sgn")
# More lines are no signature, and more signatures are a thread.
MOST_SIGNED = 60
MOST_SIGNATURES = 20


def split_reply(text: str, words: list[Words]) -> Split:
    pages = [piece for piece in words if piece.html]
    signed = _signed(pages[0].rendered().lines) if len(pages) == 1 and _is_signed(pages[0].html or "") else []
    plain = split(text, signed=signed)
    if len(pages) != 1 or not _is_marked(pages[0].html or ""):
        return plain
    if pages[0].text is not None and plain.quoted:
        # The text says itself where its past begins.
        return plain
    lines = pages[0].rendered().lines
    if not any(line.quoted for line in lines):
        return plain
    numbers = _numbers(text, lines) if pages[0].text is not None else _marked(text, lines)
    if not numbers:
        return plain
    marked = split(text, numbers, signed)
    return marked if marked.reply.strip() else plain


def _is_marked(html: str) -> bool:
    """Whether there is any sign of a quotation: most mails have none and need not be looked at twice."""
    lower = html[:MOST_CHARACTERS].lower()
    return any(mark in lower for mark in MARKED)


def _is_signed(html: str) -> bool:
    """Whether there is any sign of a marked signature."""
    lower = html[:MOST_CHARACTERS].lower()
    return any(mark in lower for mark in SIGNED)


def _signed(lines: list[Line]) -> list[str]:
    """The signatures that the HTML marks: those that are believed.

    Mailers put the mark around the quoted mail too, and people write where their signature is: both is theirs.
    """
    found: list[str] = []
    run: list[Line] = []
    for line in [*lines, Line("", quoted=True)]:
        if line.signed and not line.quoted:
            run.append(line)
        elif run and (line.text or line.quoted):
            told = _above_the_past(run)
            if 0 < len(told) <= MOST_SIGNED and (_is_motto(run) or not signatures.is_written(told)):
                found.append("\n".join(told))
            run = []
    return found[:MOST_SIGNATURES]


def _above_the_past(run: list[Line]) -> list[str]:
    told = [line.text for line in run[: MOST_SIGNED + 1]]
    kinds = classify(told)
    return told[: next((at for at, kind in enumerate(kinds) if kind not in (TEXT, EMPTY)), len(told))]


def _is_motto(run: list[Line]) -> bool:
    """One short line of a template; a question is nobody's motto."""
    return len(run) == 1 and run[0].signed == 2 and len(run[0].text.split()) <= 8 and "?" not in run[0].text


def _marked(text: str, lines: list[Line]) -> frozenset[int]:
    """The text was made of these lines: their numbers are its own."""
    if text.split("\n")[: len(lines)] != [str(line) for line in lines]:
        return frozenset()
    return frozenset(number for number, line in enumerate(lines) if line.quoted)


def _numbers(text: str, lines: list[Line]) -> frozenset[int]:
    """Which lines of the text the HTML has as quoted: where the quoted lines begin, and all of them behind it."""
    flat = [_flat(line) for line in text.split("\n")]
    own = [_flat(line.text) for line in lines if not line.quoted]
    first = next((index for index, line in enumerate(lines) if line.quoted and _flat(line.text)), None)
    if first is None:
        return frozenset()
    # Text behind the quotation: each line is looked up by itself.
    quoted = {_flat(line.text) for line in lines if line.quoted} - set(own) - {""}
    quoted_lines = [_flat(line.text) for line in lines[first:] if _flat(line.text)]
    behind = any(not other.quoted and _flat(other.text) for other in lines[first:])
    # The first of them that the text has too: its own way to say who wrote may differ.
    for at in range(min(len(quoted_lines), 5)):
        opening = quoted_lines[at : at + 3]
        for index, line in enumerate(flat):
            if line and _alike(line, opening[0]) and (len(opening[0]) > 12 or _follows(flat, index, opening)):
                if behind:
                    return frozenset(
                        each for each in range(index, len(flat)) if flat[each] in quoted or not flat[each]
                    )
                return frozenset(range(index, len(flat)))
    return frozenset()


def _follows(flat: list[str], index: int, opening: list[str]) -> bool:
    told = [line for line in flat[index:] if line][: len(opening)]
    return len(told) == len(opening) and all(map(_alike, told, opening))


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return bool(short) and (short == long or (len(short) >= 12 and long.startswith(short)))


def _flat(line: str) -> str:
    return re.sub(r"[\W_]+", "", line[:500]).casefold()
