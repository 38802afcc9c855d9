"""The smallest valid case and what hangs on it. `CaseFactory(office=…)` finds or makes the lists it needs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import factory
from django.db import transaction
from factory.django import DjangoModelFactory

from wardbook.accounts.factories import UserFactory
from wardbook.cases import references
from wardbook.cases.actions.indexing import index
from wardbook.cases.actions.opening import _next_number
from wardbook.cases.models import (
    Activity,
    Case,
    CaseAccess,
    CaseLocation,
    CaseNote,
    CaseTag,
    CoAssignment,
    Document,
    InternalNote,
    Party,
)
from wardbook.contacts.factories import ContactFactory
from wardbook.offices.factories import OfficeFactory
from wardbook.offices.models import Office
from wardbook.vocabulary.models import ActivityType, PartyRole, Status, Tag

# Monday 2 June 2025, ten in the morning in London. A working day, and a summer one.
MONDAY = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)

STATUSES = (
    ("New", Status.Class.NEW, "new"),
    ("Acknowledged", Status.Class.OPEN, "ack"),
    ("Open", Status.Class.OPEN, "open"),
    ("On-Hold", Status.Class.PAUSED, "hold"),
    ("Closed", Status.Class.CLOSED, "closed"),
)


def statuses_of(office: Office) -> dict[str, Status]:
    """The office's statuses by name; the five of the reference system when it has none."""
    if not Status.objects.filter(office=office).exists():
        for position, (name, status_class, mark) in enumerate(STATUSES):
            Status.objects.create(office=office, name=name, status_class=status_class, mark=mark, position=position)
    return {status.name: status for status in Status.objects.filter(office=office)}


def status_of(office: Office, status_class: str) -> Status:
    """The office's first status of a class."""
    statuses_of(office)
    return Status.objects.filter(office=office, status_class=status_class).order_by("position", "pk")[0]


def activity_type_of(office: Office, family: str = "call") -> ActivityType:
    """The office's first action of a family; made when there is none."""
    known = ActivityType.objects.filter(office=office, family=family).first()
    return known or ActivityType.objects.create(office=office, family=family, name=f"{family.title()} made")


class CaseFactory(DjangoModelFactory):
    """An open case of a constituent, new since MONDAY. `status=`, `owner=`, `is_restricted=` … as columns;
    `closed=True` and `deleted=True` for one that is closed or in the bin; `status_class=` picks the status."""

    class Meta:
        model = Case

    class Params:
        closed = factory.Trait(status_class="closed", outcome="resolved", closed_at=MONDAY, first_closed_at=MONDAY)
        deleted = factory.Trait(deleted_at=MONDAY)

    office = factory.SubFactory(OfficeFactory)
    description = "Damp in flat, council not replying"
    constituent = factory.SubFactory(ContactFactory, office=factory.SelfAttribute("..office"))
    opened_on = MONDAY.date()
    created_at = MONDAY
    last_activity_at = factory.SelfAttribute("created_at")

    @classmethod
    @transaction.atomic
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Case:
        office = kwargs["office"]
        status = kwargs.get("status") or status_of(office, kwargs.get("status_class", Status.Class.NEW))
        number = kwargs.get("number") or _next_number(office)
        reference = references.write(office.reference_format, number=number, year=kwargs["opened_on"].year)
        if status.status_class == Status.Class.CLOSED:
            kwargs.setdefault("outcome", "resolved")
            kwargs.setdefault("closed_at", kwargs["created_at"])
            kwargs.setdefault("closed_on", kwargs["opened_on"])
        if kwargs.get("owner"):
            kwargs.setdefault("assigned_at", kwargs["created_at"])
        kwargs |= {"status": status, "status_class": status.status_class, "number": number}
        kwargs |= {"reference": reference, "reference_key": references.key(reference)}
        case: Case = super()._create(model_class, *args, **kwargs)
        index([case])
        return case


class ActivityFactory(DjangoModelFactory):
    """A call that was made, on a case of its own."""

    class Meta:
        model = Activity

    case = factory.SubFactory(CaseFactory)
    office = factory.LazyAttribute(lambda it: it.case.office)
    type = factory.LazyAttribute(lambda it: activity_type_of(it.office))
    subject = "Rang about the damp"
    state = Activity.State.DONE
    happened_at = MONDAY
    finished_at = factory.SelfAttribute("happened_at")
    created_by = factory.SubFactory(UserFactory)
    created_at = MONDAY


