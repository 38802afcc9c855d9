"""What comes out of a row: the case it would be, or what keeps it out."""

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from wardbook.exchange.values import Choice
from wardbook.lib.quote import quoted


class Problem(NamedTuple):
    """One thing that keeps a row out: where it stands, what was found, what is expected instead."""

    row: int
    column: str
    found: str
    expected: str
    is_sentence: bool = False

    @property
    def sentence(self) -> str:
        if self.is_sentence:
            return self.expected
        if not self.found:
            return _("Found nothing; expected %(expected)s.") % {"expected": self.expected}
        return _("Found %(found)s; expected %(expected)s.") % {
            "found": quoted(self.found, 60),
            "expected": self.expected,
        }


class Place(NamedTuple):
    text: str
    postcode: str
    latitude: Decimal | None
    longitude: Decimal | None
    ward: Choice | None


class Person(NamedTuple):
    """Somebody a row is about. `source_id` is the file's own number for them, or empty."""

    source_id: str
    columns: dict[str, str]

    @property
    def name(self) -> str:
        """The name by which they are compared."""
        given_and_family = f"{self.columns['given_name']} {self.columns['family_name']}".strip()
        return given_and_family or self.columns["name"] or self.columns["organisation"]

    @property
    def digest(self) -> str:
        """What tells a row of a person from another where the file has no number for them."""
        said = "\x1f".join(f"{name}={self.columns[name].casefold()}" for name in sorted(self.columns))
        return hashlib.sha256(said.encode()).hexdigest()[:40]

    @property
    def key(self) -> str:
        """Whom a choice on the page of people is about: everybody of the same number, or who is told the same of."""
        return f"id:{self.source_id}" if self.source_id else self.digest


class ComingPerson(NamedTuple):
    """A person or organisation as it will be made known, with the further columns that the map fills."""

    number: int
    source_id: str
    person: Person
    columns: dict[str, Any]


@dataclass(slots=True)
class Coming:
    """A case as it will be written: plain columns, and the values, the place and the person to be found or made."""

    number: int
    source_id: str
    columns: dict[str, Any]
    status: Choice
    choices: dict[str, Choice] = field(default_factory=dict)
    tags: list[Choice] = field(default_factory=list)
    place: Place | None = None
    person: Person | None = None

    def all_choices(self) -> list[Choice]:
        ward = [self.place.ward] if self.place and self.place.ward else []
        return [self.status, *self.choices.values(), *self.tags, *ward]
