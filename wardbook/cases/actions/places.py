"""Where the problem is."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.cases import events
from wardbook.cases.actions import saving
from wardbook.cases.actions.saving import same_office
from wardbook.cases.models import Case, CaseLocation
from wardbook.journal.actions import record, remember_undo
from wardbook.lib.fold import postcode_key, words
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Postcode, Ward

if TYPE_CHECKING:
    from wardbook.accounts.models import User


def place_key(text: str, postcode: str = "") -> str:
    """What two entries of the same place share."""
    return f"{postcode_key(postcode)}|{' '.join(words(text))}"[:160]


@transaction.atomic
def add_place(
    case: Case,
    *,
    text: str,
    by: "User | None",
    at: datetime,
    postcode: str = "",
    latitude: Decimal | None = None,
    longitude: Decimal | None = None,
    ward: Ward | None = None,
) -> CaseLocation:
    """Add a place; its ward comes from the postcode when it is not given (S3.26, CO-11)."""
    case = saving.locked(case)
    same_office(case.office, ward)
    text = " ".join(text.split())[:250]
    if not text:
        raise RuleBroken(_("Say where it is."))
    if ward is None and postcode:
        covering = Postcode.objects.covering(case.office, postcode)
        ward = covering.ward if covering else None
    place = CaseLocation.objects.create(
        case=case,
        text=text,
        postcode=postcode.strip().upper()[:12],
        latitude=latitude,
        longitude=longitude,
        ward=ward,
        place_key=place_key(text, postcode),
    )
    saving.touch(case, at)
    record(events.PLACE_ADDED, about=case, by=by, at=at, place=place.pk, ward=ward.pk if ward else None)
    label = _("Place added to %(case)s") % {"case": case.reference}
    remember_undo("place.remove", office_id=case.office_id, by=by, at=at, label=label, payload={"place": place.pk})
    return place


@transaction.atomic
def remove_place(place: CaseLocation, *, by: "User | None", at: datetime) -> None:
    """Take a place off its case."""
    case = saving.locked(place.case)
    place = CaseLocation.objects.select_for_update().get(pk=place.pk)
    record(events.PLACE_REMOVED, about=case, by=by, at=at, place=place.pk, ward=place.ward_id)
    label = _("Place taken off %(case)s") % {"case": case.reference}
    was = {
        "text": place.text,
        "postcode": place.postcode,
        "latitude": str(place.latitude) if place.latitude is not None else None,
        "longitude": str(place.longitude) if place.longitude is not None else None,
        "ward": place.ward_id,
    }
    payload = {"case": case.pk, "place": was}
    remember_undo("place.return", office_id=case.office_id, by=by, at=at, label=label, payload=payload)
    saving.touch(case, at)
    place.delete()
