"""By which words a case is found. No database."""

from collections.abc import Iterable

from wardbook.lib.fold import words

LONGEST = 60
"""A longer word is cut, in the index and in what is typed: nobody types so much of one to the end."""


def key(office_id: int, word: str) -> str:
    """A folded word as the index knows it. The office is part of it, so that no search walks through the words of
    other offices."""
    return f"{office_id}:{word[:LONGEST]}"


def keys(office_id: int, text: str) -> str:
    """Every word of a text as the index knows it, each once, with spaces between."""
    return " ".join(dict.fromkeys(key(office_id, word) for word in words(text)))


def beginnings(office_id: int, typed: Iterable[str]) -> list[str]:
    """What was typed, as beginnings of words of the index. Nothing but letters, digits, _ and : comes out of it."""
    return [key(office_id, word) for text in typed for word in words(text)]
