"""The people of the demo, who may be signed in without a password. Nobody else ever is."""

import re

from django.conf import settings
from django.db.models import Exists, OuterRef

from wardbook.offices.models import Membership, MembershipQuerySet

NEWCOMER = "Anna Price"


def people() -> MembershipQuerySet:
    """Members of demo offices, by office and role; none outside demo mode, and nobody with a real office."""
    if not settings.DEMO:
        return Membership.objects.none()
    real = Membership.objects.filter(user=OuterRef("user"), office__is_demo=False)
    invented = Membership.objects.active().filter(office__is_demo=True).exclude(Exists(real))
    return invented.select_related("office", "user").order_by("office__pk", "pk")


def person(number: str) -> Membership | None:
    """One of the people, by the number that the start page gave."""
    return people().filter(pk=int(number)).first() if re.fullmatch("[0-9]{1,15}", number) else None


def newcomer() -> Membership | None:
    """The one whom a newcomer is: Anna, a caseworker of the first office, else any caseworker."""
    known = people()
    return (
        known.filter(user__name=NEWCOMER).first()
        or known.filter(role=Membership.Role.CASEWORKER).first()
        or known.first()
    )


def in_order() -> list[Membership]:
    """Everybody one can look at the demo as; the newcomer first."""
    first = newcomer()
    return [first, *people().exclude(pk=first.pk)] if first else []
