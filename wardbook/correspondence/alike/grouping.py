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
    for id, text in texts:
        mine = essence(text)
        found = index.find(mine, threshold)
        if found:
            groups[found[0].id].append(id)
        else:
            index.add(id, mine)
            groups[id] = [id]
    return sorted((members for members in groups.values() if len(members) > 1), key=len, reverse=True)
