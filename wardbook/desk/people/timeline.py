"""Everything about one contact in time order, over all cases of theirs that the reader may see (R3.11, E6)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from wardbook.cases.models import Activity, Case, CaseNote, Document, InternalNote
from wardbook.contacts.models import Contact, ContactNote
from wardbook.correspondence.models import Message
from wardbook.desk.file_lines import file_line
from wardbook.desk.timeline import ICONS, MARKS
from wardbook.desk.timeline_entry import Entry
from wardbook.desk.timeline_post import in_brief
from wardbook.offices.models import Membership

PAGE = 40


class Page(NamedTuple):
    """The newest entries before a moment, and that moment of the next page (None at the end)."""

    entries: list[Entry]
    older: datetime | None


def newest(contact: Contact, member: Membership, before: datetime | None = None) -> Page:
    """One page of a contact's timeline, newest first. At most ten queries however long it is."""
    cases = Case.objects.visible_to(member).filter(constituent=contact)
    on_theirs = Q(case__in=cases.values("pk"))
    until = {"lt": before} if before else {}
    activities = Activity.objects.visible_to(member).done().filter(on_theirs | Q(contact=contact))
    notes = InternalNote.objects.visible_to(member).filter(on_theirs)
    case_notes = CaseNote.objects.visible_to(member).filter(on_theirs)
    post = Message.objects.visible_to(member).filter(on_theirs | Q(contact=contact))
    post = post.select_related("contact").prefetch_related("addresses", "attachments")
    own = ContactNote.objects.visible_to(member).filter(contact=contact)
    entries = [
        *_activities(_before(activities.select_related("type", "case", "finished_by"), "happened_at", until)),
        *_notes(_before(notes.select_related("case", "by"), "at", until), "office", _("Note by %(name)s")),
        *_notes(_before(case_notes.select_related("case", "by"), "at", until), "case", _("Case note by %(name)s")),
        *_post(_before(post, "at", until), member),
        *_own(_before(own.select_related("by", "code"), "at", until)),
        *_openings(_before(cases.select_related("created_by"), "created_at", until)),
    ]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    entries, more = _cut(entries)
    _put_files(entries, member)
    for entry in entries:
        if entry.case_url:
            entry.case_url = reverse("desk:case", args=[member.office.slug, int(entry.case_url)])
    return Page(entries, entries[-1].at if more else None)


def _cut(entries: list[Entry]) -> tuple[list[Entry], bool]:
    """One page; what happened at the very moment of its last entry stays with it, or no page would show it."""
    if len(entries) <= PAGE:
        return entries, False
    border = entries[PAGE - 1].at
    page = [entry for entry in entries if entry.at >= border]
    return page, len(page) < len(entries)


def _before(rows: Any, column: str, until: dict[str, Any]) -> Any:
    narrowed = rows.filter(**{f"{column}__{how}": moment for how, moment in until.items()})
    return narrowed.order_by(f"-{column}", "-pk")[: PAGE + 1]


def _of_case(case: Case | None) -> dict[str, Any]:
    return {"case_label": f"{case.reference} {case.description}", "case_url": str(case.number)} if case else {}


def _activities(activities: Iterable[Activity]) -> Iterable[Entry]:
    for activity in activities:
        facts: list[tuple[str, Any]] = []
        if activity.outcome:
            facts.append((_("What came of it"), activity.outcome))
        if activity.place:
            facts.append((_("Where"), activity.place))
        if activity.minutes:
            facts.append((_("Minutes"), activity.minutes))
        if activity.happened_at is None:  # the database refuses this for what is done
            continue
        yield Entry(
            id=f"activity-{activity.pk}",
            mark=MARKS[Activity.Direction(activity.direction)],
            icon=ICONS.get(activity.type.family, "message-square-text"),
            heading=f"{activity.type}: {activity.subject}",
            at=activity.happened_at,
            body=activity.details,
            who=str(activity.finished_by or ""),
            facts=facts,
            **_of_case(activity.case),
        )


def _notes(notes: Iterable[Any], mark: str, heading: str) -> Iterable[Entry]:
    for note in notes:
        yield Entry(
            id=f"{'note' if mark == 'office' else 'case-note'}-{note.pk}",
            mark=mark,
            icon="sticky-note",
            heading=heading % {"name": note.by},
            at=note.at,
            body=note.text,
            **_of_case(note.case),
        )


def _post(rows: Iterable[Message], member: Membership) -> Iterable[Entry]:
    """Emails, and what was logged like one. Of two cases of a message the reader may see only the second."""
    found = list(rows)
    seen = Case.objects.visible_to(member).in_bulk([row.case_id for row in found if row.case_id])
    for row in found:
        yield replace(in_brief(row, member.office.slug), **_of_case(seen.get(row.case_id or 0)))


def _own(notes: Iterable[ContactNote]) -> Iterable[Entry]:
    for note in notes:
        yield Entry(
            id=f"contact-note-{note.pk}",
            mark="office",
            icon="notebook-pen",
            heading=note.description,
            at=note.at,
            body=note.text,
            who=str(note.by),
        )


def _openings(cases: Iterable[Case]) -> Iterable[Entry]:
    for case in cases:
        yield Entry(
            id=f"case-{case.number}-opened",
            mark="system",
            icon="folder-open",
            heading=_("Case %(case)s opened: %(about)s") % {"case": case.reference, "about": case.description},
            at=case.created_at,
            **_of_case(case),
        )


def _put_files(entries: list[Entry], member: Membership) -> None:
    """Give each entry its files. One query."""
    by_id = {entry.id: entry for entry in entries}
    keys = {"activity": "activity", "internal_note": "note", "case_note": "case-note"}
    wanted = Q()
    for column, prefix in keys.items():
        ids = [int(one.rpartition("-")[2]) for one in by_id if one.rpartition("-")[0] == prefix]
        wanted |= Q(**{f"{column}__in": ids})
    for document in Document.objects.visible_to(member).filter(wanted):
        for column, prefix in keys.items():
            if entry := by_id.get(f"{prefix}-{getattr(document, f'{column}_id')}"):
                entry.documents.append(file_line(document, member.office.slug))
