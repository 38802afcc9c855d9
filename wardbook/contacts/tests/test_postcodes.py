import pytest

from wardbook.contacts import actions, events
from wardbook.contacts.actions import Lies
from wardbook.contacts.factories import MONDAY, ContactFactory
from wardbook.journal.models import Event
from wardbook.lib.rules import RuleBroken
from wardbook.offices.factories import OfficeFactory, WardFactory
from wardbook.offices.models import Postcode, Ward

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory()


def test_the_table_is_replaced_and_everybody_finds_their_ward(office):
    riverside = WardFactory(office=office, name="Riverside")
    Postcode.objects.create(office=office, key="ZZ1")
    rhian = ContactFactory(office=office, postcode="GM1 4AB")
    omar = ContactFactory(office=office, postcode="GM9 1AA")
    stranger = ContactFactory(office=office, postcode="XX9 9XX", area="in")
    foreign = ContactFactory(postcode="GM1 4AB")

    done = actions.replace_postcodes(
        office,
        [Lies("gm1", "RIVERSIDE"), Lies("GM1 4", "Mill"), Lies("GM9", "", False, "Eastmarsh")],
        by=None,
        at=MONDAY,
    )

    assert (done.postcodes, done.new_wards, done.moved) == (3, ["Mill"], 2)
    assert sorted(Postcode.objects.filter(office=office).values_list("key", flat=True)) == ["GM1", "GM14", "GM9"]
    for one in (rhian, omar, stranger, foreign):
        one.refresh_from_db()
    assert (rhian.area, rhian.ward.name) == ("in", "Mill")
    assert (omar.area, omar.ward) == ("out", None)
    assert stranger.area == "in"
    assert foreign.area == "unknown"
    assert Ward.objects.filter(office=office).count() == 2
    assert riverside.postcodes.get().key == "GM1"
    event = Event.objects.get(name=events.POSTCODES_REPLACED)
    assert event.facts == {"postcodes": 3, "wards": 1, "moved": 2}


def test_an_empty_table_changes_nothing(office):
    Postcode.objects.create(office=office, key="GM1")
    with pytest.raises(RuleBroken, match="no postcode"):
        actions.replace_postcodes(office, [], by=None, at=MONDAY)
    assert Postcode.objects.count() == 1
