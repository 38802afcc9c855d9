"""What a map can fill: the fields of a case and of a person, and what kind of thing each of them takes."""

from enum import Enum
from typing import NamedTuple

from django.db.models import Model

from wardbook.cases.models import Case, Outcome, Priority
from wardbook.contacts.models import Contact
from wardbook.offices.models import Representative, Team, Ward
from wardbook.vocabulary.models import (
    CaseCode,
    CaseType,
    Category,
    ContactType,
    PolicyArea,
    ServiceType,
    Status,
    SubType,
    Tag,
)


class Takes(Enum):
    """What a field is filled with."""

    LINE = "text on one line"
    TEXT = "text of several lines"
    DATE = "a date"
    NUMBER = "a number"
    YES = "yes or no"
    CHOICE = "one of a fixed list of words"
    VALUE = "a value of one of the office's lists"
    VALUES = "several values of one of the office's lists"
    MEMBER = "the email address of somebody who works in the office"


class Field(NamedTuple):
    """One thing that a map can fill."""

    takes: Takes
    longest: int = 0
    choices: dict[str, object] = {}
    model: type[Model] | None = None
    list_name: str = ""
    under: str = ""


def _list(model: type[Model], list_name: str, under: str = "") -> Field:
    return Field(Takes.VALUE, longest=120, model=model, list_name=list_name, under=under)


PERSON = {
    "title": Field(Takes.LINE, 30),
    "given_name": Field(Takes.LINE, 80),
    "family_name": Field(Takes.LINE, 80),
    "name": Field(Takes.LINE, 160),
    "organisation": Field(Takes.LINE, 160),
    "phone": Field(Takes.LINE, 60),
    "mobile": Field(Takes.LINE, 60),
    "email": Field(Takes.LINE, 254),
    "address": Field(Takes.TEXT, 250),
    "postcode": Field(Takes.LINE, 12),
}

CASE = {
    "id": Field(Takes.LINE, 120),
    "description": Field(Takes.LINE),
    "notes": Field(Takes.TEXT, 20_000),
    "kind": Field(Takes.CHOICE, choices={word: word for word in Case.Kind.values}),
    "priority": Field(Takes.CHOICE, choices={each.name.lower(): each.value for each in Priority}),
    "status": _list(Status, "Statuses"),
    "outcome": Field(Takes.CHOICE, choices={word: word for word in Outcome.values}),
    "outcome_note": Field(Takes.LINE, 300),
    "opened": Field(Takes.DATE),
    "closed": Field(Takes.DATE),
    "updated": Field(Takes.DATE),
    "deadline": Field(Takes.DATE),
    "deadline_reason": Field(Takes.LINE, 120),
    "anonymous": Field(Takes.YES),
    "restricted": Field(Takes.YES),
    "policy_area": _list(PolicyArea, "Policy areas"),
    "category": _list(Category, "Categories", under="policy_area"),
    "service_type": _list(ServiceType, "Service types", under="category"),
    "case_type": _list(CaseType, "Case types"),
    "sub_type": _list(SubType, "Sub-types", under="case_type"),
    "case_code": _list(CaseCode, "Case codes"),
    "contact_type": _list(ContactType, "Contact types"),
    "tags": Field(Takes.VALUES, longest=120, model=Tag, list_name="Tags"),
    "representative": _list(Representative, "Representatives"),
    "ward": _list(Ward, "Wards"),
    "team": _list(Team, "Teams"),
    "owner": Field(Takes.MEMBER, 254),
    "place": Field(Takes.LINE, 250),
    "postcode": Field(Takes.LINE, 12),
    "latitude": Field(Takes.NUMBER),
    "longitude": Field(Takes.NUMBER),
    "constituent.id": Field(Takes.LINE, 120),
} | {f"constituent.{name}": field for name, field in PERSON.items()}

CONTACT = PERSON | {
    "id": Field(Takes.LINE, 120),
    "language": Field(Takes.LINE, 10),
    "needs": Field(Takes.LINE, 300),
    "do_not_call": Field(Takes.YES),
    "do_not_mail": Field(Takes.YES),
    "do_not_email": Field(Takes.YES),
}

# Of each of these sets one field must be mapped, or nothing can come in.
NEEDED = {
    "cases": (("id",), ("description",)),
    "contacts": (("name", "family_name", "given_name", "organisation"),),
}

# A person or organisation of an import, by the keyword of contacts.actions.add_contact.
PERSON_COLUMNS = {
    "title": "title",
    "given_name": "given_name",
    "family_name": "family_name",
    "organisation": "organisation_name",
    "address": "address",
    "postcode": "postcode",
}
ORGANISATION, PERSON_KIND = Contact.Kind.ORGANISATION, Contact.Kind.PERSON
STATUS_CLASSES = tuple(Status.Class.values)
OUTCOMES = tuple(Outcome.values)
