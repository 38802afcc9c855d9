"""Every link of every page leads somewhere, for every role, in the demo."""

import re
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from tests import pages
from wardbook.demo import eastmarsh, glanmor

MORNING = datetime(2025, 6, 3, 8, 0, tzinfo=UTC)
MOST = 260


@pytest.fixture(scope="module")
def offices(django_db_setup, django_db_blocker):
    """The demo, told once for this file and removed with the test database."""
    from django.db import transaction

    with django_db_blocker.unblock():
        told = transaction.atomic()
        told.__enter__()
        yield [glanmor.tell(now=MORNING, seed=1), eastmarsh.tell(now=MORNING, seed=1)]
        transaction.set_rollback(True)
        told.__exit__(None, None, None)


@pytest.mark.django_db
@pytest.mark.parametrize("office", [0, 1])
@pytest.mark.parametrize(
    "role", ["manager", "caseworker", "representative", "volunteer", "councillor", "service", "admin"]
)
def test_no_link_leads_nowhere(offices, office, role):
    office = offices[office]
    member = office.memberships.active().filter(role=role).first()
    if member is None:
        return
    client = Client()
    client.force_login(member.user)
    queue, seen = [f"/{office.slug}/"], set()
    while queue and len(seen) < MOST:
        here = queue.pop(0)
        if here in seen:
            continue
        seen.add(here)
        response = client.get(here, follow=False)
        assert response.status_code in (200, 302), f"{here} answers {response.status_code} to a {role}"
        if (
            response.status_code == 302
            or response.streaming
            or "html" not in response.headers.get("Content-Type", "")
        ):
            continue
        for link in pages.read(response.content.decode()).links:
            target = urlsplit(urljoin(here, link))
            if target.netloc or target.scheme or not target.path.startswith(f"/{office.slug}/"):
                continue
            path = target.path + (f"?{target.query}" if target.query else "")
            if path not in seen and _worth(path, seen):
                queue.append(path)


def _worth(path, seen):
    """Not every one of hundreds of alike pages: three of a shape are enough."""
    return sum(_shape(other) == _shape(path) for other in seen) < 3


def _shape(path):
    return re.sub(r"\d+", "0", path)
