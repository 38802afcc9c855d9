import pytest

from wardbook.contacts import actions, events
from wardbook.contacts.factories import MONDAY, AgencyFactory, ContactFactory
from wardbook.contacts.models import Contact
from wardbook.journal.models import Event
from wardbook.lib.rules import RuleBroken
from wardbook.offices.factories import OfficeFactory, WardFactory
from wardbook.offices.models import Postcode

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory()


def test_a_person_is_known_by_name_number_and_address(office):
    person = actions.add_contact(
        office,
        by=None,
        at=MONDAY,
        given_name=" Rhian ",
        family_name="Evans",
        title="Mrs",
        phones=["01632 960 021", ("07700 900 123", "mobile")],
        emails=["Rhian@Example.org"],
        address="14 Mill Lane\nGlanmor",
        postcode="gm1 4ab",
    )

    assert (person.name, person.sort_name, person.formal_name) == ("Rhian Evans", "evans rhian", "Mrs Evans")
    assert [(p.kind, p.value, p.normal, p.label) for p in person.points.order_by("-kind", "position")] == [
        ("phone", "01632 960 021", "+441632960021", ""),
        ("phone", "07700 900 123", "+447700900123", "mobile"),
        ("email", "Rhian@Example.org", "rhian@example.org", ""),
    ]
    home = person.addresses.get()
    assert (home.kind, home.lines, home.postcode) == ("home", "14 Mill Lane, Glanmor", "GM1 4AB")
    assert home.household_key == "GM14AB|14 mill lane glanmor"


def test_the_journal_says_that_somebody_was_added_and_not_who(office):
    person = ContactFactory(office=office, family_name="Canary")

    event = Event.objects.about(person).get()
    assert (event.name, event.at, event.facts) == (events.ADDED, MONDAY, {"kind": "person"})
    assert "Canary" not in str(event.facts)


def test_nobody_without_a_name(office):
    with pytest.raises(RuleBroken, match="first or last name"):
        actions.add_contact(office, by=None, at=MONDAY, phones=["01632 960 021"])
    with pytest.raises(RuleBroken, match="name of the organisation"):
        actions.add_contact(office, by=None, at=MONDAY, kind="organisation", given_name="Rhian")
    assert not Contact.objects.exists()


def test_a_ward_of_another_office_is_refused(office):
    with pytest.raises(RuleBroken, match="another office"):
        ContactFactory(office=office, ward=WardFactory())


def test_the_postcode_says_ward_and_area(office):
    ward = WardFactory(office=office)
    Postcode.objects.create(office=office, key="GM1", ward=ward)
    Postcode.objects.create(office=office, key="GM19", in_area=False, elsewhere="Eastmarsh")

    inside = ContactFactory(office=office, postcode="GM1 4AB")
    outside = ContactFactory(office=office, postcode="gm1 9zz")
    unknown = ContactFactory(office=office, postcode="XX1 1XX")

    assert (inside.area, inside.ward) == ("in", ward)
    assert (outside.area, outside.ward) == ("out", None)
    assert (unknown.area, unknown.ward) == ("unknown", None)


def test_what_a_person_chose_stands_where_the_table_is_silent(office):
    ward = WardFactory(office=office)
    chosen = ContactFactory(office=office, postcode="XX1 1XX", ward=ward, area="in")
    assert (chosen.area, chosen.ward) == ("in", ward)


def test_an_agency_has_a_line_for_casework_and_its_usual_days(office):
    agency = AgencyFactory(
        office=office, casework_hotline="mp-hotline@example.org", usual_days=15, address="1 High St"
    )
    assert (agency.is_agency, agency.usual_days) == (True, 15)
    assert agency.addresses.get().kind == "office"


def test_a_column_nobody_knows_is_a_mistake_of_the_program(office):
    with pytest.raises(TypeError, match="deleted_at"):
        ContactFactory(office=office, deleted_at=MONDAY)
