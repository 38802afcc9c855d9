"""Rows of the list as they are shown: read once from the database, put into words once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from wardbook.cases.models import Case, CaseTag, Priority, WaitingOn
from wardbook.desk.cases_list.columns import BASE, Column
from wardbook.desk.cases_list.names import Listed
from wardbook.desk.templatetags.drawn import drawn
from wardbook.lib.days import count_words, short_day

_TEXT = '{}<span dir="auto">{}</span></td>'


@dataclass(slots=True)
class Cell:
    """One value of a row: how to draw it, and what."""

    kind: str
    text: str = ""
    code: str = ""
    extra: str = ""
    day: date | None = None


@dataclass(slots=True)
class Row:
    """One case."""

    number: str
    reference: str
    title: str
    is_restricted: bool
    cells: SafeString
    tags: list[str]


def loads(columns: Sequence[Column]) -> list[str]:
    """What must be read for these columns; the key of a page never holds more."""
    wanted = dict.fromkeys(BASE)
    for column in columns:
        wanted.update(dict.fromkeys(column.loads))
    wanted.update(dict.fromkeys(("reference", "description")))
    return list(wanted)


def tags_of(pks: Sequence[int]) -> dict[int, list[str]]:
    """The tags of these cases. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    if pks:
        pairs = CaseTag.objects.filter(case_id__in=pks).order_by("tag__position", "tag__name")
        for pk, name in pairs.values_list("case_id", "tag__name"):
            found[pk].append(name)
    return found


class Words:
    """Puts values into words, each status and each waiting only once."""

    def __init__(self, statuses: Sequence[Listed], today: date) -> None:
        self.statuses = {row.pk: row for row in statuses}
        self.today = today
        self.begins: dict[str, SafeString] = {}
        self.drawn: dict[tuple[Any, ...], str] = {}
        self.priorities = {priority.value: (priority.name.lower(), str(priority.label)) for priority in Priority}
        self.kinds = dict(Case.Kind.choices)
        self.waiting = {str(value): str(label) for value, label in WaitingOn.choices}

    def row(self, values: dict[str, Any], columns: Sequence[Column], tags: list[str]) -> Row:
        # Put together here, not in the template: hundreds of cells are most of what a page costs.
        cells = format_html_join("", "{}", ((self._cell(c, values),) for c in columns if c.kind != "case"))
        return Row(
            number=str(values["number"]),
            reference=values["reference"],
            title=values["description"],
            is_restricted=values["is_restricted"],
            cells=cells,
            tags=tags,
        )

    def _cell(self, column: Column, values: dict[str, Any]) -> SafeString:
        cell = Cell(column.kind)
        fill = getattr(self, f"_{column.kind}")
        fill(cell, values, column.loads[0])
        begin = self._begin(column)
        if cell.kind != "text":
            return format_html("{}{}</td>", begin, self._draw(cell))
        return format_html(_TEXT, begin, cell.text) if cell.text else format_html("{}</td>", begin)

    def _begin(self, column: Column) -> SafeString:
        # Its label is translated once for the page, not once for each row.
        if column.key not in self.begins:
            kind = "num" if column.numeric else "table__bare" if column.kind == "status" else ""
            tag = '<td data-label="{}" class="{}">' if kind else '<td data-label="{}">'
            self.begins[column.key] = format_html(tag, *filter(None, (str(column.label), kind)))
        return self.begins[column.key]

    def _draw(self, cell: Cell) -> str:
        """Fifty rows have few statuses, people and days: each is drawn once."""
        key = (cell.kind, cell.text, cell.code, cell.extra, cell.day)
        if key not in self.drawn:
            self.drawn[key] = drawn("desk/cases/cell.html", **asdict(cell), today=self.today)
        return self.drawn[key]

    def _text(self, cell: Cell, values: dict[str, Any], name: str) -> None:
        cell.text = values[name] or ""

    def _person(self, cell: Cell, values: dict[str, Any], name: str) -> None:
        cell.text = values[name] or ""

    def _constituent(self, cell: Cell, values: dict[str, Any], name: str) -> None:
        cell.kind = "text"
        cell.text = values[name] or (_("Anonymous") if values["is_anonymous"] else "")

    def _status(self, cell: Cell, values: dict[str, Any], name: str) -> None:
        status = self.statuses.get(values["status_id"])
        cell.text, cell.code = (status.name, status.mark) if status else ("", "open")
        who = values["waiting_on"]
        if who and who != WaitingOn.US:
            cell.extra = values["waiting_agency__name"] or self.waiting.get(who, "")

    def _priority(self, cell: Cell, values: dict[str, Any], name: str) -> None:
        cell.code, cell.text = self.priorities.get(values[name], ("none", ""))

    def _kind(self, cell: Cell, values: dict[str, Any], name: str) -> None:
        cell.kind, cell.text = "text", str(self.kinds.get(values[name], ""))

    def _day(self, cell: Cell, values: dict[str, Any], name: str) -> None:
        cell.day = values[name]
        if cell.day and values["closed_on"]:
            cell.kind, cell.text = "text", short_day(cell.day)

    def _plain_day(self, cell: Cell, values: dict[str, Any], name: str) -> None:
        cell.kind = "text"
        if day := values[name]:
            cell.text = short_day(day) if day.year == self.today.year else f"{short_day(day)} {day.year}"

    def _moment(self, cell: Cell, values: dict[str, Any], name: str) -> None:
        cell.kind = "text"
        at = timezone.localtime(values[name])
        cell.text = f"{at:%H:%M}" if at.date() == self.today else short_day(at.date())
        if at.year != self.today.year:
            cell.text += f" {at.year}"

    def _age(self, cell: Cell, values: dict[str, Any], name: str) -> None:
        days = max(0, ((values["closed_on"] or self.today) - values["opened_on"]).days)
        cell.kind, cell.text = "text", count_words(days)
