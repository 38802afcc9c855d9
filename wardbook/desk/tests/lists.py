"""What the tests of the list, its views and its bulk acts share."""

import re

from django.urls import reverse

from wardbook.cases.factories import CaseFactory, statuses_of
from wardbook.offices.factories import MembershipFactory


def make_member(role="caseworker", office=None):
    """Somebody in an office that has the five statuses."""
    member = MembershipFactory(role=role, **({"office": office} if office else {}))
    statuses_of(member.office)
    return member


def list_url(member, query=""):
    return f"{reverse('desk:cases', args=[member.office.slug])}?{query}"


def numbers(response):
    """The numbers of the cases that the page lists, in order."""
    return [int(number) for number in re.findall(r'id="case-(\d+)"', response.content.decode())]


def case(member, **values):
    return CaseFactory(office=member.office, **values)
