"""What a person did lately, and taking it back: within a day, once, and only their own."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from wardbook.journal.actions import remember_undo
from wardbook.journal.inverses import _inverses
from wardbook.journal.models import Undo
from wardbook.lib.rules import RuleBroken
from wardbook.lib.testing import HTMX, post
from wardbook.offices.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return MembershipFactory()


@pytest.fixture
def staff(client, member):
    client.force_login(member.user)
    return client


@pytest.fixture
def taken_back(monkeypatch):
    """An inverse that notes what it was given."""
    done = []

    def take(undo, by, at):
        done.append(undo.payload["what"])
        return f"Undone: {undo.label}"

    def refuse(undo, by, at):
        raise RuleBroken("Somebody changed it later.")

    monkeypatch.setitem(_inverses, "test.take", take)
    monkeypatch.setitem(_inverses, "test.refuse", refuse)
    return done


def did(member, what, *, ago=timedelta(0), inverse="test.take"):
    at = timezone.now() - ago
    return remember_undo(
        inverse, office_id=member.office_id, by=member.user, at=at, label=what, payload={"what": what}
    )


def url(member, *args):
    return reverse("desk:undo" if args else "desk:recent", args=[member.office.slug, *args])


def test_the_last_twenty_stand_there_newest_first(staff, member):
    for index in range(22):
        did(member, f"Act {index:02}", ago=timedelta(minutes=index))
    did(member, "Long ago", ago=timedelta(hours=25))
    html = staff.get(url(member)).content.decode()
    assert html.index("Act 00") < html.index("Act 19")
    assert "Act 20" not in html
    assert "Long ago" not in html


def test_it_is_also_the_dialog_of_the_arrow(staff, member):
    did(member, "Case closed")
    piece = staff.get(url(member), headers=HTMX).content.decode()
    assert "Case closed" in piece
    assert "data-dialog-title" in piece
    assert "<html" not in piece


def test_an_act_is_taken_back_once(staff, member, taken_back):
    undo = did(member, "Case closed")
    answer = post(staff, url(member, undo.pk))
    assert (answer.status_code, answer["Location"]) == (303, url(member))
    assert "Undone: Case closed" in staff.get(url(member)).content.decode()
    post(staff, url(member, undo.pk))
    assert taken_back == ["Case closed"]
    assert "This was already undone." in staff.get(url(member)).content.decode()


def test_one_stays_on_the_page_where_one_was(staff, member, taken_back):
    referer = f"http://testserver/{member.office.slug}/cases/?status=open"
    answer = post(staff, url(member, did(member, "One").pk), headers={"Referer": referer})
    assert answer["Location"] == f"/{member.office.slug}/cases/?status=open"
    answer = post(staff, url(member, did(member, "Two").pk), headers={"Referer": "https://elsewhere.example/"})
    assert answer["Location"] == url(member)
    assert post(staff, url(member, did(member, "Three").pk), htmx=True)["HX-Refresh"] == "true"


def test_too_late_and_in_the_way_are_said_in_words(staff, member, taken_back):
    late, blocked = did(member, "Late", ago=timedelta(hours=25)), did(member, "Blocked", inverse="test.refuse")
    post(staff, url(member, late.pk))
    assert "This can no longer be undone." in staff.get(url(member)).content.decode()
    post(staff, url(member, blocked.pk))
    assert "Somebody changed it later." in staff.get(url(member)).content.decode()
    assert not taken_back
    assert not Undo.objects.filter(undone_at__isnull=False).exists()


def test_nobody_sees_or_undoes_what_another_did(client, member, taken_back):
    undo = did(member, "Case closed")
    for other in (MembershipFactory(office=member.office, role="manager"), MembershipFactory()):
        client.force_login(other.user)
        assert "Case closed" not in client.get(url(other)).content.decode()
        assert post(client, url(other, undo.pk)).status_code == 404
    assert not taken_back
