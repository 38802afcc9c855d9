"""A session ends by silence, by age, with a new password and with the person's leaving; its id changes at sign-in."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from wardbook.accounts import actions, sessions
from wardbook.accounts.factories import PASSWORD, UserFactory
from wardbook.accounts.models import SignInEvent

MONDAY = datetime(2025, 6, 2, 9, tzinfo=UTC)
IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)
PAGE = "/me/"
NEW_PASSWORD = "brass otter pavement nine"


@pytest.fixture
def anna(db):
    return UserFactory(email="anna@example.org")


@pytest.fixture
def signed_in(client, anna):
    assert sign_in(client).status_code == 302
    return client


def sign_in(client, email="anna@example.org", password=PASSWORD, **headers):
    return client.post(reverse("account_login"), {"login": email, "password": password}, headers=headers)


def moved_back(client, key, by):
    """As if this long had gone by."""
    session = client.session
    session[key] -= by.total_seconds()
    session.save()


def is_in(client):
    return client.get(PAGE).status_code == 200


# --- The calculation ---


def over(session, at):
    return sessions.over(session, at, idle=IDLE, absolute=ABSOLUTE)


def test_half_an_hour_of_silence_ends_a_session():
    session = {}
    sessions.begin(session, MONDAY)
    assert over(session, MONDAY + IDLE - timedelta(seconds=1)) is None
    assert over(session, MONDAY + IDLE) is sessions.Over.IDLE


def test_twelve_hours_end_a_session_however_busy():
    session = {}
    sessions.begin(session, MONDAY)
    at = MONDAY
    while at < MONDAY + ABSOLUTE - timedelta(minutes=10):
        at += timedelta(minutes=10)
        assert over(session, at) is None
        sessions.touch(session, at)
    assert over(session, MONDAY + ABSOLUTE) is sessions.Over.TOO_LONG


def test_a_session_without_a_beginning_is_over():
    assert over({}, MONDAY) is sessions.Over.TOO_LONG


@given(st.lists(st.integers(1, 3000), max_size=30), st.integers(0, 4000))
def test_no_session_outlives_half_an_hour_of_silence(gaps, silence):
    session, at = {}, MONDAY
    sessions.begin(session, at)
    for gap in gaps:
        at += timedelta(seconds=gap)
        if over(session, at):
            return
        sessions.touch(session, at)
    ended = over(session, at + timedelta(seconds=silence))
    if silence >= 1800:
        assert ended
    if silence < 1740 and at + timedelta(seconds=silence) < MONDAY + ABSOLUTE:
        assert not ended


# --- Over HTTP ---


def test_the_session_id_changes_at_sign_in(client, anna):
    session = client.session  # as a stranger would plant it
    session["before"] = "x"
    session.save()
    sign_in(client)
    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_signing_out_kills_the_session_on_the_server(signed_in):
    key = signed_in.session.session_key
    signed_in.post(reverse("account_logout"))
    assert not Session.objects.filter(session_key=key).exists()
    assert not is_in(signed_in)


def test_silence_ends_the_session_and_says_so(signed_in, anna):
    moved_back(signed_in, sessions.SEEN_AT, IDLE)
    response = signed_in.get(PAGE)
    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next={PAGE}"
    assert SignInEvent.objects.newest()[0].kind == SignInEvent.Kind.TIMED_OUT
    assert "30 minutes without activity" in str(next(iter(response.wsgi_request._messages)))


def test_activity_keeps_the_session(signed_in):
    for _ in range(3):
        moved_back(signed_in, sessions.SEEN_AT, IDLE - timedelta(minutes=1))
        assert is_in(signed_in)


def test_a_poll_does_not_keep_the_session(signed_in):
    moved_back(signed_in, sessions.SEEN_AT, IDLE - timedelta(minutes=1))
    signed_in.get(PAGE, headers={"X-Background": "1"})
    moved_back(signed_in, sessions.SEEN_AT, timedelta(minutes=2))
    assert not is_in(signed_in)


def test_twelve_hours_end_the_session(signed_in):
    moved_back(signed_in, sessions.SIGNED_IN_AT, ABSOLUTE)
    assert not is_in(signed_in)


def test_an_open_page_is_read_without_writing_the_session(signed_in, django_assert_num_queries):
    signed_in.get(PAGE)
    with django_assert_num_queries(4):  # session, user, second steps, events
        signed_in.get(PAGE)


@pytest.mark.parametrize(
    "headers", [{"HX-Request": "true"}, {"Sec-Fetch-Mode": "cors"}, {"Sec-Fetch-Mode": "same-origin"}]
)
def test_a_script_gets_401_and_never_a_sign_in_page(client, db, headers):
    response = client.get(PAGE, headers=headers)
    assert response.status_code == 401
    assert response.headers["HX-Trigger"] == "signin"
    assert "<form" not in response.text
    assert "no-store" in response.headers["Cache-Control"]


def test_a_person_gets_the_sign_in_page(client, db):
    assert client.get(PAGE, headers={"Sec-Fetch-Mode": "navigate"}).status_code == 302


def test_leaving_ends_every_session_with_the_next_request(signed_in, anna):
    actions.deactivate(anna, at=MONDAY)
    response = signed_in.get(PAGE)
    assert response.status_code == 302
    assert not Session.objects.exists()
    actions.reactivate(anna, at=MONDAY)
    assert not is_in(signed_in), "a new sign-in is needed after coming back"


def test_a_switch_in_the_database_alone_is_enough(signed_in, anna):
    type(anna).objects.filter(pk=anna.pk).update(is_active=False)
    assert not is_in(signed_in)
    assert not Session.objects.exists()


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(signed_in):
    elsewhere = Client()
    sign_in(elsewhere)
    before = signed_in.session.session_key
    response = signed_in.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert response.status_code == 302
    assert is_in(signed_in)
    assert signed_in.session.session_key != before
    assert not is_in(elsewhere)


def test_somebody_can_be_signed_out_everywhere(signed_in, anna):
    assert actions.end_sessions(anna, at=MONDAY) == 1
    assert not is_in(signed_in)
    assert actions.end_sessions(anna, at=MONDAY) == 0


def test_what_is_behind_sign_in_is_kept_by_nobody(signed_in):
    response = signed_in.get(PAGE)
    assert "no-store" in response.headers["Cache-Control"]
    assert "Cookie" in response.headers["Vary"]


def test_the_session_cookie_is_out_of_reach_of_scripts(client, anna):
    response = sign_in(client)
    cookie = response.cookies["wardbook_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"], "gone when the browser closes"
