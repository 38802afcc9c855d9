"""What a few words are probably about, learnt from what this office chose before. Pure: no database, no model.

Nothing leaves the office and nothing is applied unseen (S4.16): the caller shows what comes out of here.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import Generic, NamedTuple, TypeVar

from wardbook.lib.fold import words

V = TypeVar("V", bound=Hashable)

SHORTEST = 3
MOST = 3
SURE_SHARE = 0.6
SURE_CASES = 3
# What the name of a value counts for, in cases: enough to be offered in a new office, not enough to be sure.
NAME_WEIGHT = 2
LITTLE_WORDS = frozenset(
    "the and for with not from has have had was are but his her she him they them their our your who what when where "
    "why how will would can could does did about after again all also any because been before being get gets getting "
    "got into more need needs new now off only other out over same says should some than that then there these this "
    "those too under until very wants want which while still says told asked yng ers mae "
    "ydy ond gan heb "
    # How long and how many, which every matter has in common.
    "day days week weeks weekend month months year years hour hours minute minutes time times today tomorrow "
    "yesterday tonight morning afternoon evening night ago since last next long late often never always one two "
    "three four five six seven eight nine ten twelve dozen twenty hundred first second third once twice".split()
)


class Suggestion(NamedTuple, Generic[V]):
    """A value that may fit, how much of the evidence is for it (0 to 1), and whether it may be ticked beforehand."""

    value: V
    share: float
    is_sure: bool


class Past(NamedTuple, Generic[V]):
    """One earlier choice: the words it was made for, and the value chosen."""

    text: str
    value: V


def telling_words(text: str) -> set[str]:
    """The words of a text that say what it is about, folded, without endings."""
    return {
        _stem(word)
        for word in words(text)
        if len(word) >= SHORTEST and word not in LITTLE_WORDS and not word.isdigit()
    }


def suggest(
    text: str, past: Iterable[Past[V]], names: Mapping[V, str] | None = None, most: int = MOST
) -> list[Suggestion[V]]:
    """The values that were chosen for such words before, the likeliest first.

    `names` are the values in use with their names and descriptions, so that a word of a name counts too; values
    that are not in it are not suggested.
    """
    asked = telling_words(text)
    if not asked:
        return []
    seen: dict[str, Counter[V]] = defaultdict(Counter)
    total = 0
    for choice in past:
        if names is not None and choice.value not in names:
            continue
        total += 1
        for word in asked & telling_words(choice.text):
            seen[word][choice.value] += 1
    for value, name in (names or {}).items():
        for word in asked & telling_words(name):
            seen[word][value] += NAME_WEIGHT
    scores: Counter[V] = Counter()
    support: Counter[V] = Counter()
    for by_value in seen.values():
        count = by_value.total()
        rareness = math.log(1 + (total + NAME_WEIGHT) / count)
        for value, times in by_value.items():
            # A word seen once for one value says less than a word seen ten times for it.
            scores[value] += rareness * times / count * times / (times + 1)  # type: ignore[assignment]  # a float counts too
            support[value] = max(support[value], times)
    weight = sum(scores.values())
    found: list[Suggestion[V]] = []
    for value, score in scores.most_common(most):
        share = score / weight if weight else 0.0
        if share < 0.15:
            break
        found.append(Suggestion(value, share, share >= SURE_SHARE and support[value] >= SURE_CASES and not found))
    return found


def alike(text: str, others: Iterable[Past[V]], most: int = 3, least: float = 0.34) -> list[V]:
    """The others that share telling words with a text: those with the most, and the rarest, in common first."""
    asked = telling_words(text)
    if not asked:
        return []
    rows = [(other.value, telling_words(other.text)) for other in others]
    often = Counter(word for _value, theirs in rows for word in theirs & asked)
    weights = {word: math.log(1 + len(rows) / often[word]) if often[word] else 1.0 for word in asked}
    whole = sum(weights.values())
    scored = []
    for value, theirs in rows:
        common = theirs & asked
        share = sum(weights[word] for word in common) / whole
        if share >= least and (len(common) > 1 or len(asked) == 1):
            scored.append((share, value))
    scored.sort(key=lambda pair: -pair[0])
    return [value for _share, value in scored[:most]]


def _stem(word: str) -> str:
    for ending in ("ings", "ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            return word[: -len(ending)]
    return word
