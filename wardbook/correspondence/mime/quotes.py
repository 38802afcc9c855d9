"""Where the reply ends and the past begins.

Every line of the text is reply, quotation or signature: none is lost, none is in two. Whole forwards stay whole,
answers between quotations stay with them: "Yes." says nothing without its question. `alone` has the sender's words
without them.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from wardbook.correspondence.mime import quote_words as words
from wardbook.correspondence.mime import signatures
from wardbook.correspondence.mime.signature_words import PERSONAL

# Lines beyond are the past, whatever they say.
MOST_LINES = 20_000
LONGEST_LINE = 1_000
# Lines that say alone that a quotation follows.
FORMS = (words.GMAIL_DATE, words.ISO_DATE, words.RULED, words.POSTED, words.WROTE_ON, words.NAMED, words.DATED)
EMPTY, TEXT, QUOTE, WROTE, HEADERS, ORIGINAL, FORWARD = "etqwhof"


@dataclass(frozen=True, slots=True)
class Split:
    reply: str
    quoted: str
    signature: str
    alone: str
    """The reply without the questions that it answers one by one; else the same."""


def split(text: str, quoted_lines: frozenset[int] = frozenset(), signed: Sequence[str] = ()) -> Split:
    """`quoted_lines`: numbers of lines that the HTML marks as quoted; `signed`: the signatures that it marks."""
    lines = _parted(text.split("\n"))
    kept = lines[:MOST_LINES]
    kinds = classify(kept)
    for number in quoted_lines:
        if number < len(kinds) and kinds[number] in (EMPTY, TEXT):
            kinds[number] = QUOTE if kinds[number] == TEXT else EMPTY
    past = find_past(kinds, kept)
    reply = [index for index in range(len(kept)) if not past[index]]
    below = [index for index in range(len(kept)) if past[index]] + list(range(len(kept), len(lines)))
    written = [lines[index] for index in reply]
    start = signatures.begins_at(written)
    if signed:
        marked = signatures.marked_at(written, start, signed)
        # Never all of it: a mail that is only a signature is its text.
        start = marked if any(kinds[index] == TEXT for index in reply[:marked]) else start
    signature = _joined(lines, reply[start:])
    reply = reply[:start]
    told, behind = _joined(lines, reply), _joined(lines, below)
    return Split(told, behind, signature, _alone(lines, kinds, reply) or told)


def _alone(lines: list[str], kinds: list[str], reply: list[int]) -> str:
    """The words of who answers between quotations; "" where nothing is quoted between, or a forward stays whole."""
    within = {kinds[index] for index in reply}
    if QUOTE not in within or within & {HEADERS, ORIGINAL, FORWARD}:
        return ""
    own = _joined(lines, [index for index in reply if kinds[index] != QUOTE])
    return re.sub(r"\n(?:[^\S\n]*\n){2,}", "\n\n", own)


def _parted(lines: list[str]) -> list[str]:
    """With the words before or behind "On … wrote:" on a line of their own where both share one."""
    out: list[str] = []
    for line in lines:
        shared = None
        if "wrote:" in line and len(line) < LONGEST_LINE:
            shared = words.SHARED.match(line) if line.rstrip().endswith("wrote:") else words.BEGUN.match(line)
        glued = words.GLUED.search(line, 0, LONGEST_LINE) if "-----" in line else None
        if glued and line[: glued.start()].strip():
            out += [line[: glued.start()], line[glued.start() :]]
        else:
            out += [shared[1], shared[2]] if shared else [line]
    return out


def _joined(lines: list[str], indexes: list[int]) -> str:
    return "\n".join(lines[index] for index in indexes).strip("\n")


def classify(lines: list[str]) -> list[str]:
    kinds = [_simple(line) for line in lines]
    _links(lines, kinds)
    index = 0
    while index < len(lines):
        if kinds[index] == TEXT:
            length = (
                _attribution(lines, kinds, index) or _header_block(lines, kinds, index) or _notes_block(lines, index)
            )
            if length:
                kind = WROTE if length > 0 else HEADERS
                for offset in range(abs(length)):
                    if kinds[index + offset] != EMPTY:
                        kinds[index + offset] = kind
                index += abs(length)
                continue
        index += 1
    _rules_above(lines, kinds)
    return kinds


def _links(lines: list[str], kinds: list[str]) -> None:
    """A long link breaks out of the quotation that it stands in."""
    for index in range(1, len(kinds) - 1):
        if kinds[index] == TEXT and kinds[index - 1] == QUOTE and words.LINK.match(lines[index][:600]):
            kinds[index] = QUOTE


def _simple(line: str) -> str:
    bare = line[:LONGEST_LINE].strip()
    if not bare:
        return EMPTY
    if words.GROUPWISE.match(bare) or words.BOXED.match(bare):
        return ORIGINAL
    if bare[0] in ">|" and not (bare[0] == "|" and bare.count("|") > 2):
        return QUOTE if (bare[0] == ">" and "<<<" not in bare) or bare.startswith("| ") or bare == "|" else TEXT
    if words.ORIGINAL_RUN.match(bare):
        return ORIGINAL
    if len(bare) < 200:
        if words.FORWARD.match(bare):
            return FORWARD
        if words.ONE_LINE.match(bare):
            return HEADERS
        if words.DELIMITER.match(bare) or words.is_reply_above(bare):
            return ORIGINAL
    return TEXT


def _attribution(lines: list[str], kinds: list[str], index: int) -> int:
    """How many lines from here say "On … wrote:"; 0 where they do not."""
    first = _read_in_order(lines[index])
    if len(first) > 400:
        return 0
    if any(form.match(first) for form in FORMS) or _says_all(first, kinds, index):
        return 1
    if words.ORIGINAL_ALONE.match(first) and _next_kind(kinds, index + 1) == QUOTE:
        return 1
    if _wraps(first, lines, kinds, index):
        return 2
    if not words.START.match(first) and not words.WROTE_END.search(first[-160:]):
        return 0
    joined = ""
    for offset in range(4):
        at = index + offset
        if at >= len(lines) or kinds[at] not in (TEXT, QUOTE):
            return 0
        # Only the bracket of the address may go on in a line that begins like a quotation.
        if offset and kinds[at] == QUOTE and not (joined.count("<") > joined.count(">") and _ends(lines[at])):
            return 0
        joined = f"{joined} {_read_in_order(lines[at])}".strip()
        if len(joined) > 500:
            return 0
        if offset and words.GMAIL_DATE.match(joined):
            return offset + 1
        if words.WROTE_END.search(joined[-160:]) and _says_who_and_when(joined, lines, kinds, at):
            return offset + 1
    return 0


def _read_in_order(line: str) -> str:
    """Without the signs that turn the direction of reading."""
    return (line if line.isascii() else words.TURNS.sub("", line)).strip()


def _ends(line: str) -> bool:
    return line.rstrip(" *_-\xa0").endswith((":", "："))


def _says_all(line: str, kinds: list[str], index: int) -> bool:
    """An address and a date, a colon, and a quotation below: whatever the language, this is who wrote it and when."""
    return (
        len(line) < 300
        and _ends(line)
        and words.MAIL.search(line) is not None
        and words.DATE_LIKE.search(line) is not None
        # Who says "my" or "sent me" introduces what is quoted.
        and not PERSONAL.search(line)
        and " me " not in line
        and _next_kind(kinds, index + 1) == QUOTE
    )


def _wraps(first: str, lines: list[str], kinds: list[str], index: int) -> bool:
    """Whether the line that says it all goes on in the next."""
    if index + 2 >= len(lines) or kinds[index + 1] != TEXT or (index and kinds[index - 1] != EMPTY):
        return False
    following = lines[index + 1][:LONGEST_LINE]
    return (
        _ends(following)
        and words.DATE_LIKE.search(first) is not None
        and _says_all(f"{first} {_read_in_order(following)}", kinds, index + 1)
    )


def _says_who_and_when(joined: str, lines: list[str], kinds: list[str], at: int) -> bool:
    ends = joined.rstrip(" *>_-\xa0")
    colon = ends.endswith((":", "："))
    addressed = bool(words.MAIL.search(joined) or "<" in joined)
    told = bool(words.DATE_LIKE.search(joined)) + addressed
    quoted = _next_kind(kinds, at + 1) == QUOTE
    if colon:
        named = addressed or not words.TOLD.search(joined)
        return quoted or (told >= 1 and named and words.START.match(joined) is not None)
    # Without its colon it needs everything else.
    return (told == 2 and words.START.match(joined) is not None and len(ends) < 300 and quoted) or (
        joined.startswith("----") and told >= 1
    )


def _next_kind(kinds: list[str], index: int) -> str:
    for kind in kinds[index : index + 4]:
        if kind != EMPTY:
            return kind
    return EMPTY


def _header_block(lines: list[str], kinds: list[str], index: int) -> int:
    """Minus the number of lines, where From, Sent, To and Subject begin here; 0 where they do not."""
    first = words.header_kind(lines[index])
    if first not in ("from", "date", "subject", "to"):
        return 0
    # Notes makes a table of it, and not every name of a header has its colon there.
    kind_of = words.row_kind if first == "from" and words.ROW_FROM.match(lines[index][:300]) else words.header_kind
    seen = {first}
    last = index
    missed = 0
    for at in range(index + 1, min(index + 16, len(lines))):
        kind = kind_of(lines[at])
        if words.FORM.match(lines[at][:100]) and not {"from", "date", "to", "subject"} <= seen:
            # Somebody filled in a form, and this is what they wrote.
            return 0
        if kind:
            seen.add(kind)
            last, missed = at, 0
            continue
        if not lines[at].strip() and (len(seen) >= 3 or missed):
            # Some put an empty line between each.
            if _kind_ahead(lines, at):
                continue
            break
        missed += 1
        if missed > 2:
            break
    enough = 2 if index and _delimited(lines, kinds, index) else 3
    block = lines[index : last + 1]
    if seen == {"date", "to"} and words.DATE_LIKE.search(lines[index]) and "@" in lines[last]:
        return -(last - index + 1)
    if "from" not in seen or len(seen) < enough or not seen & {"date", "subject"}:
        return 0
    if enough == 3 and not {"from", "date", "to", "subject"} <= seen and not any(map(_is_mailed, block)):
        # A journey has them too, and who writes a letter as one did on paper.
        return 0
    return -(last - index + 1)


def _is_mailed(line: str) -> bool:
    """An address, or the time of day behind the date, as every mailer writes them."""
    return "@" in line or (
        words.header_kind(line) == "date" and words.CLOCK.search(_read_in_order(line[:300])) is not None
    )


def _notes_block(lines: list[str], index: int) -> int:
    """Minus the number of lines, where Notes says who wrote, when, to whom and about what; 0 where it does not."""
    if "@" not in lines[index] or not words.NOTES_WHO.match(lines[index][:400]):
        return 0
    sought = [words.NOTES_WHEN, words.NOTES_TO, words.NOTES_SUBJECT]
    for at in range(index + 1, min(index + 24, len(lines))):
        if sought[0].match(lines[at][:100]):
            del sought[0]
            if not sought:
                return -(at - index + 1)
        elif len(sought) == 3 and at > index + 4:
            return 0
    return 0


def _kind_ahead(lines: list[str], at: int) -> bool:
    return at + 1 < len(lines) and words.header_kind(lines[at + 1]) != ""


def _delimited(lines: list[str], kinds: list[str], index: int) -> bool:
    for at in range(index - 1, max(index - 4, -1), -1):
        if kinds[at] != EMPTY:
            return kinds[at] in (ORIGINAL, FORWARD) or words.UNDERSCORES.match(lines[at]) is not None
    return False


def _rules_above(lines: list[str], kinds: list[str]) -> None:
    """The line that Outlook draws above a block of headers belongs to it."""
    for index, kind in enumerate(kinds):
        if kind in (HEADERS, WROTE, ORIGINAL) and index:
            at = index - 1
            while at >= 0 and kinds[at] == EMPTY:
                at -= 1
            if at >= 0 and kinds[at] == TEXT and words.UNDERSCORES.match(lines[at]):
                kinds[at] = kind


def find_past(kinds: list[str], lines: list[str]) -> list[bool]:
    """For each line whether it is the past."""
    past = [False] * len(kinds)
    cut = _cut(kinds)
    if cut < len(kinds):
        if TEXT in kinds[:cut] or (QUOTE in kinds[:cut]):
            past[cut:] = [True] * (len(kinds) - cut)
        elif FORWARD in kinds[: cut + 1] or HEADERS in kinds[: cut + 1] or ORIGINAL in kinds[: cut + 1]:
            # Nothing above: a forward, and it stays whole.
            return past
    _quotations(kinds, lines, past, min(cut, len(kinds)))
    return past


def _cut(kinds: list[str]) -> int:
    """The first line from which on everything is the past: len where there is none."""
    telling = [index for index, kind in enumerate(kinds) if kind not in (EMPTY, WROTE)]
    first = next((index for index in telling if kinds[index] == TEXT), len(kinds))
    for index, kind in enumerate(kinds):
        if kind in (HEADERS, ORIGINAL, FORWARD):
            return index
        if kind == WROTE and first < index and kinds[index - 1] != WROTE:
            at = bisect(telling, index)
            after = [kinds[number] for number in telling[at : at + 3]]
            # Quoted without a sign at its lines: what follows is the past.
            if (not after or after[0] == TEXT) and QUOTE not in after:
                return index
    return len(kinds)


def _quotations(kinds: list[str], lines: list[str], past: list[bool], end: int) -> None:
    """Fold quotations within kinds[:end] unless they are answered one by one."""
    blocks = _blocks(kinds, end)
    quotes = [number for number, (kind, _, _) in enumerate(blocks) if kind == QUOTE]
    texts = [number for number, (kind, _, _) in enumerate(blocks) if kind == TEXT]
    if not quotes:
        _fold_lines(kinds, past, end, WROTE)
        return
    if not texts:
        if any(kind == FORWARD for kind in kinds):
            return
        past[:end] = [kind != EMPTY or value for kind, value in zip(kinds[:end], past[:end], strict=True)]
        return
    answered = [number for number in texts if number > quotes[0]]
    # Quoted by hand: no mailer says who wrote it, and sentences stand above and below.
    by_hand = texts[0] < quotes[0] and WROTE not in kinds[:end]
    inline = any(
        number < quotes[-1] or (by_hand and signatures.is_written(lines[slice(*blocks[number][1:])]))
        for number in answered
    )
    for number in quotes:
        _, start, stop = blocks[number]
        trailing = number > texts[-1]
        if trailing or not inline:
            past[start:stop] = [True] * (stop - start)
    _fold_lines(kinds, past, end, WROTE)


def _fold_lines(kinds: list[str], past: list[bool], end: int, sought: str) -> None:
    for index in range(end):
        if kinds[index] == sought:
            past[index] = True


def _blocks(kinds: list[str], end: int) -> list[tuple[str, int, int]]:
    """Runs of quotation and of text; the line that says who wrote belongs to the quotation below."""
    blocks: list[tuple[str, int, int]] = []
    for index in range(end):
        kind = QUOTE if kinds[index] == WROTE else kinds[index]
        if kind == EMPTY:
            continue
        if blocks and blocks[-1][0] == kind:
            blocks[-1] = (kind, blocks[-1][1], index + 1)
        else:
            blocks.append((kind, index, index + 1))
    return blocks
