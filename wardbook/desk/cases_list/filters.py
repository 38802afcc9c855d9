"""What narrows and orders a list of cases, as a value: read from an address, written to one. No database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from wardbook.cases import references

MOST_TERMS = 60
MOST_TEXTS = 8
LONGEST_TEXT = 100
NEWEST_FIRST = "-activity"

_DAYS = re.compile(r"([<>]?)(\d{1,5})|(\d{1,5})\.\.(\d{1,5})", re.ASCII)
_COUNT = re.compile(r"\d{1,5}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Field:
    """Something a case can be narrowed by: the words it takes, and whether it takes ids of a list."""

    name: str
    words: tuple[str, ...] = ()
    takes_ids: bool = False
    form: str = "choice"
    single: bool = False

    def canonical(self, raw: str) -> str | None:
        """The value as it is kept, or None for what means nothing here."""
        raw = plain(raw)
        if self.form == "days":
            return _days(raw)
        if self.form == "period":
            return _period(raw)
        if self.form == "reference":
            return _reference(raw)
        if self.form == "text":
            return " ".join(raw.replace('"', " ").split())[:LONGEST_TEXT].strip() or None
        if raw.lower() in self.words:
            return raw.lower()
        if self.takes_ids and raw.isascii() and raw.isdecimal() and len(raw) <= 18 and int(raw) > 0:
            return str(int(raw))
        return None


PRIORITIES = ("none", "low", "medium", "high")
KINDS = ("casework", "policy", "internal", "invitation")

FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("status", ("open", "closed", "any"), takes_ids=True),
        Field("owner", ("me", "none", "gone"), takes_ids=True),
        Field("team", ("mine", "none"), takes_ids=True),
        Field("priority", PRIORITIES),
        Field("kind", KINDS),
        Field("area", ("none",), takes_ids=True),
        Field("category", ("none",), takes_ids=True),
        Field("service", ("none",), takes_ids=True),
        Field("type", ("none",), takes_ids=True),
        Field("subtype", ("none",), takes_ids=True),
        Field("code", ("none",), takes_ids=True),
        Field("how", ("none",), takes_ids=True),
        Field("tag", ("none",), takes_ids=True),
        Field("ward", ("none",), takes_ids=True),
        Field("rep", ("none",), takes_ids=True),
        Field("waiting", ("any", "us", "constituent", "agency", "councillor", "nobody")),
        Field("waited", form="days", single=True),
        Field("next", ("overdue", "today", "week", "any", "none")),
        Field("deadline", ("overdue", "week", "any", "none")),
        Field("restricted", ("yes", "no")),
        Field("classified", ("yes", "no")),
        Field("age", form="days", single=True),
        Field("opened", form="period", single=True),
        Field("closed", form="period", single=True),
        Field("ref", form="reference"),
        Field("person", takes_ids=True),
        Field("text", form="text"),
    )
}
_ORDER = {name: position for position, name in enumerate(FIELDS)}

# What a list may be ordered by; columns.py says by which column of the database. Nothing else reaches ORDER BY.
SORTS = frozenset(
    {"number", "title", "constituent", "first", "last", "status", "priority", "owner", "team", "next", "age"}
    | {"opened", "activity", "closed", "type", "subtype", "code", "area", "category", "service", "how", "ward"}
    | {"rep", "waiting", "deadline", "kind", "by"}
)


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is asked of a case, or ruled out."""

    field: str
    value: str
    negated: bool = False

    @property
    def name(self) -> str:
        """As it stands in the address, before the equals sign."""
        return f"-{self.field}" if self.negated else self.field


