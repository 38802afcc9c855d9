"""Who is meant by a few letters or digits: the names first, then whatever else was typed of them."""

from wardbook.contacts.finding import beginnings
from wardbook.contacts.models import Contact, ContactQuerySet

SHORTEST = 2


def best_matches(people: ContactQuerySet, office_id: int, text: str, limit: int = 8) -> list[Contact]:
    """At most `limit` of `people` that match what was typed; by one word, those called so before the others.

    Nobody for less than two letters. At most two queries, and two more for addresses and numbers.
    """
    typed = beginnings(text)
    if sum(map(len, typed)) < SHORTEST:
        return []
    people = people.order_by("sort_name", "pk").prefetch_related("points", "addresses")
    found = people.matching(office_id, text)
    if len(typed) > 1:
        return list(found[:limit])
    (word,) = typed
    called_so = people.having(word).filter(office_id=office_id, sort_name__gte=word)
    best = list(called_so.filter(sort_name__lt=f"{word}\U0010ffff")[:limit])
    if len(best) < limit:
        best += found.exclude(pk__in=[contact.pk for contact in best])[: limit - len(best)]
    return best
