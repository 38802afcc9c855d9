"""Two people on one case, impatient fingers, a tab closed too early: nothing is overwritten, doubled or lost."""

import re

import pytest
from playwright.sync_api import expect

from wardbook.cases.factories import CaseFactory
from wardbook.cases.models import Case, InternalNote
from wardbook.offices.factories import MembershipFactory


@pytest.fixture
def sam(anna):
    return MembershipFactory(office=anna.office, user__name="Sam Okoro")


@pytest.fixture
def damp(anna):
    return CaseFactory(office=anna.office, owner=anna.user, description="Damp in flat")


@pytest.fixture
def two_editors(desk, damp, sam):
    """Anna and Sam have the title of one case open; Sam saves first, then Anna."""

    def go(**options):
        pages = [desk(f"cases/{damp.number}/", who=who, **options) for who in (None, sam)]
        for page, title in zip(pages, ("Rot in the hall", "Mould in the kitchen"), strict=True):
            page.get_by_role("link", name="Change Title and details").click()
            page.get_by_label("What it is about").fill(title)
        anna, other = pages
        save(other)
        expect(other.get_by_role("heading", level=1)).to_have_text("Mould in the kitchen")
        save(anna)
        anna.get_by_role("heading", name="Sam Okoro saved this before you").wait_for()
        return anna

    return go


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_the_second_of_two_sees_both_versions_and_may_keep_theirs_own(two_editors, damp, script):
    page = two_editors(script=script)
    expect(page.get_by_role("radio", name="Rot in the hall")).to_be_checked()
    expect(page.get_by_role("radio", name="Mould in the kitchen")).to_be_visible()
    page.get_by_role("button", name="Save what I chose").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rot in the hall")
    damp.refresh_from_db()
    assert damp.description == "Rot in the hall"


def test_the_second_of_two_may_keep_the_colleagues(two_editors, damp):
    page = two_editors()
    page.get_by_role("radio", name="Mould in the kitchen").check()
    page.get_by_role("button", name="Save what I chose").click()
    page.get_by_role("button", name="Save what I chose").wait_for(state="detached")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mould in the kitchen")
    damp.refresh_from_db()
    assert damp.description == "Mould in the kitchen"


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_double_click_logs_one_case(desk, anna, script):
    page = desk("cases/new/", script=script)
    page.get_by_label("They do not want to be named").check()
    page.get_by_label("What do they need?").fill("Dark street")
    page.get_by_role("button", name="Save case").last.dblclick()
    page.wait_for_url("**/cases/?saved=*")
    assert Case.objects.filter(description="Dark street").count() == 1


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_double_click_adds_one_note(desk, damp, script):
    page = desk(f"cases/{damp.number}/", script=script)
    page.get_by_role("textbox", name="Note").fill("Rang back.")
    page.get_by_role("button", name="Add note for the office").dblclick()
    page.locator("#toasts").get_by_text("Note added.").wait_for()
    assert InternalNote.objects.filter(case=damp, text="Rang back.").count() == 1


def test_a_note_half_written_is_there_after_a_reload_and_after_its_tab_was_closed(desk, damp):
    page = desk(f"cases/{damp.number}/")
    page.get_by_role("textbox", name="Note").fill("Half a sentence")
    page.get_by_text("Draft saved").first.wait_for()
    page.reload()
    expect(page.get_by_role("textbox", name="Note")).to_have_value("Half a sentence")

    # No pause after the last word: what was not sent yet is on the device.
    page.get_by_role("textbox", name="Note").fill("A whole sentence")
    address, browser = page.url, page.context
    page.close(run_before_unload=True)
    again = browser.new_page()
    again.goto(address)
    expect(again.get_by_role("textbox", name="Note")).to_have_value("A whole sentence")


def test_what_is_typed_while_the_form_of_a_tab_comes_is_in_the_form(desk, damp):
    page = desk(f"cases/{damp.number}/")
    expect(page.locator("#tab-note")).to_have_attribute("aria-selected", "true")
    page.evaluate("document.querySelector('#tab-call').click()")
    page.keyboard.type("Rang in vain, no answer")
    expect(page.locator("#panel-call").get_by_label("In one line")).to_have_value("Rang in vain, no answer")
    expect(page).to_have_url(re.compile(rf"cases/{damp.number}/$"))
    assert page.locator("dialog[open]").count() == 0


def test_a_tab_whose_form_does_not_come_says_so_and_tries_again(desk, damp):
    page = desk(f"cases/{damp.number}/")
    page.route("**/*write=call", lambda route: route.abort())
    page.get_by_role("tab", name="Call").click()
    expect(page.locator("#trouble")).not_to_be_empty()
    page.unroute("**/*write=call")
    page.get_by_role("tab", name="Call").click()
    expect(page.locator("#panel-call form")).to_be_visible()
