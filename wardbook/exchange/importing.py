"""One import from the first line of the file to the last: checked as a whole, then brought in 500 rows at a time."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from django.utils.translation import gettext as _

from wardbook.exchange import actions
from wardbook.exchange.actions import Brought, Import
from wardbook.exchange.alike import alike
from wardbook.exchange.coming import Person, Problem
from wardbook.exchange.errors import ErrorFile
from wardbook.exchange.fields import CASE, Takes
from wardbook.exchange.mapping import Map, MapError, Rule
from wardbook.exchange.models import Batch
from wardbook.exchange.near import near
from wardbook.exchange.people import People
from wardbook.exchange.reading import Table
from wardbook.exchange.rows import RowReader
from wardbook.exchange.tallying import Tally
from wardbook.exchange.targets import Target
from wardbook.exchange.values import Choice, Lists
from wardbook.lib.quote import quoted
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.accounts.models import User

STEP = 500
Progress = Callable[[int], None]


class Numbered(Protocol):
    """What every row that can come in has: its number in the file, and the source's own."""

    @property
    def number(self) -> int: ...
    @property
    def source_id(self) -> str: ...


Row = TypeVar("Row", bound=Numbered)


@dataclass
class Outcome:
    """What came of an import, or would come of it."""

    rows: int = 0
    made: int = 0
    known: int = 0
    refused: int = 0
    batch: Batch | None = None
    statuses: Counter[str] = field(default_factory=Counter)
    new_values: dict[str, list[str]] = field(default_factory=dict)
    new_people: int = 0
    places: int = 0
    # By the key of a person: the first row about them, how many there are, their name, the contact, and why.
    alike: dict[str, list[Any]] = field(default_factory=dict)
    first_day: str = ""
    last_day: str = ""


class FileImport(ABC, Generic[Row]):
    """An import that is ready to run: the map fits the office, the file was read to its end once.

    Raises Unreadable for the file and MapError for the map, before anything is written.
    """

    kind: ClassVar[str]
    reader: ClassVar[type[RowReader[Any]]]

    def __init__(
        self,
        path: Path,
        using: Map,
        office: Office,
        *,
        by: "User | None",
        at: datetime,
        encoding: str = "",
        attach: Mapping[str, int] | None = None,
    ) -> None:
        self.map, self.office = using, office
        self.lists = Lists(office, ["status", *using.rules])
        refuse_misfit(using, self.lists)
        self.table = Table(path, encoding=encoding or using.encoding, delimiter=using.delimiter, wanted=using.columns)
        try:
            self.rows = self.table.count()
            self.run_data = Import(
                office=office,
                source=using.source,
                lists=self.lists,
                people=People(office, using.source, attach),
                by=by,
                at=at,
                file_name=path.name,
                sha256=self.table.sha256(),
                map_name=using.name,
                kind=self.kind,
            )
            self._reader: RowReader[Row] = self.reader(using, self.table.columns, self.lists, zone=office.zone, at=at)
        except BaseException:
            self.table.close()
            raise
        self._first: dict[str, int] = {}
        self.tally = Tally(using, self.table.columns)

    @property
    def left_out(self) -> list[str]:
        """The columns of the file that go nowhere."""
        return [column for column in self.table.columns if column and column not in self.map.columns]

    def run(self, errors: ErrorFile, progress: Progress, *, dry: bool = False, at: Callable[[], datetime]) -> Outcome:
        """Bring the rows in, or only see what would come in. A run that was cut off goes on where it stopped."""
        outcome = Outcome()
        step: list[Row] = []
        for row in self.table.rows():
            outcome.rows += 1
            if dry:
                self.tally.add(row.cells)
            coming = self._reader.read(row)
            problems = coming if isinstance(coming, list) else self._twice(coming)
            if problems:
                outcome.refused += 1
                errors.add(problems)
            elif not isinstance(coming, list):
                step.append(coming)
            if len(step) == STEP:
                self._take(step, outcome, errors, dry=dry)
                step = []
            if outcome.rows % STEP == 0:
                progress(outcome.rows)
        self._take(step, outcome, errors, dry=dry)
        progress(outcome.rows)
        if not dry:
            actions.finish(self.run_data, rows_read=outcome.rows, rows_refused=outcome.refused, at=at())
            outcome.batch = self.run_data.batch
        return outcome

    def _twice(self, coming: Row) -> list[Problem]:
        first = self._first.setdefault(coming.source_id, coming.number)
        if first == coming.number:
            return []
        if "id" not in self.map.rules:
            return [
                Problem(
                    coming.number,
                    "",
                    "",
                    _("something else than in row %(first)s, which says the same") % {"first": f"{first:,}"},
                )
            ]
        column = self.map.rules["id"].label
        return [
            Problem(
                coming.number,
                column,
                coming.source_id,
                _("a number of its own; row %(first)s has the same") % {"first": f"{first:,}"},
            )
        ]

    def _take(self, step: list[Row], outcome: Outcome, errors: ErrorFile, *, dry: bool) -> None:
        if not step:
            return
        brought = self.foresee(step, outcome) if dry else actions.bring_in(self.run_data, step)
        outcome.made += brought.made
        outcome.known += brought.known
        outcome.refused += len(brought.problems)
        for problem in brought.problems:
            errors.add([problem])

    def _look_alike(self, people: list[tuple[int, Person]], outcome: Outcome) -> None:
        """Remember who of these people, each with a row, looks like a contact that nothing says they are."""
        new = [(row, person) for row, person in people if self.run_data.people.find_same(person) is None]
        unseen = {person.key: person for _row, person in new if person.key not in outcome.alike}
        found = alike(self.office, unseen.values())
        for row, person in new:
            if person.key in found or person.key in outcome.alike:
                one = outcome.alike.setdefault(person.key, [row, 0, person.name, *found.get(person.key, ())])
                one[1] += 1

    @abstractmethod
    def foresee(self, step: list[Row], outcome: Outcome) -> Brought:
        """What bring_in would do with these rows, without doing it."""


