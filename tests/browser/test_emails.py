"""Emails from a case within the budgets of ux.md 1.7: nothing typed is lost, and what was sent can be called back."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.hands import Hands
from tests.browser.looking import EVERY_WIDTH, HERE, OPEN_DETAILS, barriers
from tests.browser.mailbag import mail, mailbox_of
from wardbook.cases.factories import CaseFactory, PartyFactory, PartyRoleFactory
from wardbook.cases.models import Activity
from wardbook.contacts.factories import ContactFactory
from wardbook.correspondence.factories import SentMessageFactory, TemplateFactory
from wardbook.correspondence.models import Message
from wardbook.offices.factories import MembershipFactory


@pytest.fixture
def case(anna):
    rhian = ContactFactory(
        office=anna.office, title="Mrs", given_name="Rhian", family_name="Evans", emails=["rhian@example.org"]
    )
    case = CaseFactory(office=anna.office, owner=anna.user, constituent=rhian, description="Damp in flat")
    housing = ContactFactory(
        office=anna.office, kind="organisation", organisation_name="Housing Services", emails=["housing@example.net"]
    )
    PartyFactory(case=case, contact=housing, role=PartyRoleFactory(office=anna.office, for_agency=True))
    mailbox_of(anna.office)
    TemplateFactory(office=anna.office)
    return case


@pytest.fixture
def question(anna, case):
    return mail(anna.office, 30, case=case, contact=case.constituent, subject="Damp in my flat")


@pytest.fixture
def at_case(desk, case):
    def open_one(width="desk", query="", **options):
        page = desk(f"cases/{case.number}/{query}", width, **options)
        return page, Hands(page)

    return open_one


def text(page):
    return page.get_by_role("textbox", name="Text")


def send(page):
    return page.get_by_role("button", name="Send email")


def is_ready(page):
    expect(text(page)).to_be_focused()
    expect(page.get_by_role("checkbox", name="Rhian Evans")).to_be_checked()


def test_an_answer_with_a_template_takes_six_by_keys(at_case, case, question):
    page, hands = at_case()
    with hands.at_most(6, "Answer with a template"):
        hands.press("r")
        is_ready(page)
        hands.fill(";;")
        hands.is_on(page.get_by_role("combobox", name="Template"))
        hands.fill("We are")
        hands.press("Enter")
        expect(text(page)).to_have_value(re.compile("Dear Mrs Evans"))
        hands.press("Control+Enter")
    hands.told(re.compile("goes out in 30 seconds"))
    sent = Message.objects.get(direction="out")
    assert (sent.state, sent.answers) == ("held", question)
    assert sent.subject.startswith("RE: Damp in my flat")
    assert sent.addresses.get().address == "rhian@example.org"


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_an_answer_with_a_template_takes_six_by_pointer(at_case, case, question, width):
    page, hands = at_case(width)
    with hands.at_most(6, "Answer with a template"):
        if width == "desk":
            hands.click(page.locator("#tab-email"))
        else:
            hands.click(page.get_by_role("navigation", name="Add to this case").get_by_role("button", name="Email"))
        is_ready(page)
        hands.choose(page.get_by_role("combobox", name="Template"), "We are on it")
        hands.click(page.get_by_role("button", name="Insert"))
        expect(text(page)).to_have_value(re.compile("Dear Mrs Evans"))
        hands.click(send(page))
    hands.told(re.compile("goes out in 30 seconds"))
    assert Message.objects.get(direction="out").answers == question


@pytest.mark.parametrize("by", ["keys", "pointer"])
def test_a_service_is_written_to_and_asked_again_later_in_ten(at_case, case, question, by):
    page, hands = at_case()
    with hands.at_most(10, "Write to a service and be reminded"):
        if by == "keys":
            hands.press("o")
        else:
            hands.click(page.get_by_role("link", name="Write to a service"))
        expect(text(page)).to_be_focused()
        hands.fill("The flat is damp. What will you do?")
        if by == "keys":
            hands.press("Shift+Tab")
            hands.is_on(page.get_by_role("textbox", name="Subject"))
            hands.fill("Damp at 14 Mill Lane")
            hands.press("Control+Enter")
        else:
            hands.fill_in(page.get_by_role("textbox", name="Subject"), "Damp at 14 Mill Lane")
            hands.click(send(page))
    hands.told(re.compile("goes out in 30 seconds"))
    sent = Message.objects.get(direction="out")
    assert [one.address for one in sent.addresses.all()] == ["housing@example.net"]
    assert (sent.line, sent.answers) == ("agency", None)
    case.refresh_from_db()
    assert case.waiting_on == "agency"
    chase = Activity.objects.planned().get(case=case)
    assert chase.due_on > timezone.localdate()


def test_an_answer_closes_its_case_in_five_by_keys_and_both_are_taken_back(at_case, case, question, tmp_path):
    page, hands = at_case()
    letter = tmp_path / "letter.txt"
    letter.write_text("what she asked for")
    with hands.at_most(5, "Answer, close with an outcome"):
        hands.press("r")
        is_ready(page)
        hands.fill("It is done. See the attached letter.")
        # A drop on the form is one hand's move; it has a test of its own.
        page.set_input_files("#compose-email input[type=file]", letter)
        hands.press("Control+Shift+Enter")
        expect(page.get_by_role("heading", name="The case closes with this email")).to_be_visible()
        expect(text(page)).to_have_value(re.compile("It is done"))
        hands.is_on(page.get_by_role("radio", name="Resolved", exact=True))
        assert list(barriers(page, HERE)) == []
        hands.press("Space")
        hands.press("Control+Enter")
    hands.told(re.compile("goes out in 30 seconds. Case .* is closed"))
    sent = Message.objects.get(direction="out")
    case.refresh_from_db()
    assert (sent.state, case.is_closed) == ("held", True)
    assert [part.name for part in sent.attachments.all()] == ["letter.txt"]
    hands.press("z")
    hands.told(re.compile("the case is open again"))
    sent.refresh_from_db()
    case.refresh_from_db()
    assert (sent.state, case.is_closed) == ("stopped", False)


def test_a_queue_is_answered_from_case_to_case(desk, anna, case, question):
    for name in ("Ann", "Bryn"):
        address = f"{name.lower()}@example.org"
        person = ContactFactory(office=anna.office, given_name=name, family_name="Lee", emails=[address])
        bins = CaseFactory(office=anna.office, owner=anna.user, constituent=person, description=f"Bins of {name}")
        mail(anna.office, 20, case=bins, contact=person, from_address=address)
    page = desk("cases/?status=open&sort=-number")
    hands = Hands(page)
    page.get_by_role("link", name="Bins of Bryn").click()
    for subject, following in (("Bins of Bryn", "Bins of Ann"), ("Bins of Ann", "Damp in flat")):
        expect(page.get_by_role("heading", name=subject)).to_be_visible()
        with hands.at_most(5, "Answer, and go on to the next"):
            hands.press("r")
            expect(text(page)).to_be_focused()
            hands.fill("We have written to the council.")
            hands.click(page.get_by_role("button", name="More ways to send"))
            hands.click(page.get_by_role("button", name="Send and next"))
        hands.told(re.compile("goes out in 30 seconds"))
        expect(page.get_by_role("heading", name=following)).to_be_visible()
    # The last of them has none after it, and the draft of another case is not in it.
    hands.press("r")
    is_ready(page)
    expect(text(page)).to_have_value("")
    page.get_by_role("button", name="More ways to send").click()
    expect(page.get_by_role("button", name="Send and next")).to_have_count(0)
    sent = Message.objects.filter(direction="out").order_by("pk").values_list("case__description", flat=True)
    assert list(sent) == ["Bins of Bryn", "Bins of Ann"]


def test_what_was_sent_is_called_back_within_thirty_seconds(at_case, question):
    page, hands = at_case(query="?write=email")
    hands.is_on(text(page))
    hands.fill("We have written to the council.")
    hands.press("Control+Enter")
    hands.told(re.compile("Email to Mrs .*Evans goes out in 30 seconds"))
    with hands.at_most(1, "Undo"):
        hands.press("z")
    page.get_by_text("Stopped").first.wait_for()
    assert Message.objects.get(direction="out").state == "stopped"


def test_a_draft_survives_a_reload(at_case, question):
    page, hands = at_case(query="?write=email")
    hands.is_on(text(page))
    hands.fill("Half a sentence")
    page.get_by_text(re.compile("^Draft saved")).first.wait_for()
    page.reload()
    expect(text(page)).to_have_value("Half a sentence")
    expect(page.get_by_role("textbox", name="Subject")).to_have_value("RE: Damp in my flat")


def test_a_stranger_is_asked_about_first_and_nothing_is_lost(at_case, case, question):
    page, hands = at_case(query="?write=email")
    hands.is_on(text(page))
    hands.fill("For the paper.")
    page.locator("input[name=uploads]").first.set_input_files(
        {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"plan"}
    )
    page.get_by_text("Somebody else, or a copy").click()
    page.get_by_role("textbox", name="Another address").fill("press@example.com")
    hands.press("Control+Enter")
    page.get_by_role("alert").filter(has_text="Before it goes").wait_for()
    assert not Message.objects.filter(direction="out").exists()
    # The file waits with the draft: one may go and come back.
    page.get_by_text(re.compile("^Draft saved")).first.wait_for()
    page.get_by_role("link", name="Not now: keep the draft").click()
    page.get_by_role("tab", name="Email").click()
    page.get_by_text("Kept, it is sent with the form").wait_for()
    expect(text(page)).to_have_value("For the paper.")
    hands.press("Control+Enter")
    page.get_by_role("alert").filter(has_text="Before it goes").wait_for()
    page.get_by_role("checkbox", name=re.compile("press@example.com is not on this case")).check()
    page.get_by_role("button", name="Send with what is ticked").click()
    hands.told("2 emails go out in 30 seconds, one to each.")
    # The draft, still on its way to the server as the email was sent, took nothing of the form's away.
    assert [one.attachments.count() for one in Message.objects.filter(direction="out")] == [1, 1]


def test_who_was_slower_sees_the_answer_of_the_other(at_case, anna, case, question):
    page, hands = at_case(query="?write=email")
    hands.is_on(text(page))
    hands.fill("My answer.")
    sam = MembershipFactory(office=anna.office, user__name="Sam Okoro").user
    SentMessageFactory(office=anna.office, mailbox=mailbox_of(anna.office), case=case, by=sam, at=timezone.now())
    hands.press("Control+Enter")
    page.get_by_text(re.compile("Sam Okoro answered meanwhile .* Your email is not sent.")).first.wait_for()
    expect(text(page)).to_have_value("My answer.")
    assert not Message.objects.filter(direction="out", by=anna.user).exists()


def test_it_works_without_javascript(at_case, question):
    page, _hands = at_case(query="?write=email", script=False)
    page.get_by_role("combobox", name="Template").select_option(label="We are on it")
    page.get_by_role("button", name="Insert").click()
    expect(text(page)).to_have_value(re.compile("Dear Mrs Evans"))
    send(page).click()
    page.get_by_text(re.compile("goes out in 30 seconds")).first.wait_for()
    page.get_by_role("button", name="Undo").first.click()
    assert Message.objects.get(direction="out").state == "stopped"


def test_nothing_stands_in_the_way_of_anybody(at_case, case, question, anna):
    page, _hands = at_case(query="?write=email")
    for path in (f"cases/{case.number}/?write=email", f"cases/{case.number}/emails/"):
        page.goto(f"/{anna.office.slug}/{path}")
        page.evaluate(OPEN_DETAILS)
        assert list(barriers(page, EVERY_WIDTH)) == []
