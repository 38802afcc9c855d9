"""An import goes as it came, but for what somebody has touched since."""

import pytest

from wardbook.cases import actions as case_actions
from wardbook.cases.models import Case, Draft, Priority
from wardbook.contacts.actions import edit_contact
from wardbook.contacts.models import Contact
from wardbook.exchange import actions
from wardbook.exchange.models import Batch
from wardbook.exchange.tests.conftest import HEADER, MONDAY, fields
from wardbook.journal.models import Event
from wardbook.journal.verifying import flaws
from wardbook.lib.rules import RuleBroken
from wardbook.offices.factories import CaseworkerFactory
from wardbook.offices.models import Team, Ward
from wardbook.vocabulary.actions import rename
from wardbook.vocabulary.models import Category, PolicyArea

USING = fields("""
ward = { column = "Area", new_values = true }
team = { column = "Area", new_values = true }
policy_area = { column = "Topic", new_values = true }
category = { column = "Topic", new_values = true }
constituent.name = "Name"
constituent.email = "Mail"
""")
COLUMNS = f"{HEADER},Area,Topic,Name,Mail"
ROWS = [f"{n},Lamp,01/06/2025,,live,North,Lamps,Rhian Evans,r@example.org" for n in range(3)]


@pytest.fixture
def batch(bring_in):
    return bring_in(*ROWS, header=COLUMNS, using=USING)[0].batch


@pytest.fixture
def anna(office):
    return CaseworkerFactory(office=office, name="Anna Price")


def take_back(batch):
    return actions.take_back(batch, by=None, at=MONDAY)


def left(batch):
    return list(Case.objects.filter(batch_id=batch.pk).order_by("source_id").values_list("source_id", flat=True))


def test_everything_goes_and_can_come_again(batch, office, bring_in):
    taken = take_back(batch)
    assert (taken.cases, taken.people, taken.values, taken.stayed) == (3, 1, 4, [])
    assert not Case.objects.exists()
    assert not Contact.objects.exists()
    assert not Ward.objects.filter(name="North").exists()
    assert not Team.objects.filter(name="North").exists()
    assert not PolicyArea.objects.filter(name="Lamps").exists()
    batch.refresh_from_db()
    assert batch.undone_at == MONDAY
    assert list(flaws(office.pk)) == []

    outcome, _said = bring_in(*ROWS, header=COLUMNS, using=USING)
    assert outcome.made == 3
    assert outcome.batch != batch
    # A number is never given twice.
    assert sorted(Case.objects.values_list("number", flat=True)) == [1004, 1005, 1006]


def test_the_journal_remembers_what_went(batch, office):
    pks = set(Case.objects.values_list("pk", flat=True))
    take_back(batch)
    events = Event.objects.filter(office=office, name="case.import_taken_back")
    assert {event.subject_id for event in events} == pks
    assert {event.facts["batch"] for event in events} == {batch.pk}
    assert Event.objects.about(batch).get(name="import.taken_back").facts == {
        "cases": 3,
        "people": 1,
        "values": 4,
        "stayed": 0,
    }


def test_a_case_that_somebody_touched_stays_with_what_it_uses(batch, anna):
    case = Case.objects.get(source_id="1")
    case_actions.set_priority(case, Priority.HIGH, by=anna, at=MONDAY)
    taken = take_back(batch)
    assert left(batch) == ["1"]
    assert (taken.cases, taken.people, taken.values) == (2, 0, 0)
    assert taken.stayed[0].what == f"{case.reference} Lamp"
    assert taken.stayed[0].why == "Anna Price touched it on 2025-06-02 (case.priority_changed)"
    assert {stayed.what for stayed in taken.stayed[1:]} == {
        "Contact “Rhian Evans”",
        "Ward “North”",
        "Team “North”",
        "Policy area “Lamps”",
        "Category “Lamps”",
    }
    assert all("it is used" in stayed.why for stayed in taken.stayed[1:])


def test_a_note_a_call_a_tag_or_the_bin_is_touching(batch, anna):
    first, second, third = Case.objects.order_by("source_id")
    case_actions.add_internal_note(first, text="Rang back", by=anna, at=MONDAY)
    case_actions.delete(second, by=anna, at=MONDAY)
    assert take_back(batch).cases == 1
    assert left(batch) == ["0", "1"]
    assert not Case.objects.filter(pk=third.pk).exists()


def test_somebody_writing_on_a_case_keeps_it(batch, anna, office):
    case = Case.objects.get(source_id="2")
    Draft.objects.create(office=office, user=anna, case=case, scope=f"case-{case.number}-note", saved_at=MONDAY)
    taken = take_back(batch)
    assert left(batch) == ["2"]
    assert taken.stayed[0].why == "somebody is writing something on it"


def test_a_person_or_a_value_that_was_changed_stays(batch, anna):
    contact = Contact.objects.get()
    edit_contact(contact, by=anna, at=MONDAY, given_name="Rhiannon")
    rename(Category.objects.get(name="Lamps"), "Street lamps", by=anna, at=MONDAY)
    taken = take_back(batch)
    assert taken.cases == 3
    assert [stayed.what for stayed in taken.stayed] == [
        "Contact “Rhiannon Evans”",
        "Category “Street lamps”",
        "Policy area “Lamps”",
    ]
    assert "contact.edited" in taken.stayed[0].why
    assert Category.objects.filter(name="Street lamps").exists()


def test_what_stayed_can_go_later_and_then_nothing_is_left(batch, anna):
    draft = Draft.objects.create(
        office_id=batch.office_id, user=anna, case=Case.objects.first(), scope="x", saved_at=MONDAY
    )
    take_back(batch)
    draft.delete()
    assert take_back(batch).cases == 1
    assert not batch.made.exists()
    with pytest.raises(RuleBroken, match="Nothing of this import is left"):
        take_back(batch)


def test_only_the_batch_itself_goes(batch, bring_in):
    bring_in("9,Other,01/06/2025,,live,North,Lamps,Rhian Evans,r@example.org", header=COLUMNS, using=USING)
    taken = take_back(batch)
    assert taken.cases == 3
    assert Case.objects.get().source_id == "9"
    assert "it is used: 1004" in taken.stayed[0].why
    assert Batch.objects.count() == 2
