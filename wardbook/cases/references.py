"""Case references: how they are written, and how they are found however they are spelt (E63)."""

import re
import unicodedata

# Letters that are not mistaken for each other or for digits when read out on the telephone.
_LETTERS = "ABCDEFGHJKMNPRTWXY"
_PLACES = re.compile(r"\{(number|year|check)\}")
_WORDS = re.compile(r"\b(case|issue|ticket|ref|reference|no|number|nr)\b\.?", re.IGNORECASE)


class BadFormat(Exception):
    """A reference format that cannot be used. The message says why."""


def check_letter(number: int) -> str:
    """A letter that changes with every single wrong digit and every swap of neighbours."""
    total = sum(position * int(digit) for position, digit in enumerate(reversed(str(number)), start=2))
    return _LETTERS[total % 17]


def write(pattern: str, *, number: int, year: int) -> str:
    """The reference of a case: "{number}" gives 2041, "GM-{year}-{number}{check}" gives GM-2025-2041K.

    Raises BadFormat for a pattern without {number} or with words in braces that mean nothing.
    """
    if "{number}" not in pattern:
        raise BadFormat("The reference must contain {number}.")
    # Not str.format: that would let a format look into the objects it is given.
    if "{" in (rest := _PLACES.sub("", pattern)) or "}" in rest:
        raise BadFormat("Only {number}, {year} and {check} may stand in braces.")
    known = {"number": str(number), "year": str(year), "check": check_letter(number)}
    return _PLACES.sub(lambda place: known[place[1]], pattern)


def key(text: str) -> str:
    """What two spellings of one reference share: "Case #2041", "gm 2025/2041 k" and "GM-2025-2041K"."""
    plain = unicodedata.normalize("NFKC", _WORDS.sub(" ", text))
    return "".join(c for c in plain.upper() if c.isalnum())[:40]
