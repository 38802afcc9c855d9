import pytest

from wardbook.contacts.actions import delete_contact, likely_same
from wardbook.contacts.factories import MONDAY, ContactFactory
from wardbook.contacts.models import Contact
from wardbook.offices.factories import CaseworkerFactory, OfficeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rhian():
    return ContactFactory(
        given_name="Rhiân",
        family_name="Evans",
        phones=["01632 960 021"],
        emails=["rhian@example.org"],
        postcode="GM1 4AB",
    )


@pytest.mark.parametrize(
    ("asked", "because"),
    [
        ({"phones": ["+44 1632 960021"]}, "phone"),
        ({"emails": ["RHIAN@example.ORG"]}, "email"),
        ({"name": "evans rhian", "postcode": "gm14ab"}, "name"),
    ],
)
def test_the_same_number_address_or_name_is_noticed(rhian, asked, because):
    (one,) = likely_same(rhian.office, **asked)
    assert (one.contact, one.because) == (rhian, because)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"name": "Rhian Evans"},
        {"postcode": "GM1 4AB"},
        {"name": "Tom Evans", "postcode": "GM1 4AB"},
        {"phones": [""], "emails": ["  "]},
        {"phones": ["01632 960 022"]},
    ],
)
def test_a_household_or_a_namesake_is_somebody_else(rhian, asked):
    assert likely_same(rhian.office, **asked) == []


def test_nobody_of_another_office_or_deleted_or_out_of_sight(rhian):
    assert likely_same(OfficeFactory(), emails=["rhian@example.org"]) == []
    assert likely_same(rhian.office, emails=["rhian@example.org"], among=Contact.objects.none()) == []
    delete_contact(rhian, by=CaseworkerFactory(office=rhian.office), at=MONDAY)
    assert likely_same(rhian.office, emails=["rhian@example.org"]) == []
