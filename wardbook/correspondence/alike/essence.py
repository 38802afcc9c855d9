"""A mail's text made comparable, and how much two of them share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b

from wardbook.correspondence.alike.body import NUMBER, body_of, clauses_saying_something, keys_in

SHINGLE = 4
# A text of fewer words says too little to be a campaign by itself: "Please call me about my tax. Thank you."
FEWEST_WORDS = 12
_SENTENCE = re.compile(r"(?<=[.!?…:;])\s+|\n[ \t]*\n")


@dataclass(frozen=True)
class Essence:
    """The words of a letter as they are compared: folded, without what merges put in, without politeness."""

    words: tuple[str, ...]

    @cached_property
    def shingles(self) -> frozenset[int]:
        """A number of 64 bits for every four words that follow each other; the same in every process."""
        words = [word.encode() for word in self.words]
        return frozenset(
            int.from_bytes(blake2b(b" ".join(words[at : at + SHINGLE]), digest_size=8).digest(), "big")
            for at in range(len(words) - SHINGLE + 1)
        )

    @property
    def says_enough(self) -> bool:
        """Whether it is long enough to be compared at all."""
        return len(self.words) >= FEWEST_WORDS


def essence(text: str) -> Essence:
    """What is left of a mail's text when all is taken away that differs from copy to copy, or is in every mail."""
    kept: list[str] = []
    for sentence in _SENTENCE.split(body_of(text)):
        kept.extend(_kept_of(sentence))
    return Essence(tuple(kept))


@lru_cache(maxsize=8192)
def _kept_of(sentence: str) -> tuple[str, ...]:
    """The words of a sentence that are compared. Remembered, because copies of a letter have the same sentences."""
    return tuple(key for clause in clauses_saying_something(sentence) for key in keys_in(clause) if key != NUMBER)


@lru_cache(maxsize=512)
def essence_of(text: str) -> Essence:
    """The essence of a text that is compared again and again."""
    return essence(text)


def shared(one: Essence, other: Essence) -> float:
    """The share of text in common, 0 to 1: how much of the shorter one is found in the longer, in whatever order.

    Of the shorter, because a person who adds a page of their own to a campaign's letter has still sent that letter.
    """
    if not (one.says_enough and other.says_enough):
        return 0.0
    return len(one.shingles & other.shingles) / min(len(one.shingles), len(other.shingles))
