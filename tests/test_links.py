"""Every link of every page leads somewhere, for every role, in the demo: a crawl without an end but its own.

A page is fetched as long as something of it is rare: its route, with each thing asked behind the question mark by
itself, was not fetched ALIKE times before by this role. Numbers, words typed and places in a list count as the same.
So every filter, order, tab and step of every route is followed by each role, and hundreds of cases are one kind of
page. That is 50 to 170 pages a role; nothing else bounds them.
"""

import html
import re
from collections import Counter, deque
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import override_settings
from django.urls import Resolver404, resolve

from tests.asking import Asker
from wardbook.demo import eastmarsh, glanmor

MORNING = datetime(2025, 6, 3, 8, 0, tzinfo=UTC)
ALIKE = 1
# The roles of the two offices of the demo.
CAST = (
    ("representative", "manager", "caseworker", "volunteer", "admin"),
    ("manager", "triage", "service", "councillor", "admin"),
)
LINK = re.compile(r'<a\b[^>]*?\shref="([^"]+)"')
# What is one of very many and the same page for each.
ANY = re.compile(r"\d+")
WORDS = {"word", "name", "kind"}
# What carries the query of a list along, to lead back there or to the next of it.
CARRIES = {"desk:case", "desk:cases_filter", "desk:cases_columns", "desk:cases_export", "desk:new_view"}
PLACES = {"after", "before", "page", "q", "from", "back", "next"}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Where the files of the demo lie: for all tests of this file the same place."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture
def _its_files(settings, files, _files_of_its_own):
    settings.MEDIA_ROOT = files


@pytest.fixture(scope="module")
def offices(django_db_setup, django_db_blocker, files):
    """The demo, told once for this file and removed with the test database."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=files):
        told = transaction.atomic()
        told.__enter__()
        yield [glanmor.tell(now=MORNING, seed=1), eastmarsh.tell(now=MORNING, seed=1)]
        transaction.set_rollback(True)
        told.__exit__(None, None, None)


@pytest.mark.django_db
@pytest.mark.any_engine
def test_the_crawl_is_done_by_each_role_that_the_demo_has(offices):
    for office, roles in zip(offices, CAST, strict=True):
        assert set(roles) == set(office.memberships.active().values_list("role", flat=True))


@pytest.mark.django_db
@pytest.mark.any_engine
@pytest.mark.usefixtures("_its_files")
@pytest.mark.parametrize(("place", "role"), [(place, role) for place in (0, 1) for role in CAST[place]])
def test_no_link_leads_nowhere(offices, place, role):
    office = offices[place]
    member = office.memberships.active().filter(role=role).order_by("pk").first()
    asker, start = Asker(member.user), f"/{office.slug}/"
    queue, seen, fetched = deque([(start, start)]), {start}, Counter()
    while queue:
        here, led_from = queue.popleft()
        response = asker.get(here)
        assert response.status_code in (200, 302), f"{led_from} leads a {role} to {here}: {response.status_code}"
        if response.status_code == 302 or "html" not in response.headers.get("Content-Type", ""):
            continue
        for link in LINK.findall(response.body.decode()):
            target = urlsplit(urljoin(here, html.unescape(link)))
            path = target._replace(fragment="").geturl()
            if target.netloc or target.scheme or not target.path.startswith(start) or path in seen:
                continue
            seen.add(path)
            traits = traits_of(target)
            if any(fetched[trait] < ALIKE for trait in traits):
                fetched.update(traits)
                queue.append((path, here))
    assert len({route for route, _trait in fetched}) > 3, "the crawl found hardly any page"


def traits_of(target):
    """(route, what of it may lead elsewhere), one for each thing asked."""
    try:
        found = resolve(target.path)
    except Resolver404:
        return [(target.path, "")]
    words = "/".join(str(value) for name, value in sorted(found.kwargs.items()) if name in WORDS)
    asked = [f"{name}={'' if name in PLACES else ANY.sub('0', value)}" for name, value in parse_qsl(target.query)]
    if found.view_name in CARRIES:
        asked = ["a list"] if asked else []
    return [(found.view_name, f"{words}?{one}") for one in asked or [""]]
