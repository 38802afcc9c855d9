"""The small acts on a case within the budgets of ux.md 1.7, by pointer and by keys."""

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Hands
from wardbook.cases.factories import CaseFactory, TagFactory
from wardbook.cases.models import Document
from wardbook.offices.factories import MembershipFactory

SCAN = {"name": "tenancy.txt", "mimeType": "text/plain", "buffer": b"The tenancy of 14 Mill Lane."}


@pytest.fixture
def sam(anna):
    return MembershipFactory(office=anna.office, user__name="Sam Okoro").user


@pytest.fixture
def damp(anna):
    TagFactory(office=anna.office, name="leaking-roof")
    return CaseFactory(office=anna.office, owner=anna.user, description="Damp in flat")


@pytest.fixture
def at_case(desk, damp):
    def open_one(width="desk", **options):
        page = desk(f"cases/{damp.number}/", width, **options)
        return page, Hands(page)

    return open_one


def facts(page):
    return page.get_by_role("complementary", name="Details")


def changing(page, hands, what):
    """Press Change beside a detail; on a phone the details are a sheet, opened before."""
    hands.click(facts(page).get_by_role("link", name=f"Change {what}"))


def test_status_by_pointer(at_case, damp):
    page, hands = at_case()
    with hands.at_most(3, "Status"):
        changing(page, hands, "Status")
        hands.choose(page.get_by_role("combobox", name="Status"), "Acknowledged")
        hands.click(facts(page).get_by_role("button", name="Save"))
    hands.told("Saved.")
    damp.refresh_from_db()
    assert damp.status.name == "Acknowledged"


def test_status_by_keys(at_case, damp):
    page, hands = at_case()
    # Scrolled so far that the head of the case, which stays, lies over the status.
    page.set_viewport_size({"width": 1440, "height": 640})
    change = facts(page).get_by_role("link", name="Change Status")
    change.evaluate("element => scrollBy(0, element.getBoundingClientRect().y - 100)")
    with hands.at_most(3, "Status"):
        hands.press("s")
        hands.is_on(page.get_by_role("combobox", name="Status"))
        hands.press("a")
        hands.press("Control+Enter")
    hands.told("Saved.")
    damp.refresh_from_db()
    assert damp.status.name == "Acknowledged"


def test_priority_by_pointer(at_case, damp):
    page, hands = at_case()
    with hands.at_most(3, "Priority"):
        changing(page, hands, "Priority")
        hands.click(page.get_by_role("radio", name="High"))
        hands.click(facts(page).get_by_role("button", name="Save"))
    hands.told("Saved.")
    damp.refresh_from_db()
    assert damp.priority == 3


def test_priority_by_keys(at_case, damp):
    page, hands = at_case()
    with hands.at_most(3, "Priority"):
        hands.press("p")
        hands.is_on(page.get_by_role("radio", name="None"))
        # Round the corner: from none to the highest.
        hands.press("ArrowUp")
        hands.press("Control+Enter")
    hands.told("Saved.")
    damp.refresh_from_db()
    assert damp.priority == 3


def test_assign_by_pointer(at_case, damp, sam):
    page, hands = at_case()
    with hands.at_most(3, "Assign"):
        changing(page, hands, "Who does it")
        hands.choose(page.get_by_role("combobox", name="Who does it").first, "Sam Okoro")
        hands.click(facts(page).get_by_role("button", name="Save"))
    hands.told("Saved.")
    damp.refresh_from_db()
    assert damp.owner == sam


def test_assign_by_keys(at_case, damp, sam):
    page, hands = at_case()
    hands.press("a")
    hands.is_on(page.get_by_role("combobox", name="Who does it").first)
    # It was opened by mistake.
    hands.press("Escape")
    facts(page).get_by_role("button", name="Save").wait_for(state="detached")
    with hands.at_most(3, "Assign"):
        hands.press("a")
        hands.is_on(page.get_by_role("combobox", name="Who does it").first)
        hands.fill("Sam")
        hands.press("Control+Enter")
    hands.told("Saved.")
    damp.refresh_from_db()
    assert damp.owner == sam


