"""The office changes its names, time, references and words; its calendar; what a case asks for."""

import uuid
from datetime import date

import pytest
from django.urls import reverse

from wardbook.cases import gate
from wardbook.journal.models import Event
from wardbook.offices.factories import ManagerFactory, MembershipFactory
from wardbook.offices.models import Closure, FieldUse, Office

pytestmark = pytest.mark.django_db

GOOD = {
    "name": "Office of the Member for Glanmor",
    "short_name": "Glanmor",
    "time_zone": "Europe/London",
    "language": "cy",
    "reference_format": "GM-{year}-{number}{check}",
    "case_label": "ticket",
    "default_follow_up_days": "7",
    "support_address": "help@example.org",
}


@pytest.fixture
def manager():
    return ManagerFactory()


@pytest.fixture
def office(manager):
    return manager.office


@pytest.fixture
def send(client, manager):
    def post(route, *args, member=None, **data):
        client.force_login((member or manager).user)
        url = reverse(f"desk:{route}", args=[manager.office.slug, *args])
        return client.post(url, {"operation": str(uuid.uuid4()), **data})

    return post


@pytest.fixture
def page(client, manager):
    def get(route, *args, **query):
        client.force_login(manager.user)
        return client.get(reverse(f"desk:{route}", args=[manager.office.slug, *args]), query)

    return get


def test_the_office_is_changed(send, office):
    assert send("settings_office", **GOOD).status_code == 303
    office.refresh_from_db()
    assert {name: str(getattr(office, name)) for name in GOOD} == GOOD
    assert "name" in Event.objects.get(name="office.changed").facts["fields"]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("name", "", "Enter the name"),
        ("name", "x" * 121, "at most 120"),
        ("short_name", "\u202e", "Enter a short name"),
        ("short_name", "x" * 31, "at most 30"),
        ("time_zone", "", "Enter a time zone"),
        ("time_zone", "Mars/Olympus", "not a time zone"),
        ("language", "tlh", "Choose one of these languages"),
        ("reference_format", "", "Enter how references look"),
        ("reference_format", "GM", "must contain {number}"),
        ("reference_format", "{number}{office}", "Only {number}, {year} and {check}"),
        ("reference_format", "{number}{number.__class__}", "Only {number}, {year} and {check}"),
        ("reference_format", "{number}" + "x" * 34, "at most 40"),
        ("reference_format", "{number}{number:>300}", "Only {number}, {year} and {check}"),
        ("case_label", "lawsuit", "Choose one of these words"),
        ("default_follow_up_days", "", "Enter a number"),
        ("default_follow_up_days", "0", "from 1 to 90"),
        ("default_follow_up_days", "91", "from 1 to 90"),
        ("default_follow_up_days", "many", "Enter a number"),
        ("support_address", "nobody", "Enter an email address"),
    ],
)
def test_what_an_office_cannot_be(send, office, name, value, words):
    answer = send("settings_office", **GOOD | {name: value})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    before = office.name
    office.refresh_from_db()
    assert office.name == before


def test_extra_fields_are_ignored(send, office):
    slug, profile = office.slug, office.profile
    send("settings_office", **GOOD, slug="mine", profile="council", last_case_number="1", is_demo="1", id="7")
    office.refresh_from_db()
    assert (office.slug, office.profile, office.is_demo, office.last_case_number) == (slug, profile, False, 1000)


def test_the_reference_is_shown_while_it_is_typed(page):
    assert page("reference_example", reference_format="GM-{number}").content.decode() == "Like GM-2041"
    assert "must contain" in page("reference_example", reference_format="GM").content.decode()
    assert page("reference_example", reference_format="{number" * 900).status_code == 200
    assert b"Like 2041" in page("settings_office").content


def test_the_second_of_two_editors_gets_both_versions(send, page, office):
    version = page("settings_office").context["version"]
    send("settings_office", **GOOD, version=version)
    answer = send("settings_office", **GOOD | {"short_name": "Other", "case_label": "case"}, version=version)
    assert answer.status_code == 409
    body = answer.content.decode()
    assert "Glanmor" in body
    assert "Ticket" in body, "choices are shown in words"
    office.refresh_from_db()
    assert office.short_name == "Glanmor"
    assert (
        send("settings_office", **GOOD | {"short_name": "Other"}, version=answer.context["version"]).status_code
        == 303
    )


# The calendar


def test_the_public_holidays_of_this_and_next_year_are_listed(page, office):
    years = page("calendar").context["years"]
    assert len(years) == 2
    assert any("Good Friday" in day.reason for day in years[0][1])


def test_country_and_part_are_changed(send, office):
    send("calendar", country="gb", subdivision="sct")
    office.refresh_from_db()
    assert (office.country, office.subdivision) == ("GB", "SCT")
    send("calendar", country="IE", subdivision="")
    office.refresh_from_db()
    assert (office.country, office.subdivision) == ("IE", "")


