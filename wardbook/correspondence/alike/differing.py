"""What one copy of a letter says that the others do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from wardbook.correspondence.alike.body import Word, body_of, clauses_saying_something, keys_in, words_in

# Three words in a row that both have are no accident where five or more are the same around them.
_RUN = 3
_FEWEST_SAME = 5
# So many words of one's own are more than a changed adjective, a name or a place.
FEWEST_OWN = 7
FEWEST_OWN_IN_A_SENTENCE = 3


_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n[ \t]*\n")


class Kind(Enum):
    """Of a piece of text: both have it, the sender added it, or left it out."""

    SAME = "same"
    ADDED = "added"
    LEFT_OUT = "left-out"


class Span(NamedTuple):
    """A piece of text as it was written, with its spaces."""

    kind: Kind
    text: str


def differences(base: str, other: str) -> list[Span]:
    """The letter of a sender beside the one that all share, in the sender's order, without greeting and signature.

    A paragraph that only moved is the same. The time grows with the length of both.
    """
    mine, theirs = body_of(base), body_of(other)
    base_words, words = words_in(mine), words_in(theirs)
    kept, left = _found_in(words, base_words), _found_in(base_words, words)
    out: list[Span] = []
    missing = _missing_after(base_words, left, words, kept, mine)
    if missing.get(-1):
        out.append(Span(Kind.LEFT_OUT, missing[-1]))
    at = 0
    for same, run in groupby(range(len(words)), key=lambda n: kept[n]):
        numbers = list(run)
        start = at
        for number in numbers:
            if number in missing:
                end = _up_to_next(words, number, theirs)
                out.append(Span(Kind.SAME if same else Kind.ADDED, theirs[start:end]))
                out.append(Span(Kind.LEFT_OUT, missing[number]))
                start = end
        at = _up_to_next(words, numbers[-1], theirs)
        if start < at:
            out.append(Span(Kind.SAME if same else Kind.ADDED, theirs[start:at]))
    return out


def _up_to_next(words: list[Word], number: int, text: str) -> int:
    return words[number + 1].start if number + 1 < len(words) else len(text)


def _found_in(words: list[Word], others: list[Word]) -> list[bool]:
    """For each word whether it stands in a run of words that the other text has too."""
    return _found_in_runs(words, _runs([word.key for word in others]))


def _runs(keys: list[str]) -> frozenset[tuple[str, ...]]:
    """Every so many words that follow each other."""
    return frozenset(zip(*(keys[at:] for at in range(_RUN)), strict=False))


@lru_cache(maxsize=256)
def _runs_of_letter(text: str) -> frozenset[tuple[str, ...]]:
    """Those of a whole letter. Remembered, because one letter is compared with each of its copies."""
    return _runs(keys_in(body_of(text)))


def _found_in_runs(words: list[Word], runs: frozenset[tuple[str, ...]]) -> list[bool]:
    keys = [word.key for word in words]
    found = [False] * len(keys)
    for at, words_there in enumerate(zip(*(keys[at:] for at in range(_RUN)), strict=False)):
        if words_there in runs:
            found[at : at + _RUN] = [True] * _RUN
    at = 0
    for same, run in groupby(list(found)):
        length = len(list(run))
        # A few common words amid others ("I would like to") are no part of the shared letter.
        if same and length < _FEWEST_SAME and at and at + length < len(found):
            found[at : at + length] = [False] * length
        at += length
    return found


def _missing_after(
    base: list[Word], found: list[bool], words: list[Word], kept: list[bool], text: str
) -> dict[int, str]:
    """What is left out, by the number of the sender's word after which it stood; -1 for the beginning."""
    places: dict[tuple[str, ...], int] = {}
    for number in range(len(words) - _RUN, -1, -1):
        if kept[number]:
            places[tuple(word.key for word in words[number : number + _RUN])] = number + _RUN - 1
    missing: dict[int, str] = {}
    at, place = 0, -1
    for same, run in groupby(found):
        end = at + len(list(run))
        if same:
            place = places.get(tuple(word.key for word in base[end - _RUN : end]), place)
        else:
            words_left = text[base[at].start : _up_to_next(base, end - 1, text)]
            missing[place] = missing.get(place, "") + words_left
        at = end
    return missing


def own_words(base: str, other: str) -> str:
    """What the sender wrote of their own: whole pieces of some length, one paragraph each; "" if nothing."""
    return "\n\n".join(_own_pieces(base, other))


def wrote_something_of_their_own(base: str, other: str) -> bool:
    """Whether a sender added words beyond what merges fill in (EM-9). In doubt yes: then somebody reads it."""
    return any(True for _ in _own_pieces(base, other))


def _own_pieces(base: str, other: str) -> Iterator[str]:
    theirs = body_of(other)
    words = words_in(theirs)
    kept = _found_in_runs(words, _runs_of_letter(base))
    for same, run in groupby(range(len(words)), key=lambda n: kept[n]):
        if same:
            continue
        numbers = list(run)
        start, end = words[numbers[0]].start, words[numbers[-1]].end
        own = [(piece, count) for piece in _SENTENCE.split(theirs[start:end]) if (count := _said_in(piece))]
        count = sum(said for _, said in own)
        whole = _begins_sentence(theirs, start) and _ends_sentence(theirs, end)
        if count >= FEWEST_OWN or (whole and count >= FEWEST_OWN_IN_A_SENTENCE):
            yield " ".join(piece.strip() for piece, _ in own) + _mark_after(theirs, end)


@lru_cache(maxsize=4096)
def _said_in(sentence: str) -> int:
    """How many of its words say something."""
    return sum(len(keys_in(clause)) for clause in clauses_saying_something(sentence))


def _begins_sentence(text: str, start: int) -> bool:
    between = re.search(r"[^\w.!?…:]*\Z", text[max(start - 20, 0) : start])
    before = text[: start - len(between[0])] if between else text[:start]
    return not before or before[-1] in ".!?…:" or bool(between and "\n\n" in between[0])


def _ends_sentence(text: str, end: int) -> bool:
    after = text[end : end + 20].lstrip(" \t\"'”’)*")
    return not after or after[0] in ".!?…:" or after.startswith("\n\n")


def _mark_after(text: str, end: int) -> str:
    return text[end] if end < len(text) and text[end] in ".!?…" else ""
