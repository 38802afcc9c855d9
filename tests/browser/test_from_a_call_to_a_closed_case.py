"""The main job from end to end: somebody rings, it is noted, followed up, closed, reopened; each step in its budget.

By pointer, by keyboard alone and without JavaScript, at three widths (ux.md 1.3 and 1.7).
"""

import pytest
from django.utils import timezone

from tests.browser.hands import Hands
from wardbook.cases.models import Activity, Case, InternalNote

WIDTHS = ("desk", "phone", "narrow")


class Pointer(Hands):
    """Presses what can be seen, by its words."""

    def log_a_call(self):
        self.click(self.shown("link", "New case"))
        self.fill_in(self.page.get_by_label("Who is it about?"), "evans")
        self.find("Rhian Evans")
        self.click(self.page.get_by_role("option", name="Rhian Evans"))
        self.fill_in(self.page.get_by_label("What do they need?"), "School transport")
        self.click(self.page.get_by_role("button", name="Save case"))

    def open_the_case(self):
        self.click(self.page.get_by_role("link", name="School transport"))

    def note_for_the_office(self):
        self.click(self.shown("tab", "Note", "button"))
        self.fill_in(self.page.get_by_role("textbox", name="Note"), "Son has asthma.")
        self.click(self.page.get_by_role("button", name="Add note for the office"))

    def follow_up_in_a_week(self):
        self.click(self.page.get_by_role("button", name="Follow-up", exact=True).first)
        self.click(self.page.get_by_role("button", name="Next week"))

    def close(self):
        self.click(self.page.get_by_role("link", name="Close case"))
        self.click(self.page.get_by_role("radio", name="Resolved", exact=True))
        self.click(self.page.get_by_role("button", name="Close case"))

    def reopen(self):
        self.click(self.page.get_by_role("button", name="Reopen"))

    def shown(self, *roles_and_name):
        """The first that is visible now: a phone has its own bar for what a desk has on the page."""
        role, name, *other = roles_and_name
        found = self.page.get_by_role(role, name=name, exact=not other and role != "link")
        for instead in other:
            found = found.or_(self.page.get_by_role(instead, name=name, exact=True))
        return found.filter(visible=True).first


class Keys(Hands):
    """Never touches the mouse."""

    def log_a_call(self):
        self.press("c")
        self.has_focus_in("Who is it about?")
        self.fill("evans")
        self.find("Rhian Evans")
        self.press("Enter")
        self.has_focus_in("What do they need?")
        self.fill("School transport")
        self.press("Control+Enter")

    def open_the_case(self):
        # The new case has the focus in the list.
        self.is_on(self.page.get_by_role("link", name="School transport"))
        self.press("Enter")

    def note_for_the_office(self):
        self.press("n")
        self.has_focus_in("Note")
        self.fill("Son has asthma.")
        self.press("Control+Enter")

    def follow_up_in_a_week(self):
        self.press("d")
        self.page.get_by_role("button", name="Next week").wait_for()
        self.press("2")

    def close(self):
        self.press("e")
        self.is_on(self.page.get_by_role("radio", name="Resolved", exact=True))
        self.press("Space")
        self.press("Control+Enter")

    def reopen(self):
        self.press("e")


class Plain(Pointer):
    """A browser that runs no script."""

    def log_a_call(self):
        self.click(self.shown("link", "New case"))
        self.fill_in(self.page.get_by_label("Who is it about?"), "evans")
        self.fill_in(self.page.get_by_label("What do they need?"), "School transport")
        self.click(self.page.get_by_role("button", name="Save case").last)
        self.click(self.page.get_by_role("radio", name="Rhian Evans"))
        self.click(self.page.get_by_role("button", name="Save case").last)

    def note_for_the_office(self):
        self.click(self.page.get_by_role("link", name="Note", exact=True))
        self.fill_in(self.page.get_by_role("textbox", name="Note"), "Son has asthma.")
        self.click(self.page.get_by_role("button", name="Add note for the office"))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("person", [Pointer, Keys, Plain], ids=lambda one: one.__name__.lower())
def test_a_call_is_noted_followed_up_closed_and_reopened(desk, anna, rhian, person, width):
    page = desk("cases/", width, script=person is not Plain)
    hands = person(page)

    with hands.at_most(6, "Known person, new case"):
        hands.log_a_call()
    page.wait_for_url("**/cases/?saved=*")
    case = Case.objects.get(description="School transport")
    assert (case.constituent, case.owner) == (rhian, anna.user)

    with hands.at_most(1, "Open it"):
        hands.open_the_case()
    page.wait_for_url(f"**/cases/{case.number}/**")
    page.get_by_role("heading", level=1, name="School transport").wait_for()

    with hands.at_most(3, "Note for the office"):
        hands.note_for_the_office()
    hands.told("Note added.")
    assert InternalNote.objects.get(case=case).text == "Son has asthma."

    with hands.at_most(2, "Follow-up in a week"):
        hands.follow_up_in_a_week()
    hands.told("Planned for")
    in_a_week = (case.office.local_date(timezone.now()) - case.opened_on).days + 7
    planned = Activity.objects.planned().filter(case=case, subject="Look at it again").get()
    assert (planned.due_on - case.opened_on).days == in_a_week
    assert planned.assignee == anna.user

    with hands.at_most(3, "Close with an outcome"):
        hands.close()
    page.get_by_role("button", name="Reopen").wait_for()
    case.refresh_from_db()
    assert (case.is_closed, case.outcome) == (True, "resolved")
    assert not Activity.objects.planned().filter(case=case).exists()

    with hands.at_most(1, "Reopen"):
        hands.reopen()
    page.get_by_role("link", name="Close case").wait_for()
    case.refresh_from_db()
    assert not case.is_closed
