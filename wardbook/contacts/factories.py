"""The smallest valid contact, made through the action, so that it can be found."""

from datetime import UTC, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from wardbook.accounts.factories import UserFactory
from wardbook.contacts import actions
from wardbook.contacts.models import Contact, ContactNote
from wardbook.offices.factories import OfficeFactory

MONDAY = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    office = factory.SubFactory(OfficeFactory)
    given_name = "Rhian"
    family_name = factory.Sequence(lambda n: f"Evans{n}")
    by = None
    at = MONDAY

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Contact:  # noqa: ARG003  factory_boy asks for it
        return actions.add_contact(kwargs.pop("office"), **kwargs)


class OrganisationFactory(ContactFactory):
    kind = "organisation"
    given_name = family_name = ""
    organisation_name = factory.Sequence(lambda n: f"Housing Services {n}")


class AgencyFactory(OrganisationFactory):
    is_agency = True


class ContactNoteFactory(DjangoModelFactory):
    class Meta:
        model = ContactNote

    contact = factory.SubFactory(ContactFactory)
    description = "Best reached after five"
    by = factory.SubFactory(UserFactory)
    at = MONDAY

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> ContactNote:  # noqa: ARG003  factory_boy asks for it
        return actions.add_note(kwargs.pop("contact"), **kwargs)
