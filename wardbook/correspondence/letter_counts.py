"""How many letters wait for whom: what Home says of them."""

from typing import TypedDict

from django.db.models import Count, Min, Q

from wardbook.correspondence.models import Letter
from wardbook.offices.models import Membership


class Heaps(TypedDict):
    """Letters to sign, to print, and one's own that were sent back, with the first of those."""

    to_sign: int
    to_print: int
    returned: int
    returned_first: int | None


def heaps(member: Membership) -> Heaps | None:
    """The heaps of this person, None when there is nothing in them. One query."""
    if not member.can("correspondence.read"):
        return None
    states = Letter.State
    mine = Q(state=states.RETURNED, by_id=member.user_id)
    signable = Letter.objects.signable_by(member).values("pk")
    found = (
        Letter.objects.visible_to(member)
        .not_gone()
        .aggregate(
            to_sign=Count("pk", filter=Q(pk__in=signable)),
            to_print=Count("pk", filter=Q(state=states.READY)),
            returned=Count("pk", filter=mine),
            returned_first=Min("pk", filter=mine),
        )
    )
    heaps = Heaps(
        to_sign=found["to_sign"],
        to_print=found["to_print"],
        returned=found["returned"],
        returned_first=found["returned_first"],
    )
    return heaps if heaps["to_sign"] or heaps["to_print"] or heaps["returned"] else None