@dataclass(frozen=True, slots=True)
class Filter:
    """Terms and an order. Fields are joined by AND, values of one field by OR (texts by AND), negated ones by NOT.

    Made by `make`, so that two filters that mean the same are equal.
    """

    terms: tuple[Term, ...] = ()
    sort: str = NEWEST_FIRST

    @staticmethod
    def make(terms: Iterable[Term], sort: str = NEWEST_FIRST) -> Filter:
        """In order, each once, only what means something; without a status it is what is not closed."""
        kept: dict[Term, None] = {}
        for term in terms:
            field = FIELDS.get(term.field)
            value = field.canonical(term.value) if field else None
            if value is not None:
                kept[Term(term.field, value, term.negated)] = None
        kept = _one_of_single_fields(kept)
        if Term("status", "any") in kept:
            kept = {term: None for term in kept if term.field != "status" or term.negated}
            kept[Term("status", "any")] = None
        if not any(term.field == "status" and not term.negated for term in kept):
            nothing_open = Term("status", "open", negated=True) in kept
            kept[Term("status", "any" if nothing_open else "open")] = None
        ordered = sorted(kept, key=lambda term: (_ORDER[term.field], term.negated, len(term.value), term.value))
        few = [term for term in ordered if term.field != "text"]
        texts = [term for term in ordered if term.field == "text"][:MOST_TEXTS]
        ordered = [*few[: MOST_TERMS - len(texts)], *texts]
        return Filter(tuple(ordered), sort if sort.removeprefix("-") in SORTS else NEWEST_FIRST)

    def values(self, field: str, *, negated: bool = False) -> list[str]:
        """What is asked of one field, or ruled out."""
        return [term.value for term in self.terms if term.field == field and term.negated == negated]

    def adding(self, *terms: Term) -> Filter:
        return Filter.make([*self.terms, *terms], self.sort)

    def without(self, *terms: Term) -> Filter:
        return Filter.make([term for term in self.terms if term not in terms], self.sort)

    def without_field(self, field: str) -> Filter:
        """With nothing said about a field; about status that is any status."""
        kept = [term for term in self.terms if term.field != field]
        return Filter.make([*kept, Term("status", "any")] if field == "status" else kept, self.sort)

    def with_status(self, *values: str) -> Filter:
        kept = [term for term in self.terms if term.field != "status"]
        return Filter.make([*kept, *(Term("status", value) for value in values)], self.sort)

    def sorted_by(self, sort: str) -> Filter:
        return Filter.make(self.terms, sort)

    @property
    def narrowing(self) -> tuple[Term, ...]:
        """The terms other than the choice of statuses, which has its own place on the page."""
        return tuple(term for term in self.terms if term.field != "status" or term.negated)

    def pairs(self) -> list[tuple[str, str]]:
        """As names and values of an address."""
        found = [(term.name, term.value) for term in self.terms]
        return found if self.sort == NEWEST_FIRST else [*found, ("sort", self.sort)]

    def address(self, **more: str | int) -> str:
        """What stands after the question mark; `more` are parts of the page's state that are no filter."""
        return urlencode([*self.pairs(), *((name, str(value)) for name, value in more.items() if value)])


def from_pairs(pairs: Iterable[tuple[str, str]]) -> Filter:
    """The filter of an address. Whatever it does not know, it leaves out: a hostile address is a wide one."""
    terms: list[Term] = []
    sort = NEWEST_FIRST
    for name, value in pairs:
        if name == "sort":
            sort = value
        elif (field := name.removeprefix("-")) in FIELDS and len(terms) < 10 * MOST_TERMS:
            terms.append(Term(field, value, negated=name.startswith("-")))
    return Filter.make(terms, sort)


def plain(text: str, longest: int = 1000) -> str:
    """One line without control characters and lone surrogates, which databases refuse."""
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text[:longest])
    return " ".join(kept.split())


def day_range(period: str) -> tuple[date | None, date | None]:
    """First and last day of a canonical period; None where it is open."""
    first, _, last = period.partition("..")
    return (date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None)


def days_range(days: str) -> tuple[int | None, int | None]:
    """Fewest and most days of a canonical "days": ">14" is 15 and more, "<7" at most 6."""
    if days.startswith(">"):
        return int(days[1:]) + 1, None
    if days.startswith("<"):
        return None, int(days[1:]) - 1
    low, _, high = days.partition("..")
    return int(low), int(high)


def span(field: str, first: str, last: str) -> Term | None:
    """What two boxes of a form say: days from … to, or from one day to another. None for two empty boxes."""
    first, last = plain(first), plain(last)
    if FIELDS[field].form == "days":
        low, high = (int(text) if _COUNT.fullmatch(text) else None for text in (first, last))
        if low is not None and high is not None:
            return Term(field, f"{min(low, high)}..{max(low, high)}")
        if high is not None:
            return Term(field, f"<{high + 1}")
        return Term(field, f">{low - 1}") if low else None
    return Term(field, f"{first}..{last}") if first or last else None


def boxes(field: str, value: str) -> tuple[str, str]:
    """The two boxes of a form for a canonical value."""
    low, high = days_range(value) if FIELDS[field].form == "days" else day_range(value)
    return ("" if low is None else str(low), "" if high is None else str(high))


def _one_of_single_fields(terms: dict[Term, None]) -> dict[Term, None]:
    """Of a field that holds one value, the last said."""
    last = {(term.field, term.negated): term for term in terms}
    return {term: None for term in terms if not FIELDS[term.field].single or last[(term.field, term.negated)] == term}


def _reference(raw: str) -> str | None:
    key = references.key(raw)
    # "n-o" folds to "NO", which is no part of a reference: only what stays as it is can stand in an address.
    return key if key and references.key(key) == key else None


def _days(raw: str) -> str | None:
    match = _DAYS.fullmatch(raw)
    if not match:
        return None
    sign, one, low, high = match.groups()
    if one is not None:
        return f"{sign}{int(one)}" if sign else f"{int(one)}..{int(one)}"
    return f"{min(int(low), int(high))}..{max(int(low), int(high))}"


def _period(raw: str) -> str | None:
    first, dots, last = raw.partition("..")
    if not dots:
        last = first
    if not (first or last) or not all(_is_day(day) for day in (first, last) if day):
        return None
    if first and last and first > last:
        first, last = last, first
    return f"{first}..{last}"


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
