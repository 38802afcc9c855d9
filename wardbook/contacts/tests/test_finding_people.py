import pytest

from wardbook.contacts.factories import ContactFactory, OrganisationFactory
from wardbook.contacts.lookup import best_matches
from wardbook.contacts.models import Contact
from wardbook.offices.factories import OfficeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def rhian(office):
    return ContactFactory(
        office=office,
        given_name="Rhian",
        family_name="Ó Briain-Evans",
        phones=["+44 1632 960 021"],
        emails=["rhian.e@example.org"],
        address="14 Mill Lane",
        postcode="GM1 4AB",
    )


@pytest.mark.parametrize(
    "typed",
    [
        "rhian",
        "RHIAN ev",
        "evans rhian",
        "o briain",
        "Ó BRIAIN",
        "briain-evans",
        "01632 960 021",
        "01632960",
        "960021",
        "0021",
        "+441632960021",
        "0044 1632 960021",
        "gm1 4ab",
        "GM14AB",
        "gm1",
        "mill lane",
        "14 mill rhian",
        "rhian.e@example.org",
        "rhian.e@ex",
    ],
)
def test_somebody_is_found_by(typed, office, rhian):
    ContactFactory.create_batch(3, office=office, given_name="Somebody", family_name="Else")
    assert best_matches(Contact.objects.all(), office.pk, typed) == [rhian]


@pytest.mark.parametrize(
    "typed", ["", " ", "r", "zz", "rhian smith", "960022", "%", "_%", "'; drop table", "\x00\x00"]
)
def test_nobody_is_found_by(typed, office, rhian):
    assert best_matches(Contact.objects.all(), office.pk, typed) == []


def test_those_called_so_come_before_those_who_live_there(office):
    neighbours = ContactFactory.create_batch(10, office=office, family_name="Adams", address="1 Evans Close")
    evans = ContactFactory(office=office, given_name="Zoe", family_name="Evans")

    found = best_matches(Contact.objects.all(), office.pk, "evans", limit=8)

    assert found[0] == evans
    assert len(found) == 8
    assert set(found[1:]) <= set(neighbours)


def test_other_offices_are_never_found(rhian):
    other = OfficeFactory()
    assert best_matches(Contact.objects.all(), other.pk, "rhian") == []


def test_an_organisation_is_found_by_its_name(office):
    housing = OrganisationFactory(office=office, organisation_name="Glanmor Housing Services")
    assert best_matches(Contact.objects.all(), office.pk, "housing glan") == [housing]


def test_finding_costs_the_same_however_many_there_are(office, rhian, django_assert_max_num_queries):
    ContactFactory.create_batch(20, office=office, given_name="Rhian")
    with django_assert_max_num_queries(4):  # by name, by the rest, numbers, addresses
        assert len(best_matches(Contact.objects.all(), office.pk, "rhian")) == 8
