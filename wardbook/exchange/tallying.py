"""How often each value stands in the columns that go to a list, so that a person can say what it becomes."""

from collections.abc import Sequence
from typing import Any

from wardbook.exchange.fields import Takes
from wardbook.exchange.mapping import Map, folded
from wardbook.exchange.rows import reads

LISTED = (Takes.VALUE, Takes.VALUES, Takes.CHOICE, Takes.MEMBER, Takes.YES)
COUNTED, KEPT = 20_000, 1_000
"""So many different values of a field are counted, and of these so many kept, the most frequent."""
LONGEST = 120


class Tally:
    """Counts the values of a file, spellings that differ in case as one."""

    def __init__(self, using: Map, columns: Sequence[str]) -> None:
        places = {name: place for place, name in reversed(list(enumerate(columns)))}
        self._width = len(columns)
        self._rules = {
            name: (reads(rule, places), rule.separator if rule.its.takes is Takes.VALUES else "")
            for name, rule in using.rules.items()
            if rule.its.takes in LISTED and not rule.fixed
        }
        # By the text as it stands, which is quick; the spellings come together at the end.
        self._found: dict[str, dict[str, int]] = {name: {} for name in self._rules}

    def add(self, cells: list[str]) -> None:
        """Count what stands in a row. One that is too short or too long is no row."""
        if len(cells) < self._width:
            return
        for name, (read, separator) in self._rules.items():
            text, found = read(cells), self._found[name]
            for word in _words(text, separator) if separator else (text,):
                if word in found:
                    found[word] += 1
                elif len(found) < COUNTED:
                    found[word] = 1

    def said(self) -> dict[str, Any]:
        """By field: the values with their counts, the most frequent first, and how many different ones there are."""
        return {name: _listed(found) for name, found in self._found.items() if found.keys() - {""}}


def _words(text: str, separator: str) -> list[str]:
    return [plain for word in text.split(separator) if (plain := " ".join(word.split()))] or [""]


def _listed(found: dict[str, int]) -> dict[str, Any]:
    spellings: dict[str, list[Any]] = {}
    for text, count in found.items():
        spellings.setdefault(folded(text), [text, 0])[1] += count
    # A longer one is no value of any list, and its row says so; those without a value come last.
    kept = [one for one in spellings.values() if len(one[0]) <= LONGEST]
    kept.sort(key=lambda one: (not one[0], -one[1]))
    return {"values": kept[:KEPT], "different": len(kept)}
