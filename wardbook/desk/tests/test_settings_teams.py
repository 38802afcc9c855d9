"""Teams are made, changed, filled, retired (AD-1)."""

import uuid

import pytest
from django.urls import reverse

from wardbook.accounts.factories import UserFactory
from wardbook.offices.factories import ManagerFactory, MembershipFactory, TeamFactory, TeamMemberFactory
from wardbook.offices.models import Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return ManagerFactory()


@pytest.fixture
def sam(manager):
    return MembershipFactory(office=manager.office, user=UserFactory(name="Sam Okoro"))


@pytest.fixture
def team(manager):
    return TeamFactory(office=manager.office, name="Housing")


@pytest.fixture
def send(client, manager):
    def post(route, *args, member=None, **data):
        client.force_login((member or manager).user)
        url = reverse(f"desk:{route}", args=[manager.office.slug, *args])
        return client.post(url, {"operation": str(uuid.uuid4()), **data})

    return post


@pytest.fixture
def page(client, manager):
    def get(route, *args):
        client.force_login(manager.user)
        return client.get(reverse(f"desk:{route}", args=[manager.office.slug, *args]))

    return get


def test_a_team_is_made_with_its_lead_in_it(send, sam, manager):
    send("teams", name=" Hou\u0007sing ", email="housing@example.org", lead=sam.user_id, is_triage="on")
    team = Team.objects.get()
    assert (team.name, team.email, team.lead, team.is_triage) == ("Hou sing", "housing@example.org", sam.user, True)
    assert list(team.members.all()) == [sam.user]
    assert team.office == manager.office


BAD = [
    ({"name": ""}, "Enter a name for the team"),
    ({"name": "\u0007"}, "Enter a name for the team"),
    ({"name": "x" * 121}, "at most 120"),
    ({"name": "HOUSING"}, "of this name already"),
    ({"name": "Waste", "email": "nowhere"}, "Enter an email address"),
    ({"name": "Waste", "lead": "abc"}, "somebody who works here"),
    ({"name": "Waste", "lead": "9" * 30}, "somebody who works here"),
    ({"name": "Waste", "lead": "stranger"}, "somebody who works here"),
    ({"name": "Waste", "is_triage": "on"}, "Only one team"),
]


@pytest.mark.parametrize(("data", "words"), BAD)
def test_what_cannot_be_a_team(send, team, manager, data, words):
    TeamFactory(office=manager.office, is_triage=True)
    if data.get("lead") == "stranger":
        data = data | {"lead": MembershipFactory().user_id}
    other = TeamFactory(office=manager.office, name="Parks")
    for route, args in (("teams", ()), ("team", (other.pk,))):
        answer = send(route, *args, **data)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    other.refresh_from_db()
    assert other.name == "Parks"
    assert Team.objects.count() == 3


def test_a_team_is_changed(send, team, sam):
    send("team", team.pk, name="Homes", lead=sam.user_id)
    team.refresh_from_db()
    assert (team.name, team.lead) == ("Homes", sam.user)


def test_the_second_of_two_editors_gets_both_versions(send, page, team):
    version = page("team", team.pk).context["version"]
    send("team", team.pk, name="Homes", version=version)
    answer = send("team", team.pk, name="Roofs", version=version)
    assert answer.status_code == 409
    body = answer.content.decode()
    assert "Homes" in body
    assert "Roofs" in body
    team.refresh_from_db()
    assert team.name == "Homes"


def test_people_join_and_part(send, page, team, sam):
    send("team_members", team.pk, user=sam.user_id)
    assert list(team.members.all()) == [sam.user]
    assert b"Sam Okoro" in page("team", team.pk).content
    send("team_member_removal", team.pk, sam.user_id)
    assert not team.members.exists()


@pytest.mark.parametrize("user", ["", "abc", "9" * 30, "stranger"])
def test_only_colleagues_join(send, team, user):
    answer = send("team_members", team.pk, user=MembershipFactory().user_id if user == "stranger" else user)
    assert answer.status_code == 422
    assert not team.members.exists()


def test_the_lead_cannot_be_taken_out(send, page, manager, sam):
    team = TeamFactory(office=manager.office, lead=sam.user)
    TeamMemberFactory(team=team, user=sam.user)
    send("team_member_removal", team.pk, sam.user_id)
    assert team.members.exists()
    assert b"Choose another lead first" in page("team", team.pk).content


def test_a_team_retires_and_works_again(send, team):
    send("team_retirement", team.pk)
    team.refresh_from_db()
    assert team.retired_at
    send("team_retirement", team.pk)
    team.refresh_from_db()
    assert team.retired_at is None


def test_triage_stays(send, manager):
    team = TeamFactory(office=manager.office, is_triage=True)
    send("team_retirement", team.pk)
    team.refresh_from_db()
    assert team.retired_at is None


def test_extra_fields_are_ignored(send, team):
    other = MembershipFactory().office
    send("team", team.pk, name="Housing", office=other.pk, retired_at="2020-01-01", id="99")
    team.refresh_from_db()
    assert (team.office_id == other.pk, team.retired_at) == (False, None)


def test_teams_of_another_office_are_not_there(send, page, sam):
    theirs = TeamFactory()
    assert page("team", theirs.pk).status_code == 404
    assert send("team", theirs.pk, name="Ours").status_code == 404
    assert send("team_members", theirs.pk, user=sam.user_id).status_code == 404
    assert send("team_member_removal", theirs.pk, sam.user_id).status_code == 404
    assert send("team_retirement", theirs.pk).status_code == 404


def test_caseworkers_do_not_get_in(send, sam, team):
    assert send("team", team.pk, member=sam, name="Mine").status_code == 403
