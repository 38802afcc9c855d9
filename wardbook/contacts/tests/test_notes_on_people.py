from datetime import timedelta

import pytest

from wardbook.contacts import actions, events
from wardbook.contacts.factories import MONDAY, ContactFactory, ContactNoteFactory
from wardbook.contacts.models import ContactNote
from wardbook.journal.models import Event
from wardbook.lib.rules import RuleBroken
from wardbook.offices.factories import MembershipFactory, OfficeFactory
from wardbook.vocabulary.models import NoteCode

pytestmark = pytest.mark.django_db


@pytest.fixture
def note():
    return ContactNoteFactory(description=" Best  reached\nafter five ", text="She works nights.")


def test_a_note_has_a_day_a_line_and_no_workflow(note):
    assert (note.noted_on, note.description) == (MONDAY.date(), "Best reached after five")
    assert Event.objects.get(name=events.NOTE_ADDED).facts == {"contact": note.contact_id, "code": None}


def test_a_note_needs_a_line_and_a_day_that_has_come(note):
    with pytest.raises(RuleBroken, match="one line"):
        actions.add_note(note.contact, description="  ", by=note.by, at=MONDAY)
    with pytest.raises(RuleBroken, match="to come"):
        actions.add_note(
            note.contact, description="x", noted_on=MONDAY.date() + timedelta(days=1), by=note.by, at=MONDAY
        )


def test_a_code_of_another_office_is_refused(note):
    foreign = NoteCode.objects.create(office=OfficeFactory(), name="Background")
    with pytest.raises(RuleBroken, match="another office"):
        actions.add_note(note.contact, description="x", code=foreign, by=note.by, at=MONDAY)


def test_a_note_becomes_a_case_once(note):
    actions.note_became_case(note, 41, by=note.by, at=MONDAY)
    with pytest.raises(RuleBroken, match="already"):
        actions.note_became_case(note, 42, by=note.by, at=MONDAY)
    assert ContactNote.objects.get().case_id == 41


def test_notes_follow_the_sight_of_their_contact(note):
    assert ContactNote.objects.visible_to(MembershipFactory(office=note.office)).exists()
    assert not ContactNote.objects.visible_to(MembershipFactory()).exists()
    assert not ContactNote.objects.visible_to(MembershipFactory(office=note.office, role="volunteer")).exists()


def test_a_household_is_exactly_one_address():
    rhian = ContactFactory(address="14 Mill Lane", postcode="GM1 4AB")
    tom = ContactFactory(office=rhian.office, address="14 Mill  lane", postcode="gm14ab")
    ContactFactory(office=rhian.office, address="15 Mill Lane", postcode="GM1 4AB")
    ContactFactory(address="14 Mill Lane", postcode="GM1 4AB")
    people = type(rhian).objects.all()
    assert list(people.same_household(rhian)) == [tom]
