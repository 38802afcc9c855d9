"""The smallest valid value of each list."""

import factory
from factory.django import DjangoModelFactory

from wardbook.offices.factories import OfficeFactory
from wardbook.vocabulary.models import (
    ActivityType,
    CaseCode,
    CaseType,
    Category,
    ContactType,
    NoteCode,
    PartyRole,
    PolicyArea,
    ServiceType,
    Status,
    SubType,
    Tag,
)


class ValueFactory(DjangoModelFactory):
    """What all values have."""

    class Meta:
        abstract = True

    office = factory.SubFactory(OfficeFactory)
    position = factory.Sequence(lambda n: n + 1)


class StatusFactory(ValueFactory):
    """A status of the class "open"."""

    class Meta:
        model = Status

    name = factory.Sequence(lambda n: f"Status {n}")
    status_class = Status.Class.OPEN


class CaseTypeFactory(ValueFactory):
    class Meta:
        model = CaseType

    name = factory.Sequence(lambda n: f"Case type {n}")


class SubTypeFactory(ValueFactory):
    """A sub-type with a case type of its own, of the same office."""

    class Meta:
        model = SubType

    name = factory.Sequence(lambda n: f"Sub-type {n}")
    case_type = factory.SubFactory(CaseTypeFactory, office=factory.SelfAttribute("..office"))


class CaseCodeFactory(ValueFactory):
    class Meta:
        model = CaseCode

    name = factory.Sequence(lambda n: f"Case code {n}")
    code = factory.Sequence(lambda n: f"C{n}")


class PolicyAreaFactory(ValueFactory):
    class Meta:
        model = PolicyArea

    name = factory.Sequence(lambda n: f"Policy area {n}")


class CategoryFactory(ValueFactory):
    """A category with a policy area of its own, of the same office."""

    class Meta:
        model = Category

    name = factory.Sequence(lambda n: f"Category {n}")
    policy_area = factory.SubFactory(PolicyAreaFactory, office=factory.SelfAttribute("..office"))


class ServiceTypeFactory(ValueFactory):
    """A service type with a category of its own, of the same office."""

    class Meta:
        model = ServiceType

    name = factory.Sequence(lambda n: f"Service type {n}")
    category = factory.SubFactory(CategoryFactory, office=factory.SelfAttribute("..office"))


class ContactTypeFactory(ValueFactory):
    class Meta:
        model = ContactType

    name = factory.Sequence(lambda n: f"Contact type {n}")
    code = factory.Sequence(lambda n: f"contact-type-{n}")


class ActivityTypeFactory(ValueFactory):
    """An action of the family "call"."""

    class Meta:
        model = ActivityType

    name = factory.Sequence(lambda n: f"Action {n}")
    family = ActivityType.Family.CALL


class NoteCodeFactory(ValueFactory):
    class Meta:
        model = NoteCode

    name = factory.Sequence(lambda n: f"Note code {n}")


class PartyRoleFactory(ValueFactory):
    class Meta:
        model = PartyRole

    name = factory.Sequence(lambda n: f"Role {n}")


class TagFactory(ValueFactory):
    class Meta:
        model = Tag

    name = factory.Sequence(lambda n: f"tag-{n}")
    key = factory.LazyAttribute(lambda it: Tag.key_for(it.name))
