"""The office of the story with its people, lists, wards and agencies, and short ways to find them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from wardbook.accounts.models import User
from wardbook.contacts import actions as contact_actions
from wardbook.contacts.models import Contact
from wardbook.offices.models import Office, Postcode, Team, Ward
from wardbook.vocabulary import actions as vocabulary_actions
from wardbook.vocabulary.models import ActivityType, Category, ContactType, PartyRole, PolicyArea, Status, Tag


class Cast:
    """What the steps of a story need at hand; everything is looked up once."""

    def __init__(self, office: Office, people: dict[str, User]) -> None:
        self.office, self.people = office, people
        self.teams: dict[str, Team] = {team.name: team for team in office.teams.all()}
        self.wards: dict[str, Ward] = {ward.name: ward for ward in office.wards.all()}
        self.areas = _by_name(PolicyArea.objects.filter(office=office))
        self.categories = {
            (c.policy_area.name, c.name): c
            for c in Category.objects.filter(office=office).select_related("policy_area")
        }
        self.statuses = _by_name(Status.objects.filter(office=office))
        self.contact_types = {value.code: value for value in ContactType.objects.filter(office=office)}
        self.activity_types = _by_name(ActivityType.objects.filter(office=office))
        self.roles = _by_name(PartyRole.objects.filter(office=office))
        self.party_role_agency: PartyRole = self.roles["Agency"]
        self.agencies: dict[str, Contact] = {}
        self._tags: dict[str, Tag] = {}

    def __getitem__(self, first_name: str) -> User:
        return self.people[first_name]

    def tag(self, name: str, *, by: User, at: datetime) -> Tag:
        """The office's tag of that name, added when it is first used."""
        if name not in self._tags:
            self._tags[name] = vocabulary_actions.find_or_add_tag(self.office, name, by=by, at=at)
        return self._tags[name]

    def tags(self, names: Iterable[str], *, by: User, at: datetime) -> list[Tag]:
        return [self.tag(name, by=by, at=at) for name in names]

    def agency(self, name: str, phone: str, email: str, days: int, *, by: User, at: datetime) -> Contact:
        """Add a body that the office approaches."""
        self.agencies[name] = contact_actions.add_contact(
            self.office,
            kind=Contact.Kind.ORGANISATION,
            organisation_name=name,
            is_agency=True,
            phones=[phone],
            emails=[email],
            casework_hotline=phone,
            usual_days=days,
            by=by,
            at=at,
        )
        return self.agencies[name]


def postcode_table(office: Office, wards: Iterable[str], prefix: str) -> None:
    """The table by which wards are found: one district a ward, and what lies around it is not ours."""
    for number, name in enumerate(wards, start=1):
        ward, _made = Ward.objects.get_or_create(office=office, name=name)
        Postcode.objects.get_or_create(office=office, key=f"{prefix}{number}", defaults={"ward": ward})
    for number in range(7, 10):
        Postcode.objects.get_or_create(
            office=office,
            key=f"{prefix}{number}",
            defaults={"in_area": False, "elsewhere": "Eastmarsh. Their member is Piers Holloway"},
        )


def _by_name(values: Iterable[Any]) -> dict[str, Any]:
    return {str(value.name): value for value in values}
