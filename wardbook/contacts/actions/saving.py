"""What every act on a contact keeps in step: ways to reach them, addresses, ward, the words they are found by."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from wardbook.contacts import finding, numbers
from wardbook.contacts.models import Address, Contact, ContactKey, ContactPoint
from wardbook.lib.fold import fold
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Office, Postcode, Ward

POINTS = {
    "phones": ContactPoint.Kind.PHONE,
    "emails": ContactPoint.Kind.EMAIL,
    "socials": ContactPoint.Kind.SOCIAL,
    "websites": ContactPoint.Kind.WEB,
}
ADDRESSES = {"address": "postcode", "mailing_address": "mailing_postcode"}


class Whereabouts(NamedTuple):
    """What the imported table of postcodes says of one postcode (CO-11, E1)."""

    area: str
    ward: Ward | None
    elsewhere: str


def whereabouts(office: Office, postcode: str) -> Whereabouts:
    """In, out or unknown; the ward; and whose area it is when it is not ours. One query."""
    row = Postcode.objects.covering(office, postcode) if postcode.strip() else None
    if row is None:
        return Whereabouts(Contact.Area.UNKNOWN, None, "")
    return Whereabouts(Contact.Area.IN if row.in_area else Contact.Area.OUT, row.ward, row.elsewhere)


def pairs(given: Iterable[Any]) -> list[tuple[str, str]]:
    """(value, label) of what was given as plain texts or as pairs, without the empty ones and without repeats."""
    found: dict[str, str] = {}
    for one in given:
        value, label = (one, "") if isinstance(one, str) else (one[0], one[1])
        value = " ".join(value.split())[:254]
        if value:
            found.setdefault(value, " ".join(label.split())[:60])
    return list(found.items())


def normal(kind: str, value: str, country: str) -> str:
    """A telephone number, email address or handle as it is compared."""
    if kind == ContactPoint.Kind.PHONE:
        return numbers.normal(value, country)[:254]
    return fold(value)[:254]


def set_points(contact: Contact, kind: str, given: Iterable[Any], *, country: str) -> bool:
    """Have exactly these points of a kind, in this order. Returns whether anything changed."""
    wanted = pairs(given)
    known = list(contact.points.filter(kind=kind))
    if [(point.value, point.label) for point in known] == wanted:
        return False
    contact.points.filter(kind=kind).delete()
    ContactPoint.objects.bulk_create(
        ContactPoint(
            contact=contact,
            kind=kind,
            value=value,
            normal=normal(kind, value, country),
            label=label,
            position=position,
        )
        for position, (value, label) in enumerate(wanted)
    )
    return True


def address_kind(contact: Contact, name: str) -> str:
    """Which address "address" and "mailing_address" mean for this contact."""
    if name == "mailing_address":
        return Address.Kind.MAILING
    return Address.Kind.OFFICE if contact.kind == Contact.Kind.ORGANISATION else Address.Kind.HOME


def set_address(contact: Contact, kind: str, lines: str, postcode: str) -> bool:
    """Have this one address of a kind; both empty means none. Returns whether anything changed."""
    lines = ", ".join(part for line in lines.splitlines() if (part := " ".join(line.split()).strip(" ,")))[:250]
    postcode = " ".join(postcode.split()).upper()[:12]
    known = list(contact.addresses.filter(kind=kind))
    if [(one.lines, one.postcode) for one in known] == ([(lines, postcode)] if lines or postcode else []):
        return False
    contact.addresses.filter(kind=kind).delete()
    if lines or postcode:
        address = Address(contact=contact, kind=kind, lines=lines, postcode=postcode)
        address.normalise()
        address.save()
    return True


def values(contact: Contact) -> dict[str, Any]:
    """Ways to reach a contact and its addresses, in the words that add_contact and edit_contact take."""
    found: dict[str, Any] = {name: [] for name in POINTS}
    names = {kind: name for name, kind in POINTS.items()}
    for point in contact.points.all():
        found[names[ContactPoint.Kind(point.kind)]].append((point.value, point.label))
    at = {address.kind: address for address in contact.addresses.all()}
    for lines, postcode in ADDRESSES.items():
        address = at.get(address_kind(contact, lines))
        found[lines], found[postcode] = (address.lines, address.postcode) if address else ("", "")
    return found


def reindex(contact: Contact) -> None:
    """Write again the words by which a contact is found. Called after anything about it changed."""
    points = list(contact.points.all())
    phones = [point for point in points if point.kind == ContactPoint.Kind.PHONE]
    wanted = finding.keys(
        names=[contact.name, contact.organisation_name, contact.title],
        phones=[text for point in phones for text in _ways_to_dial(point)],
        others=[point.value for point in points if point.kind != ContactPoint.Kind.PHONE],
        addresses=[(address.lines, address.postcode) for address in contact.addresses.all()],
    )
    known = set(ContactKey.objects.filter(contact=contact).values_list("key", flat=True))
    if gone := known - wanted:
        ContactKey.objects.filter(contact=contact, key__in=gone).delete()
    ContactKey.objects.bulk_create(
        ContactKey(office_id=contact.office_id, contact=contact, key=key) for key in sorted(wanted - known)
    )


def _ways_to_dial(point: ContactPoint) -> set[str]:
    return {point.value, point.normal, numbers.at_home(point.normal)}


def same_office(contact_or_office: Contact | Office, *things: Any) -> None:
    """Refuse anything that belongs to another office (A2)."""
    from django.utils.translation import gettext as _

    office_id = contact_or_office.pk if isinstance(contact_or_office, Office) else contact_or_office.office_id
    for thing in things:
        if getattr(thing, "office_id", office_id) != office_id:
            raise RuleBroken(_("That belongs to another office."))
