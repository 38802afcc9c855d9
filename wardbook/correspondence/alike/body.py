"""What of a mail is the letter itself: not who it is to, who it is from, where they live, or what it answers.

Campaign pages fill in greeting, name, address and date, and mail programs add lines of their own. None of that tells
one letter from another, so none of it is compared, and none of it counts as a sender's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from wardbook.correspondence.alike import phrases
from wardbook.correspondence.mime.signatures import is_sent_from
from wardbook.lib.fold import fold

# What is compared of a mail. More than 20 pages is nobody's campaign.
MOST_CHARACTERS = 60_000
MOST_LINES = 5_000

NUMBER = "0"
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>]{1,2000}|[\w.+-]{1,64}@[\w.-]{1,255}", re.IGNORECASE)
_QUOTED = re.compile(r"[ \t]{0,8}[>|]")
_QUOTE_MARKS = re.compile(r"(?:[ \t]{0,8}[>|]){1,50}[ \t]?")
_HEADER = re.compile(r"[\w -]{2,15}:\s")
_CLAUSE = re.compile(r"[,;:]|\band\b")
_SHORT_LINE = 8
_SHOUTED = 3


class Word(NamedTuple):
    """A word as it is compared, and where it stands in its text."""

    key: str
    start: int
    end: int


@lru_cache(maxsize=100_000)
def _key(word: str) -> str:
    folded = fold(word)
    # Numbers are what merges differ in: amounts per house, dates, postcodes.
    return NUMBER if any(c.isdigit() for c in folded) else folded


def words_in(text: str) -> list[Word]:
    """The words of a text. Addresses of the web and of mail are not words: links carry who was sent them."""
    return [Word(_key(hit[0]), *hit.span()) for hit in _WORD.finditer(_without_addresses(text))]


def keys_in(text: str) -> list[str]:
    """The words of a text as they are compared, without their places."""
    return [_key(word) for word in _WORD.findall(_without_addresses(text))]


def _without_addresses(text: str) -> str:
    if "@" in text or "://" in text or "www." in text.lower():
        return _ADDRESS.sub(lambda hit: " " * len(hit[0]), text)
    return text


@lru_cache(maxsize=256)
def body_of(text: str) -> str:
    """The letter itself, in its own words and lines."""
    lines = text[:MOST_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n").split("\n")[:MOST_LINES]
    lines = [line for line in _written_now(lines) if not _is_added(line)]
    return "\n".join(_without_end(_without_beginning(lines))).strip()


def _is(phrase: re.Pattern[str], line: str) -> bool:
    return len(line) <= phrases.LONGEST_LINE and phrase.fullmatch(line.strip()) is not None


def _is_added(line: str) -> bool:
    return _is(phrases.ADDED_BY_PROGRAMS, line) or is_sent_from(line)


def _count(line: str) -> int:
    return len(_WORD.findall(line))


def _written_now(lines: list[str]) -> Iterator[str]:
    """The lines without what is quoted. A mail that is nothing but forwarded is read as if it were the sender's."""
    past = next((number for number, line in enumerate(lines) if _is(phrases.PAST, line)), len(lines))
    own = lines[:past]
    if past < len(lines) and not any(_WORD.search(line) for line in own):
        own = [line for line in map(_unquoted, lines[past + 1 :]) if not _HEADER.match(line)]
    kept = [line for line in own if not _QUOTED.match(line)]
    yield from kept if any(_WORD.search(line) for line in kept) else map(_unquoted, own)


def _unquoted(line: str) -> str:
    return _QUOTE_MARKS.sub("", line, count=1) if _QUOTED.match(line) else line


def _without_beginning(lines: list[str]) -> list[str]:
    """Without the greeting, and the short lines above it: an address, a date, a subject."""
    for number, line in enumerate(lines[:25]):
        hit = phrases.GREETING.match(line.lstrip()[: phrases.LONGEST_LINE])
        if not hit:
            continue
        above = [before for before in lines[:number] if _count(before) > _SHORT_LINE]
        if _count(line) <= _SHORT_LINE:
            return [*above, *lines[number + 1 :]]
        rest = line.lstrip()[hit.end() :]
        comma = re.search(r"[,:!–]", rest[:60])
        return [*above, rest[comma.end() :] if comma else line, *lines[number + 1 :]]
    return lines


def _without_end(lines: list[str]) -> list[str]:
    """Without the farewell, name and address; a postscript stays."""
    for number in range(max(len(lines) - 40, 0), len(lines)):
        line = lines[number].strip()
        if re.fullmatch(r"-- ?|-{3,80}|_{3,80}", line) or _is_farewell(line):
            return [*lines[:number], *_postscript(lines[number + 1 :])]
    last = len(lines)
    while last and _is_name_or_place(lines[last - 1]):
        last -= 1
    return lines[:last]


def _is_farewell(line: str) -> bool:
    hit = phrases.FAREWELL.match(line)
    return bool(hit) and _count(line) <= _SHORT_LINE and not _is_sentence(line[hit.end() if hit else 0 :])


def _postscript(lines: list[str]) -> list[str]:
    """Of the lines below a farewell all from the first one that says something."""
    for number, line in enumerate(lines):
        if not _is_name_or_place(line) and (_count(line) > _SHORT_LINE or _is_sentence(line)):
            return lines[number:]
    return []


def _is_sentence(line: str) -> bool:
    return line.rstrip().endswith((".", "!", "?")) and _count(line) >= 4


def _is_name_or_place(line: str) -> bool:
    """Whether a line is only names, numbers and addresses, like the last lines of a letter."""
    words = _WORD.findall(_without_addresses(line))
    return len(words) <= _SHORT_LINE and not line.rstrip().endswith(("!", "?")) and _are_names(words)


def _are_names(words: list[str]) -> bool:
    """Whether all are written like names or numbers. WHO SHOUTS SAYS SOMETHING, though all of it is in capitals."""
    shouted = sum(len(word) > 1 and word.isupper() and word.isalpha() for word in words)
    return all(map(_is_name, words)) and shouted < _SHOUTED


def _is_name(word: str) -> bool:
    return word[0].isupper() or any(c.isdigit() for c in word) or word.lower() in phrases.SMALL_WORDS


def clauses_saying_something(sentence: str) -> Iterator[str]:
    """The clauses of a sentence that are not politeness, and not name or address as forms ask for them."""
    if not _is_polite(sentence):
        yield from (clause for clause in _CLAUSE.split(sentence) if clause.strip() and not _is_filled_in(clause))


def _is_polite(sentence: str) -> bool:
    words = keys_in(sentence) if len(sentence) <= phrases.LONGEST_LINE else []
    return bool(words) and phrases.POLITE.fullmatch(" ".join(words)) is not None


def _is_filled_in(clause: str) -> bool:
    """Whether it only says who somebody is and where they live: "My name is Mair Rees", "I live at 4 Mill Lane"."""
    words = _WORD.findall(_without_addresses(clause))
    if len(words) > 16:
        return False
    if _are_names(words):
        return True
    folded = [_key(word) for word in words]
    return any(
        phrases.ABOUT_ME.fullmatch(" ".join(folded[:length])) and _are_names(words[length:])
        for length in range(min(len(words), 10), 0, -1)
    ) or (folded[:2] == ["i", "am"] and len(words) > 3 and _are_names(words[2:]))
