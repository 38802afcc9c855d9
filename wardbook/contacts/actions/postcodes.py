"""The table that says in which ward, or in whose area, a postcode lies (CO-11)."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.contacts import events
from wardbook.contacts.models import Address, Contact
from wardbook.journal.actions import record
from wardbook.lib.fold import fold, postcode_key
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Office, Postcode, Ward

if TYPE_CHECKING:
    from wardbook.accounts.models import User

BATCH = 2000


class Lies(NamedTuple):
    """One postcode, or the beginning of one, and where it lies."""

    postcode: str
    ward: str = ""
    in_area: bool = True
    elsewhere: str = ""


class Replaced(NamedTuple):
    """What came of it, in numbers."""

    postcodes: int
    new_wards: list[str]
    moved: int


@transaction.atomic
def replace_postcodes(office: Office, rows: Iterable[Lies], *, by: "User | None", at: datetime) -> Replaced:
    """Have exactly these postcodes. Wards that are not known are made; contacts whose postcode says so now move.

    Raises RuleBroken for no rows at all.
    """
    by_key = {postcode_key(row.postcode)[:12]: row for row in rows}
    if not by_key:
        raise RuleBroken(_("There is no postcode in the table. Nothing was changed."))
    wards = {fold(ward.name): ward for ward in Ward.objects.filter(office=office)}
    new_wards = []
    for row in by_key.values():
        if row.ward and fold(row.ward) not in wards:
            wards[fold(row.ward)] = Ward.objects.create(office=office, name=row.ward)
            new_wards.append(row.ward)
    Postcode.objects.filter(office=office).delete()
    Postcode.objects.bulk_create(
        (
            Postcode(
                office=office,
                key=key,
                ward=wards[fold(row.ward)] if row.ward else None,
                in_area=row.in_area,
                elsewhere=row.elsewhere,
            )
            for key, row in by_key.items()
        ),
        batch_size=BATCH,
    )
    moved = _settle_everybody(office, at)
    record(
        events.POSTCODES_REPLACED,
        about=office,
        by=by,
        at=at,
        postcodes=len(by_key),
        wards=len(new_wards),
        moved=moved,
    )
    return Replaced(len(by_key), new_wards, moved)


def _settle_everybody(office: Office, at: datetime) -> int:
    """Area and ward of everybody whose postcode the table knows. Returns how many changed."""
    known = {row.key: row for row in Postcode.objects.filter(office=office)}
    longest = max(map(len, known))
    homes = Address.objects.filter(contact__office=office).exclude(kind=Address.Kind.MAILING).exclude(postcode_key="")
    moved, batch = 0, []
    for address in homes.select_related("contact").iterator(chunk_size=BATCH):
        key, contact = address.postcode_key, address.contact
        found = next((known[key[:n]] for n in range(min(len(key), longest), 1, -1) if key[:n] in known), None)
        if found is None:
            continue
        area = Contact.Area.IN if found.in_area else Contact.Area.OUT
        if (contact.area, contact.ward_id) != (area, found.ward_id):
            contact.area, contact.ward_id = area, found.ward_id
            contact.version += 1
            batch.append(contact)
            moved += 1
        if len(batch) >= BATCH:
            Contact.objects.bulk_update(batch, ["area", "ward", "version"])
            batch = []
    Contact.objects.bulk_update(batch, ["area", "ward", "version"])
    return moved
