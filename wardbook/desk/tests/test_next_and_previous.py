"""From case to case of the list one came from, without going back to it (S1.26)."""

import re

import pytest
from django.urls import reverse

from wardbook.desk.tests.lists import case, list_url, make_member
from wardbook.lib.testing import MONDAY
from wardbook.vocabulary.actions import seed_lists

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    member = make_member()
    seed_lists(member.office, by=None, at=MONDAY)
    return member


def strip(desk, url):
    html = desk.get(url).content.decode()
    links = {rel: re.search(rf'href="([^"]+)" rel="{rel}"', html) for rel in ("prev", "next")}
    place = re.search(r'<span class="small muted num">([^<]+)</span>', html)
    return {rel: found[1].replace("&amp;", "&") if found else "" for rel, found in links.items()}, place and place[1]


def test_a_case_of_a_list_leads_to_its_neighbours_there(desk, member):
    high = [case(member, priority=3, number=number) for number in (11, 12, 13)]
    case(member, priority=1, number=14)
    case(member, priority=3, number=15, is_restricted=True)
    listed = desk.get(list_url(member, "priority=high&sort=number")).content.decode()
    first = re.search(r'data-row-link href="([^"]+)"', listed)[1].replace("&amp;", "&")
    assert "/cases/11/?" in first

    links, place = strip(desk, first)
    assert (links["prev"], place) == ("", "1 of 3")
    assert "/cases/12/?" in links["next"]
    links, place = strip(desk, links["next"])
    assert place == "2 of 3"
    links, place = strip(desk, links["next"])
    assert (links["next"], place) == ("", "3 of 3")
    assert "/cases/12/?" in links["prev"]
    assert len(high) == 3


def test_a_case_without_a_list_has_no_neighbours(desk, member):
    case(member, number=11)
    case(member, number=12)
    links, place = strip(desk, reverse("desk:case", args=[member.office.slug, 11]))
    assert (links, place) == ({"prev": "", "next": ""}, None)


def test_neighbours_are_three_queries_however_long_the_list(desk, member):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked(url):
        desk.get(url)
        with CaptureQueriesContext(connection) as queries:
            desk.get(url)
        return len(queries)

    one = case(member, number=11)
    url = reverse("desk:case", args=[member.office.slug, one.number])
    alone = asked(url)
    desk.cookies.pop("wardbook_list", None)
    for number in range(12, 30):
        case(member, number=number)
    assert asked(f"{url}?status=open&sort=number") <= alone + 3


@pytest.mark.parametrize("query", ["", "status=any&sort=age", "text=damp&sort=last", "status=any&sort=ward"])
def test_a_case_reached_from_a_list_costs_no_more_than_twenty_queries(
    desk, member, django_assert_max_num_queries, query
):
    for number in range(11, 16):
        case(member, number=number)
    url = f"{reverse('desk:case', args=[member.office.slug, 13])}?{query or 'status=open'}"
    desk.get(url)  # the visit is there
    with django_assert_max_num_queries(20):  # issue 2, section 5
        answer = desk.get(url)
    assert 'rel="next"' in answer.content.decode()
