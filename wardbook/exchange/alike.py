"""People of a file who look like contacts the office has, although nothing says that they are the same.

The same email address or telephone number under another name, or the same name at the same postcode: a person decides
whether these are one (lessons 19). Where several contacts share what is alike, only one of the same name is meant.
"""

from collections.abc import Iterable
from typing import NamedTuple

from wardbook.contacts import numbers
from wardbook.contacts.models import Address, Contact, ContactPoint
from wardbook.exchange.coming import Person
from wardbook.exchange.people import name_key
from wardbook.lib.fold import fold, postcode_key
from wardbook.offices.models import Office

EMAIL, PHONE, NAME = "email", "phone", "name"
Sign = tuple[str, str]


class Alike(NamedTuple):
    """The contact somebody looks like, and by what."""

    contact_id: int
    why: str


def alike(office: Office, people: Iterable[Person]) -> dict[str, Alike]:
    """By the key of a person, whom they look like. At most three queries."""
    people = list(people)
    wanted: dict[str, set[str]] = {EMAIL: set(), PHONE: set(), NAME: set()}
    for person in people:
        for kind, value in _signs(office, person):
            wanted[kind].add(value)
    found: dict[Sign, dict[int, str]] = {}
    known = Contact.objects.filter(office=office, deleted_at__isnull=True)
    for kind, of in ((EMAIL, ContactPoint.Kind.EMAIL), (PHONE, ContactPoint.Kind.PHONE)):
        if wanted[kind]:
            points = ContactPoint.objects.filter(kind=of, normal__in=wanted[kind], contact__in=known)
            for value, pk, name in points.values_list("normal", "contact_id", "contact__name"):
                found.setdefault((kind, value), {})[pk] = name_key(name)
    if wanted[NAME]:
        homes = Address.objects.filter(postcode_key__in=wanted[NAME], contact__in=known)
        for value, pk, name in homes.values_list("postcode_key", "contact_id", "contact__name"):
            found.setdefault((NAME, value), {})[pk] = name_key(name)
    return {person.key: one for person in people if (one := _one(office, person, found))}


def _one(office: Office, person: Person, found: dict[Sign, dict[int, str]]) -> Alike | None:
    name = name_key(person.name)
    for kind, value in _signs(office, person):
        there = found.get((kind, value), {})
        namesakes = [pk for pk, known in there.items() if known == name]
        fit = namesakes or ([] if kind == NAME else list(there))
        if len(fit) == 1:
            return Alike(fit[0], kind)
    return None


def _signs(office: Office, person: Person) -> list[Sign]:
    columns = person.columns
    phones = (columns["phone"], columns["mobile"])
    signs = [(EMAIL, fold(columns["email"])[:254])] if columns["email"] else []
    signs += [(PHONE, made[:254]) for phone in phones if phone and (made := numbers.normal(phone, office.country))]
    if (code := postcode_key(columns["postcode"])[:12]) and person.name:
        signs.append((NAME, code))
    return signs
