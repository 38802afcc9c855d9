"""Rows of the list as they are shown: read once from the database, put into words and drawn once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from wardbook.cases.models import Case, CaseTag, Priority, WaitingOn
from wardbook.desk.cases_list.columns import BASE, Column
from wardbook.desk.cases_list.filters import Filter
from wardbook.desk.cases_list.names import Listed
from wardbook.desk.templatetags.drawn import drawn, head
from wardbook.desk.templatetags.ui import icon
from wardbook.lib.days import count_words, short_day

# Rows are put together here and not in the template: hundreds of cells would be most of what a page costs. What is
# not said here passes through `escape`; only safe text added to safe text stays safe.
_NOTHING = SafeString("")
_END = SafeString("</td>")
_BEGIN_TEXT, _END_TEXT = SafeString('<span dir="auto">'), SafeString("</span></td>")
_CHECK = (
    '<td class="table__check"><label class="check-hit"><input type="checkbox" name="case" value="{}">'
    '<span class="vh">{} {}</span></label></td>'
)
_ROW = (
    '<tr data-row id="case-{}">{}<td class="table__main"><a data-row-link href="{}{}/?{}" dir="auto">{}</a>'
    '<span class="table__sub"><span class="num">{}</span>{}</span></td>{}</tr>'
)
_LOCK = '<span class="caselist__lock">{}{}</span>'
_TAG = '<span class="tag table__sub--extra" dir="auto">{}</span>'

Values = dict[str, Any]


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


def heads(columns: Sequence[Column], chosen: Filter, state: dict[str, Any]) -> list[SafeString]:
    """The headers of these columns, which sort by them."""
    now = chosen.sort

    def address(key: str) -> str:
        return f"?{chosen.sorted_by(f'-{key}' if now == key else key).address(**state)}"

    return [
        head(str(c.label), c.key, address(c.key), sort=now, numeric=c.numeric, target="cases-list") for c in columns
    ]


def days_open(values: Values, today: date) -> int:
    """For how many days a case is open, or was."""
    since: date = values["opened_on"]
    until: date = values["closed_on"] or today
    return max(0, (until - since).days)


class Awaited:
    """For whom cases wait, in words of the reader's language; nothing for those that wait for nobody but us."""

    def __init__(self) -> None:
        self._labels = {str(value): str(label) for value, label in WaitingOn.choices if value != WaitingOn.US}

    def of(self, values: Values) -> str:
        label = self._labels.get(values["waiting_on"], "")
        return (values["waiting_agency__name"] or label) if label else ""


class Drawing:
    """Draws the rows of one page, each status, person and day only once."""

    def __init__(
        self,
        columns: Sequence[Column],
        statuses: Sequence[Listed],
        today: date,
        *,
        root: str,
        query: str,
        with_boxes: bool,
    ) -> None:
        """`root` and `query` are the address of a case in this list; `with_boxes` is whether rows can be chosen."""
        self.today, self.root, self.with_boxes = today, root, with_boxes
        self.query = escape(query)
        self.statuses = {row.pk: row for row in statuses}
        self.cells: list[Callable[[Values], SafeString]] = [self._cell(c) for c in columns if c.kind != "case"]
        self.drawn: dict[tuple[str | date | None, ...], SafeString] = {}
        self.priorities = {priority.value: (priority.name.lower(), str(priority.label)) for priority in Priority}
        self.kinds = {str(value): str(label) for value, label in Case.Kind.choices}
        self.awaited = Awaited()
        self.select, self.lock = _("Select"), format_html(_LOCK, icon("lock", 14), _("Restricted"))

    def row(self, values: Values, tags: Sequence[str]) -> SafeString:
        number, reference = values["number"], escape(values["reference"])
        beside = self.lock if values["is_restricted"] else _NOTHING
        for tag in tags:
            beside += format_html(_TAG, tag)
        cells = _NOTHING
        for cell in self.cells:
            cells += cell(values)
        check = format_html(_CHECK, number, self.select, reference) if self.with_boxes else _NOTHING
        title = values["description"]
        return format_html(_ROW, number, check, self.root, number, self.query, title, reference, beside, cells)

    def _cell(self, column: Column) -> Callable[[Values], SafeString]:
        """How a column's cells are drawn. What is the same in all of them is put together once for the page."""
        kind = "num" if column.numeric else "table__bare" if column.kind == "status" else ""
        tag = '<td data-label="{}" class="{}">' if kind else '<td data-label="{}">'
        begin = format_html(tag, *filter(None, (str(column.label), kind)))
        fill = partial(getattr(self, f"_{column.kind}"), name=column.loads[0])
        empty, text = begin + _END, begin + _BEGIN_TEXT

        def draw(values: Values) -> SafeString:
            shown = fill(values)
            if isinstance(shown, SafeString):
                return begin + shown + _END
            return text + escape(shown) + _END_TEXT if shown else empty

        return draw

    # Each of these gives words, which are escaped, or a piece that is drawn already.

    def _text(self, values: Values, name: str) -> str:
        return values[name] or ""

    def _constituent(self, values: Values, name: str) -> str:
        return values[name] or (_("Anonymous") if values["is_anonymous"] else "")

    def _kind(self, values: Values, name: str) -> str:
        return self.kinds.get(values[name], "")

    def _plain_day(self, values: Values, name: str) -> str:
        return self._said(values[name])

    def _moment(self, values: Values, name: str) -> str:
        at = timezone.localtime(values[name])
        if at.date() != self.today:
            return self._said(at.date())
        return f"{at:%H:%M}"

    def _age(self, values: Values, name: str) -> str:
        return count_words(days_open(values, self.today))

    def _said(self, day: date | None) -> str:
        if day is None:
            return ""
        return short_day(day) if day.year == self.today.year else f"{short_day(day)} {day.year}"

    def _person(self, values: Values, name: str) -> SafeString:
        return self._piece("person", text=values[name] or "")

    def _status(self, values: Values, name: str) -> SafeString:
        status = self.statuses.get(values["status_id"])
        text, code = (status.name, status.mark) if status else ("", "open")
        return self._piece("status", text=text, code=code, extra=self.awaited.of(values))

    def _priority(self, values: Values, name: str) -> SafeString:
        code, text = self.priorities.get(values[name], ("none", ""))
        return self._piece("priority", text=text, code=code)

    def _day(self, values: Values, name: str) -> str:
        day = values[name]
        if day and values["closed_on"]:
            return short_day(day)
        return self._piece("day", day=day)

    def _piece(
        self, kind: str, *, text: str = "", code: str = "", extra: str = "", day: date | None = None
    ) -> SafeString:
        """Fifty rows have few statuses, people and days: each is drawn once."""
        key = (kind, text, code, extra, day)
        if key not in self.drawn:
            given = {"kind": kind, "text": text, "code": code, "extra": extra, "day": day}
            self.drawn[key] = drawn("desk/cases/cell.html", **given, today=self.today)
        return self.drawn[key]
