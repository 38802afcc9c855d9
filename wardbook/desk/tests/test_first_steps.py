"""A new office is shown its first steps until they are done or hidden."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from wardbook.cases.factories import CaseFactory
from wardbook.correspondence.factories import MailboxFactory
from wardbook.offices import actions as office_actions
from wardbook.offices.factories import ManagerFactory, MembershipFactory, RepresentativeFactory, WardFactory
from wardbook.vocabulary import actions as list_actions
from wardbook.vocabulary.models import Tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return ManagerFactory()


def page(client, member):
    client.force_login(member.user)
    return client.get(reverse("desk:home", args=[member.office.slug]))


def test_a_new_office_has_its_steps_to_take(client, manager):
    answer = page(client, manager)
    assert "0 of 7" in answer.content.decode()
    assert len(answer.context["steps"]) == 7
    assert all(step["url"] for step in answer.context["steps"])


def test_each_step_is_ticked_when_it_is_done(client, manager):
    office, at = manager.office, timezone.now()
    MembershipFactory(office=office)
    RepresentativeFactory(office=office)
    MailboxFactory(office=office)
    assert page(client, manager).context["steps_done"] == 3
    list_actions.add_value(Tag, office, name="damp", by=manager.user, at=at)
    office_actions.change_office(office, changes={"short_name": "Glanmor"}, by=manager.user, at=at)
    WardFactory(office=office)
    assert "6 of 7" in page(client, manager).content.decode()
    CaseFactory(office=office)
    assert page(client, manager).context["steps"] == []


def test_the_steps_can_be_hidden(client, manager):
    client.force_login(manager.user)
    url = reverse("desk:home_checklist", args=[manager.office.slug])
    assert client.post(url, {"operation": str(uuid.uuid4())}).status_code == 303
    assert page(client, manager).context["steps"] == []


def test_only_those_who_set_up_the_office_see_and_hide_them(client, manager):
    caseworker = MembershipFactory(office=manager.office)
    assert page(client, caseworker).context["steps"] == []
    url = reverse("desk:home_checklist", args=[manager.office.slug])
    assert client.post(url, {"operation": str(uuid.uuid4())}).status_code == 403


def test_seeding_by_the_machine_does_not_count_as_looking_over(client, manager):
    list_actions.seed_lists(manager.office, by=None, at=timezone.now())
    assert page(client, manager).context["steps_done"] == 0


def test_the_steps_cost_one_query(client, manager, django_assert_max_num_queries):
    client.force_login(manager.user)
    # as Home without them, and one
    with django_assert_max_num_queries(12):
        client.get(reverse("desk:home", args=[manager.office.slug]))
