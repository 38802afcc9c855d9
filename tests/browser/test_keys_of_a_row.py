"""The keys of the bulk bar act on the row in hand when nothing is ticked (ux.md 1.2)."""

import pytest
from playwright.sync_api import expect

from wardbook.cases.factories import CaseFactory


@pytest.mark.parametrize(("key", "title"), [("a", "Assign"), ("p", "Priority"), ("e", "Close")])
def test_a_key_is_about_the_row_in_hand(desk, anna, key, title):
    for number in range(3):
        CaseFactory(office=anna.office, owner=anna.user, description=f"Damp {number}")
    page = desk("cases/")
    page.keyboard.press(key)
    expect(page.locator("dialog[open]")).to_have_count(0)

    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("[data-row][data-current] input[type=checkbox]").get_attribute("value")
    page.keyboard.press(key)

    expect(page.locator("dialog[open]")).to_contain_text(f"{title}: 1 case")
    ticked = page.locator("[data-row] input:checked")
    expect(ticked).to_have_count(1)
    expect(ticked).to_have_value(second)
