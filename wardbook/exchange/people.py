"""The people of a file: found among those the office knows, or made known.

Somebody is the same only by the source's own number for them, or by the same name together with the same email
address, telephone number or address. A name alone never makes two people one (lessons 19).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from wardbook.contacts import actions as contact_actions
from wardbook.contacts import numbers
from wardbook.contacts.models import Address, Contact, ContactPoint
from wardbook.exchange.coming import Person
from wardbook.exchange.fields import ORGANISATION, PERSON_COLUMNS, PERSON_KIND
from wardbook.lib.fold import fold, postcode_key, words
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.accounts.models import User

Sign = tuple[str, str, str]


class People:
    """Everybody an import met, so that nobody is made twice."""

    def __init__(self, office: Office, source: str, attach: Mapping[str, int] | None = None) -> None:
        self._office, self._source = office, source
        # By the key of a person, the contact that somebody chose for them on the page of people.
        self._attach = dict(attach or {})
        self._chosen: dict[str, Contact] = {}
        self._by_sign: dict[Sign, Contact] = {}
        self._counted: set[Sign] = set()

    def forget(self) -> None:
        """After a transaction that was rolled back, whom it made is no more."""
        self._by_sign.clear()

    def look_up(self, people: Iterable[Person]) -> None:
        """Find those of some rows whom the office knows already. At most five queries."""
        people = list(people)
        signs = {sign for person in people for sign in (*self.signs(person), *self.likeness(person))}
        signs -= self._by_sign.keys()
        by_kind: dict[str, set[str]] = {}
        for kind, value, _name in signs:
            by_kind.setdefault(kind, set()).add(value)
        known = Contact.objects.filter(office=self._office, deleted_at__isnull=True)
        if chosen := {person.key: pk for person in people if (pk := self._attach.get(person.key))}:
            there = known.in_bulk(set(chosen.values()))
            self._chosen |= {key: there[pk] for key, pk in chosen.items() if pk in there}
        for contact in known.filter(source=self._source, source_id__in=by_kind.get("id", ())):
            self._by_sign[("id", contact.source_id, "")] = contact
        for kind in (ContactPoint.Kind.EMAIL, ContactPoint.Kind.PHONE):
            points = ContactPoint.objects.filter(kind=kind, normal__in=by_kind.get(kind, ()), contact__in=known)
            for point in points.select_related("contact"):
                self._by_sign.setdefault((str(kind), point.normal, name_key(point.contact.name)), point.contact)
        homes = Address.objects.filter(household_key__in=by_kind.get("home", ()), contact__in=known)
        for home in homes.select_related("contact"):
            self._by_sign.setdefault(("home", home.household_key, name_key(home.contact.name)), home.contact)

    def find_alike(self, person: Person) -> Contact | None:
        """Somebody who is known from elsewhere and looks the same, whatever number the source gives them."""
        alike = next((known for sign in self.likeness(person) if (known := self._by_sign.get(sign))), None)
        return alike if alike and not (person.source_id and alike.source == self._source) else None

    def find(self, person: Person) -> Contact | None:
        """Whoever this is, among those looked up and those made, or whom somebody chose for them."""
        return self.find_same(person) or self._chosen.get(person.key)

    def is_chosen(self, person: Person) -> bool:
        """Whether somebody chose a contact for them."""
        return person.key in self._chosen

    def find_same(self, person: Person) -> Contact | None:
        """Whoever this is by the signs alone."""
        return next((known for sign in self.signs(person) if (known := self._by_sign.get(sign))), None)

    def would_make(self, person: Person) -> bool:
        """Whether this is somebody new; asked again about the same person, it says no."""
        if self.find(person):
            return False
        signs = set(self.signs(person))
        is_new = not signs & self._counted
        self._counted |= signs
        return is_new

    def make(self, person: Person, *, by: "User | None", at: datetime, source_id: str = "", **more: Any) -> Contact:
        """Make somebody known; `more` are further columns of Contact. Raises RuleBroken."""
        columns, source_id = person.columns, source_id or person.source_id
        fields: dict[str, Any] = {keyword: columns[name] for name, keyword in PERSON_COLUMNS.items()}
        if columns["name"] and not (columns["given_name"] or columns["family_name"]):
            fields["given_name"], fields["family_name"] = split_name(columns["name"])
        is_person = bool(fields["given_name"] or fields["family_name"])
        contact = contact_actions.add_contact(
            self._office,
            by=by,
            at=at,
            kind=PERSON_KIND if is_person else ORGANISATION,
            phones=[columns["phone"], (columns["mobile"], str(_("Mobile")))],
            emails=[columns["email"]],
            source=self._source if source_id else "",
            source_id=source_id,
            **fields,
            **more,
        )
        for sign in self.signs(person):
            self._by_sign[sign] = contact
        return contact

    def signs(self, person: Person) -> list[Sign]:
        """What makes somebody the same person, the surest first."""
        return [("id", person.source_id, "")] if person.source_id else self.likeness(person)

    def likeness(self, person: Person) -> list[Sign]:
        """A name together with an email address, a telephone number or an address."""
        columns = person.columns
        name = name_key(person.name)
        signs = []
        if columns["email"]:
            signs.append((str(ContactPoint.Kind.EMAIL), fold(columns["email"])[:254], name))
        signs += [
            (str(ContactPoint.Kind.PHONE), number[:254], name)
            for phone in (columns["phone"], columns["mobile"])
            if phone and (number := numbers.normal(phone, self._office.country))
        ]
        code, street = postcode_key(columns["postcode"])[:12], " ".join(words(columns["address"]))
        if code and street:
            signs.append(("home", f"{code}|{street}"[:160], name))
        return signs


def split_name(name: str) -> tuple[str, str]:
    """Given and family name: "Evans, Rhian" and "Rhian Evans" are the same person; the last word is the family."""
    family, comma, given = name.partition(",")
    if comma and given.strip():
        return given.strip(), family.strip()
    *givens, last = name.strip(" ,").split() or [""]
    return " ".join(givens), last


def name_key(name: str) -> str:
    """What two spellings of one name share: order, accents and signs do not matter."""
    return " ".join(sorted(words(name)))
