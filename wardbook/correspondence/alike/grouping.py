"""Which of many mails are copies of the same letter."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from typing import Generic, NamedTuple, TypeVar

from wardbook.correspondence.alike.essence import Essence, essence, shared
from wardbook.correspondence.alike.fingerprint import bands, signature

Id = TypeVar("Id", bound=Hashable)

THRESHOLD = 0.7
# So many of the likeliest are compared word by word; a copy is among the first.
MOST_COMPARED = 12


class Match(NamedTuple, Generic[Id]):
    """A text found alike, and the share of text in common."""

    id: Id
    share: float


class Index(Generic[Id]):
    """Texts by their bands, in memory. A table of (band, number, message) does the same across workers."""

    def __init__(self) -> None:
        self._texts: dict[Id, Essence] = {}
        self._by_band: defaultdict[tuple[int, int], list[Id]] = defaultdict(list)

    def add(self, id: Id, text: Essence) -> None:
        """Remember a text. One that says too little is not found again."""
        found = bands(signature(text))
        if found:
            self._texts[id] = text
            for pair in enumerate(found):
                self._by_band[pair].append(id)

    def find(self, text: Essence, threshold: float = THRESHOLD) -> list[Match[Id]]:
        """The texts that share at least so much with this one, the most alike first."""
        hits: Counter[Id] = Counter()
        for pair in enumerate(bands(signature(text))):
            hits.update(self._by_band.get(pair, ()))
        likely = (id for id, _ in hits.most_common(MOST_COMPARED))
        matches = [Match(id, share) for id in likely if (share := shared(text, self._texts[id])) >= threshold]
        return sorted(matches, key=lambda match: -match.share)


def group(texts: Iterable[tuple[Id, str]], threshold: float = THRESHOLD) -> list[list[Id]]:
    """The groups of two and more that are copies of the same letter, the largest first. A text is in one or in none.

    Each text is compared with the first of a group, not with the last that joined, so that a group cannot wander from
    one letter to another by small steps.
    """
    index: Index[Id] = Index()
    groups: dict[Id, list[Id]] = {}
    both: Counter[tuple[Id, Id]] = Counter()
    for id, text in texts:
        mine = essence(text)
        found = index.find(mine, threshold)
        if not found:
            index.add(id, mine)
            groups[id] = [id]
            continue
        first = found[0].id
        groups[first].append(id)
        both.update((first, match.id) for match in found[1:])
    return sorted((g for g in _joined(groups, both) if len(g) > 1), key=len, reverse=True)


def _joined(groups: dict[Id, list[Id]], both: Counter[tuple[Id, Id]]) -> list[list[Id]]:
    """Groups of which most members belong to another one too are one group with it.

    It happens where the first text of a group was an unusual copy. A single text that is two letters at once, or a
    few, join nothing.
    """
    for (one, other), count in both.most_common():
        a, b = groups[one], groups[other]
        if a is not b and count + both[other, one] >= min(len(a), len(b)) / 2:
            a.extend(b)
            groups |= dict.fromkeys((id for id, members in groups.items() if members is b), a)
    return list({members[0]: members for members in groups.values()}.values())
