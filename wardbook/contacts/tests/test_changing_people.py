from datetime import timedelta

import pytest

from wardbook.contacts import actions, events
from wardbook.contacts.factories import MONDAY, ContactFactory
from wardbook.contacts.models import Contact
from wardbook.journal.actions import take_back
from wardbook.journal.models import Event, Undo
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.offices.factories import CaseworkerFactory, MembershipFactory, WardFactory
from wardbook.offices.models import Postcode

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(minutes=5)


@pytest.fixture
def rhian():
    return ContactFactory(given_name="Rhian", phones=["01632 960 021"], address="14 Mill Lane", postcode="GM1 4AB")


@pytest.fixture
def anna(rhian):
    return CaseworkerFactory(office=rhian.office)


def find(contact, text):
    return Contact.objects.all().matching(contact.office_id, text).filter(pk=contact.pk).exists()


def test_a_change_is_found_under_its_new_words_only(rhian, anna):
    actions.edit_contact(rhian, by=anna, at=LATER, given_name="Bronwen", phones=["07700 900 555"])

    assert find(rhian, "bronwen")
    assert find(rhian, "900555")
    assert not find(rhian, "rhian")
    assert not find(rhian, "960021")
    assert Event.objects.about(rhian).last().facts == {"fields": ["given_name", "phones"]}


def test_nothing_changed_is_no_change(rhian, anna):
    actions.edit_contact(rhian, by=anna, at=LATER, given_name="Rhian", phones=["01632 960 021"])

    rhian.refresh_from_db()
    assert rhian.version == 1
    assert not Event.objects.filter(name=events.EDITED).exists()


def test_the_second_of_two_editors_gets_both_versions(rhian, anna):
    actions.edit_contact(rhian, by=anna, at=LATER, seen=1, needs="Large print")

    with pytest.raises(Stale) as stale:
        actions.edit_contact(rhian, by=anna, at=LATER, seen=1, needs="Interpreter")

    assert stale.value.current.needs == "Large print"
    rhian.refresh_from_db()
    assert rhian.needs == "Large print"


def test_another_postcode_moves_the_person_to_another_ward(rhian, anna):
    castle = WardFactory(office=rhian.office)
    Postcode.objects.create(office=rhian.office, key="GM2", ward=castle)

    moved = actions.edit_contact(rhian, by=anna, at=LATER, postcode="GM2 1AA")
    assert (moved.area, moved.ward) == ("in", castle)

    away = actions.edit_contact(rhian, by=anna, at=LATER, postcode="ZZ1 1ZZ")
    assert (away.area, away.ward) == ("unknown", None)


def test_a_person_can_become_an_organisation_with_the_same_address(rhian, anna):
    shop = actions.edit_contact(rhian, by=anna, at=LATER, kind="organisation", organisation_name="Evans & Co")
    assert [(a.kind, a.lines) for a in shop.addresses.all()] == [("office", "14 Mill Lane")]
    assert shop.name == "Evans & Co"


def test_a_change_can_be_taken_back(rhian, anna):
    ward = WardFactory(office=rhian.office)
    day = MONDAY.date()
    actions.edit_contact(rhian, by=anna, at=MONDAY, ward=ward, area="in", warning_review_on=day)
    actions.edit_contact(
        rhian,
        by=anna,
        at=LATER,
        given_name="X",
        phones=[],
        address="",
        postcode="",
        ward=None,
        warning_review_on=None,
    )

    said = take_back(Undo.objects.order_by("-pk")[0], by=anna, at=LATER)

    rhian.refresh_from_db()
    assert "Undone" in said
    assert (rhian.given_name, rhian.ward, rhian.warning_review_on) == ("Rhian", ward, day)
    assert [p.value for p in rhian.points.all()] == ["01632 960 021"]
    assert rhian.addresses.get().postcode == "GM1 4AB"
    assert find(rhian, "rhian")


def test_what_was_changed_later_is_not_taken_back(rhian, anna):
    actions.edit_contact(rhian, by=anna, at=LATER, needs="Large print")
    undo = Undo.objects.get()
    actions.edit_contact(rhian, by=anna, at=LATER, needs="Interpreter")

    with pytest.raises(RuleBroken, match="changed later"):
        take_back(undo, by=anna, at=LATER)


def test_an_older_change_is_taken_back_once_the_newer_one_was(rhian, anna):
    actions.edit_contact(rhian, by=anna, at=LATER, phones=["01632 960 055"])
    actions.edit_contact(rhian, by=anna, at=LATER, needs="Large print", phones=[])
    for undo in Undo.objects.order_by("-pk"):
        take_back(undo, by=anna, at=LATER)
    rhian.refresh_from_db()
    assert rhian.needs == ""
    assert [p.value for p in rhian.points.all()] == ["01632 960 021"]


def test_a_deleted_person_is_on_no_list_and_can_be_brought_back(rhian, anna):
    member = anna.memberships.get()

    actions.delete_contact(rhian, by=anna, at=LATER)
    assert not Contact.objects.visible_to(member).exists()
    with pytest.raises(RuleBroken, match="deleted"):
        actions.edit_contact(rhian, by=anna, at=LATER, needs="x")

    take_back(Undo.objects.get(), by=anna, at=LATER)
    assert Contact.objects.visible_to(member).get() == rhian


def test_another_office_sees_nobody(rhian):
    assert not Contact.objects.visible_to(MembershipFactory()).exists()


def test_a_volunteer_sees_whom_they_added(rhian):
    carys = MembershipFactory(office=rhian.office, role="volunteer")
    own = ContactFactory(office=rhian.office, by=carys.user)
    assert list(Contact.objects.visible_to(carys)) == [own]
