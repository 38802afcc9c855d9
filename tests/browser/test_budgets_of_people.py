"""Finding somebody and what one does on their page, within the budgets of ux.md 1.8."""

import pytest

from tests.browser.hands import Hands


@pytest.mark.parametrize("typed", ["rhian ev", "960021", "gm1 4ab", "rhian@example"])
def test_somebody_is_found_by_keys(desk, anna, rhian, typed):
    page = desk("")
    hands = Hands(page)
    with hands.at_most(4, f"Find by {typed}"):
        hands.press("/")
        hands.fill(typed)
        page.get_by_role("option", name="Rhian Evans").first.wait_for()
        hands.press("ArrowDown")
        hands.press("Enter")
    page.wait_for_url(f"**/people/{rhian.pk}/")


@pytest.mark.parametrize(("width", "typed"), [("desk", "evans"), ("phone", "960021"), ("narrow", "gm1 4ab")])
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_somebody_is_found_by_pointer(desk, anna, rhian, width, typed, script):
    page = desk("", width, script=script)
    hands = Hands(page)
    with hands.at_most(4, f"Find by {typed}"):
        if width != "desk":
            hands.click(page.get_by_role("link", name="Search").first)
        hands.fill_in(page.locator("main, header").get_by_label("Search").filter(visible=True).last, typed)
        if script and width == "desk":
            hands.click(page.get_by_role("option", name="Rhian Evans").first)
        else:
            page.keyboard.press("Enter")
            hands.count += 1
            hands.click(page.get_by_role("main").get_by_role("link", name="Rhian Evans").first)
    page.wait_for_url(f"**/people/{rhian.pk}/")


@pytest.mark.parametrize("width", ["desk", "phone", "narrow"])
def test_a_case_for_this_person_is_one_press_away(desk, anna, rhian, width):
    page = desk(f"people/{rhian.pk}/", width)
    hands = Hands(page)
    with hands.at_most(1, "New case for this person"):
        hands.click(page.get_by_role("main").get_by_role("link", name="New case").first)
    page.get_by_role("heading", name="New case for Rhian Evans").wait_for()
    hands.has_focus_in("What do they need?")


@pytest.mark.parametrize("width", ["desk", "phone", "narrow"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_do_not_email_and_the_language_are_two_each(desk, anna, rhian, width, script):
    page = desk(f"people/{rhian.pk}/", width, script=script)
    hands = Hands(page)
    with hands.at_most(2, "Do not email"):
        hands.click(page.get_by_role("button", name="Do not email"))
    hands.told("Do not email: yes.")
    with hands.at_most(2, "Language"):
        hands.click(page.get_by_role("link", name="Change Speaks"))
        if script:
            hands.choose(page.get_by_label("Speaks"), "Cymraeg")
        else:
            hands.click(page.get_by_role("button", name="Cymraeg"))
    hands.told("Saved.")
    rhian.refresh_from_db()
    assert (rhian.do_not_email, rhian.language) == (True, "cy")
