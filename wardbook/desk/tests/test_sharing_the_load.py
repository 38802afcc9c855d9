"""A manager sees who has how much, and gives open cases of one person to another."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from wardbook.accounts.factories import UserFactory
from wardbook.cases.factories import CaseFactory, FollowUpFactory
from wardbook.journal.models import Event
from wardbook.offices.factories import ManagerFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return ManagerFactory()


@pytest.fixture
def sam(manager):
    return MembershipFactory(office=manager.office, user=UserFactory(name="Sam Okoro"))


@pytest.fixture
def anna(manager):
    return MembershipFactory(office=manager.office, user=UserFactory(name="Anna Price"))


@pytest.fixture
def cases(sam):
    return CaseFactory.create_batch(6, office=sam.office, owner=sam.user)


@pytest.fixture
def give(client, manager, sam):
    def send(member=None, **data):
        client.force_login((member or manager).user)
        url = reverse("desk:person_load", args=[manager.office.slug, sam.user_id])
        return client.post(url, {"operation": str(uuid.uuid4()), **data})

    return send


def test_the_card_says_who_has_how_much(client, manager, sam, anna, cases):
    yesterday = manager.office.local_date(timezone.now()) - timedelta(days=1)
    FollowUpFactory(case=cases[0], assignee=anna.user, due_on=yesterday)
    client.force_login(manager.user)
    page = client.get(reverse("desk:home_cards", args=[manager.office.slug]))
    loads = [(load.member.user.name, load.open, load.overdue) for load in page.context["loads"]]
    assert loads[:2] == [("Anna Price", 0, 1), ("Sam Okoro", 6, 0)]


def test_caseworkers_do_not_see_the_load(client, sam, cases):
    client.force_login(sam.user)
    page = client.get(reverse("desk:home_cards", args=[sam.office.slug]))
    assert b"Who has how much" not in page.content
    assert client.get(reverse("desk:person_load", args=[sam.office.slug, sam.user_id])).status_code == 403


def test_five_cases_move_in_one_go_and_come_back_in_one(give, sam, anna, cases, client, manager):
    answer = give(cases=[case.number for case in cases[:5]], to=anna.user_id)
    assert answer.status_code == 303
    owners = [case.owner for case in type(cases[0]).objects.order_by("number")]
    assert owners == [anna.user] * 5 + [sam.user]
    assert Event.objects.filter(name="case.assigned").count() == 5

    from wardbook.journal.actions import take_back
    from wardbook.journal.models import Undo

    take_back(Undo.objects.get(), by=manager.user, at=timezone.now())
    assert all(case.owner == sam.user for case in type(cases[0]).objects.all())


@pytest.mark.parametrize(
    ("chosen", "to", "words"),
    [
        ([], "anna", "Tick the cases"),
        (["first"], "", "Choose who gets them"),
        (["first"], "sam", "somebody who works here"),
        (["first"], "stranger", "somebody who works here"),
        (["first"], "abc", "somebody who works here"),
        (["first"], "9" * 30, "somebody who works here"),
        (["999999"], "anna", "no longer there"),
        (["abc"], "anna", "no longer there"),
        (["\x00"], "anna", "no longer there"),
        (["9" * 30], "anna", "no longer there"),
        (["other office"], "anna", "no longer there"),
        (["anna's"], "anna", "no longer there"),
    ],
)
def test_what_cannot_move_is_said_and_the_ticks_stay(give, sam, anna, cases, chosen, to, words):
    given = {
        "first": cases[0].number,
        "other office": CaseFactory(number=7777).number,
        "anna's": CaseFactory(office=sam.office, owner=anna.user).number,
    }
    people = {"anna": anna.user_id, "sam": sam.user_id, "stranger": MembershipFactory().user_id}
    answer = give(cases=[given.get(one, one) for one in chosen], to=people.get(to, to))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    if chosen == ["first"]:
        assert f'value="{cases[0].number}" checked' in answer.content.decode()
    assert sam.office.cases.filter(owner=sam.user).count() == 6


def test_a_case_that_refuses_is_named_and_the_others_move(give, sam, anna, cases, client):
    from wardbook.cases.factories import CaseAccessFactory

    CaseAccessFactory(case=cases[0], user=anna.user, grant="kept_out")
    give(cases=[case.number for case in cases], to=anna.user_id)
    assert sam.office.cases.filter(owner=anna.user).count() == 5
    page = client.get(reverse("desk:person_load", args=[sam.office.slug, sam.user_id]))
    assert "kept out" in page.content.decode()


def test_somebody_of_another_office_has_no_load_here(client, manager):
    client.force_login(manager.user)
    stranger = MembershipFactory()
    assert client.get(reverse("desk:person_load", args=[manager.office.slug, stranger.user_id])).status_code == 404
