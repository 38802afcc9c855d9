"""One thing on a timeline, whatever it is made of, and a place in the stream."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple


@dataclass
class Entry:
    """One thing on the timeline, as c/entry.html and c/event.html draw it."""

    id: str
    mark: str
    heading: str
    at: datetime
    icon: str = ""
    body: str = ""
    audience: str = ""
    url: str = ""
    facts: list[tuple[str, Any]] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)
    actions: list[dict[str, Any]] = field(default_factory=list)
    edited: str = ""
    who: str = ""
    lang: str = ""
    case_label: str = ""
    case_url: str = ""
    due: date | None = None
    done: bool = False
    is_new: bool = False
    late: bool = False
    earlier: str = ""
    original: str = ""
    pictures: str = ""
    warnings: list[str] = field(default_factory=list)
    tone: str = ""
    family: str = ""
    rank: int = 0
    pk: int = 0

    @property
    def cursor(self) -> "Cursor":
        return Cursor(self.at, self.rank, self.pk)


class Cursor(NamedTuple):
    """A place in the stream: a moment alone is none, for several things may happen at one (house.md 6)."""

    at: datetime
    rank: int
    pk: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.rank}~{self.pk}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """The cursor of an address, or None for anything else."""
        try:
            at, rank, pk = text.split("~")
            moment = datetime.fromisoformat(at)
            if moment.tzinfo is None or len(pk) > 18:
                return None
            return cls(moment, int(rank), int(pk))
        except (ValueError, OverflowError):
            return None
