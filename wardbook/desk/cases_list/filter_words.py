"""A filter as people type it: `me open housing >14d -tag:damp "broken lift"`. No database."""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from wardbook.desk.cases_list.filters import FIELDS, KINDS, PRIORITIES, Field, Term, plain
from wardbook.lib.fold import fold

LONGEST = 10_000
_LONGEST_NAME = 6  # words of a name that may be typed without quotation marks
_TOKEN = re.compile(r'(-?)(?:([a-z]+):)?("[^"]*"?|[^\s"]+)', re.IGNORECASE)
_SPAN = re.compile(r"([<>])(\d{1,4})([dwm]?)", re.IGNORECASE | re.ASCII)
_UNITS = {"": 1, "d": 1, "w": 7, "m": 30}

# Before the colon.
PREFIXES = {
    **{name: name for name in FIELDS},
    "who": "owner",
    "assigned": "owner",
    "pri": "priority",
    "policy": "area",
    "topic": "area",
    "cat": "category",
    "contact": "how",
    "by": "how",
    "representative": "rep",
    "member": "rep",
    "follow": "next",
    "followup": "next",
    "reference": "ref",
    "constituent": "person",
    "tags": "tag",
}
# Without a colon.
BARE: dict[str, Term] = {
    "me": Term("owner", "me"),
    "mine": Term("owner", "me"),
    "unassigned": Term("owner", "none"),
    "nobody": Term("owner", "none"),
    "open": Term("status", "open"),
    "closed": Term("status", "closed"),
    "any": Term("status", "any"),
    "all": Term("status", "any"),
    "waiting": Term("waiting", "any"),
    "overdue": Term("next", "overdue"),
    "restricted": Term("restricted", "yes"),
    "unclassified": Term("classified", "no"),
    **{word: Term("priority", word) for word in PRIORITIES if word != "none"},
    **{word: Term("kind", word) for word in KINDS},
}
# Lists whose names count without a prefix. Tags, wards and people need one: "evans" is somebody to be looked for.
_BARE_LISTS = ("status", "area", "category", "service", "type", "subtype")
# "case 2041" looks for 2041.
_SAID_BEFORE_NUMBERS = frozenset({"case", "issue", "ticket", "ref", "reference", "no", "number"})


class Name(NamedTuple):
    """A value of one of the office's lists."""

    field: str
    value: str
    name: str


class Lexicon:
    """The names of an office's lists, to be found however they are spelt."""

    def __init__(self, names: Iterable[Name] = ()) -> None:
        self._values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._names: dict[tuple[str, str], str] = {}
        for field, value, name in names:
            self._names[field, value] = name
            if key := _key(name):
                self._values[field][key].append(value)

    def name(self, field: str, value: str) -> str | None:
        return self._names.get((field, value))

    def exact(self, field: str, typed: str) -> list[str]:
        return list(self._values[field].get(_key(typed), ()))

    def beginning(self, field: str, typed: str) -> list[str]:
        """The values of the one name that begins so."""
        key = _key(typed)
        found = [values for name, values in self._values[field].items() if key and name.startswith(key)]
        return list(found[0]) if len(found) == 1 else []


class _Token(NamedTuple):
    negated: bool
    prefix: str
    text: str
    quoted: bool

    @property
    def is_bare(self) -> bool:
        return not (self.negated or self.prefix or self.quoted)

    def as_typed(self) -> str:
        return f"{self.prefix}:{self.text}" if self.prefix else self.text


def parse(typed: str, lexicon: Lexicon) -> list[Term]:
    """The terms of a line of words. What it does not know is looked for in the texts of cases."""
    tokens = [_token(match) for match in _TOKEN.finditer(plain(typed, LONGEST))]
    terms: list[Term] = []
    position = 0
    while position < len(tokens):
        taken, found = _at(tokens[position:], lexicon)
        terms.extend(found)
        position += taken
    return terms


def write(terms: Iterable[Term], lexicon: Lexicon) -> str:
    """Words that `parse` reads as exactly these terms."""
    return " ".join(_write(term, lexicon) for term in terms)


def _token(match: re.Match[str]) -> _Token:
    minus, prefix, text = match.groups()
    quoted = text.startswith('"')
    return _Token(bool(minus), (prefix or "").lower(), text.strip('"') if quoted else text, quoted)


