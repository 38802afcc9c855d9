"""What a person has come about, over all their cases and what was answered without one (S4.35)."""

from collections import Counter
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from wardbook.cases.models import Activity, Case
from wardbook.contacts.models import Contact
from wardbook.offices.models import Membership

MOST = 12


class Raised(NamedTuple):
    """A topic, how often it was raised, and where its cases are; no address where none of it became a case."""

    topic: str
    times: int
    url: str


def raised_by(contact: Contact, member: Membership) -> list[Raised]:
    """Their topics, as far as the reader may see what they stand on; the most frequent first. Two queries."""
    columns = ("policy_area", "policy_area__name", "category", "category__name")
    cases = Case.objects.visible_to(member).filter(constituent=contact, policy_area__isnull=False)
    loose = Activity.objects.visible_to(member).done().filter(contact=contact, case=None, policy_area__isnull=False)
    times: Counter[tuple[str, str]] = Counter()
    urls: dict[tuple[str, str], str] = {}
    for rows, has_cases in ((cases, True), (loose, False)):
        for area, area_name, category, name, count in rows.order_by().values_list(*columns).annotate(Count("pk")):
            topic = (area_name, name or "")
            times[topic] += count
            if has_cases:
                place = {"category": category} if category else {"area": area, "category": "none"}
                urls[topic] = _address(member, contact, place)
    return [
        Raised(" › ".join(part for part in topic if part), count, urls.get(topic, ""))
        for topic, count in sorted(times.items(), key=lambda item: (-item[1], item[0]))[:MOST]
    ]


def _address(member: Membership, contact: Contact, place: dict[str, int | str]) -> str:
    query = urlencode({"status": "any", "person": contact.pk} | place)
    return f"{reverse('desk:cases', args=[member.office.slug])}?{query}"
