"""People who may be the same: found before a second record is made, never merged by itself (lessons 19)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q

from wardbook.contacts import numbers
from wardbook.contacts.models import Address, Contact, ContactPoint
from wardbook.lib.fold import fold, postcode_key, words
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.contacts.models import ContactQuerySet

MOST = 5


class Alike(NamedTuple):
    """Somebody who may be meant, and what is the same: email, phone or name."""

    contact: Contact
    because: str


def likely_same(
    office: Office,
    *,
    name: str = "",
    phones: Iterable[str] = (),
    emails: Iterable[str] = (),
    postcode: str = "",
    among: "ContactQuerySet | None" = None,
) -> list[Alike]:
    """Contacts with the same email address or telephone number, or the same name at the same postcode.

    `among` is the door of whoever asks (`visible_to`). At most five, the surest first; at most four queries.
    """
    people = Contact.objects.filter(deleted_at__isnull=True) if among is None else among
    people = people.filter(office=office)
    found: dict[int, Alike] = {}
    points = {
        "email": (ContactPoint.Kind.EMAIL, [fold(email) for email in emails if email.strip()]),
        "phone": (ContactPoint.Kind.PHONE, [n for p in phones if (n := numbers.normal(p, office.country))]),
    }
    for because, (kind, normals) in points.items():
        if normals:
            same = ContactPoint.objects.filter(kind=kind, normal__in=normals, contact__office=office)
            for contact in people.filter(pk__in=same.values("contact_id"))[:MOST]:
                found.setdefault(contact.pk, Alike(contact, because))
    key, wanted = postcode_key(postcode)[:12], set(words(name))
    if key and wanted:
        there = Address.objects.filter(postcode_key=key, contact__office=office)
        for contact in people.filter(Q(pk__in=there.values("contact_id")))[:200]:
            if set(words(contact.name)) == wanted:
                found.setdefault(contact.pk, Alike(contact, "name"))
    return list(found.values())[:MOST]