def test_tag_by_pointer(at_case, damp):
    page, hands = at_case()
    with hands.at_most(3, "Tag"):
        changing(page, hands, "Tags")
        hands.fill_in(page.get_by_role("combobox", name="Tags"), "leak")
        hands.click(page.get_by_role("option", name="leaking-roof"))
    hands.told("Saved.")
    assert [tag.name for tag in damp.tags.all()] == ["leaking-roof"]


def test_tag_by_keys(at_case, damp):
    page, hands = at_case()
    with hands.at_most(3, "Tag"):
        hands.press("t")
        hands.is_on(page.get_by_role("combobox", name="Tags"))
        hands.fill("leak")
        hands.find("leaking-roof")
        hands.press("Enter")
    hands.told("Saved.")
    assert [tag.name for tag in damp.tags.all()] == ["leaking-roof"]


def sent(page, damp):
    page.get_by_role("link", name="tenancy.txt").first.wait_for()
    document = Document.objects.get(case=damp)
    assert (document.name, document.internal_note.text) == ("tenancy.txt", "Files added.")


def test_files_are_chosen_in_two(at_case, damp):
    page, hands = at_case()
    with hands.at_most(2, "Attach files"):
        with page.expect_file_chooser() as chooser:
            hands.click(page.get_by_role("complementary", name="Next").get_by_text("Choose files"))
        hands.count += 1
        chooser.value.set_files([SCAN])
    sent(page, damp)


@pytest.mark.parametrize("width", ["phone", "narrow"])
def test_files_are_chosen_in_two_from_the_bar_of_a_phone(at_case, damp, width):
    page, hands = at_case(width)
    with hands.at_most(2, "Attach files"):
        with page.expect_file_chooser() as chooser:
            hands.click(
                page.get_by_role("navigation", name="Add to this case").get_by_role("button", name="Add files")
            )
        hands.count += 1
        chooser.value.set_files([SCAN])
    sent(page, damp)


def test_files_are_dropped_in_one(at_case, damp):
    page, hands = at_case()
    zone = page.get_by_role("complementary", name="Next").get_by_text("or drop them here")
    carried = page.evaluate_handle(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["Tenancy"], "tenancy.txt"));
            return data;
        }"""
    )
    with hands.at_most(1, "Attach files"):
        hands.count += 1
        zone.dispatch_event("dragover", {"dataTransfer": carried})
        zone.dispatch_event("drop", {"dataTransfer": carried})
    sent(page, damp)


def test_what_is_being_written_stays_when_a_file_is_dropped_or_a_day_is_chosen(at_case, damp):
    page, _hands = at_case()
    page.get_by_role("textbox", name="Note").fill("Half a sentence")
    page.get_by_text("Draft saved").first.wait_for()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("complementary", name="Next").get_by_text("Choose files").click()
    chooser.value.set_files([SCAN])
    sent(page, damp)
    expect(page.get_by_role("textbox", name="Note")).to_have_value("Half a sentence")


@pytest.mark.parametrize("width", ["desk", "phone", "narrow"])
def test_the_record_is_printed_in_two_presses_and_with_office_notes_only_when_asked(at_case, damp, width):
    page, hands = at_case(width)
    page.evaluate("() => { window.printed = []; window.print = () => printed.push('paper') }")
    for words in ("Print", "Print with office notes"):
        with hands.at_most(3, words):
            hands.click(page.locator("#case-head").get_by_role("button", name="More"))
            hands.click(page.get_by_role("button", name=words, exact=True))
    assert page.evaluate("() => printed.length") == 2
    page.emulate_media(media="print")
    expect(page.get_by_text("Personal data.")).to_be_visible()
    expect(page.get_by_role("button", name="More").first).to_be_hidden()
