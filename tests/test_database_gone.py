"""The database is restarted, killed or held while people work: a calm page, and all works again after (R4, R5)."""

import pytest
from django.db import OperationalError, connection, connections
from django.test import Client
from django.urls import reverse

from wardbook.cases.models.questions import CaseQuerySet
from wardbook.offices.factories import MembershipFactory


@pytest.fixture
def at_home(db):
    member = MembershipFactory(role="caseworker")
    client = Client(raise_request_exception=False)
    client.force_login(member.user)
    return client, reverse("desk:cases", args=[member.office.slug])


def is_calm(response):
    page = response.content.decode()
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert response.headers["Cache-Control"] == "no-store, private"
    assert "data-trouble" in page, "what a script shows in the page where somebody was typing"
    assert "what you typed is still in the page you came from" in " ".join(page.split())
    assert "OperationalError" not in page
    return True


def test_a_database_that_does_not_answer_is_a_calm_page(at_home, monkeypatch):
    client, address = at_home

    def gone(cases, member):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(CaseQuerySet, "visible_to", gone)
    assert is_calm(client.get(address))


def test_no_page_needs_the_database_to_say_that_it_is_gone(at_home, monkeypatch):
    """Not even the session or the language of the person can be read."""
    client, address = at_home

    def gone(*_words, **_options):
        raise OperationalError("connection refused")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", gone)
    monkeypatch.setattr("django.contrib.sessions.backends.cached_db.SessionStore.load", gone)
    assert is_calm(client.get(address))
    monkeypatch.undo()
    assert client.get(address).status_code == 200


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True)
def test_a_killed_connection_costs_one_calm_page_and_heals():
    member = MembershipFactory(role="caseworker")
    client = Client(raise_request_exception=False)
    client.force_login(member.user)
    address = reverse("desk:cases", args=[member.office.slug])
    assert client.get(address).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        ours = cursor.fetchone()[0]
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [ours])
    other.close()
    assert is_calm(client.get(address))
    connection.close_if_unusable_or_obsolete()
    assert client.get(address).status_code == 200
