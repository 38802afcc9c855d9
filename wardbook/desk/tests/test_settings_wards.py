"""Wards are kept, and a table of postcodes comes in (CO-11)."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from wardbook.contacts.factories import ContactFactory
from wardbook.offices.factories import ManagerFactory, WardFactory
from wardbook.offices.models import Postcode, Ward

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return ManagerFactory()


@pytest.fixture
def office(manager):
    return manager.office


@pytest.fixture
def send(client, manager):
    def post(route, *args, **data):
        client.force_login(manager.user)
        url = reverse(f"desk:{route}", args=[manager.office.slug, *args])
        return client.post(url, {"operation": str(uuid.uuid4()), **data})

    return post


@pytest.fixture
def page(client, manager):
    def get(**query):
        client.force_login(manager.user)
        return client.get(reverse("desk:wards", args=[manager.office.slug]), query)

    return get


def table(content, name="postcodes.csv"):
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())


GOOD = "postcode,ward,in_area,elsewhere\nGM1 4AB,Riverside,yes,\nGM2,Castle,,\nGM9,,no,Eastmarsh\n"


def test_a_ward_is_added_changed_and_retired(send, office):
    send("wards", name="River\u0007side", code="W01")
    ward = Ward.objects.get()
    assert (ward.name, ward.code, ward.office) == ("River side", "W01", office)
    send("ward", ward.pk, name="Riverside", code="")
    send("ward_retirement", ward.pk)
    ward.refresh_from_db()
    assert (ward.name, ward.code, bool(ward.retired_at)) == ("Riverside", "", True)
    send("ward_retirement", ward.pk)
    ward.refresh_from_db()
    assert ward.retired_at is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": ""}, "Enter the name"),
        ({"name": "x" * 121}, "at most 120"),
        ({"name": "New", "code": "x" * 41}, "at most 40"),
        ({"name": "RIVERSIDE"}, "of this name already"),
        ({"name": "Old"}, "Bring it back instead"),
    ],
)
def test_what_cannot_be_a_ward(send, office, data, words):
    WardFactory(office=office, name="Riverside")
    WardFactory(office=office, name="Old", retired_at=office.created_at)
    other = WardFactory(office=office, name="Mill")
    for route, args in (("wards", ()), ("ward", (other.pk,))):
        answer = send(route, *args, **data)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    other.refresh_from_db()
    assert other.name == "Mill"


def test_two_editors_get_both_versions(send, client, manager, office):
    ward = WardFactory(office=office, name="Mill")
    client.force_login(manager.user)
    version = client.get(reverse("desk:ward", args=[office.slug, ward.pk])).context["version"]
    send("ward", ward.pk, name="Mill East", version=version)
    assert send("ward", ward.pk, name="Mill West", version=version).status_code == 409


def test_a_table_comes_in_and_people_move(send, page, office):
    contact = ContactFactory(office=office, address="14 Mill Lane", postcode="GM1 4AB")
    assert send("postcodes", table=table(GOOD)).status_code == 303
    assert Postcode.objects.count() == 3
    contact.refresh_from_db()
    assert contact.ward.name == "Riverside"
    answer = page(postcode="gm2 9zz")
    assert "ward Castle" in answer.content.decode()
    assert "Not in your area: Eastmarsh" in page(postcode="GM9 1AA").content.decode()
    assert page(postcode="ZZ1").status_code == 200
    assert page(postcode="\x00").status_code == 200


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        ("ward\nRiverside\n", "postcode"),
        ("postcode,ward\n", "no postcode"),
        ("postcode,ward\n!!,Riverside\n", "expected a postcode"),
        ("postcode,ward,in_area\nGM1,Riverside,maybe\n", "expected yes or no"),
        ("postcode,ward\nGM1,A\nGM1,B\n", "is said otherwise in row 2"),
        (b"PK\x03\x04 not a csv", "Excel"),
        (b"\xff\xfe\x00\x00postcode", ""),
        ("postcode,ward\n" + "GM1," + "x" * 2_000_000, ""),
        (b"x" * 2_100_000, "too large"),
    ],
)
def test_a_bad_table_ends_in_sentences_and_changes_nothing(send, office, content, words):
    send("postcodes", table=table(GOOD))
    answer = send("postcodes", table=table(content))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Postcode.objects.filter(office=office).count() == 3


def test_no_file_says_so(send):
    answer = send("postcodes")
    assert answer.status_code == 422
    assert b"Choose a CSV file" in answer.content


def test_a_ward_of_another_office_is_not_there(send):
    theirs = WardFactory()
    assert send("ward", theirs.pk, name="Ours").status_code == 404
    assert send("ward_retirement", theirs.pk).status_code == 404
