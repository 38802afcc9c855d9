"""Who is meant by a few letters or digits: the names first, then whatever else was typed of them."""

from functools import reduce
from operator import or_

from django.db.models import Q

from wardbook.contacts.finding import beginnings
from wardbook.contacts.models import Contact, ContactQuerySet

SHORTEST = 2


def best_matches(people: ContactQuerySet, office_id: int, text: str, limit: int = 8) -> list[Contact]:
    """At most `limit` of `people` that match what was typed, those called so before those who live there.

    Nobody for less than two letters. At most two queries, and two more for addresses and numbers.
    """
    typed = beginnings(text)
    if sum(map(len, typed)) < SHORTEST:
        return []
    found = people.matching(office_id, text).order_by("sort_name", "pk").prefetch_related("points", "addresses")
    called_so = reduce(or_, (Q(sort_name__gte=word, sort_name__lt=f"{word}\U0010ffff") for word in typed))
    best = {contact.pk: contact for contact in found.filter(called_so)[:limit]}
    if len(best) < limit:
        for contact in found.exclude(pk__in=list(best))[: limit - len(best)]:
            best.setdefault(contact.pk, contact)
    return list(best.values())
