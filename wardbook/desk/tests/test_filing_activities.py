"""Entries without a case go onto one, or become one: the same records, never copies."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from wardbook.cases import actions as case_actions
from wardbook.cases.factories import CaseFactory
from wardbook.cases.models import Activity, Case
from wardbook.contacts.factories import ContactFactory
from wardbook.offices.factories import MembershipFactory
from wardbook.vocabulary.factories import ActivityTypeFactory, StatusFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    anna = MembershipFactory()
    for status_class in ("new", "open", "closed"):
        StatusFactory(office=anna.office, status_class=status_class)
    return anna


@pytest.fixture
def calls(anna):
    kind = ActivityTypeFactory(office=anna.office)
    contact = ContactFactory(office=anna.office, family_name="Haddad")
    return [
        case_actions.log_activity(
            anna.office,
            type=kind,
            subject=f"Rang about the visa {n}",
            contact=contact,
            by=anna.user,
            at=timezone.now(),
        )
        for n in range(2)
    ]


@pytest.fixture
def url(anna):
    return reverse("desk:activities_filing", args=[anna.office.slug])


@pytest.fixture
def send(client, anna, url, calls):
    def post(**data):
        client.force_login(anna.user)
        data.setdefault("activity", [call.pk for call in calls])
        return client.post(url, {"operation": str(uuid.uuid4()), **data})

    return post


def test_the_page_shows_what_was_ticked(client, anna, url, calls):
    client.force_login(anna.user)
    page = client.get(url, {"activity": [call.pk for call in calls]})
    assert b"Rang about the visa 0" in page.content
    assert b"Haddad" in page.content


def test_they_go_onto_a_case(send, calls, anna):
    case = CaseFactory(office=anna.office)
    answer = send(make="file", case=case.pk)
    assert answer["Location"] == reverse("desk:case", args=[anna.office.slug, case.number])
    assert Activity.objects.filter(case=case).count() == 2
    assert Activity.objects.count() == 2


def test_they_become_a_case(send, calls, anna):
    send(make="new", description="Visa delay", about=calls[0].contact_id)
    case = Case.objects.get()
    assert (case.description, case.constituent, case.owner) == ("Visa delay", calls[0].contact, anna.user)
    assert Activity.objects.filter(case=case).count() == 2


def test_they_become_a_matter_of_the_office(send, calls):
    send(make="new", description="Visa desk", about="internal")
    case = Case.objects.get()
    assert (case.kind, case.constituent) == ("internal", None)


def test_an_office_that_classifies_at_the_start_says_what_is_missing(send, calls, anna):
    from wardbook.offices.models import FieldUse

    FieldUse.objects.create(office=anna.office, field="category", use="required")
    anna.office.gate = "create"
    anna.office.save()
    answer = send(make="new", description="Visa delay", about=calls[0].contact_id)
    assert answer.status_code == 422
    assert b"asks for more" in answer.content
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"make": "file"}, "Choose the case"),
        ({"make": "file", "case": "999999"}, "Choose one from the list"),
        ({"make": "file", "case": "abc"}, "Choose one from the list"),
        ({"make": "file", "case": "9" * 30}, "Choose one from the list"),
        ({"make": "file", "case": "other"}, "Choose one from the list"),
        ({"make": "file", "case": "closed"}, "Choose one from the list"),
        ({"make": "new", "description": "", "about": "internal"}, "Say in a few words"),
        ({"make": "new", "description": " \u0007 ", "about": "internal"}, "Say in a few words"),
        ({"make": "new", "description": "x" * 141, "about": "internal"}, "at most 140"),
        ({"make": "new", "description": "Visa"}, "Choose whom"),
        ({"make": "new", "description": "Visa", "about": "77777"}, "Choose one of these"),
    ],
)
def test_what_cannot_be_is_said(send, calls, anna, data, words):
    if data.get("case") == "other":
        data = data | {"case": CaseFactory().pk}
    if data.get("case") == "closed":
        data = data | {"case": CaseFactory(office=anna.office, closed=True).pk}
    answer = send(**data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Activity.objects.filter(case__isnull=False).exists()


def test_without_javascript_the_typed_words_give_a_choice(send, anna):
    case = CaseFactory(office=anna.office, description="Visa delay of the family")
    answer = send(make="file", case="", case_text="visa delay")
    assert answer.status_code == 422
    assert f'type="radio" name="case" value="{case.pk}"' in " ".join(answer.content.decode().split())


def test_nothing_ticked_leads_back(client, anna, url):
    client.force_login(anna.user)
    for ticked in ([], ["abc"], ["9" * 30], ["\x00"]):
        assert client.get(url, {"activity": ticked}).status_code == 303


def test_entries_of_others_are_left_alone(send, calls, anna):
    stranger = MembershipFactory()
    kind = ActivityTypeFactory(office=stranger.office)
    foreign = case_actions.log_activity(
        stranger.office, type=kind, subject="Theirs", by=stranger.user, at=timezone.now()
    )
    case = CaseFactory(office=anna.office)
    send(make="file", case=case.pk, activity=[calls[0].pk, foreign.pk])
    foreign.refresh_from_db()
    assert foreign.case is None
    assert Activity.objects.filter(case=case).count() == 1


def test_the_type_ahead_finds_by_number_words_and_name(client, anna):
    case = CaseFactory(office=anna.office, description="Damp in flat")
    CaseFactory(description="Damp elsewhere")
    CaseFactory(office=anna.office, description="Damp secret", is_restricted=True)
    CaseFactory(office=anna.office, description="Damp and done", closed=True)
    client.force_login(anna.user)
    ask = reverse("desk:activities_cases", args=[anna.office.slug])
    for typed in ("damp", case.reference, f"#{case.reference}", case.constituent.family_name):
        body = client.get(ask, {"q": typed}).content.decode()
        assert f'data-value="{case.pk}"' in body
        assert body.count("data-value=") == 1, body
    assert "data-value" not in client.get(ask, {"q": ""}).content.decode()
    assert client.get(ask, {"q": "\x00" * 300}).status_code == 200
