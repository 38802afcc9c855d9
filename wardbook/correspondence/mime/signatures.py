"""Where a signature begins: what the writer's device or employer put below the words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wardbook.correspondence.mime import signature_words as words

LONGEST = 25
LONGEST_FROM = 8
# What a line says beyond is not compared.
LONGEST_ESSENCE = 4_000


def begins_at(lines: list[str]) -> int:
    """The index from which on `lines` are signature: len(lines) where there is none."""
    last = len(lines)
    while last and not lines[last - 1].strip():
        last -= 1
    # Never all of it: a mail that is only a signature is its text.
    first = next((index for index, line in enumerate(lines) if line.strip()), last)
    start = last
    for index in range(last - 1, first - 1, -1):
        line = lines[index]
        if index == first and not words.SEPARATOR.match(line):
            break
        if last - index > 60:
            break
        if words.SEPARATOR.match(line) and _short(lines, index + 1, last, LONGEST):
            if not _goes_on(lines[index + 1 : last]):
                start = index
        elif start == last and not line.startswith(">") and words.DASH_NAME.match(line) and index == last - 1:
            if not _is_list(lines, index):
                start = index
        elif is_sent_from(line):
            if _short(lines, index + 1, min(start, last), LONGEST_FROM) and not is_written(lines[index + 1 : start]):
                start = index
        elif is_disclaimer(lines, index):
            start = index
    return _ruled(lines, start, first)


def marked_at(lines: list[str], start: int, signed: Sequence[str]) -> int:
    """The index from which on `lines` are one of the `signed` texts, which may go on behind `start`; else `start`.

    Only what stands last: who writes below a signature keeps the words, and the signature with them.
    """
    behind = "".join(map(essence, lines[start:]))
    for each in filter(None, ("".join(map(essence, text.split("\n"))) for text in signed)):
        told = ""
        for index in range(start - 1, -1, -1):
            told = essence(lines[index]) + told
            if len(told) > len(each):
                break
            if told and (told + behind).startswith(each):
                return index
    return start


def is_written(lines: Sequence[str]) -> bool:
    """Whether a person wrote this: a greeting or a sentence before the first of what nobody writes by hand."""
    for index, line in enumerate(lines):
        if is_sent_from(line) or is_disclaimer(lines, index):
            return False
        if _is_sentence(line):
            return True
    return False


def is_disclaimer(lines: Sequence[str], index: int) -> bool:
    line = paragraph = lines[index][:400]
    for other in lines[index + 1 : index + 4]:
        if not other.strip() or len(paragraph) > 400:
            break
        paragraph = f"{paragraph} {other[:400]}"
    # Its first words stand in this line, and may go on in the next.
    surely = words.DISCLAIMER.match(line) or words.DISCLAIMER.match(paragraph)
    if not surely and not words.MAYBE.match(line):
        return False
    if words.PERSONAL.search(paragraph):
        return False
    return bool(surely or words.LAWYERS.search(paragraph))


def essence(text: str) -> str:
    """What both the text of a mail and its HTML have of the same lines: letters and digits, no addresses of links."""
    text = text[:LONGEST_ESSENCE]
    if "<" in text or "[" in text or "http" in text or "(" in text:
        text = words.PICTURES.sub("", words.LINKED.sub("", text))
    return re.sub(r"[\W_]+", "", text).casefold()


def is_sent_from(line: str) -> bool:
    """Whether a device or an app put this line below what was written."""
    if len(line) >= 600:
        return False
    if "://" in line or "mailto:" in line:
        line = words.LINKED.sub("", line)
    bare = re.sub(r"[\[\]\u200e\u200f]", "", line).strip()
    if len(bare) >= 160:
        return False
    if words.OWN_DEVICE.match(bare):
        return True
    if words.SENT_FROM.match(bare):
        if words.SENT_BY_HAND.search(bare):
            return False
        return "," not in bare or not bare.lower().startswith("sent ") or words.EXCUSED.search(bare) is not None
    if words.SENT_NEAR.match(bare) and not words.PERSONAL.search(bare):
        return True
    return len(bare) < 60 and words.STORE.match(bare) is not None


def _is_sentence(line: str) -> bool:
    bare = words.LINKED.sub("", line[:1_000]).strip()
    if words.GREETING.match(bare):
        return True
    if words.CLOSING.search(bare) or words.EXCUSED.search(bare):
        return False
    said = [word for word in re.findall(r"(?<![\w.@/-])[^\W\d_]{2,}(?![\w@/.]\w)", bare) if word.islower()]
    told = sum(word not in words.SMALL_WORDS for word in said)
    ends = bare.endswith((".", "!", "?", "…")) and not words.ABBREVIATED.search(bare)
    return told >= 5 or (ends and told >= 1)


def _goes_on(below: list[str]) -> bool:
    """Whether who wrote goes on below a line of dashes: a sentence after an empty line, or a postscript."""
    if any(words.POSTSCRIPT.match(line) for line in below):
        return True
    first = next((line for line in below if line.strip()), "")
    return bool(below) and not below[0].strip() and _is_sentence(first) and not is_disclaimer([first], 0)


def _ruled(lines: list[str], start: int, first: int) -> int:
    """With the line that is drawn above it."""
    at = start - 1
    while at > first and not lines[at].strip():
        at -= 1
    return at if first < at < start < len(lines) and words.RULE.match(lines[at]) else start


def _short(lines: list[str], start: int, end: int, most: int) -> bool:
    return sum(1 for line in lines[start:end] if line.strip()) <= most


def _is_list(lines: list[str], index: int) -> bool:
    return index > 0 and bool(re.match(r"^\s*[-*–•]\s?\S", lines[index - 1]))
