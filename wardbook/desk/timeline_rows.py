"""What stands on the timeline of a case, asked for one reader: a question for each table of the stream."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import QuerySet

from wardbook.cases import telling
from wardbook.cases.models import Activity, CaseNote, Document, InternalNote
from wardbook.desk.timeline_post import POST_UNTOLD, messages_of
from wardbook.journal.models import Event
from wardbook.offices.models import Membership
from wardbook.offices.prepared import Prepared

PAGE = 30
MOST_PLANNED = 20
MOST_FILES = 300

Rows = QuerySet[Any]


def _events(member: Membership, *, case: int) -> Rows:
    lines = Event.objects.visible_to(member).on_case(case)
    return lines.exclude(name__in=telling.UNTOLD | POST_UNTOLD)


def _done(member: Membership, *, case: int) -> Rows:
    rows = Activity.objects.visible_to(member).done().filter(case_id=case)
    return rows.select_related("type", "contact", "created_by", "finished_by", "assignee")


def _notes(member: Membership, *, case: int) -> Rows:
    return InternalNote.objects.visible_to(member).filter(case_id=case).select_related("by")


def _case_notes(member: Membership, *, case: int) -> Rows:
    return CaseNote.objects.visible_to(member).filter(case_id=case).select_related("by")


def _messages(member: Membership, *, case: int) -> Rows:
    return messages_of(case, member)


def _planned(member: Membership, *, case: int) -> Rows:
    rows = Activity.objects.visible_to(member).planned().filter(case_id=case)
    rows = rows.select_related("type", "contact", "created_by", "finished_by", "assignee", "team")
    return rows.order_by("due_on", "pk")[:MOST_PLANNED]


def _files(member: Membership, *, case: int) -> Rows:
    documents = Document.objects.visible_to(member).filter(case_id=case)
    return documents.order_by("-uploaded_at", "-pk")[:MOST_FILES]


class Table(NamedTuple):
    """One table of the stream: its place among things of one moment, the column of their time, its question, and
    the newest page of it, which is what nearly every page of a case asks."""

    rank: int
    column: str
    question: Callable[..., Rows]
    newest: Prepared[Any]


def _table(rank: int, column: str, question: Callable[..., Rows]) -> Table:
    def newest(member: Membership, *, case: int) -> Rows:
        return question(member, case=case).order_by(f"-{column}", "-pk")[: PAGE + 1]

    return Table(rank, column, question, Prepared(newest, "case"))


EVENTS = _table(0, "at", _events)
DONE = _table(1, "happened_at", _done)
NOTES = _table(2, "at", _notes)
CASE_NOTES = _table(3, "at", _case_notes)
MESSAGES = _table(4, "at", _messages)
PLANNED: Prepared[Activity] = Prepared(_planned, "case")
FILES: Prepared[Document] = Prepared(_files, "case")
