"""Quick log within the budgets of ux.md 1.3, counted."""

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Hands
from tests.browser.looking import OPEN_DETAILS, barriers
from wardbook.cases.factories import CaseFactory
from wardbook.cases.models import Activity, Case
from wardbook.contacts.models import Contact
from wardbook.desk.tests.people import rhian_of
from wardbook.vocabulary.models import Category


def dialog(page):
    page.locator("#dialog-quick-log").wait_for()
    return Hands(page)


def test_a_known_person_in_six(desk, anna, rhian):
    page = desk()
    hands = Hands(page)
    hands.press("c")
    dialog(page)
    hands.has_focus_in("Who is it about?")
    hands.fill("evans")
    hands.find("Rhian Evans")
    hands.press("Enter")
    hands.see("Mrs Evans has 2 open cases")
    hands.has_focus_in("What do they need?")
    hands.fill("School transport")
    hands.press("Control+Enter")

    page.wait_for_url("**/cases/?saved=*")
    case = Case.objects.get(description="School transport")
    assert (case.constituent, case.owner, case.contact_type.code) == (rhian, anna.user, "phone")
    assert case.next_step_on
    assert hands.count <= 6
    row = page.locator(f"#case-{case.number}")
    row.wait_for()
    row.locator("a:focus").wait_for()


def test_an_unknown_person_with_phone_and_postcode_in_nine(desk, anna, rhian):
    page = desk()
    hands = Hands(page)
    hands.press("c")
    dialog(page)
    hands.fill("dewi pugh")
    page.locator(".combo__option--add").wait_for()
    hands.press("Enter")
    hands.has_focus_in("Phone")
    hands.fill("01632 960 114")
    hands.press("Tab")
    hands.has_focus_in("Postcode")
    hands.fill("GM4 2XT")
    hands.press("Tab")
    hands.has_focus_in("What do they need?")
    hands.fill("Council tax band")
    hands.press("Control+Enter")

    page.wait_for_url("**/cases/?saved=*")
    dewi = Contact.objects.get(family_name="Pugh")
    assert dewi.name == "Dewi Pugh"
    assert dewi.points.get().value == "01632 960 114"
    assert dewi.addresses.get().postcode == "GM4 2XT"
    assert Case.objects.get(constituent=dewi).description == "Council tax band"
    assert hands.count <= 9


def test_added_to_an_open_case_in_seven_by_keys_alone(desk, anna, rhian):
    page = desk()
    hands = Hands(page)
    hands.press("c")
    dialog(page)
    hands.fill("evans")
    hands.find("Rhian Evans")
    hands.press("Enter")
    hands.see("Mrs Evans has 2 open cases")
    hands.fill("Still damp")
    hands.press("Shift+Tab")
    hands.press("Shift+Tab")
    wanted = page.evaluate("document.activeElement.value")
    hands.press("Enter")

    page.wait_for_url(f"**/cases/{wanted}/")
    call = Activity.objects.get(subject="Still damp")
    assert (call.case.number, call.contact) == (int(wanted), rhian)
    assert Case.objects.count() == 2
    assert hands.count <= 7


def test_just_recorded_in_six(desk, anna, rhian):
    page = desk()
    hands = Hands(page)
    hands.press("c")
    dialog(page)
    hands.fill("evans")
    hands.find("Rhian Evans")
    hands.press("Enter")
    hands.see("Mrs Evans has 2 open cases")
    hands.fill("Opening hours")
    hands.press("Alt+Enter")

    page.wait_for_url("**/people/**")
    call = Activity.objects.get(subject="Opening hours")
    assert (call.case, call.contact) == (None, rhian)
    assert hands.count <= 6


def test_the_same_by_pointer(desk, anna, rhian):
    page = desk()
    hands = Hands(page)
    hands.click(page.get_by_role("link", name="New case").first)
    dialog(page)
    hands.fill("evans")
    hands.find("Rhian Evans")
    hands.click(page.get_by_role("option", name="Rhian Evans"))
    hands.see("Mrs Evans has 2 open cases")
    hands.fill("Still damp")
    hands.click(page.get_by_role("button", name="Add to this case").first)
    page.wait_for_url("**/cases/*/")
    assert hands.count <= 7


def test_a_sure_suggestion_is_ticked_and_can_be_unticked(desk, anna, rhian):
    category = Category.objects.filter(office=anna.office).last()
    for _number in range(4):
        CaseFactory(
            office=anna.office,
            description="Squeaking gate",
            policy_area=category.policy_area,
            category=category,
            closed=True,
        )
    page = desk("cases/new/")
    page.get_by_label("They do not want to be named").check()
    page.get_by_label("What do they need?").fill("The gate is squeaking")
    chip = page.get_by_role("checkbox", name=category.name)
    chip.wait_for()
    assert chip.is_checked()
    page.get_by_role("button", name="Save case").click()
    page.wait_for_url("**/cases/?saved=*")
    assert Case.objects.get(description="The gate is squeaking").category == category

    page.goto(f"/{anna.office.slug}/cases/new/")
    page.get_by_label("They do not want to be named").check()
    what = page.get_by_label("What do they need?")
    what.fill("A gate")
    chip.wait_for()
    page.locator(".chip--tick", has_text=category.name).click()
    what.press("End")
    with page.expect_response("**/suggestions/**"):
        what.press_sequentially(" again")
    page.wait_for_timeout(200)
    assert not chip.is_checked()
    assert what.evaluate("field => field === document.activeElement")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/cases/?saved=*")
    assert Case.objects.get(description="A gate again").category is None