def refuse_misfit(using: Map, lists: Lists) -> None:
    """Raise MapError for what in a map does not fit the office: a fixed value it has not, a class that differs."""
    wrong = []
    for name, rule in using.rules.items():
        if rule.its.takes not in (Takes.VALUE, Takes.VALUES):
            continue
        where = f"{using.name}.toml, fields.{name}"
        wrong += [
            f"{where}: {quoted(target.under)} is not in {CASE[rule.its.under].list_name}."
            for target in rule.targets
            if target.under and not _only(lists, rule.its.under, target.under)
        ]
        if rule.fixed and not (rule.new_values or rule.fixed.is_new) and not _finds(lists, rule, rule.fixed.name):
            names = lists.names(name)
            wrong.append(
                f"{where}.fixed: {quoted(rule.fixed.name)} is not in {rule.its.list_name}"
                f"{near(rule.fixed.name, names)}. Add it to the list, or write new_values = true."
            )
        if name == "status":
            wrong += [
                f"{where}: {line}"
                for target in rule.targets
                if not target.is_refused and (line := _status_misfit(lists, rule, target))
            ]
    if wrong:
        raise MapError("\n".join(wrong))


def _finds(lists: Lists, rule: Rule, name: str) -> bool:
    return any(folded_name == name.casefold() for folded_name in map(str.casefold, lists.names(rule.name)))


def _only(lists: Lists, field: str, name: str) -> bool:
    return lists.find(Choice(field, name)) is not None


def _status_misfit(lists: Lists, rule: Rule, target: Target) -> str:
    known = lists.find(Choice("status", target.name))
    if known is None:
        if (rule.new_values or target.is_new) and not (target.status_class or rule.status_class):
            return _("%(name)s is a new status; say its class: new, open, paused or closed.") % {
                "name": quoted(target.name)
            }
        return ""
    if target.status_class and target.status_class != known.status_class:
        return _(
            "the status %(name)s of this office is of the class %(status_class)s, the map says %(told_class)s."
        ) % {"name": quoted(target.name), "status_class": known.status_class, "told_class": target.status_class}
    return ""
