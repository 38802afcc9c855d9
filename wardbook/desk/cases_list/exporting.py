"""The cases of a list as a file of comma separated values: the same rows in the same order (S4.31, EX-1)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from wardbook.cases.models import Case, Priority
from wardbook.desk.cases_list import rows
from wardbook.desk.cases_list.columns import COLUMNS, COMPUTED, Column, order_of
from wardbook.desk.cases_list.filters import Filter
from wardbook.desk.cases_list.names import Names
from wardbook.desk.cases_list.narrowing import Narrowing
from wardbook.desk.cases_list.paging import ordered
from wardbook.lib.csv_out import guarded
from wardbook.offices.models import Membership

AT_ONCE = 1_000
MARK = "\ufeff"
"""Excel takes a file in UTF-8 without this for something else; most other programs stumble over it."""
BETWEEN = "; "

Cell = Callable[[rows.Values], str]


def ids_of(narrowing: Narrowing, chosen: Filter) -> list[int]:
    """The cases that the list of a filter has, all of them, in its order. One query."""
    return list(ordered(narrowing.cases(chosen), order_of(chosen, narrowing.today)).values_list("pk", flat=True))


def every_column(names: Names) -> list[Column]:
    """All columns that the office shows."""
    return [column for key, column in COLUMNS.items() if key not in names.hidden]


class Sheet:
    """What the columns of a list are in a file: days as ISO 8601, several values of a cell with semicolons between,
    and what the list shows in one cell in cells of its own. Words are those of the reader's language when it is made.
    """

    def __init__(self, columns: Sequence[Column], names: Names, member: Membership, today: date) -> None:
        self.member, self.today = member, today
        self.loads = rows.loads(columns)
        self._statuses = {row.pk: row.name for row in names.statuses}
        self._kinds = {str(value): str(label) for value, label in Case.Kind.choices}
        self._priorities = {int(value): str(label) for value, label in Priority.choices}
        self._awaited = rows.Awaited()
        self._anonymous, self._yes = _("Anonymous"), _("yes")
        self._cells: dict[str, Cell] = {}
        for column in columns:
            self._add(column, tags="tag" not in names.hidden)

    def lines(self, ids: Sequence[int], *, marked: bool) -> Iterator[bytes]:
        """The file, in pieces of a thousand cases (RFC 4180). No cell runs as a formula (I1). What the reader may no
        longer see when its turn comes is left out. Two queries a piece."""
        yield (MARK if marked else "").encode() + _written([list(self._cells)])
        for start in range(0, len(ids), AT_ONCE):
            some = self._read(ids[start : start + AT_ONCE])
            yield _written([[cell(values) for cell in self._cells.values()] for values in some])

    def _read(self, ids: Sequence[int]) -> Iterator[rows.Values]:
        computed = {name: COMPUTED[name] for name in self.loads if name in COMPUTED}
        visible = Case.objects.visible_to(self.member).filter(pk__in=ids).order_by()
        found: dict[int, dict[str, Any]] = {
            row["pk"]: row for row in visible.annotate(**computed).values(*self.loads)
        }
        tags = rows.tags_of(list(found))
        for pk in ids:
            if pk in found:
                yield found[pk] | {"tags": BETWEEN.join(tags.get(pk, ()))}

    def _add(self, column: Column, *, tags: bool) -> None:
        label, name = str(column.label), column.loads[0]
        if column.kind == "case":
            self._cells[_("Reference")] = lambda values: values["reference"]
            self._cells[_("Description")] = lambda values: values["description"]
            if tags:
                self._cells[_("Tags")] = lambda values: values["tags"]
            self._cells[_("Restricted")] = lambda values: self._yes if values["is_restricted"] else ""
        elif column.kind == "status":
            self._cells[label] = lambda values: self._statuses.get(values["status_id"], "")
            self._cells[_("Waiting for")] = self._awaited.of
        else:
            fill: Callable[[rows.Values, str], str] = getattr(self, f"_{column.kind}")
            self._cells[label] = lambda values: fill(values, name)

    def _text(self, values: rows.Values, name: str) -> str:
        return values[name] or ""

    _person = _text

    def _constituent(self, values: rows.Values, name: str) -> str:
        return values[name] or (self._anonymous if values["is_anonymous"] else "")

    def _kind(self, values: rows.Values, name: str) -> str:
        return self._kinds.get(values[name], "")

    def _priority(self, values: rows.Values, name: str) -> str:
        return self._priorities[values[name]] if values[name] else ""

    def _plain_day(self, values: rows.Values, name: str) -> str:
        return values[name].isoformat() if values[name] else ""

    _day = _plain_day

    def _moment(self, values: rows.Values, name: str) -> str:
        at = values[name].astimezone(self.member.office.zone)
        return str(at.isoformat(timespec="minutes"))

    def _age(self, values: rows.Values, name: str) -> str:
        return str(rows.days_open(values, self.today))


def _written(cells: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([[guarded(cell) for cell in line] for line in cells])
    return text.getvalue().encode("utf-8", "replace")
