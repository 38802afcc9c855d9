"""A name as it is said on the telephone, taken apart. No database."""

from typing import NamedTuple

TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "revd", "fr", "sir", "dame", "lord", "lady", "cllr"}
    | {"councillor", "capt", "sgt", "judge", "hon", "mme", "sr", "sra", "señor", "señora", "imam", "rabbi"}
)
# Small words that belong to the name behind them.
PARTICLES = frozenset(
    {"van", "von", "de", "der", "den", "del", "della", "di", "da", "dos", "du", "la", "le", "al", "el", "ten", "ter"}
    | {"ap", "ab", "ferch", "mac", "mc", "o", "ó", "ní", "nic", "bin", "ibn", "bint", "st"}
)


class Name(NamedTuple):
    """A name in its parts."""

    title: str = ""
    given_name: str = ""
    family_name: str = ""


def take_apart(name: str) -> Name:
    """ "Mrs Rhian Evans" → Mrs, Rhian, Evans; "Anna van der Berg" → Anna, van der Berg; "Evans" → a last name."""
    words = name.split()
    title = ""
    if len(words) > 1 and words[0].rstrip(".").casefold() in TITLES:
        title, words = words[0].rstrip("."), words[1:]
    if len(words) < 2:
        return Name(title, "", " ".join(words))
    family = [words.pop()]
    while len(words) > 1 and words[-1].casefold().rstrip(".'’") in PARTICLES:
        family.insert(0, words.pop())
    return Name(title, " ".join(words), " ".join(family))
