"""Representatives are added, changed, and end their service."""

import uuid

import pytest
from django.urls import reverse

from wardbook.accounts.factories import UserFactory
from wardbook.offices.factories import ManagerFactory, MembershipFactory, RepresentativeFactory
from wardbook.offices.models import Representative

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return ManagerFactory()


@pytest.fixture
def eleri(manager):
    return RepresentativeFactory(office=manager.office, name="Eleri Vaughan")


@pytest.fixture
def send(client, manager):
    def post(route, *args, **data):
        client.force_login(manager.user)
        url = reverse(f"desk:{route}", args=[manager.office.slug, *args])
        return client.post(url, {"operation": str(uuid.uuid4()), **data})

    return post


def test_one_is_added_with_a_sign_in(send, manager):
    member = MembershipFactory(office=manager.office, role="representative", user=UserFactory(name="Eleri Vaughan"))
    send("representatives", name="Eleri\u0007 Vaughan", title="Member for Glanmor", user=member.user_id)
    one = Representative.objects.get()
    assert (one.name, one.title, one.user) == ("Eleri Vaughan", "Member for Glanmor", member.user)


def test_one_is_changed_and_ends(send, eleri):
    send("representative", eleri.pk, name="Eleri V.", title="Former member", ended_on="2025-06-02")
    eleri.refresh_from_db()
    assert (eleri.name, eleri.title, str(eleri.ended_on)) == ("Eleri V.", "Former member", "2025-06-02")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": ""}, "Enter a name"),
        ({"name": "x" * 121}, "at most 120"),
        ({"name": "New", "title": "x" * 121}, "at most 120"),
        ({"name": "New", "user": "stranger"}, "somebody who works here"),
        ({"name": "New", "user": "9" * 30}, "somebody who works here"),
        ({"name": "ELERI VAUGHAN"}, "of that name already"),
    ],
)
def test_what_cannot_be(send, manager, eleri, data, words):
    other = RepresentativeFactory(office=manager.office, name="Other")
    if data.get("user") == "stranger":
        data = data | {"user": MembershipFactory().user_id}
    for route, args in (("representatives", ()), ("representative", (other.pk,))):
        answer = send(route, *args, **data)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    other.refresh_from_db()
    assert other.name == "Other"


def test_the_last_day_is_a_day(send, eleri):
    answer = send("representative", eleri.pk, name="Eleri", ended_on="some day")
    assert answer.status_code == 422
    assert b"Enter a day" in answer.content


def test_the_second_of_two_editors_gets_both_versions(send, client, eleri, manager):
    client.force_login(manager.user)
    url = reverse("desk:representative", args=[manager.office.slug, eleri.pk])
    version = client.get(url).context["version"]
    send("representative", eleri.pk, name="First", version=version)
    answer = send("representative", eleri.pk, name="Second", version=version)
    assert answer.status_code == 409
    eleri.refresh_from_db()
    assert eleri.name == "First"


def test_one_of_another_office_is_not_there(send):
    assert send("representative", RepresentativeFactory().pk, name="Mine").status_code == 404
