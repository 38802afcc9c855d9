"""A page that somebody may not open says in words what is missing, and whom to ask (ux.md 1.1)."""

import pytest
from django.urls import reverse

from wardbook.offices import access, rights
from wardbook.offices.factories import MembershipFactory, OfficeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory(slug="glanmor")


def refused(client, member, route):
    client.force_login(member.user)
    response = client.get(reverse(route, args=[member.office.slug]))
    assert response.status_code == 403
    return response.content.decode()


def test_every_right_of_the_table_has_words():
    assert set(rights.WORDS) == set(access.table()["capability"])


def test_the_page_names_the_right_in_words_and_whom_to_ask(client, office):
    anna = MembershipFactory(office=office, role="manager", user__name="Anna Price")
    MembershipFactory(office=office, role="caseworker", user__name="Sam Reed")
    MembershipFactory(role="manager", user__name="Somebody Elsewhere")
    volunteer = MembershipFactory(office=office, role="volunteer", user__name="Vic Lee")
    page = refused(client, volunteer, "desk:journal")
    assert "Your role here (Volunteer) does not let you read the journal." in page
    assert f"ask {anna.user} (Office manager)." in page
    assert "journal.read" not in page
    assert "Sam Reed" not in page
    assert "Somebody Elsewhere" not in page


def test_only_those_are_named_who_can_give_it(office):
    """A manager makes nobody an administrator; the journal is read by managers, whom an administrator can make."""
    asker = MembershipFactory(office=office, role="caseworker")
    MembershipFactory(office=office, role="representative", user__name="The Member")
    admin = MembershipFactory(office=office, role="admin", user__name="Ada")
    gone = MembershipFactory(office=office, role="manager", user__name="Gone")
    gone.ended_at = gone.started_at
    gone.save(update_fields=["ended_at"])
    assert rights.who_can_give("journal.read", asker) == [admin]


def test_where_nobody_else_can_the_page_says_so(client, office):
    admin = MembershipFactory(office=office, role="admin")
    assert "Ask whoever runs Wardbook for you." in refused(client, admin, "desk:cases")