class FollowUpFactory(ActivityFactory):
    """A planned call, a week from MONDAY; its case knows its next step."""

    subject = "Ring back"
    state = Activity.State.PLANNED
    happened_at = None
    due_on = (MONDAY + timedelta(days=7)).date()

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Activity:
        from wardbook.cases.actions.saving import refresh_next_step

        activity = super()._create(model_class, *args, **kwargs)
        if activity.case:
            refresh_next_step(activity.case)
        return activity


class InternalNoteFactory(DjangoModelFactory):
    class Meta:
        model = InternalNote

    case = factory.SubFactory(CaseFactory)
    text = "Her son has asthma."
    by = factory.SubFactory(UserFactory)
    at = MONDAY


class CaseNoteFactory(DjangoModelFactory):
    class Meta:
        model = CaseNote

    case = factory.SubFactory(CaseFactory)
    text = "The inspection is on Thursday."
    by = factory.SubFactory(UserFactory)
    at = MONDAY


class DocumentFactory(DjangoModelFactory):
    """A text file on a call; its bytes are in the store."""

    class Meta:
        model = Document

    class Params:
        content = b"The ceiling in the hall."

    activity = factory.SubFactory(ActivityFactory)
    case = factory.LazyAttribute(lambda it: it.activity.case if it.activity else None)
    office = factory.LazyAttribute(lambda it: it.activity.office)
    name = "letter.txt"
    media_type = "text/plain"
    uploaded_by = factory.SubFactory(UserFactory)
    uploaded_at = MONDAY
    stored = factory.LazyAttribute(lambda it: _stored(it.content))
    storage_key = factory.LazyAttribute(lambda it: it.stored.key)
    sha256 = factory.LazyAttribute(lambda it: it.stored.sha256)
    size = factory.LazyAttribute(lambda it: it.stored.size)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Document:
        kwargs.pop("stored", None)
        return super()._create(model_class, *args, **kwargs)


def _stored(content: bytes) -> Any:
    from django.conf import settings

    from wardbook.cases import files

    return files.store(settings.MEDIA_ROOT, [content])


class PartyRoleFactory(DjangoModelFactory):
    class Meta:
        model = PartyRole

    office = factory.SubFactory(OfficeFactory)
    name = factory.Sequence(lambda n: f"Role {n}")


class PartyFactory(DjangoModelFactory):
    """Somebody on a case in a role."""

    class Meta:
        model = Party

    case = factory.SubFactory(CaseFactory)
    role = factory.SubFactory(PartyRoleFactory, office=factory.SelfAttribute("..case.office"))
    contact = factory.SubFactory(ContactFactory, office=factory.SelfAttribute("..case.office"))
    since = MONDAY.date()


class CoAssignmentFactory(DjangoModelFactory):
    class Meta:
        model = CoAssignment

    case = factory.SubFactory(CaseFactory)
    user = factory.SubFactory(UserFactory)
    since = MONDAY


class CaseAccessFactory(DjangoModelFactory):
    """Somebody let in; `grant="kept_out"` for somebody kept out."""

    class Meta:
        model = CaseAccess

    case = factory.SubFactory(CaseFactory)
    user = factory.SubFactory(UserFactory)
    grant = CaseAccess.Grant.READER
    at = MONDAY


class CaseLocationFactory(DjangoModelFactory):
    class Meta:
        model = CaseLocation

    case = factory.SubFactory(CaseFactory)
    text = "Behind the bus stop in Mill Lane"


class TagFactory(DjangoModelFactory):
    class Meta:
        model = Tag

    office = factory.SubFactory(OfficeFactory)
    name = factory.Sequence(lambda n: f"tag-{n}")
    key = factory.LazyAttribute(lambda it: Tag.key_for(it.name))


class CaseTagFactory(DjangoModelFactory):
    class Meta:
        model = CaseTag

    case = factory.SubFactory(CaseFactory)
    office = factory.LazyAttribute(lambda it: it.case.office)
    tag = factory.SubFactory(TagFactory, office=factory.SelfAttribute("..office"))
    opened_on = factory.LazyAttribute(lambda it: it.case.opened_on)
