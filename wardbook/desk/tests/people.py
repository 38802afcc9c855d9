"""What the tests of Quick log and of the pages about people share."""

from django.urls import reverse

from wardbook.contacts.factories import ContactFactory
from wardbook.lib.testing import MONDAY
from wardbook.offices.factories import MembershipFactory
from wardbook.vocabulary.actions import seed_lists
from wardbook.vocabulary.models import ContactType


def make_member(role="caseworker", office=None):
    """Somebody in an office that has all its lists."""
    member = MembershipFactory(role=role, **({"office": office} if office else {}))
    if office is None:
        seed_lists(member.office, by=None, at=MONDAY)
    return member


def url(member, route, *args, query=""):
    address = reverse(route, args=[member.office.slug, *args])
    return f"{address}?{query}" if query else address


def how(member, code="phone"):
    return ContactType.objects.get(office=member.office, code=code).pk


def rhian_of(office, **values):
    """Rhian Evans of 14 Mill Lane."""
    known = {
        "title": "Mrs",
        "given_name": "Rhian",
        "family_name": "Evans",
        "phones": ["01632 960 021"],
        "emails": ["rhian@example.org"],
        "address": "14 Mill Lane",
        "postcode": "GM1 4AB",
    }
    return ContactFactory(office=office, **known | values)


def words_of(response):
    """The page as text, one space between the words."""
    return " ".join(response.content.decode().split())
