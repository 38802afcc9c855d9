"""The ward of a case in the list: that of the person, else that of the place."""

import re

import pytest
from django.urls import reverse

from wardbook.cases.factories import CaseLocationFactory
from wardbook.desk.tests.lists import case, list_url, make_member, numbers
from wardbook.lib.testing import post
from wardbook.offices.factories import WardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_member()


def test_a_ward_is_where_the_person_lives_or_where_the_problem_is(desk, member):
    ward = WardFactory(office=member.office)
    placed = case(member)
    CaseLocationFactory(case=placed, ward=ward)
    case(member)
    assert numbers(desk.get(list_url(member, f"ward={ward.pk}"))) == [placed.number]


def test_the_ward_shown_is_the_persons_else_that_of_the_first_place(desk, member, monkeypatch):
    monkeypatch.setattr("wardbook.desk.cases_list.paging.SIZE", 1)
    post(desk, reverse("desk:cases_columns", args=[member.office.slug]), {"column": ["ward"]})
    alder, birch, cedar = (WardFactory(office=member.office, name=name) for name in ("Alder", "Birch", "Cedar"))
    placed, living, nowhere = case(member, constituent=None), case(member), case(member, constituent=None)
    CaseLocationFactory(case=placed, ward=None)
    CaseLocationFactory(case=placed, ward=birch)
    CaseLocationFactory(case=placed, ward=cedar)
    living.constituent.ward = alder
    living.constituent.save()
    CaseLocationFactory(case=living, ward=cedar)

    pages, url = [], list_url(member, "sort=ward")
    while url:
        html = desk.get(url).content.decode()
        pages.append((int(re.search(r'id="case-(\d+)"', html)[1]), re.findall("Alder|Birch|Cedar", html)))
        following = re.search(r'href="([^"]+)" rel="next"', html)
        url = list_url(member) + following[1].removeprefix("?").replace("&amp;", "&") if following else ""

    assert pages == [(living.number, ["Alder"]), (placed.number, ["Birch"]), (nowhere.number, [])]