@pytest.mark.parametrize(
    ("country", "subdivision", "words"),
    [
        ("", "", "Enter a country"),
        ("ZZ", "", "There is no calendar"),
        ("GB", "ZZ", "has no part"),
        ("GBR", "", "at most 2"),
    ],
)
def test_a_place_must_be_known(send, office, country, subdivision, words):
    answer = send("calendar", country=country, subdivision=subdivision)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    office.refresh_from_db()
    assert office.country == "GB"


def test_closures_come_one_by_one_or_in_a_run_and_go(send, page, office):
    send("closures", day="2030-12-24", reason="Christmas\u0007 Eve")
    send("closures", day="2031-01-02", until="2031-01-04", reason="Moving house")
    assert list(office.closures.values_list("day", "reason")) == [
        (date(2030, 12, 24), "Christmas Eve"),
        (date(2031, 1, 2), "Moving house"),
        (date(2031, 1, 3), "Moving house"),
        (date(2031, 1, 4), "Moving house"),
    ]
    assert b"Christmas Eve" in page("calendar").content
    send("closure_removal", office.closures.first().pk)
    assert office.closures.count() == 3


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"day": "", "reason": "Why"}, "Enter a day"),
        ({"day": "never", "reason": "Why"}, "Enter a day"),
        ({"day": "2030-12-24", "reason": ""}, "Say why"),
        ({"day": "2030-12-24", "reason": "x" * 121}, "at most 120"),
        ({"day": "2030-12-24", "until": "2030-12-23", "reason": "Why"}, "before the first"),
        ({"day": "2030-12-24", "until": "2031-12-23", "reason": "Why"}, "at most 60"),
        ({"day": "2030-12-25", "reason": "Why"}, "closed on this day already"),
        ({"day": "2030-12-24", "until": "2030-12-26", "reason": "Why"}, "closed on this day already"),
    ],
)
def test_what_cannot_be_a_closure(send, office, data, words):
    Closure.objects.create(office=office, day=date(2030, 12, 25), reason="Christmas")
    answer = send("closures", **data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert office.closures.count() == 1, "all of a run or nothing"


def test_a_closure_of_another_office_is_not_there(send):
    theirs = Closure.objects.create(office=MembershipFactory().office, day=date(2030, 12, 25), reason="Theirs")
    assert send("closure_removal", theirs.pk).status_code == 404


# Fields


def fields(office, **changes):
    return {"gate": office.gate, **gate.uses(office), **changes}


def test_a_field_is_hidden_shown_or_required(send, office):
    assert send("fields", **fields(office, tags="hidden", priority="required", gate="create")).status_code == 303
    office.refresh_from_db()
    uses = gate.uses(office)
    assert (uses["tags"], uses["priority"], office.gate) == ("hidden", "required", "create")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tags": ""}, "Choose whether"),
        ({"tags": "maybe"}, "Choose one of these"),
        ({"gate": "never"}, "Choose one of these"),
        ({"policy_area": "hidden"}, "needs its policy area"),
        ({"category": "hidden"}, "needs its category"),
    ],
)
def test_what_fields_cannot_be(send, office, changes, words):
    answer = send("fields", **fields(office, **changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not FieldUse.objects.filter(office=office, use="hidden").exists()


def test_a_preset_is_shown_before_it_is_taken(send, page, office):
    preview = page("fields_profile", profile="constituency")
    assert preview.status_code == 200
    assert len(preview.context["changes"]) > 3
    assert not FieldUse.objects.filter(office=office).exists(), "looking changes nothing"
    send("fields_profile", profile="constituency")
    assert gate.uses(office)["policy_area"] == "hidden"
    assert page("fields_profile", profile="constituency").context["changes"] == []
    assert page("fields_profile", profile="circus").status_code == 422
    assert send("fields_profile", profile="circus").status_code == 422
    office.refresh_from_db()
    assert office.profile == Office.Profile.REPRESENTATIVE, "the office stays what it is"


def test_two_editors_of_fields_get_both_versions(send, page, office):
    version = page("fields").context["version"]
    send("fields", **fields(office, tags="hidden"), version=version)
    answer = send("fields", **fields(office, tags="required"), version=version)
    assert answer.status_code == 409
    assert gate.uses(office)["tags"] == "hidden"


@pytest.mark.parametrize("route", ["settings_office", "calendar", "fields", "representatives", "wards"])
def test_caseworkers_do_not_set_up_the_office(client, office, send, route):
    member = MembershipFactory(office=office)
    client.force_login(member.user)
    assert client.get(reverse(f"desk:{route}", args=[office.slug])).status_code == 403
    assert send(route, member=member, **GOOD).status_code == 403


def test_everybody_finds_what_is_theirs_in_settings(client, office):
    member = MembershipFactory(office=office)
    client.force_login(member.user)
    body = client.get(reverse("desk:settings", args=[office.slug])).content.decode()
    assert "My preferences" in body
    assert "Calendar" not in body
