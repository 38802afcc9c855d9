"""A key pressed while a page is still coming is not lost (ux P16), and never meant for a page that nobody saw."""

import pytest
from playwright.sync_api import expect

from wardbook.cases.factories import CaseFactory

PAINTED = "performance.getEntriesByName('first-contentful-paint').length"


@pytest.fixture
def coming(desk, anna):
    """A function that opens a case up to where it waits for files of a pattern; it answers the page, and what lets
    them come.
    """
    case = CaseFactory(office=anna.office, owner=anna.user, description="Damp in flat")

    def open_until(pattern):
        page = desk(f"cases/{case.number}/")
        held = []

        def hold(route):
            held.append(route)

        page.route(pattern, hold)
        page.reload(wait_until="commit")
        while not held:
            page.wait_for_timeout(20)

        def come():
            page.route(pattern, lambda route: route.continue_())  # the newest route of a pattern is asked first
            for route in held:
                route.continue_()
            page.wait_for_load_state()

        return page, come

    return open_until


def test_a_key_opens_a_form_and_what_follows_is_typed_into_it(coming):
    page, come = coming("**/js/keys*.js")
    page.wait_for_function(f"() => {PAINTED}")
    page.keyboard.type("nRang back, no answer")
    assert page.evaluate("document.activeElement === document.body")
    come()

    note = page.get_by_role("textbox", name="Note")
    expect(note).to_be_focused()
    expect(note).to_have_value("Rang back, no answer")


def test_a_key_for_the_page_before_does_nothing_here(coming):
    page, come = coming("**/css/*.css")
    assert page.evaluate(PAINTED) == 0
    page.keyboard.press("e")
    come()
    page.wait_for_load_state("networkidle")

    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("e")
    expect(page.locator("dialog[open]")).to_have_count(1)
