"""How every row is read as a map says: text, dates, numbers, words, people; what is wrong is collected."""

import re
from collections.abc import Callable
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from wardbook.exchange import cells, reading
from wardbook.exchange.coming import Person, Problem
from wardbook.exchange.dates import BadDate, DateReader, Moment
from wardbook.exchange.fields import CASE, PERSON, Field, Takes
from wardbook.exchange.mapping import Map, Rule, folded
from wardbook.exchange.near import choices, near
from wardbook.exchange.targets import Target
from wardbook.exchange.values import Lists
from wardbook.lib.quote import quoted

YES = frozenset({"y", "yes", "true", "t", "1", "x"})
NO = frozenset({"n", "no", "false", "f", "0"})
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}([.,][0-9]{1,30})?")
_SIX_DIGITS = Decimal("0.000001")


class Wrong(Exception):
    """A cell cannot be what the map wants. Caught per cell, so that a row is told all that is wrong with it."""

    def __init__(self, expected: str, *, is_sentence: bool = False) -> None:
        super().__init__(expected)
        self.expected, self.is_sentence = expected, is_sentence


Row = TypeVar("Row")


class RowReader(Generic[Row]):
    """Reads rows as a map says, against the lists of one office. `at` is now."""

    def __init__(self, using: Map, columns: list[str], lists: Lists, *, zone: tzinfo, at: datetime) -> None:
        self._lists, self._at = lists, at
        self._dates = DateReader(using.formats, using.zone or zone)
        self._today = at.astimezone(using.zone or zone).date()
        self._width = len(columns)
        self._rules = using.rules
        places = {name: place for place, name in reversed(list(enumerate(columns)))}
        self._texts = {name: reads(rule, places) for name, rule in using.rules.items()}
        self._problems: list[Problem] = []
        self._row = reading.Row(0, [])

    def read(self, row: reading.Row) -> Row | list[Problem]:
        """What a row would become, or everything that keeps it out."""
        self._row, self._problems = row, []
        extra = row.cells[self._width :]
        if len(row.cells) < self._width or any(extra):
            found = f"{len(row.cells)} cells"
            return [
                Problem(
                    row.number,
                    "",
                    found,
                    _("%(width)s cells, as many as the first line names") % {"width": self._width},
                )
            ]
        made = self._made()
        return self._problems or made

    def _made(self) -> Row:
        """What the row would become; not asked for if anything was refused on the way."""
        raise NotImplementedError

    def _person(self, prefix: str = "") -> Person | None:
        found = {name: self._get(f"{prefix}{name}") or "" for name in PERSON}
        if not any(found.values()):
            return None
        if not any(found[name] for name in ("name", "given_name", "family_name", "organisation")):
            self._refuse(
                f"{prefix}name" if f"{prefix}name" in self._rules else f"{prefix}family_name",
                _("a name, since the row tells more of the person"),
            )
        if found["email"]:
            try:
                validate_email(found["email"])
            except ValidationError:
                self._refuse(f"{prefix}email", _("an email address"))
        return Person(self._get(f"{prefix}id") or "", found)

    def _past(self, name: str) -> Moment | None:
        moment: Moment | None = self._get(name)
        if moment and (moment.at > self._at if moment.has_time else moment.day > self._today):
            self._refuse(name, _("a day that is not in the future"))
            return None
        return moment

    def _get(self, name: str) -> Any:
        """What a field takes, or None if there is no rule for it, or nothing in the cell, or something wrong."""
        rule = self._rules.get(name)
        if rule is None:
            return None
        text, target = self._target(rule)
        if target is not None and rule.its.takes is not Takes.MEMBER:
            return target.name
        text = target.name if target else text
        if not text:
            return None
        try:
            return _TAKING[rule.its.takes](self, rule.its, text)
        except Wrong as wrong:
            self._refuse(name, wrong.expected, wrong.is_sentence)
            return None

    def _target(self, rule: Rule) -> tuple[str, Target | None]:
        """The text of the cells, and what the map says it becomes."""
        if rule.fixed:
            return "", rule.fixed
        text = self._texts[rule.name](self._row.cells)
        return text, self._becomes(rule, text)

    def _becomes(self, rule: Rule, text: str) -> Target | None:
        """What the map says a text becomes; where that is nothing at all, the row is told so."""
        if text and not rule.values:
            target = rule.otherwise
        else:
            target = rule.values.get(folded(text), rule.otherwise) if text else rule.empty
        if target and target.is_refused:
            said = _("Rows that say %(found)s stay out, as the map says.") % {"found": quoted(text, 60)}
            self._refuse(rule.name, said if text else _("Rows without it stay out, as the map says."), True, text)
        return target

    def _refuse(self, name: str, expected: str, is_sentence: bool = False, found: str | None = None) -> None:
        rule = self._rules.get(name)
        if found is None:
            found = self._texts[name](self._row.cells) if rule else ""
        problem = Problem(self._row.number, rule.label if rule else name, found[:500], expected, is_sentence)
        # A policy area is looked up for its category too.
        if problem not in self._problems:
            self._problems.append(problem)

    def _failed(self, name: str) -> bool:
        rule = self._rules.get(name)
        return rule is not None and any(problem.column == rule.label for problem in self._problems)

    # One reader for each kind of thing a field takes.

    def _take_text(self, its: Field, text: str) -> str:
        if its.longest and len(text) > its.longest:
            raise Wrong(_("at most %(longest)s characters") % {"longest": f"{its.longest:,}"})
        return text

    def _take_date(self, its: Field, text: str) -> Moment:
        try:
            return self._dates.read(text)
        except BadDate as wrong:
            raise Wrong(str(wrong)) from None

    def _take_number(self, its: Field, text: str) -> Decimal:
        largest = 90 if its is CASE["latitude"] else 180
        if not _NUMBER.fullmatch(text) or abs(number := Decimal(text.replace(",", "."))) > largest:
            raise Wrong(_("a number from -%(largest)s to %(largest)s") % {"largest": largest})
        return number.quantize(_SIX_DIGITS)

    def _take_yes(self, its: Field, text: str) -> bool:
        word = folded(text)
        if word not in YES and word not in NO:
            raise Wrong(_("yes or no. Say in the map what it means"))
        return word in YES

    def _take_choice(self, its: Field, text: str) -> Any:
        if (word := folded(text)) not in its.choices:
            raise Wrong(
                _("one of %(choices)s%(hint)s. Say in the map what it means")
                % {"choices": choices(its.choices), "hint": near(word, its.choices)}
            )
        return its.choices[word]

    def _take_member(self, its: Field, text: str) -> int:
        member = self._lists.members.get(text.casefold())
        if member is None:
            raise Wrong(_("the email address of somebody who works in this office"))
        return member


_TAKING: dict[Takes, Callable[[RowReader[Any], Field, str], Any]] = {
    Takes.LINE: RowReader._take_text,
    Takes.TEXT: RowReader._take_text,
    Takes.DATE: RowReader._take_date,
    Takes.NUMBER: RowReader._take_number,
    Takes.YES: RowReader._take_yes,
    Takes.CHOICE: RowReader._take_choice,
    Takes.MEMBER: RowReader._take_member,
}


def reads(rule: Rule, places: dict[str, int]) -> cells.Reads:
    """A function from the cells of a row to the text that a rule looks at."""
    if rule.fixed:
        return nothing
    return cells.reader(
        rule.pieces,
        places,
        # A name of which a part is missing is another name.
        whole=rule.its.takes is not Takes.LINE,
        lines=rule.its.takes is Takes.TEXT,
    )


def nothing(row: list[str]) -> str:
    return ""
