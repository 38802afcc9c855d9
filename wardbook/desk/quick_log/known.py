"""What is known while the person is on the line: their cases, their household's, and alike ones (S3.19)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wardbook.cases.actions.places import place_key
from wardbook.cases.models import Activity, Case, CaseLocation, CaseQuerySet
from wardbook.contacts.actions.saving import whereabouts
from wardbook.contacts.models import Address, Contact, ContactPoint
from wardbook.desk.suggesting import Past, alike
from wardbook.lib.fold import postcode_key, words
from wardbook.offices.models import Membership, Office

RECENT = timedelta(days=90)
MOST_SHOWN = 5
MOST_LOOKED_AT = 1500
MOST_NEIGHBOURS = 50


class Line(NamedTuple):
    """A case that what is typed may belong to: how old it is and what was done last."""

    case: Case
    days: int
    last: str


class Ongoing(NamedTuple):
    """What is going on with a person and around them."""

    own: list[Line]
    household: list[Line]
    heading: str
    nearby: str
    more: int


class Area(NamedTuple):
    """Is it ours? In, out or unknown, with what to say of it (E1)."""

    area: str
    words: str


def cases_of(member: Membership, contact: Contact, today: date) -> Ongoing:
    """Open and recently closed cases of a person and of those who live or phone with them. Five queries at most."""
    visible = _with_last_action(Case.objects.visible_to(member))
    lately = Q(closed_at__isnull=True) | Q(closed_on__gte=today - RECENT)
    own = list(visible.filter(lately, constituent=contact).order_by("-closed_at", "-last_activity_at")[:20])
    own.sort(key=lambda case: case.is_closed)
    neighbours = list(_neighbours(member, contact))
    household = []
    if neighbours:
        theirs = visible.filter(lately, constituent__in=neighbours).order_by("-last_activity_at")
        household = list(theirs[:MOST_SHOWN])
    count = sum(not case.is_closed for case in own)
    heading = _of_person(contact, count) if own or household else ""
    nearby = _nearby(contact, household)
    shown = _lines(own[:MOST_SHOWN], today)
    return Ongoing(shown, _lines(household, today), heading, nearby, max(0, len(own) - MOST_SHOWN))


def at_address(member: Membership, lines: str, postcode: str, phone_normal: str, today: date) -> list[Line]:
    """Open cases of people at an address or with a telephone number, for somebody who is not known yet."""
    people = Q(pk__in=[])
    key = _household_key(lines, postcode)
    if key:
        people |= Q(pk__in=Address.objects.filter(household_key=key).values("contact_id"))
    if phone_normal:
        points = ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE, normal=phone_normal)
        people |= Q(pk__in=points.values("contact_id"))
    if not key and not phone_normal:
        return []
    theirs = Contact.objects.visible_to(member).filter(people)
    cases = _with_last_action(Case.objects.visible_to(member).open()).filter(constituent__in=theirs.values("pk"))
    return _lines(cases.order_by("-last_activity_at")[:MOST_SHOWN], today)


def alike_cases(
    member: Membership,
    text: str,
    today: date,
    place: str = "",
    place_postcode: str = "",
    *,
    but: Iterable[int] = (),
) -> list[Line]:
    """Open cases about the same thing in other words, or at the same place, whoever's they are. Three queries."""
    visible = Case.objects.visible_to(member).open().exclude(pk__in=list(but))
    newest = visible.order_by("-last_activity_at", "-pk").values_list("pk", "description")[:MOST_LOOKED_AT]
    ids = alike(text, [Past(description, pk) for pk, description in newest])
    if place.strip():
        there = CaseLocation.objects.filter(place_key=place_key(place, place_postcode), case__in=visible.values("pk"))
        ids = [*there.values_list("case_id", flat=True)[:MOST_SHOWN], *ids]
    if not ids:
        return []
    found = {case.pk: case for case in _with_last_action(visible.filter(pk__in=ids))}
    return _lines([found[pk] for pk in dict.fromkeys(ids) if pk in found][:MOST_SHOWN], today)


def area_of(office: Office, postcode: str, contact: Contact | None = None) -> Area:
    """Whether a postcode, or a contact, is in the area represented."""
    where = whereabouts(office, postcode) if postcode else None
    area = where.area if where and where.area != Contact.Area.UNKNOWN else (contact.area if contact else "unknown")
    ward = where.ward if where else (contact.ward if contact else None)
    if area == Contact.Area.IN:
        return Area(area, _("Lives in the area, ward %(ward)s") % {"ward": ward} if ward else _("Lives in the area"))
    if area == Contact.Area.OUT:
        elsewhere = where.elsewhere if where else ""
        if elsewhere:
            return Area(area, _("Lives outside the area. It is %(elsewhere)s.") % {"elsewhere": elsewhere})
        return Area(area, _("Lives outside the area"))
    if postcode:
        return Area(area, _("The postcode is not in the office's table, so we cannot say whose area it is."))
    return Area(area, "")


def _with_last_action(cases: CaseQuerySet) -> CaseQuerySet:
    last = Activity.objects.filter(case=OuterRef("pk"), state=Activity.State.DONE, deleted_at__isnull=True)
    return cases.select_related("constituent", "owner", "status").annotate(
        last_subject=Subquery(last.order_by("-happened_at").values("subject")[:1])
    )


def _lines(cases: Iterable[Case], today: date) -> list[Line]:
    return [Line(case, case.age(today), getattr(case, "last_subject", None) or "") for case in cases]


def _neighbours(member: Membership, contact: Contact) -> Any:
    """Ids of the others at the same address or with the same telephone number."""
    homes = [a.household_key for a in contact.addresses.all() if a.household_key and a.kind == Address.Kind.HOME]
    numbers = [p.normal for p in contact.points.all() if p.kind == ContactPoint.Kind.PHONE and p.normal]
    if not homes and not numbers:
        return []
    there = Address.objects.filter(household_key__in=homes, kind=Address.Kind.HOME).values("contact_id")
    phoning = ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE, normal__in=numbers).values("contact_id")
    people = Contact.objects.visible_to(member).filter(Q(pk__in=there) | Q(pk__in=phoning)).exclude(pk=contact.pk)
    return people.values_list("pk", flat=True)[:MOST_NEIGHBOURS]


def _household_key(lines: str, postcode: str) -> str:
    street = " ".join(words(lines))
    return f"{postcode_key(postcode)[:12]}|{street}"[:160] if postcode and street else ""


def _of_person(contact: Contact, count: int) -> str:
    if not count:
        return _("%(name)s has no open case") % {"name": contact.formal_name}
    return ngettext("%(name)s has %(count)d open case", "%(name)s has %(count)d open cases", count) % {
        "name": contact.formal_name,
        "count": count,
    }


def _nearby(contact: Contact, household: list[Case]) -> str:
    count = sum(not case.is_closed for case in household)
    if not count:
        return ""
    home = next((a for a in contact.addresses.all() if a.kind == Address.Kind.HOME and a.lines), None)
    if home is None:
        return _("Somebody with the same number has an open case")
    return ngettext(
        "Someone at %(address)s has an open case", "Someone at %(address)s has %(count)d open cases", count
    ) % {"address": home.lines, "count": count}
