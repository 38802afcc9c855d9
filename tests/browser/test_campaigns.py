"""Campaigns within the budgets of ux.md 1.12: by keys and by pointer, on a phone, and without JavaScript."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.hands import Hands
from tests.browser.looking import barriers
from tests.browser.mailbag import mailbox_of
from wardbook.cases.models import Case
from wardbook.correspondence.actions import bulk, campaigns
from wardbook.correspondence.factories import TemplateFactory
from wardbook.correspondence.models import BulkReply, Campaign, Message
from wardbook.correspondence.tests.alike_mails import HELP, copies, copy, group
from wardbook.vocabulary import actions as vocabulary_actions


@pytest.fixture
def group_of_six(anna):
    """A proposed group: five copies, and one who needs help."""
    vocabulary_actions.seed_lists(anna.office, by=None, at=timezone.now())
    mailbox_of(anna.office)
    copies(anna.office, 5)
    copy(anna.office, 6, own=HELP)
    group()
    return Campaign.objects.get()


@pytest.fixture
def accepted(anna, group_of_six):
    TemplateFactory(
        office=anna.office,
        name="Pensions",
        subject="Your letter",
        body="Dear {person.formal_name},\n\nI voted against it.",
    )
    return campaigns.accept(group_of_six, by=anna.user, at=timezone.now())


@pytest.fixture
def held(anna, accepted):
    """An answer that starts in a minute."""
    return bulk.write(
        accepted,
        identity=anna.office.sender_identities.get(),
        subject="Your letter",
        body="I voted against it.",
        by=anna.user,
        at=timezone.now(),
        seen=Campaign.objects.get().version,
    )


@pytest.fixture
def at(desk):
    def open_one(path, width="desk", **options):
        page = desk(path, width, **options)
        return page, Hands(page)

    return open_one


@pytest.mark.parametrize(("by", "width"), [("keys", "desk"), ("pointer", "phone")])
def test_a_group_is_accepted_in_one(at, group_of_six, by, width):
    page, hands = at(f"campaigns/{group_of_six.pk}/", width)
    with hands.at_most(1, "Accept a proposed group"):
        if by == "keys":
            hands.press("a")
        else:
            hands.click(page.get_by_role("button", name="Accept as a campaign"))
    hands.told("Campaign made, filed on")
    expect(page.get_by_role("link", name="Reply to all 6")).to_be_visible()
    assert Message.objects.filter(state="filed", case=Case.objects.get()).count() == 5


@pytest.mark.parametrize(("by", "width"), [("keys", "desk"), ("pointer", "phone")])
def test_a_hidden_case_is_taken_out_in_two(at, accepted, by, width):
    page, hands = at(f"campaigns/{accepted.pk}/", width)
    with hands.at_most(2, "Take out a hidden case"):
        if by == "keys":
            hands.press("m")
            hands.is_on(page.get_by_role("button", name="Open case"))
            hands.press("Enter")
        else:
            hands.click(page.get_by_role("link", name="Make a case"))
            hands.click(page.get_by_role("dialog").get_by_role("button", name="Open case"))
    hands.told("opened")
    expect(page.get_by_text("Nobody wrote more than the common text.")).to_be_visible()
    ill = Message.objects.get(text__contains="pension credit")
    assert (ill.campaign, ill.state) == (None, "filed")
    assert ill.case.description.startswith("I also cannot get my pension credit")


@pytest.mark.parametrize(("by", "width"), [("keys", "desk"), ("pointer", "narrow")])
def test_all_are_answered_in_seven_and_stopped_in_one(at, accepted, by, width):
    page, hands = at(f"campaigns/{accepted.pk}/", width)
    with hands.at_most(7, "Answer all"):
        if by == "keys":
            hands.press("r")
            page.get_by_role("link", name="Pensions").wait_for()
            hands.press("1")
            expect(page.get_by_label("Subject")).to_have_value("Your letter")
            hands.press("Control+Enter")
            hands.is_on(page.get_by_role("heading", name="3 Send"))
            hands.see("5 people get it")
            hands.press("s")
        else:
            hands.click(page.get_by_role("link", name="Reply to all 6"))
            hands.click(page.get_by_role("link", name="Pensions"))
            hands.click(page.get_by_role("button", name="2 Check who gets what"))
            hands.click(page.get_by_role("button", name="Send to all 5"))
    hands.told("It starts in 60 seconds.")
    expect(page.get_by_role("status").filter(has_text="to 5 people")).to_be_visible()
    with hands.at_most(1, "Stop while sending"):
        if by == "keys":
            hands.press("x")
        else:
            hands.click(page.get_by_role("button", name="Stop"))
    hands.told("Stopped. 0 had gone out.")
    expect(page.get_by_role("status").filter(has_text="Stopped. Sent 0 of 5.")).to_be_visible()
    assert BulkReply.objects.get().state == "stopped"
    assert not Message.objects.outgoing().exclude(state="stopped").exists()


def test_without_javascript_it_is_accepted_read_answered_and_stopped(at, group_of_six, anna):
    page, _hands = at(f"campaigns/{group_of_six.pk}/", script=False)
    page.get_by_role("button", name="Accept as a campaign").click()
    page.get_by_role("button", name="Put with the rest").click()
    expect(page.get_by_text("Nobody wrote more than the common text.")).to_be_visible()
    page.get_by_role("link", name="Reply to all 6").click()
    page.get_by_label("Text").fill("I voted against it.")
    page.get_by_role("button", name="2 Check who gets what").click()
    page.get_by_role("button", name="Send to all 6").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped. Sent 0 of 6.")).to_be_visible()


def test_part_sent_says_exactly_who_got_it(at, held):
    later = held.starts_at + timedelta(seconds=1)
    bulk.go_on(clock=lambda: later, until=later)
    written = list(Message.objects.outgoing().order_by("pk"))
    for message, state in zip(written, ("sent", "sent", "bounced", "uncertain", "failed"), strict=True):
        Message.objects.filter(pk=message.pk).update(state=state)
    page, hands = at(f"campaigns/answers/{held.pk}/")
    hands.see("1 may have gone out; the line broke at that moment.")
    hands.see("1 came back, 1 could not be sent.")
    for tab, count in (("Got it", 2), ("Perhaps sent", 1), ("Came back", 1), ("Did not get it", 1), ("Left out", 1)):
        page.get_by_role("link", name=f"{tab} {count}").click()
        expect(
            page.get_by_label("Who got it").get_by_role("listitem").filter(has_text="@home.example")
        ).to_have_count(count)


def test_before_it_starts_all_are_waiting_to_go_out(at, held):
    page, _hands = at(f"campaigns/answers/{held.pk}/")
    page.get_by_role("link", name="Waiting to go out 5").click()
    expect(page.get_by_text("To be written")).to_have_count(5)
    expect(page.get_by_role("link", name="Did not get it")).to_have_count(0)


@pytest.mark.parametrize("which", ["proposed", "accepted", "answered", "checked"])
def test_nothing_is_wrong_for_those_who_cannot_see_or_have_little_room(at, request, which, anna):
    campaign = request.getfixturevalue("group_of_six" if which == "proposed" else "accepted")
    campaigns.change(campaign, position="We are against it.", by=anna.user, at=timezone.now())
    path = f"campaigns/{campaign.pk}/"
    if which == "answered":
        path = f"campaigns/answers/{request.getfixturevalue('held').pk}/"
    page, _hands = at(path + ("reply/" if which == "checked" else ""))
    if which == "checked":
        page.get_by_label("Text").fill("Dear {person.formal_name},\n\nI agree.")
        page.get_by_role("button", name="2 Check who gets what").click()
        page.get_by_role("heading", name="Samples").wait_for()
    assert list(barriers(page)) == []
