"""A colleague is called in a note by an @ and a few letters, and hears of it on Home."""

from playwright.sync_api import expect

from wardbook.cases.factories import CaseFactory
from wardbook.cases.models import InternalNote
from wardbook.offices.factories import MembershipFactory


def test_a_colleague_is_called_by_keys(desk, anna):
    sam = MembershipFactory(office=anna.office, user__name="Sam Okoro")
    MembershipFactory(office=anna.office, user__name="Samira Lloyd")
    case = CaseFactory(office=anna.office, owner=anna.user, description="Damp")
    page = desk(f"cases/{case.number}/")
    note = page.locator("textarea[data-mentions]")

    page.keyboard.press("n")
    expect(note).to_be_focused()
    page.keyboard.type("Please ring, @sam")
    expect(page.get_by_role("option")).to_have_text(["Sam Okoro", "Samira Lloyd"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(note).to_have_value("Please ring, @Sam Okoro ")
    expect(page.get_by_role("option")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(page.locator("article").filter(has_text="Please ring")).to_be_visible()

    assert list(InternalNote.objects.get().mentions.all()) == [sam.user]
    home = desk("", who=sam)
    expect(home.locator("#new-for-you")).to_contain_text("You are named in a note")
