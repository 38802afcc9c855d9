"""Whom a note calls by name: "@Anna", "@Anna Price". No database."""

import re
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from wardbook.lib.fold import fold

# An @ in the middle of a word is an email address.
_CALL = re.compile(r"(?<![\w.@+-])@([^\W\d_][\w'’.-]*(?:[ \t]+[^\W\d_][\w'’.-]*){0,3})")


class Person(Protocol):
    """Whoever has a name."""

    @property
    def name(self) -> str: ...


class Called(NamedTuple):
    """Those who were called, and what could mean several people, as typed."""

    people: list["Person"]
    unclear: list[tuple[str, list["Person"]]]


def called_in(text: str, people: Iterable[Person]) -> Called:
    """Who of `people` is called in a text: by the whole name, or by a first name that only one of them has.

    "@Anna Price will ring" calls Anna Price; "@anna" calls her if there is one Anna. Unknown names call nobody.
    """
    people = list(people)
    found: dict[int, Person] = {}
    unclear: list[tuple[str, list[Person]]] = []
    for match in _CALL.finditer(text):
        said = [fold(word).strip(".,;:!?") for word in match[1].split()]
        best = _meant(said, people)
        if len(best) == 1:
            found[id(best[0])] = best[0]
        elif best:
            unclear.append((match[1].split()[0].strip(".,;:!?"), best))
    return Called(list(found.values()), unclear)


def _meant(said: list[str], people: list[Person]) -> list[Person]:
    for length in range(len(said), 0, -1):
        whole = [person for person in people if [fold(word) for word in person.name.split()] == said[:length]]
        if whole:
            return whole
    return [person for person in people if fold(person.name).split()[:1] == said[:1]]
