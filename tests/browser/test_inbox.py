"""The Inbox within the budgets of ux.md 1.5: by keys, by pointer, on a phone, and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Hands
from tests.browser.looking import EVERY_WIDTH, HERE, barriers
from tests.browser.mailbag import mail, sure
from wardbook.cases.factories import CaseFactory
from wardbook.cases.models import Case
from wardbook.contacts.factories import ContactFactory
from wardbook.correspondence.models import Message
from wardbook.offices.factories import MembershipFactory


@pytest.fixture
def damp(anna):
    return CaseFactory(office=anna.office, owner=anna.user, description="Damp in flat")


@pytest.fixture
def rhian(anna):
    return ContactFactory(office=anna.office, given_name="Rhian", family_name="Evans", emails=["rhian@example.org"])


@pytest.fixture
def sam(anna):
    return MembershipFactory(office=anna.office, role="caseworker", user__name="Sam Okoro")


@pytest.fixture
def two(anna, rhian, damp):
    """A sure reply to a case, and after it a mail of a stranger."""
    return mail(anna.office, 1, **sure(damp)), mail(
        anna.office, 5, subject="Bus stop", from_name="Omar Haddad", from_address="omar@example.org"
    )


@pytest.fixture
def at_inbox(desk):
    def open_one(path="inbox/", width="desk", **options):
        page = desk(path, width, **options)
        return page, Hands(page)

    return open_one


def item(page):
    return page.get_by_role("article")


def shows(page, subject):
    expect(item(page).get_by_role("heading", name=subject, exact=True)).to_be_visible()


def file_one(hands, page, by):
    if by == "keys":
        hands.press("1")
    else:
        hands.click(item(page).get_by_role("button", name="Add to"))


@pytest.mark.parametrize("by", ["keys", "pointer"])
@pytest.mark.parametrize("width", ["desk", "phone"])
def test_it_is_filed_to_the_suggested_case_in_one_and_undone_in_one(at_inbox, two, damp, by, width):
    reply, _other = two
    page, hands = at_inbox(f"inbox/{reply.pk}/", width)
    with hands.at_most(1, "File to the suggested case"):
        file_one(hands, page, by)
    hands.told(f"Added to {damp.reference}.")
    shows(page, "Bus stop")
    hands.is_on(item(page))
    expect(page.get_by_role("status").filter(has_text=f"Added to {damp.reference}.").first).to_be_attached()
    reply.refresh_from_db()
    assert reply.case == damp
    with hands.at_most(1, "Undo the last filing"):
        if by == "keys":
            hands.press("z")
        else:
            hands.click(page.locator("#toasts").get_by_role("button", name="Undo"))
    # What is open again is on the screen again.
    shows(page, "Damp in flat")
    reply.refresh_from_db()
    assert (reply.state, reply.case) == ("waiting", None)


@pytest.mark.parametrize("by", ["keys", "pointer"])
@pytest.mark.parametrize("subject", ["Bus stop", "Damp in flat"])
def test_a_new_case_takes_two_of_a_stranger_and_of_somebody_known(at_inbox, two, by, subject):
    message = next(one for one in two if one.subject == subject)
    page, hands = at_inbox(f"inbox/{message.pk}/")
    with hands.at_most(2, "New case from mail"):
        if by == "keys":
            hands.press("2")
            hands.is_on(page.get_by_role("button", name="Open case"))
            hands.press("Enter")
        else:
            hands.click(item(page).get_by_role("link", name="New case"))
            hands.click(page.get_by_role("dialog").get_by_role("button", name="Open case"))
    hands.told(re.compile("Case .* opened"))
    message.refresh_from_db()
    assert (message.case.description, message.case.owner) == (subject, Case.objects.get(pk=message.case_id).owner)
    assert message.case.constituent.points.get().value == message.from_address


@pytest.mark.parametrize("by", ["keys", "pointer"])
def test_a_new_case_is_given_to_somebody_in_seven(at_inbox, two, sam, by):
    message = two[1]
    page, hands = at_inbox(f"inbox/{message.pk}/")
    owner = page.get_by_role("dialog").get_by_role("combobox", name="Who does it")
    with hands.at_most(7, "New case and give to Sam"):
        if by == "keys":
            hands.press("2")
            hands.is_on(page.get_by_role("button", name="Open case"))
            hands.press("Shift+Tab")
            hands.is_on(owner)
            hands.fill("Sam")
            hands.press("Control+Enter")
        else:
            hands.click(item(page).get_by_role("link", name="New case"))
            hands.choose(owner, "Sam Okoro")
            hands.click(page.get_by_role("dialog").get_by_role("button", name="Open case"))
    hands.told(re.compile("Case .* opened"))
    message.refresh_from_db()
    assert message.case.owner == sam.user


def test_twenty_mails_take_sixty_by_keys(at_inbox, anna, rhian, damp):
    for n in range(8):
        mail(anna.office, n, subject=f"Reply {n}", **sure(damp))
    for n in range(8):
        mail(anna.office, 20 + n, subject=f"New {n}", from_name="Omar", from_address=f"omar{n}@example.org")
    for n in range(4):
        mail(anna.office, 40 + n, subject=f"Offer {n}", from_address=f"offers{n}@example.net")
    page, hands = at_inbox()
    with hands.at_most(60, "Twenty mails"):
        for n in range(8):
            shows(page, f"Reply {n}")
            hands.press("1")
        for n in range(8):
            shows(page, f"New {n}")
            hands.press("2")
            hands.is_on(page.get_by_role("button", name="Open case"))
            hands.press("Enter")
        for n in range(4):
            shows(page, f"Offer {n}")
            hands.press("4")
            hands.is_on(page.get_by_role("button", name="Information only"))
            hands.press("s")
            hands.press("Enter")
    page.get_by_text("Inbox is empty").wait_for()
    page.get_by_text("You filed 20 today.").wait_for()
    assert Message.objects.filter(state="dismissed", dismissed_as="spam").count() == 4
    assert Message.objects.filter(state="filed").count() == 16


def test_the_keys_move_through_the_list_and_show_each_item(at_inbox, two):
    page, hands = at_inbox()
    shows(page, "Damp in flat")
    hands.press("j")
    hands.press("j")
    shows(page, "Bus stop")
    expect(page).to_have_url(re.compile(rf"/inbox/{two[1].pk}/$"))
    expect(page).to_have_title(re.compile("Bus stop"))
    expect(page.locator("[aria-current=true]")).to_contain_text("Bus stop")
    hands.press("k")
    shows(page, "Damp in flat")
    hands.press("1")
    hands.told(re.compile("Added to"))
    two[0].refresh_from_db()
    assert two[0].state == "filed"


def test_no_key_decides_an_item_that_is_being_replaced(at_inbox, two):
    page, hands = at_inbox()
    page.route(re.compile(rf"/inbox/{two[1].pk}/"), lambda route: None)  # the next item never comes
    hands.press("j")
    hands.press("j")
    expect(page.locator("#item")).to_have_attribute("inert", "")
    hands.press("1")
    two[0].refresh_from_db()
    assert two[0].state == "waiting"


@pytest.mark.parametrize(
    ("key", "choice", "said"),
    [
        ("4", "Newsletter", "newsletter"),
        ("h", "Next week", "It comes back"),
        ("h", "Tomorrow", "It comes back"),
    ],
)
def test_menus_are_worked_by_their_first_letters(at_inbox, two, key, choice, said):
    page, hands = at_inbox(f"inbox/{two[1].pk}/")
    hands.press(key)
    if choice != "Tomorrow":
        hands.press("n")
    hands.is_on(page.get_by_role("button", name=choice, exact=True))
    hands.press("Enter")
    hands.told(re.compile(said))
    shows(page, "Damp in flat")


def test_a_letter_typed_before_the_menu_has_the_focus_is_for_the_menu(at_inbox, two):
    page, _hands = at_inbox(f"inbox/{two[1].pk}/")
    page.get_by_role("button", name="No answer needed").focus()
    page.evaluate(
        """() => {
          const button = document.activeElement;
          button.click();
          button.dispatchEvent(new KeyboardEvent("keydown", { key: "n", bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.get_by_role("button", name="Newsletter", exact=True)).to_be_focused()


def test_it_is_given_to_a_colleague_by_key(at_inbox, two, sam):
    page, hands = at_inbox(f"inbox/{two[1].pk}/")
    hands.press("a")
    hands.is_on(page.get_by_role("combobox", name="Who shall look at it"))
    hands.fill("Sam")
    hands.press("Control+Enter")
    hands.told("Given to Sam Okoro.")
    two[1].refresh_from_db()
    assert two[1].assignee == sam.user


def test_a_case_is_found_by_key_where_none_is_suggested(at_inbox, two, damp):
    _page, hands = at_inbox(f"inbox/{two[1].pk}/")
    hands.press("1")
    hands.has_focus_in("Which case?")
    hands.fill("damp")
    hands.find("Damp in flat")
    hands.press("Enter")
    hands.press("Control+Enter")
    hands.told(f"Added to {damp.reference}.")


def test_a_closed_question_gives_the_focus_back(at_inbox, two):
    page, hands = at_inbox(f"inbox/{two[1].pk}/")
    hands.press("2")
    hands.is_on(page.get_by_role("button", name="Open case"))
    page.get_by_role("dialog").get_by_role("link", name="Cancel").click()
    hands.is_on(item(page).get_by_role("link", name="New case"))


def test_a_second_person_is_seen_on_the_item_and_on_the_row_and_comes_too_late(at_inbox, two, damp, sam):
    theirs, sams = at_inbox(f"inbox/{two[0].pk}/", who=sam)
    page, hands = at_inbox(f"inbox/{two[0].pk}/")
    page.get_by_text("Sam Okoro is looking").first.wait_for()
    expect(item(page).get_by_text("Sam Okoro is looking at this too.")).to_be_visible()
    sams.press("1")
    sams.told(re.compile("Added to"))
    hands.press("1")
    page.get_by_text(f"Sam added this to {damp.reference} a moment ago.").first.wait_for()
    shows(page, "Bus stop")
    expect(theirs.get_by_role("article")).to_be_visible()


@pytest.mark.parametrize("width", ["phone", "narrow"])
def test_a_phone_shows_the_list_then_one_item_with_the_decisions_below(at_inbox, two, width):
    page, hands = at_inbox("inbox/", width)
    expect(item(page)).to_be_hidden()
    hands.click(page.get_by_role("link", name="Bus stop"))
    shows(page, "Bus stop")
    expect(page.get_by_role("list").filter(has_text="Damp in flat")).to_be_hidden()
    buttons = page.locator(".decisions__buttons .btn")
    for button in [one for one in buttons.all() if one.is_visible()]:
        box = button.bounding_box()
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= page.viewport_size["width"]
        assert box["y"] + box["height"] <= page.viewport_size["height"]


def test_the_focus_is_never_under_the_bar_of_a_phone(at_inbox, anna):
    message = mail(anna.office, text="\n\n".join(f"Line {n}, see https://example.org/{n}" for n in range(60)))
    page, hands = at_inbox(f"inbox/{message.pk}/", "narrow")
    bar = page.locator(".decisions").bounding_box()["y"]
    for _step in range(70):
        hands.press("Tab")
        focused = page.evaluate(
            "() => { const on = document.activeElement; const box = on.getBoundingClientRect();"
            " return on.closest('.decisions') ? 0 : box.top }"
        )
        assert focused < bar


def test_it_works_without_javascript(at_inbox, two, damp, anna):
    page, _hands = at_inbox("inbox/", script=False)
    item(page).get_by_role("button", name=f"Add to {damp.reference}").click()
    page.get_by_text(f"Added to {damp.reference}.").first.wait_for()
    shows(page, "Bus stop")
    item(page).get_by_role("link", name="New case").click()
    page.get_by_role("button", name="Open case").click()
    page.get_by_text("Inbox is empty").wait_for()
    page.get_by_role("button", name="Undo").first.click()
    assert Message.objects.filter(state="waiting").count() == 1


def test_nothing_stands_in_the_way_of_anybody(at_inbox, anna, two):
    strange = mail(
        anna.office,
        9,
        subject="Look twice",
        html='<p>Words <img src="https://example.net/a.png"></p>',
        warnings=["not-on-case", "unverified", "reply-to"],
        invitation={"summary": "Opening", "starts": "2030-06-14T10:00:00+00:00", "ends": "", "place": "Quay"},
    )
    page, hands = at_inbox(f"inbox/{strange.pk}/")
    page.get_by_text("Pictures from outside are blocked.").wait_for()
    page.get_by_text("Fri 14 June 2030, 11:00").wait_for()
    assert list(barriers(page, EVERY_WIDTH)) == []
    for key in ("2", "a", "1"):
        hands.press(key)
        page.get_by_role("dialog").wait_for()
        assert list(barriers(page, HERE)) == []
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
    for key in ("4", "h"):
        hands.press(key)
        assert list(barriers(page, HERE)) == []
        page.keyboard.press("Escape")
