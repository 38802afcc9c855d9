"""The components in a real browser: by keys, in the dialog, on a phone. For axe: tests/browser/test_every_page.py."""

import re

import pytest
from django.urls import reverse

from wardbook.offices.factories import ManagerFactory


@pytest.fixture
def design(client, open_page, live_server):
    """A function that opens the design page as an office manager."""
    manager = ManagerFactory()
    client.force_login(manager.user)
    cookie = {"name": client.cookies.keys().__iter__().__next__(), "url": live_server.url}
    cookie["value"] = client.cookies[cookie["name"]].value

    def open_design(width="desk", **options):
        page = open_page(width, reduced_motion="reduce", **options)
        page.context.add_cookies([cookie])
        page.goto(reverse("desk:styleguide", args=[manager.office.slug]))
        page.wait_for_load_state("networkidle")
        return page

    return open_design


def focused(page):
    return page.evaluate("document.activeElement.id")


def test_nothing_is_wider_than_a_narrow_phone(design):
    page = design("phone")
    page.set_viewport_size({"width": 320, "height": 700})

    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_key_presses_the_button_that_shows_it(design):
    page = design()
    page.keyboard.press("n")

    assert focused(page) == "id_note-body"


def test_keys_are_letters_inside_a_field(design):
    page = design()
    page.locator("#id_sample-what").fill("")
    page.keyboard.type("nc?")

    assert page.locator("#id_sample-what").input_value() == "nc?"
    assert page.locator("dialog[open]").count() == 0


def test_the_question_mark_lists_the_keys_of_the_page(design):
    page = design()
    page.keyboard.press("?")
    listed = page.get_by_role("dialog", name="Keys").inner_text()

    assert re.search(r"New case\s+c\b", listed)
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_rows_are_walked_and_ticked_by_keys(design):
    page = design()
    page.locator("#guide-cases [data-row-link]").first.focus()
    for key in ("j", "x", "Shift+J"):
        page.keyboard.press(key)

    assert page.locator("#guide-cases [data-bulk-count]").inner_text() == "2 selected"
    page.keyboard.press("Escape")
    assert not page.locator("#guide-cases .bulk").is_visible()


def test_a_person_is_found_by_typing_and_chosen_by_enter(design):
    page = design()
    who = page.get_by_role("combobox", name="Who is it about?").first
    who.press_sequentially("evans")
    page.get_by_role("option", name="Rhian Evans").wait_for()
    who.press("Enter")

    assert who.input_value() == "Rhian Evans"
    assert page.locator("input[name=sample-who]").input_value() == "318"


def test_text_that_is_no_choice_stays_and_is_explained(design):
    page = design()
    who = page.get_by_role("combobox", name="Who is it about?").first
    who.press_sequentially("nobody we know")
    who.press("Tab")

    page.get_by_text("Choose one from the list").first.wait_for()
    assert who.input_value() == "nobody we know"


def test_the_first_backspace_only_goes_to_the_tag(design):
    page = design()
    tags = page.get_by_role("combobox", name="Tags")
    tags.focus()
    page.keyboard.press("Backspace")
    assert page.get_by_role("button", name="Remove mould").is_visible()

    page.keyboard.press("Backspace")
    assert page.get_by_role("button", name="Remove mould").count() == 0
    assert page.get_by_role("button", name="Remove damp").is_visible()


def test_what_is_typed_in_one_tab_of_the_composer_is_in_no_other(design):
    page = design()
    page.keyboard.press("n")
    page.keyboard.type("for the office")
    page.get_by_role("tab", name="Note").focus()
    page.keyboard.press("ArrowRight")

    assert page.get_by_role("tab", name="Call").get_attribute("aria-selected") == "true"
    assert page.locator("#id_call-body").input_value() == ""


def test_leaving_a_form_with_text_asks_first(design):
    page = design()
    page.locator("#id_sample-details").fill("Long story")
    page.locator(".rail__link").first.click()
    page.get_by_role("button", name="Keep editing").click()

    assert page.url.endswith("/settings/styleguide/")
    assert page.locator("#id_sample-details").input_value() == "Long story"
    page.locator("#id_sample-details").fill("")


def test_the_page_is_whole_without_javascript(design):
    page = design(script=False)

    assert page.locator("select[name=sample-area]").is_visible()
    assert not page.get_by_role("button", name="Help and keys").is_visible()
    assert page.get_by_role("button", name="Save case").is_visible()
