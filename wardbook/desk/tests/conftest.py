"""A caseworker of an office with its lists, and their browser."""

import pytest
from django.utils import timezone

from wardbook.offices.factories import MembershipFactory
from wardbook.vocabulary import actions as vocabulary_actions


@pytest.fixture
def member(db):
    member = MembershipFactory(role="caseworker")
    vocabulary_actions.seed_lists(member.office, by=None, at=timezone.now())
    return member


@pytest.fixture
def signed_in(client, member):
    client.force_login(member.user)
    return client


@pytest.fixture
def desk(client, member):
    """The browser of the file's own `member`."""
    client.force_login(member.user)
    return client
