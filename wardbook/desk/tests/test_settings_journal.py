"""The journal can be read, by those who may, in words, by person and by day."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

import wardbook
from wardbook.cases import actions as case_actions
from wardbook.cases.factories import CaseFactory, statuses_of
from wardbook.desk.settings_pages.event_words import WORDS
from wardbook.offices.factories import ManagerFactory, MembershipFactory
from wardbook.vocabulary import actions as list_actions
from wardbook.vocabulary.models import Tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return ManagerFactory()


@pytest.fixture
def page(client, manager):
    def get(member=None, **query):
        member = member or manager
        client.force_login(member.user)
        return client.get(reverse("desk:journal", args=[member.office.slug]), query)

    return get


def tags(manager, count, by=None, at=None):
    for n in range(count):
        name = f"tag {n} {at or ''}"
        list_actions.add_value(Tag, manager.office, name=name, by=by or manager.user, at=at or timezone.now())


def test_lines_are_in_words_the_newest_first(page, manager):
    tags(manager, 2)
    answer = page()
    assert [line["number"] for line in answer.context["lines"]] == [2, 1]
    assert b"added a value to a list" in answer.content
    assert str(manager.user).encode() in answer.content


def test_it_narrows_by_person_and_day(page, manager):
    other = MembershipFactory(office=manager.office)
    tags(manager, 1)
    tags(manager, 1, by=other.user, at=timezone.now() - timedelta(days=3))
    list_actions.seed_lists(manager.office, by=None, at=timezone.now())
    day = manager.office.local_date(timezone.now() - timedelta(days=3)).isoformat()
    assert len(page(person=other.user_id).context["lines"]) == 1
    assert len(page(person="clock").context["lines"]) == 1
    assert len(page(day=day).context["lines"]) == 1


def test_older_lines_follow_by_number(page, manager):
    tags(manager, 60)
    first = page()
    assert (len(first.context["lines"]), first.context["older"]) == (50, 11)
    second = page(before=11)
    assert [line["number"] for line in second.context["lines"]] == list(range(10, 0, -1))


@pytest.mark.parametrize("bad", ["abc", "-1", "9" * 40, "\x00", "2025-13-45", "0001-01-01", "9999-12-31"])
def test_a_hostile_address_is_a_wide_one(page, manager, bad):
    tags(manager, 1)
    for name in ("person", "day", "before"):
        assert page(**{name: bad}).status_code == 200


def test_a_case_is_named_only_to_who_may_see_it(page, manager):
    owner = MembershipFactory(office=manager.office).user
    case = CaseFactory(office=manager.office, owner=owner)
    statuses_of(manager.office)
    case_actions.set_priority(case, 3, by=owner, at=timezone.now())
    assert f">{case.reference}<" in page().content.decode()
    protection = MembershipFactory(office=manager.office, role="protection")
    body = page(member=protection).content.decode()
    assert "changed the priority" in body
    assert f">{case.reference}<" not in body


@pytest.mark.parametrize(("role", "status"), [("protection", 200), ("caseworker", 403), ("admin", 403)])
def test_who_may_read_it(page, manager, role, status):
    assert page(member=MembershipFactory(office=manager.office, role=role)).status_code == status


def test_lines_of_another_office_are_not_there(page, manager):
    tags(ManagerFactory(), 1)
    assert page().context["lines"] == []


def test_every_event_of_the_house_has_words():
    said = set()
    for path in Path(wardbook.__file__).parent.glob("*/events.py"):
        said |= set(re.findall(r'^[A-Z_]+ = "([a-z_]+\.[a-z_]+)"', path.read_text(), flags=re.MULTILINE))
    assert said - set(WORDS) == set()


def test_it_costs_the_same_however_long(client, manager, django_assert_max_num_queries):
    tags(manager, 60)
    client.force_login(manager.user)
    # session, user, member, lines, cases, people; the shell: other offices, views
    with django_assert_max_num_queries(8):
        client.get(reverse("desk:journal", args=[manager.office.slug]))
