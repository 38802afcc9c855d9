"""Two offices that most of these tests walk through, built once for a file."""

import pytest

from tests import world as worlds


@pytest.fixture(scope="module")
def both(django_db_setup, django_db_blocker):
    with worlds.kept(django_db_blocker.unblock()) as pair:
        yield pair


@pytest.fixture
def ours(both):
    return both[0]


@pytest.fixture
def theirs(both):
    return both[1]
