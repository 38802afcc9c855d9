"""Which tags are nearly the same word: "pot hole", "potholes" and "pothole" (S4.12, E7)."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz

ALIKE = 85
"""Per cent of letters that two keys share when people mean the same word; "damp" and "camp" share 75."""

SHORTEST = 4
"""Letters below which nothing is nearly the same: "A4" and "A5" are two roads."""

_DIGITS = re.compile(r"\d+")


def alike(one: str, other: str) -> bool:
    """Whether two tag keys differ so little that a person should look. Other numbers are other things."""
    if one == other or min(len(one), len(other)) < SHORTEST:
        return False
    if _DIGITS.findall(one) != _DIGITS.findall(other):
        return False
    return _singular(one) == _singular(other) or fuzz.ratio(one, other) >= ALIKE


def nearest(key: str, others: Iterable[str]) -> list[str]:
    """The keys that are nearly `key`, the nearest first."""
    near = [other for other in others if alike(key, other)]
    return sorted(near, key=lambda other: (-fuzz.ratio(key, other), other))


def pairs(keys: Iterable[str]) -> list[tuple[str, str]]:
    """Every two keys that are nearly the same. Compares neighbours by their first two letters only, so that
    three thousand tags stay a matter of moments."""
    rooms: dict[str, list[str]] = {}
    for key in sorted(keys):
        rooms.setdefault(key[:2], []).append(key)
    return [
        (one, other)
        for room in rooms.values()
        for place, one in enumerate(room)
        for other in room[place + 1 :]
        if alike(one, other)
    ]


def _singular(key: str) -> str:
    if key.endswith("ies"):
        return f"{key[:-3]}y"
    return key[:-2] if key.endswith("es") else key.removesuffix("s")
