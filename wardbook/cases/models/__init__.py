"""The nouns of a case, each in its own file."""

from wardbook.cases.models.activities import Activity, ActivityQuerySet
from wardbook.cases.models.case import Case, CaseTag
from wardbook.cases.models.choices import Outcome, Priority, WaitingOn
from wardbook.cases.models.documents import Document, DocumentQuerySet
from wardbook.cases.models.links import CaseLink
from wardbook.cases.models.notes import CaseNote, InternalNote, NoteRevision
from wardbook.cases.models.people import CaseAccess, CoAssignment, Party
from wardbook.cases.models.places import CaseLocation
from wardbook.cases.models.questions import CaseQuerySet, owing
from wardbook.cases.models.words import CaseWords
from wardbook.cases.models.working import CaseVisit, Draft

__all__ = [
    "Activity",
    "ActivityQuerySet",
    "Case",
    "CaseAccess",
    "CaseLink",
    "CaseLocation",
    "CaseNote",
    "CaseQuerySet",
    "CaseTag",
    "CaseVisit",
    "CaseWords",
    "CoAssignment",
    "Document",
    "DocumentQuerySet",
    "Draft",
    "InternalNote",
    "NoteRevision",
    "Outcome",
    "Party",
    "Priority",
    "WaitingOn",
    "owing",
]
