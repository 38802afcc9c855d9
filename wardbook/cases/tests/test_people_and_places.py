"""People on a case with their roles and references, and where the problem is (CA-11, CA-12)."""

import pytest

from wardbook.cases import actions
from wardbook.cases.factories import PartyFactory, PartyRoleFactory
from wardbook.cases.models import Case
from wardbook.cases.tests.conftest import TUESDAY
from wardbook.contacts.factories import AgencyFactory, ContactFactory
from wardbook.lib.rules import RuleBroken
from wardbook.offices.factories import WardFactory
from wardbook.offices.models import Postcode


def test_an_agency_is_attached_with_its_reference(desk, case, office):
    role, council = (
        PartyRoleFactory(office=office, name="Agency"),
        AgencyFactory(office=office, phones=["01632 960 500"]),
    )

    response = desk.post(
        "cases:parties", case.number, role=role.pk, contact=council.pk, their_reference="HS/44/1", note="Ask for Jo"
    )

    assert response.status_code == 303
    page = desk.get("desk:case", case.number)
    assert all(words in page.text for words in (council.name, "Agency", "HS/44/1", "Ask for Jo", "01632 960 500"))


def test_a_colleague_can_be_a_party(desk, case, office, sam):
    role = PartyRoleFactory(office=office)
    assert desk.post("cases:parties", case.number, role=role.pk, user=sam.pk).status_code == 303
    assert case.parties.get().user == sam


def test_somebody_is_in_a_role_once(case, office, worker):
    party = PartyFactory(case=case)
    with pytest.raises(RuleBroken, match="already"):
        actions.add_party(case, role=party.role, contact=party.contact, by=worker, at=TUESDAY)


def test_neither_or_both_is_nobody(desk, case, office, sam):
    role = PartyRoleFactory(office=office)
    assert desk.post("cases:parties", case.number, role=role.pk).status_code == 422
    both = {"contact": ContactFactory(office=office).pk, "user": sam.pk}
    assert desk.post("cases:parties", case.number, role=role.pk, **both).status_code == 422


def test_taking_off_leaves_it_on_record(desk, case):
    party = PartyFactory(case=case)
    assert desk.post("cases:party_end", case.number, party.pk).status_code == 303
    party.refresh_from_db()
    assert party.until is not None
    assert (
        str(party.contact) not in desk.get("desk:case", case.number).text.split("Timeline")[0].split("People on")[1]
    )


def test_a_party_of_another_case_is_not_taken_off_through_this_one(desk, case, office):
    other = PartyFactory()
    assert desk.post("cases:party_end", case.number, other.pk).status_code == 404


def test_the_type_ahead_lists_the_people_on_the_case_first(desk, case, office):
    party = PartyFactory(case=case)
    found = desk.get("cases:people_options", case=case.number).text
    assert found.index(case.constituent.name) < found.index(party.contact.name)
    other = ContactFactory(office=office, given_name="Omar", family_name="Haddad")
    assert other.name in desk.get("cases:people_options", q="hadd om").text
    assert other.name not in desk.get("cases:people_options", q="hadd", agencies=1).text


def test_the_type_ahead_knows_nobody_of_another_office(desk, stranger):
    ContactFactory(office=stranger.memberships.get().office, given_name="Omar", family_name="Haddad")
    assert "Haddad" not in desk.get("cases:people_options", q="haddad").text


def test_a_place_takes_its_ward_from_the_postcode(desk, case, office):
    ward = WardFactory(office=office, name="Riverside")
    Postcode.objects.create(office=office, key="GM1", ward=ward)

    response = desk.post("cases:places", case.number, text="Behind the bus stop", postcode="gm1 4ab")

    assert response.status_code == 303
    place = case.locations.get()
    assert (place.ward, place.postcode) == (ward, "GM1 4AB")
    assert "Riverside" in desk.get("desk:case", case.number).text


def test_a_point_needs_both_numbers_on_this_earth(desk, case):
    for point in (
        {"latitude": "51.5"},
        {"latitude": "91", "longitude": "0"},
        {"latitude": "north", "longitude": "1"},
    ):
        assert desk.post("cases:places", case.number, text="Here", **point).status_code == 422
    good = {"latitude": "51.507400", "longitude": "-0.127800"}
    assert desk.post("cases:places", case.number, text="Here", **good).status_code == 303


def test_a_case_has_several_places_and_loses_one(desk, case, worker):
    first = actions.add_place(case, text="Mill Lane", by=worker, at=TUESDAY)
    actions.add_place(case, text="Church Street", by=worker, at=TUESDAY)
    assert desk.post("cases:place_removal", case.number, first.pk).status_code == 303
    assert [place.text for place in case.locations.all()] == ["Church Street"]
    assert desk.post("cases:place_removal", case.number, first.pk).status_code == 404


def test_the_constituents_own_address_is_no_place_of_the_case(case):
    assert not Case.objects.get(pk=case.pk).locations.exists()
