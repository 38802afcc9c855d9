"""Everything that happened and is planned on one case, in one stream (AC-12). A page costs the same however long."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from wardbook.cases import telling
from wardbook.cases.actions.notes import EDITABLE_FOR
from wardbook.cases.models import Activity, Case, CaseNote, Document, InternalNote
from wardbook.correspondence.models import Message
from wardbook.desk import timeline_rows
from wardbook.desk.file_lines import file_line, source_of
from wardbook.desk.settings_pages import event_words
from wardbook.desk.timeline_entry import Cursor, Entry
from wardbook.desk.timeline_post import attachments_of, message_entries
from wardbook.desk.timeline_rows import MOST_FILES, PAGE, Table
from wardbook.journal.models import Event
from wardbook.lib.addresses import of_row
from wardbook.lib.days import long_day
from wardbook.lib.ids import can_be_an_id
from wardbook.offices import access
from wardbook.offices.models import Membership

SHOWS = ("all", "emails", "notes", "calls", "letters", "system")

ICONS = {
    "call": "phone",
    "email": "mail",
    "letter": "mail-open",
    "meeting": "users",
    "visit": "map-pin",
    "task": "circle-check",
    "other": "notebook-pen",
}
MARKS = {Activity.Direction.IN: "in", Activity.Direction.OUT: "out", Activity.Direction.NONE: "in"}


class Source(NamedTuple):
    """One table of the stream, and how its rows become entries; only those of a family, where one is named."""

    table: Table
    make: Callable[[Sequence[Any]], list[Entry]]
    family: str = ""


@dataclass
class Page:
    """One page, oldest first, with the cursors of the pages beside it (None at an end)."""

    entries: list[Entry]
    planned: list[Entry]
    older: Cursor | None
    newer: Cursor | None


class Timeline:
    """The stream of one case for one reader."""

    def __init__(
        self, case: Case, member: Membership, *, at: datetime, show: str = "all", has_mail: bool = True
    ) -> None:
        self.case, self.member, self.at = case, member, at
        self.today = case.office.local_date(at)
        self.show = show if show in SHOWS else "all"
        self.slug = case.office.slug
        self.can_write = member.can("cases.write")
        self.has_mail = has_mail and member.can("correspondence.read")

    def newest(self) -> Page:
        """The newest page, with what is planned."""
        return self._page(None, older=True)

    def before(self, cursor: Cursor) -> Page:
        return self._page(cursor, older=True)

    def after(self, cursor: Cursor) -> Page:
        return self._page(cursor, older=False)

    def around(self, entry_id: str) -> Page | None:
        """The newest page if the entry is on it, else the page that ends with it. None when there is none such."""
        page = self.newest()
        if any(entry.id == entry_id for entry in (*page.entries, *page.planned)):
            return page
        cursor = self._find(entry_id)
        if cursor is None:
            return None
        page = self._page(Cursor(cursor.at, cursor.rank, cursor.pk + 1), older=True)
        page.newer = page.entries[-1].cursor if page.entries else None
        return page

    def _page(self, cursor: Cursor | None, *, older: bool) -> Page:
        found: list[Entry] = []
        for source in self._sources():
            found += source.make(self._rows(source, cursor, older=older))
        found.sort(key=lambda entry: entry.cursor, reverse=older)
        more, found = len(found) > PAGE, found[:PAGE]
        if older:
            found.reverse()
        first, last = (found[0].cursor, found[-1].cursor) if found else (None, None)
        at_end = cursor is None or (not older and not more)
        planned = [step for step in self.steps() if self._shows(step)] if at_end else []
        page = Page(
            entries=found,
            planned=planned,
            older=first if (more if older else cursor is not None) else None,
            newer=last if (cursor is not None if older else more) else None,
        )
        self._put_files([*page.entries, *page.planned])
        return page

    def _rows(self, source: Source, cursor: Cursor | None, *, older: bool) -> list[Any]:
        """A page of one table, and one row more."""
        table = source.table
        if cursor is None and not source.family:
            return table.newest(self.member, case=self.case.pk)
        rows = self._all(source)
        if cursor is not None:
            rows = rows.filter(_beyond(table, cursor, older=older))
        sign = "-" if older else ""
        return list(rows.order_by(f"{sign}{table.column}", f"{sign}pk")[: PAGE + 1])

    def _all(self, source: Source) -> "QuerySet[Any]":
        rows = source.table.question(self.member, case=self.case.pk)
        return rows.filter(type__family=source.family) if source.family else rows

    def _sources(self) -> list[Source]:
        sources = []
        if self.show in ("all", "system") and access.sees_field(self.member.role, "case.journal"):
            sources.append(Source(timeline_rows.EVENTS, self._events))
        if self.show in ("all", "calls", "letters"):
            family = {"calls": "call", "letters": "letter"}.get(self.show, "")
            sources.append(Source(timeline_rows.DONE, self._done, family))
        if self.show in ("all", "notes"):
            sources.append(Source(timeline_rows.NOTES, self._notes))
            sources.append(Source(timeline_rows.CASE_NOTES, self._case_notes))
        if self.show in ("all", "emails") and self.has_mail:
            sources.append(Source(timeline_rows.MESSAGES, self._messages))
        return sources

    def _find(self, entry_id: str) -> Cursor | None:
        prefix, _dash, number = entry_id.rpartition("-")
        ranks = {"event": 0, "activity": 1, "note": 2, "case-note": 3, "message": 4}
        if prefix not in ranks or not can_be_an_id(number):
            return None
        for source in self._sources():
            if source.table.rank == ranks[prefix]:
                row = self._all(source).filter(pk=int(number)).values_list(source.table.column, flat=True).first()
                return Cursor(row, source.table.rank, int(number)) if row else None
        return None

    # How rows become entries.

    def _events(self, lines: Sequence[Event]) -> list[Entry]:
        words = telling.told(lines, event_words.WORDS)
        return [
            Entry(id=f"event-{line.pk}", mark="system", heading=words[line.pk], at=line.at, rank=0, pk=line.pk)
            for line in lines
        ]

    def _done(self, rows: Sequence[Activity]) -> list[Entry]:
        entries = []
        for row in rows:
            assert row.happened_at is not None  # the database says so of what is done
            entry = self._of_activity(row, row.happened_at)
            entry.mark = MARKS[Activity.Direction(row.direction)]
            # A record of what was said, not something that was sent from here.
            entry.audience = " " if entry.mark == "out" and _family(row) != "letter" else ""
            entry.heading = _heading(row)
            entry.done = True
            entries.append(entry)
        return entries

    def _shows(self, step: Entry) -> bool:
        return self.show == "all" or (self.show, step.family) in (("calls", "call"), ("letters", "letter"))

    def steps(self) -> list[Entry]:
        """What is planned, the soonest first; asked once."""
        if not hasattr(self, "_steps"):
            self._steps = self._planned()
        return self._steps

    def _planned(self) -> list[Entry]:
        found = []
        for row in timeline_rows.PLANNED(self.member, case=self.case.pk):
            due = row.due_on or self.today
            entry = self._of_activity(row, datetime.combine(due, time(9), tzinfo=self.case.office.zone))
            entry.mark, entry.due, entry.late = "planned", row.due_on, due < self.today
            entry.heading = row.subject
            entry.facts.insert(0, (_("Planned for"), long_day(due)))
            entry.facts.insert(1, (_("Who"), str(row.assignee or row.team or _("nobody yet"))))
            found.append(entry)
        return found

    def _of_activity(self, row: Activity, at: datetime) -> Entry:
        facts: list[tuple[str, Any]] = []
        if row.outcome:
            facts.append((_("What came of it"), row.outcome))
        if row.written_on:
            facts.append((_("Dated"), long_day(row.written_on)))
        if row.place:
            facts.append((_("Where"), row.place))
        if row.minutes:
            facts.append((_("Minutes"), row.minutes))
        if row.finished_by or row.created_by:
            facts.append((_("By"), str(row.finished_by or row.created_by)))
        return Entry(
            id=f"activity-{row.pk}",
            mark="in",
            heading=row.subject,
            at=at,
            icon=ICONS.get(_family(row), "notebook-pen"),
            body=row.details if row.is_planned else "\n".join(part for part in (row.subject, row.details) if part),
            url=self._link(f"activity-{row.pk}"),
            facts=facts,
            actions=self._menu(row) if self.can_write else [],
            family=_family(row),
            rank=1,
            pk=row.pk,
        )

    def _menu(self, row: Activity) -> list[dict[str, Any]]:
        items = [
            {
                "label": _("Edit"),
                "url": of_row("cases:activity", self.slug, pk=row.pk),
                "icon": "pencil",
                "dialog": True,
            },
            self._add_files("activity", row.pk),
        ]
        if row.is_planned:
            back = f"?back={of_row('desk:case', self.slug, pk=self.case.number)}"
            later = of_row("desk:activity_later", self.slug, pk=row.pk)
            cancel = of_row("cases:cancellation", self.slug, pk=row.pk)
            items += [
                {"label": _("Move to another day"), "url": later + back, "icon": "calendar", "dialog": True},
                {"label": _("Cancel it"), "url": cancel, "icon": "x", "post": True},
            ]
        return items

    def _add_files(self, kind: str, pk: int) -> dict[str, Any]:
        url = of_row("cases:add_files", self.slug, kind, pk=pk)
        return {"label": _("Add files"), "url": url, "icon": "paperclip", "dialog": True}

    def _notes(self, rows: Sequence[InternalNote]) -> list[Entry]:
        entries = []
        for row in rows:
            actions = [self._add_files("note", row.pk)]
            if row.by_id == self.member.user_id and self.at - row.at <= EDITABLE_FOR:
                url = reverse("cases:note", args=[self.slug, self.case.number, row.pk])
                actions.insert(0, {"label": _("Correct it"), "url": url, "icon": "pencil", "dialog": True})
            entries.append(
                Entry(
                    id=f"note-{row.pk}",
                    mark="office",
                    heading=_("Note by %(name)s") % {"name": row.by},
                    at=row.at,
                    icon="sticky-note",
                    body=row.text,
                    url=self._link(f"note-{row.pk}"),
                    actions=actions if self.can_write else [],
                    edited=_("corrected %(time)s") % {"time": self._clock(row.edited_at)} if row.edited_at else "",
                    rank=2,
                    pk=row.pk,
                )
            )
        return entries

    def _case_notes(self, rows: Sequence[CaseNote]) -> list[Entry]:
        return [
            Entry(
                id=f"case-note-{row.pk}",
                mark="case",
                heading=_("Case note by %(name)s") % {"name": row.by},
                at=row.at,
                icon="users",
                body=row.text,
                url=self._link(f"case-note-{row.pk}"),
                actions=[self._add_files("case-note", row.pk)] if self.can_write else [],
                rank=3,
                pk=row.pk,
            )
            for row in rows
        ]

    def _messages(self, rows: Sequence[Message]) -> list[Entry]:
        return message_entries(rows, self.case, self.member, self.at)

    def _link(self, entry_id: str) -> str:
        return f"{of_row('desk:case', self.slug, pk=self.case.number)}?entry={entry_id}#{entry_id}"

    def _clock(self, at: datetime) -> str:
        return f"{at.astimezone(self.case.office.zone):%H:%M}"

    def _put_files(self, entries: Iterable[Entry]) -> None:
        """Give each entry its files. One query for a case of up to MOST_FILES files, which `files` shows too."""
        by_id = {entry.id: entry for entry in entries}
        for document in self.files:
            if entry := by_id.get(source_of(document)):
                entry.documents.append(file_line(document, self.slug))

    @property
    def files(self) -> list[Document]:
        """The newest files of the case, asked once."""
        if not hasattr(self, "_files"):
            self._files = timeline_rows.FILES(self.member, case=self.case.pk)
        return self._files

    def file_lines(self) -> list[dict[str, Any]]:
        """The files of the case and those of its messages, newest first (AT-2, AT-4)."""
        lines = [file_line(document, self.slug) for document in self.files]
        if self.has_mail:
            lines += attachments_of(self.case, self.member, MOST_FILES)
        return sorted(lines, key=lambda line: line["at"], reverse=True)


def _heading(row: Activity) -> str:
    """What it was, and with whom."""
    values = {"type": row.type.name, "name": row.contact.name if row.contact else ""}
    if not row.contact:
        return str(row.type.name)
    if row.direction == Activity.Direction.IN:
        return _("%(type)s from %(name)s") % values
    if row.direction == Activity.Direction.OUT:
        return _("%(type)s to %(name)s") % values
    return _("%(type)s, %(name)s") % values


def _family(row: Activity) -> str:
    return str(getattr(row.type, "family", ""))


def _beyond(table: Table, cursor: Cursor, *, older: bool) -> Q:
    """What lies before (or after) a cursor in one source; things of one moment are in the order of rank and id."""
    sign = "lt" if older else "gt"
    further = Q(**{f"{table.column}__{sign}": cursor.at})
    same = Q(**{table.column: cursor.at})
    if table.rank == cursor.rank:
        return further | (same & Q(**{f"pk__{sign}": cursor.pk}))
    is_before = table.rank < cursor.rank
    return further | same if is_before == older else further
