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


def there_and_back(client, member, query):
    """The numbers of every page, by going on to the last and then back to the first; and the first page again."""
    there, back = [], []
    response = client.get(list_url(member, query))
    while True:
        there.append(numbers(response))
        following = re.search(r'href="([^"]+)" rel="next"', response.content.decode())
        if not following:
            break
        response = client.get(list_url(member) + following[1].removeprefix("?").replace("&amp;", "&"))
    while True:
        back.insert(0, numbers(response))
        before = re.search(r'href="([^"]+)" rel="prev"', response.content.decode())
        if not before:
            return there, back, response
        response = client.get(list_url(member) + before[1].removeprefix("?").replace("&amp;", "&"))
