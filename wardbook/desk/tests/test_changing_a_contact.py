import pytest

from wardbook.contacts.models import Contact
from wardbook.desk.tests.people import make_member, rhian_of, url, words_of
from wardbook.lib.testing import post
from wardbook.offices.factories import WardFactory

pytestmark = pytest.mark.django_db

PERSON = {"kind": "person", "given_name": "Dewi", "family_name": "Pugh"}


@pytest.fixture
def anna(client):
    member = make_member()
    client.force_login(member.user)
    return member


def test_a_new_person_with_everything(client, anna):
    ward = WardFactory(office=anna.office)
    sent = PERSON | {
        "title": "Mr",
        "phone_0": "01632 960 114",
        "phone_0_label": "home",
        "phone_1": "07700 900 321",
        "phone_2": "07700 900 322",
        "email_0": "dewi@example.org",
        "social_0": "@dewi",
        "social_0_label": "Mastodon",
        "website_0": "https://dewi.example.org",
        "address": "3 Castle Road\r\nGlanmor",
        "postcode": "gm4 2xt",
        "mailing_address": "PO Box 1",
        "mailing_postcode": "GM1 1AA",
        "area": "in",
        "ward": ward.pk,
        "language": "cy",
        "do_not_mail": "on",
        "flags_source": "By phone",
        "needs": "Large print",
        "safe_contact": "Mobile only",
        "warning": "Shouts",
        "warning_reason": "Twice in May",
        "warning_review_on": "+3m",
    }
    response = post(client, url(anna, "contacts:new"), sent)

    dewi = Contact.objects.get()
    assert response["Location"] == url(anna, "contacts:contact", dewi.pk)
    assert (dewi.formal_name, dewi.language, dewi.do_not_mail, dewi.ward) == ("Mr Pugh", "cy", True, ward)
    assert [p.value for p in dewi.points.filter(kind="phone")] == ["01632 960 114", "07700 900 321", "07700 900 322"]
    assert [(a.kind, str(a)) for a in dewi.addresses.all()] == [
        ("home", "3 Castle Road, Glanmor, GM4 2XT"),
        ("mailing", "PO Box 1, GM1 1AA"),
    ]
    assert (dewi.warning, dewi.warning_reason) == ("Shouts", "Twice in May")


def test_somebody_who_may_be_known_is_asked_about_first(client, anna):
    rhian = rhian_of(anna.office)
    sent = PERSON | {"phone_0": "01632960021"}

    response = post(client, url(anna, "contacts:new"), sent)
    assert response.status_code == 422
    assert "Looks like Rhian Evans, same phone." in words_of(response)
    assert url(anna, "contacts:contact", rhian.pk) in words_of(response)

    assert post(client, url(anna, "contacts:new"), sent | {"not_same": "1"}).status_code == 303
    assert Contact.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("kind", "", "This field is required"),
        ("kind", "robot", "Select a valid choice"),
        ("title", "x" * 31, "1 letter shorter; 30 is the most"),
        ("given_name", "x" * 81, "1 letter shorter"),
        ("family_name", "x" * 82, "2 letters shorter"),
        ("phone_0", "call me", "Enter a telephone number, like 01632 960 021."),
        ("phone_0", "1" * 41, "shorter"),
        ("phone_0_label", "x" * 61, "shorter"),
        ("email_0", "nobody", "Enter an email address, like name@example.org."),
        ("email_0", "a@" + "x" * 260 + ".org", "shorter"),
        ("social_0", "x" * 121, "shorter"),
        ("website_0", "x" * 201, "shorter"),
        ("address", "x" * 251, "shorter"),
        ("postcode", "nowhere", "Enter a postcode, like GM1 4AB."),
        ("postcode", "GM1 4AB GM1 4AB", "shorter"),
        ("mailing_address", "x" * 251, "shorter"),
        ("mailing_postcode", "<b>1", "Enter a postcode"),
        ("area", "moon", "Select a valid choice"),
        ("ward", "999999", "Select a valid choice"),
        ("ward", "x", "Select a valid choice"),
        ("language", "klingon", "Select a valid choice"),
        ("flags_source", "x" * 161, "shorter"),
        ("needs", "x" * 301, "shorter"),
        ("safe_contact", "x" * 301, "shorter"),
        ("deceased_on", "never", "Enter a day"),
        ("deceased_on", "2099-01-01", "has not come yet"),
        ("warning", "x" * 301, "shorter"),
        ("warning_reason", "x" * 201, "shorter"),
        ("warning_review_on", "soon", "Enter a day"),
        ("usual_days", "many", "Enter a number of days"),
        ("usual_days", "0", "from 1 to 250"),
        ("usual_days", "99999999999999999999", "from 1 to 250"),
        ("casework_hotline", "x" * 161, "shorter"),
        ("organisation_name", "x" * 161, "shorter"),
    ],
)
def test_a_wrong_field_says_so_and_what_was_typed_stays(client, anna, field, typed, said):
    response = post(client, url(anna, "contacts:new"), PERSON | {"needs": "KEPT", field: typed})
    assert response.status_code == 422
    assert said in words_of(response)
    assert "There is a problem" in words_of(response)
    if field != "needs":
        assert "KEPT" in words_of(response)
    assert not Contact.objects.exists()


def test_a_person_needs_a_name_and_a_warning_a_reason_and_a_day(client, anna):
    said = words_of(post(client, url(anna, "contacts:new"), {"kind": "person", "warning": "Dog"}))
    assert "Write a first or last name." in said
    assert "Say why" in said
    assert "Choose a day to look at the warning again." in said
    said = words_of(post(client, url(anna, "contacts:new"), {"kind": "organisation", "given_name": "x"}))
    assert "Write the name of the organisation." in said


