"""Whatever stands in an address, the list answers: no error, no other office, no slow page (G2, F4)."""

import random
import time
from urllib.parse import quote

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from wardbook.cases.factories import CaseTagFactory, TagFactory
from wardbook.desk.cases_list import columns, paging
from wardbook.desk.cases_list.filters import FIELDS, SORTS, from_pairs
from wardbook.desk.cases_list.narrowing import Narrowing
from wardbook.desk.tests.lists import case, list_url, make_member, numbers

pytestmark = pytest.mark.django_db

# All of them on one engine; on the other a sample shows that it reads them as well.
FUZZED, DRAWN = (5000, 60) if connection.vendor == "sqlite" else (500, 20)
NASTY = (
    "'",
    '"',
    "%",
    "_",
    "\\",
    "$$",
    ";--",
    "' OR 1=1 --",
    "%_%_%",
    "\x00",
    "\ud800",
    "\u202e",
    "٣",
    "½",
    "-1",
    "0",
    "1e9",
    "9" * 19,
    "9" * 400,
    "a" * 3000,
    "NaN",
    "none",
    "any",
    "me",
    ">0",
    "<0",
    ">99999",
    "<99999",
    "0..99999",
    "0001-01-01..9999-12-31",
    "..",
    "9999-12-31..",
    "2025-02-30",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "owner__password",
    "field__in",
    "?",
    "&",
    "=",
    "\n",
    "\r\nSet-Cookie: a=b",
)
NAMES = (
    *FIELDS,
    *(f"-{name}" for name in FIELDS),
    *("sort", "after", "before", "view", "keep", "page", "per_page", "order_by", "owner__password", "status__in"),
)


def pairs(dice):
    names = (dice.choice(NAMES) for _ in range(dice.randrange(1, 8)))
    values = (*NASTY, *SORTS, "-owner__password", "-age")
    return [(name, dice.choice((*values, str(dice.randrange(10**6))))) for name in names]


def test_thousands_of_hostile_addresses_are_filters(django_assert_max_num_queries):
    member, dice = make_member(), random.Random(20250602)
    CaseTagFactory(case=case(member), tag=TagFactory(office=member.office))
    narrowing = Narrowing(member, timezone.localdate())
    for _ in range(FUZZED):
        said = pairs(dice)
        chosen = from_pairs(said)
        assert from_pairs(chosen.pairs()) == chosen
        order = columns.order_of(chosen, narrowing.today)
        marks = dict(said)
        page = paging.page(
            narrowing.cases(chosen),
            order,
            ["pk"],
            member=member,
            before=marks.get("before", ""),
            after=marks.get("after", ""),
        )
        assert len(page.rows) <= 1


@pytest.mark.parametrize("route", ["cases", "cases_filter", "cases_columns", "cases_export"])
def test_pages_of_hostile_addresses_are_pages(client, route):
    member, dice = make_member(), random.Random(20250603)
    case(member, description="Damp ceiling")
    client.force_login(member.user)
    for _ in range(DRAWN):
        query = "&".join(f"{quote(n, errors='ignore')}={quote(v, errors='ignore')}" for n, v in pairs(dice))
        answer = client.get(f"{reverse(f'desk:{route}', args=[member.office.slug])}?{query}")
        assert answer.status_code == 200
        body = answer.getvalue()
        assert answer["Content-Type"].startswith("text/csv") or b"<script>alert" not in body


def test_hostile_words_are_words(client):
    member, dice = make_member(), random.Random(20250604)
    case(member)
    client.force_login(member.user)
    for _ in range(DRAWN):
        typed = " ".join(f"{dice.choice(['', '-'])}{dice.choice(NAMES)}:{dice.choice(NASTY)}" for _ in range(4))
        answer = client.get(list_url(member, f"q={quote(typed, errors='ignore')}"), follow=True)
        assert answer.status_code == 200


def test_an_endless_address_is_refused_in_words_or_answered_at_once(client):
    member = make_member()
    one = case(member)
    client.force_login(member.user)
    start = time.process_time()
    assert client.get(list_url(member, "&".join(["tag=1"] * 2000))).status_code == 400
    assert numbers(client.get(list_url(member, "page=1000000000&per_page=1000000"))) == [one.number]
    assert client.get(list_url(member, "&".join(f"text=a%25{index}" for index in range(200)))).status_code == 200
    # Three pages; the limit is of security.md F4 for one.
    assert time.process_time() - start < 3