def _at(tokens: list[_Token], lexicon: Lexicon) -> tuple[int, list[Term]]:
    """How many tokens from the first on belong together, and what they say."""
    first = tokens[0]
    taken, found = 1, []
    if first.text.lower() in _SAID_BEFORE_NUMBERS and first.is_bare and len(tokens) > 1:
        following = tokens[1]
        if following.is_bare and any(c.isdigit() for c in following.text):
            return 2, [Term("text", following.text)]
    if first.prefix in PREFIXES:
        found = _of_field(PREFIXES[first.prefix], first.text, lexicon)
    elif not first.prefix and not first.quoted:
        taken, found = _longest_name(tokens[:1] if first.negated else tokens[:_LONGEST_NAME], lexicon)
    if found:
        return taken, [replace(term, negated=first.negated) for term in found]
    text = FIELDS["text"].canonical(first.as_typed())
    return 1, [Term("text", text, first.negated)] if text else []


def _longest_name(tokens: list[_Token], lexicon: Lexicon) -> tuple[int, list[Term]]:
    """The longest run of plain words that is a name or a known word: "council tax" before "council"."""
    run = 1
    while run < len(tokens) and tokens[run].is_bare:
        run += 1
    for count in range(run, 0, -1):
        if found := _bare(" ".join(token.text for token in tokens[:count]), lexicon):
            return count, found
    return 1, []


def _bare(typed: str, lexicon: Lexicon) -> list[Term]:
    if typed.lower() in BARE:
        return [BARE[typed.lower()]]
    if span := _span(typed):
        return [Term("age", span)]
    for field in _BARE_LISTS:
        if values := lexicon.exact(field, typed):
            return [Term(field, value) for value in values]
    return []


def _of_field(name: str, typed: str, lexicon: Lexicon) -> list[Term]:
    """What stands after a prefix. A name first, then the field's own words; "#12" is an id, "=none" is a word."""
    field = FIELDS[name]
    if name == "waiting" and (span := _span(typed)):
        return [Term("waited", span)]
    if field.form == "days":
        typed = _span(typed) or typed
    elif field.form == "period":
        typed = _whole(typed)
    elif field.takes_ids:
        return [Term(name, value) for value in _of_list(field, typed, lexicon)]
    value = field.canonical(typed)
    return [Term(name, value)] if value else []


def _of_list(field: Field, typed: str, lexicon: Lexicon) -> list[str]:
    escaped = typed[:1] in ("=", "#") and typed[1:].isdecimal() == (typed[0] == "#")
    if escaped and (value := field.canonical(typed[1:])):
        return [value]
    if found := lexicon.exact(field.name, typed):
        return found
    word = None if typed.isdecimal() else field.canonical(typed)
    return [word] if word else lexicon.beginning(field.name, typed)


def _span(typed: str) -> str | None:
    """ ">2w" as days: ">14"."""
    match = _SPAN.fullmatch(typed)
    return f"{match[1]}{int(match[2]) * _UNITS[match[3].lower()]}" if match else None


def _whole(typed: str) -> str:
    """A year or a month as its days: "2025-02" is "2025-02-01..2025-02-28"."""
    first, dots, last = typed.partition("..")
    if not dots:
        first = last = typed
    return f"{_edge(first, last=False)}..{_edge(last, last=True)}"


def _edge(typed: str, *, last: bool) -> str:
    match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?", typed, re.ASCII)
    if not match or int(match[1]) < 1 or not 1 <= int(match[2] or 1) <= 12:
        return typed
    year, month = int(match[1]), int(match[2] or (12 if last else 1))
    day = calendar.monthrange(year, month)[1] if last else 1
    return f"{year:04}-{month:02}-{day:02}"


def _write(term: Term, lexicon: Lexicon) -> str:
    minus = "-" if term.negated else ""
    if term.field == "text":
        return f'{minus}"{term.value}"'
    field = FIELDS[term.field]
    name = lexicon.name(term.field, term.value)
    tries = [f'{minus}{term.field}:"{name}"'] if name else []
    tries.append(f"{minus}{term.field}:{term.value}")
    for words in tries:
        if parse(words, lexicon) == [term]:
            return words
    escape = "" if not field.takes_ids else "=" if term.value in field.words else "#"
    return f"{minus}{term.field}:{escape}{term.value}"


def _key(text: str) -> str:
    """What two spellings of a name share: "Council Tax", "council-tax" and "counciltax"."""
    return "".join(c for c in fold(text) if c.isalnum())
