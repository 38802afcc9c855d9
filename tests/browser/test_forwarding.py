"""What is not our area goes on to whom it concerns (ux.md 1.5): by keys, on a phone, and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Hands
from tests.browser.mailbag import mail
from wardbook.contacts.factories import AgencyFactory
from wardbook.correspondence.models import Message

COUNCIL = "roads@council.example"


@pytest.fixture
def hole(anna):
    AgencyFactory(office=anna.office, organisation_name="Eastmarsh Council", emails=[COUNCIL])
    return mail(
        anna.office,
        subject="Hole in the road",
        text="There is a hole.",
        from_name="Rhian",
        from_address="rhian@home.example",
    )


def went_to():
    return [one.address for mail in Message.objects.outgoing() for one in mail.addresses.all()]


def test_keys_alone_forward_it_to_an_organisation_and_take_it_back(desk, hole):
    page = desk(f"inbox/{hole.pk}/")
    hands = Hands(page)
    with hands.at_most(8, "Forward to a known organisation"):
        hands.press("4")
        for _times in range(3):
            hands.press("n")  # Newsletter, Not our area, and the third
        hands.press("Enter")
        hands.has_focus_in("To an organisation you know")
        hands.fill("eastm")
        hands.find("Eastmarsh Council")
        hands.press("Enter")
        hands.press("Control+Enter")
    hands.told(f"Forwarded to Eastmarsh Council <{COUNCIL}>. It goes out in 30 seconds.")
    assert went_to() == [COUNCIL]
    hole.refresh_from_db()
    assert hole.state == "dismissed"
    hands.press("z")
    expect(page.get_by_role("article").get_by_role("heading", name="Hole in the road", exact=True)).to_be_visible()
    hole.refresh_from_db()
    assert hole.state == "waiting"
    assert set(Message.objects.outgoing().values_list("state", flat=True)) == {"stopped"}


def test_on_a_phone_a_stranger_is_asked_about_before_anything_leaves(desk, hole):
    page = desk(f"inbox/{hole.pk}/", "narrow")
    page.get_by_role("button", name="No answer").click()
    page.get_by_role("link", name="Not our area: forward it…").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Or to an address").fill("somebody@else.example")
    form.get_by_role("button", name="Forward it").click()
    asked = form.get_by_label(re.compile("is not known here as an organisation"))
    asked.wait_for()
    assert went_to() == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
    asked.check()
    form.get_by_role("button", name="Forward with what is ticked").click()
    page.get_by_text("Forwarded to somebody@else.example.").first.wait_for()
    assert went_to() == ["somebody@else.example"]


def test_without_javascript_it_is_a_page_that_keeps_what_was_typed(desk, hole, anna):
    page = desk(f"inbox/{hole.pk}/forwarding/", script=False)
    page.get_by_label("Text", exact=True).fill("Yours, we think.")
    page.get_by_role("button", name="Forward it").click()
    page.get_by_text("Say to whom it goes.").first.wait_for()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Yours, we think.")
    page.get_by_label("To an organisation you know").fill("eastm")
    page.get_by_role("button", name="Forward it").click()
    page.get_by_label("Eastmarsh Council").check()
    page.get_by_role("button", name="Forward it").click()
    page.get_by_text("Forwarded to Eastmarsh Council").first.wait_for()
    assert went_to() == [COUNCIL]
