"""Who writes letters in the tests, and to whom."""

from django.utils import timezone

from wardbook.contacts.factories import ContactFactory
from wardbook.offices.factories import MembershipFactory
from wardbook.vocabulary import actions as vocabulary_actions


def anna_price():
    """A caseworker of an office with its lists."""
    member = MembershipFactory(role="caseworker", user__name="Anna Price", job_title="Caseworker")
    vocabulary_actions.seed_lists(member.office, by=None, at=timezone.now())
    return member


def mrs_evans(office, **changed):
    given = {"title": "Mrs", "given_name": "Rhian", "family_name": "Evans", "postcode": "GM1 4AB"}
    return ContactFactory(office=office, **given | {"address": "14 Mill Lane"} | changed)