def test_another_offices_ward_is_no_choice(client, anna):
    response = post(client, url(anna, "contacts:new"), PERSON | {"ward": WardFactory().pk})
    assert response.status_code == 422
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Dewi\x00\x07\x1b", "Dewi"),
        ("\u202eDewi\u202c", "Dewi"),
        ("دِيوِي", "دِيوِي"),
        ("De\r\nwi", "De wi"),
        ("<b>Dewi</b>", "<b>Dewi</b>"),
    ],
)
def test_control_characters_go_and_other_scripts_stay(client, anna, typed, kept):
    post(client, url(anna, "contacts:new"), PERSON | {"given_name": typed})
    assert Contact.objects.get().given_name == kept
    assert "<b>Dewi" not in words_of(client.get(url(anna, "contacts:list")))


def test_what_is_no_field_is_not_taken(client, anna):
    sent = PERSON | {
        "office": "1",
        "created_by": "1",
        "version": "9",
        "id": "5",
        "deleted_at": "2025-01-01",
        "source": "x",
    }
    post(client, url(anna, "contacts:new"), sent)
    dewi = Contact.objects.get()
    assert (dewi.office, dewi.created_by, dewi.version, dewi.source) == (anna.office, anna.user, 1, "")


def test_a_change_is_saved_and_nothing_else_is_lost(client, anna):
    rhian = rhian_of(anna.office, warning="Dog", warning_reason="bites", needs="Large print")
    edit = client.get(url(anna, "contacts:edit", rhian.pk))
    assert 'value="01632 960 021"' in words_of(edit)

    sent = {
        "kind": "person",
        "title": "Mrs",
        "given_name": "Rhian",
        "family_name": "Evans-Jones",
        "phone_0": "01632 960 021",
        "email_0": "rhian@example.org",
        "address": "14 Mill Lane",
        "postcode": "GM1 4AB",
        "needs": "Large print",
        "version": rhian.version,
        "warning": "Dog",
        "warning_reason": "bites",
        "warning_review_on": "+3m",
    }
    assert post(client, url(anna, "contacts:edit", rhian.pk), sent).status_code == 303
    rhian.refresh_from_db()
    assert (rhian.name, rhian.needs, rhian.points.count()) == ("Rhian Evans-Jones", "Large print", 2)


def test_the_second_of_two_editors_sees_both_versions_and_chooses(client, anna):
    rhian = rhian_of(anna.office)
    sent = {"kind": "person", "given_name": "Rhian", "family_name": "Evans", "version": rhian.version, "title": "Mrs"}
    sent |= {
        "phone_0": "01632 960 021",
        "email_0": "rhian@example.org",
        "address": "14 Mill Lane",
        "postcode": "GM1 4AB",
    }
    post(client, url(anna, "contacts:edit", rhian.pk), sent | {"needs": "THEIRS"})

    response = post(
        client, url(anna, "contacts:edit", rhian.pk), sent | {"needs": "MINE", "safe_contact": "ALSO MINE"}
    )

    said = words_of(response)
    assert response.status_code == 409
    assert anna.user.name in said
    for words in ("THEIRS", "MINE", "ALSO MINE"):
        assert words in said
    rhian.refresh_from_db()
    assert (rhian.needs, rhian.safe_contact) == ("THEIRS", "")

    chosen = sent | {"needs": "MINE", "safe_contact": "ALSO MINE", "version": rhian.version}
    assert post(client, url(anna, "contacts:edit", rhian.pk), chosen).status_code == 303
    rhian.refresh_from_db()
    assert rhian.needs == "MINE"


def test_a_flag_is_one_press_with_who_and_when_and_back(client, anna):
    rhian = rhian_of(anna.office)
    address = url(anna, "contacts:flags", rhian.pk)

    post(client, address, {"flag": "do_not_call"})
    rhian.refresh_from_db()
    assert rhian.do_not_call
    assert anna.user.name in rhian.flags_source

    post(client, address, {"flag": "do_not_call:off"})
    rhian.refresh_from_db()
    assert (rhian.do_not_call, rhian.flags_source) == (False, "")


@pytest.mark.parametrize("flag", ["", "is_agency", "deleted_at", "do_not_call'"])
def test_a_flag_that_is_none_changes_nothing(client, anna, flag):
    rhian = rhian_of(anna.office)
    post(client, url(anna, "contacts:flags", rhian.pk), {"flag": flag})
    rhian.refresh_from_db()
    assert rhian.version == 1


def test_the_language_is_changed_in_place(client, anna):
    rhian = rhian_of(anna.office)
    address = url(anna, "contacts:language", rhian.pk)
    piece = client.get(address, headers={"HX-Request": "true"})
    assert 'id="contact-language"' in words_of(piece)
    assert "<html" not in words_of(piece)

    post(client, address, {"language": "cy"})
    rhian.refresh_from_db()
    assert rhian.language == "cy"
    assert post(client, address, {"language": "xx"}).status_code == 422


def test_a_service_officer_without_the_right_changes_nothing(client, anna):
    rhian = rhian_of(anna.office)
    carys = make_member("volunteer", office=anna.office)
    client.force_login(carys.user)
    assert post(client, url(anna, "contacts:edit", rhian.pk), PERSON).status_code == 403
    assert client.get(url(anna, "contacts:contact", rhian.pk)).status_code == 403