def test_what_is_wrong_is_said_in_the_dialog_and_nothing_typed_is_lost(desk, anna, rhian):
    page = desk()
    page.keyboard.press("c")
    dialog(page)
    page.get_by_label("What do they need?").fill("Damp in the hall")
    page.keyboard.press("Control+Enter")
    page.get_by_text("There is a problem").wait_for()
    page.locator(".summary:focus").wait_for()
    assert page.get_by_label("What do they need?").input_value() == "Damp in the hall"
    page.get_by_role("link", name="Who is it about?").click()
    Hands(page).has_focus_in("Who is it about?")


def test_a_dirty_dialog_asks_before_it_closes(desk, anna, rhian):
    page = desk()
    page.keyboard.press("c")
    dialog(page)
    page.keyboard.press("Escape")
    page.locator("#dialog-quick-log").wait_for(state="detached")

    page.keyboard.press("c")
    dialog(page)
    page.get_by_label("What do they need?").fill("Damp in the hall")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keep editing").click()
    assert page.get_by_label("What do they need?").input_value() == "Damp in the hall"
    page.get_by_role("button", name="Close", exact=True).first.click()
    page.get_by_role("button", name="Discard", exact=True).click()
    page.locator("#dialog-quick-log").wait_for(state="detached")
    assert not Case.objects.filter(description="Damp in the hall").exists()


def test_a_draft_survives_a_reload(desk, anna, rhian):
    page = desk("cases/new/")
    page.get_by_label("What do they need?").fill("Half a sentence")
    page.get_by_text("Draft saved").wait_for()
    page.reload()
    assert page.get_by_label("What do they need?").input_value() == "Half a sentence"
    page.get_by_role("button", name="Discard the draft").click()
    expect(page.get_by_label("What do they need?")).to_have_value("")


def test_a_case_for_this_person_from_their_page_without_cases(desk, anna):
    gwen = rhian_of(anna.office, given_name="Gwen")
    page = desk(f"people/{gwen.pk}/")
    page.keyboard.press("c")
    Hands(page).has_focus_in("What do they need?")
    page.keyboard.type("Bins")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/people/*/?saved=*")
    assert Case.objects.get().constituent == gwen
    assert page.get_by_role("link", name="Add case").is_visible()


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_it_works_without_javascript_in_two_steps(desk, anna, rhian, width):
    page = desk("cases/new/", width, script=False)
    page.get_by_label("Who is it about?").fill("evans")
    page.get_by_label("What do they need?").fill("School transport")
    page.get_by_role("button", name="Save case").last.click()
    page.get_by_label("Rhian Evans").check()
    page.get_by_role("button", name="Save case").last.click()
    page.wait_for_url("**/cases/?saved=*")
    assert Case.objects.get(description="School transport").constituent == rhian


def test_the_three_answers_are_above_the_fold_of_a_phone(desk, anna):
    page = desk("cases/new/", "phone")
    page.set_viewport_size({"width": 390, "height": 664})
    bar = page.locator(".rail").bounding_box()
    for label in ("Who is it about?", "What do they need?"):
        box = page.get_by_label(label).bounding_box()
        assert box["y"] + box["height"] <= bar["y"], label
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_no_page_about_people_breaks_a_rule_of_accessibility(desk, anna, rhian):
    page = desk("people/")
    for path in (
        "people/",
        f"people/{rhian.pk}/",
        f"people/{rhian.pk}/?tab=timeline",
        f"people/{rhian.pk}/?tab=notes",
        f"people/{rhian.pk}/edit/",
        f"people/{rhian.pk}/log/",
        f"cases/new/?contact={rhian.pk}",
        "cases/new/",
    ):
        page.goto(f"/{anna.office.slug}/{path}")
        page.evaluate(OPEN_DETAILS)
        assert list(barriers(page)) == [], path


def test_n_opens_it_too_and_c_is_this_persons_on_their_page(desk, anna, rhian):
    page = desk()
    page.keyboard.press("n")
    dialog(page)
    page.keyboard.press("Escape")
    page.goto(f"/{anna.office.slug}/people/{rhian.pk}/")
    page.keyboard.press("c")
    page.get_by_role("dialog", name="New case for Rhian Evans").wait_for()
    Hands(page).has_focus_in("What do they need?")
    page.keyboard.type("Bins")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/people/*/?saved=*")
    assert Case.objects.get(description="Bins").constituent == rhian


def test_do_not_call_and_the_language_are_two_presses(desk, anna, rhian):
    page = desk(f"people/{rhian.pk}/")
    page.get_by_role("button", name="Do not call").click()
    page.locator(".toast", has_text="Do not call: yes.").wait_for()
    page.get_by_role("link", name="Change Speaks").click()
    page.get_by_label("Speaks").select_option("cy")
    page.locator(".toast", has_text="Saved.").wait_for()
    rhian.refresh_from_db()
    assert (rhian.do_not_call, rhian.language) == (True, "cy")
