"""Home and the list of cases within the budgets of ux.md 1.4 and 1.6, by pointer and by keys."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.hands import Hands
from wardbook.cases.factories import CaseFactory, FollowUpFactory
from wardbook.cases.models import Activity, Case
from wardbook.desk.models import SavedView
from wardbook.offices.factories import ManagerFactory, MembershipFactory
from wardbook.vocabulary.models import PolicyArea

TODAY = timezone.localdate


@pytest.fixture
def sam(anna):
    return MembershipFactory(office=anna.office, user__name="Sam Okoro")


@pytest.fixture
def overdue(anna):
    """Two things that Anna should have done; the chase is the longer overdue."""
    made = {}
    for subject, days in (("Chase Housing Services", 3), ("Ring back", 1)):
        case = CaseFactory(office=anna.office, owner=anna.user, description=f"Case of: {subject}")
        made[subject] = FollowUpFactory(
            case=case, subject=subject, due_on=TODAY() - timedelta(days=days), assignee=anna.user
        )
    return made


@pytest.fixture
def many(anna):
    """Six cases of Anna's about housing, three weeks old; one is new, one is somebody's else, one about money."""
    housing = PolicyArea.objects.get(office=anna.office, name="Housing")
    old = TODAY() - timedelta(days=21)
    cases = [
        CaseFactory(
            office=anna.office, owner=anna.user, description=f"Damp {number}", policy_area=housing, opened_on=old
        )
        for number in range(6)
    ]
    CaseFactory(
        office=anna.office, owner=anna.user, description="Damp of today", policy_area=housing, opened_on=TODAY()
    )
    CaseFactory(office=anna.office, description="Nobody's damp", policy_area=housing, opened_on=old)
    CaseFactory(office=anna.office, owner=anna.user, description="Council tax", opened_on=old)
    return cases


def rows(page):
    return page.locator("#cases-list tbody tr")


def test_a_follow_up_is_done_and_the_next_set_in_two_presses(desk, anna, overdue):
    page = desk("")
    hands = Hands(page)
    with hands.at_most(2, "Finish a follow-up and set the next"):
        hands.click(page.get_by_role("button", name="Done Chase Housing Services"))
        hands.click(page.get_by_role("button", name="Next week"))
    hands.told("Next: Chase Housing Services")
    following = Activity.objects.planned().get(subject="Chase Housing Services")
    assert following.due_on == anna.office.local_date(timezone.now()) + timedelta(days=7)


def test_the_same_by_keys_after_going_to_the_row(desk, anna, overdue):
    page = desk("")
    hands = Hands(page)
    page.keyboard.press("j")
    hands.is_on(page.get_by_role("link", name="Chase Housing Services").first)
    with hands.at_most(2, "Finish a follow-up and set the next"):
        hands.press("e")
        # The first answer has the focus: tomorrow.
        hands.is_on(page.get_by_role("button", name="Tomorrow"))
        hands.press("Enter")
    hands.told("Next: Chase Housing Services")


@pytest.mark.parametrize("width", ["desk", "phone", "narrow"])
def test_the_most_overdue_is_first_and_one_press_away(desk, anna, overdue, width):
    page = desk("", width)
    hands = Hands(page)
    first = page.get_by_role("listitem").filter(has_text="Overdue").first
    with hands.at_most(1, "Open the most overdue"):
        hands.click(first.get_by_role("link", name="Chase Housing Services"))
    page.wait_for_url(f"**/cases/{overdue['Chase Housing Services'].case.number}/**")


def test_a_manager_sees_who_has_too_much_and_moves_five(desk, anna, sam, many):
    page = desk("", who=ManagerFactory(office=anna.office))
    hands = Hands(page)
    with hands.at_most(8, "See who is overloaded and move 5 cases"):
        hands.click(page.get_by_role("table").get_by_role("link", name=str(anna.user)))
        for number in range(5):
            hands.click(page.get_by_role("checkbox", name=f"Select case {many[number].reference}"))
        hands.choose(page.get_by_label("Give them to"), "Sam Okoro")
        hands.click(page.get_by_role("button", name="Give them the ticked cases"))
    hands.told("5 cases are now Sam's.")
    assert Case.objects.filter(owner=sam.user).count() == 5


def test_my_open_housing_cases_older_than_a_fortnight_typed(desk, anna, many):
    page = desk()
    hands = Hands(page)
    with hands.at_most(3, "My open housing cases older than 14 days, typed"):
        hands.press("f")
        hands.fill("me open housing >14d")
        hands.press("Enter")
    expect(rows(page)).to_have_count(6)
    for chip in ("Housing", "14 days"):
        expect(page.get_by_role("list", name="Filters in use").get_by_text(chip).first).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_the_same_with_chips(desk, anna, many, script):
    page = desk(script=script)
    hands = Hands(page)
    with hands.at_most(6, "My open housing cases older than 14 days, with chips"):
        hands.click(page.get_by_role("link", name="Mine"))
        page.get_by_role("list", name="Filters in use").get_by_text("Assigned to me", exact=True).wait_for()
        hands.click(page.get_by_role("link", name="More filters"))
        if script:
            hands.fill_in(page.get_by_role("combobox", name="Policy area", exact=True), "housing")
            hands.click(page.get_by_role("option", name="Housing").first)
        else:
            area = page.get_by_role("listbox", name="Policy area", exact=True)
            hands.choose(area, area.get_by_role("option", name="Housing").first.text_content())
        hands.fill_in(page.get_by_role("group", name="Age").get_by_role("spinbutton").first, "15")
        hands.click(page.get_by_role("button", name="Show the cases"))
    expect(rows(page)).to_have_count(6)


def test_a_view_is_saved_in_three(desk, anna, many):
    page = desk("cases/?q=me+housing")
    hands = Hands(page)
    with hands.at_most(3, "Save as view"):
        hands.click(page.get_by_role("link", name="Save view"))
        hands.fill_in(page.get_by_label("Name"), "My housing")
        hands.click(page.get_by_role("button", name="Save"))
    page.get_by_role("heading", level=1, name="My housing").wait_for()
    assert SavedView.objects.get(name="My housing").owner == anna.user


@pytest.mark.parametrize("width", ["desk", "phone", "narrow"])
def test_five_are_given_to_sam_by_pointer_and_taken_back_by_one_press(desk, anna, sam, many, width):
    page = desk("cases/?q=me+housing", width)
    hands = Hands(page)
    with hands.at_most(9, "Assign 5"):
        for number in range(5):
            hands.click(page.get_by_role("checkbox", name=f"Select {many[number].reference}"))
        hands.click(page.get_by_role("region", name="Bulk actions").get_by_role("button", name="Assign"))
        hands.fill_in(page.get_by_role("combobox", name="Who"), "sam")
        hands.click(page.get_by_role("option", name="Sam Okoro"))
        hands.click(page.get_by_role("dialog").get_by_role("button", name="Assign"))
    hands.told("5 cases")
    expect(rows(page)).to_have_count(2)
    assert Case.objects.filter(owner=sam.user).count() == 5
    with hands.at_most(1, "Undo"):
        hands.click(page.get_by_role("button", name="Undo", exact=True))
    expect(rows(page)).to_have_count(7)
    assert not Case.objects.filter(owner=sam.user).exists()


def test_the_same_by_keys_alone(desk, anna, sam, many):
    page = desk("cases/?q=me+housing")
    hands = Hands(page)
    page.keyboard.press("j")
    with hands.at_most(9, "Assign 5"):
        hands.press("x")
        for _row in range(4):
            hands.press("Shift+J")
        hands.see("5 selected")
        hands.press("a")
        hands.has_focus_in("Who")
        hands.fill("sam")
        hands.find("Sam Okoro")
        hands.press("Enter")
        hands.press("Control+Enter")
    hands.told("5 cases")
    expect(rows(page)).to_have_count(2)
    assert Case.objects.filter(owner=sam.user).count() == 5
    with hands.at_most(1, "Undo"):
        hands.press("z")
    expect(rows(page)).to_have_count(7)
    assert not Case.objects.filter(owner=sam.user).exists()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
@pytest.mark.parametrize("width", ["desk", "narrow"])
def test_what_is_seen_is_taken_along_in_two_presses(desk, anna, width, script):
    CaseFactory(office=anna.office, owner=anna.user, description="Damp in flat")
    CaseFactory(office=anna.office, owner=anna.user, description="Bins")
    page = desk("cases/?status=open&text=damp", width, script=script)
    hands = Hands(page)
    with hands.at_most(2, "Export what I see as CSV"), page.expect_download() as coming:
        hands.click(page.get_by_role("button", name="Export"))
        hands.click(page.get_by_role("link", name="CSV, these columns"))
    content = coming.value.path().read_text(encoding="utf-8")
    assert "Damp in flat" in content
    assert "Bins" not in content
    assert page.url.endswith("/cases/?status=open&text=damp")


def test_the_page_is_printed_as_a_table_that_says_what_it_is(desk, anna):
    CaseFactory(office=anna.office, owner=anna.user, description="Damp in flat")
    page = desk("cases/?status=open&owner=me")
    page.evaluate("() => { window.print = () => document.body.setAttribute('data-printed', '1') }")
    hands = Hands(page)
    with hands.at_most(2, "Print what I see"):
        hands.click(page.get_by_role("button", name="Export"))
        hands.click(page.get_by_role("button", name="Print this page"))
    expect(page.locator("body[data-printed]")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_text(f"Printed by {anna.user.name}")).to_be_visible()
    expect(page.get_by_text("Damp in flat")).to_be_visible()
    expect(page.get_by_role("button", name="Export")).to_be_hidden()
