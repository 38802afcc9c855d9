from datetime import timedelta

import pytest
from django.utils import timezone

from wardbook.cases import actions as case_actions
from wardbook.cases.factories import (
    ActivityFactory,
    CaseFactory,
    CaseNoteFactory,
    DocumentFactory,
    InternalNoteFactory,
)
from wardbook.cases.models import Case
from wardbook.contacts import actions as contact_actions
from wardbook.contacts.factories import AgencyFactory, ContactFactory, ContactNoteFactory
from wardbook.contacts.models import ContactNote
from wardbook.correspondence.factories import MessageFactory
from wardbook.correspondence.models import Attachment, MessageOnCase
from wardbook.desk.tests.lists import list_url, numbers
from wardbook.desk.tests.people import make_member, rhian_of, url, words_of
from wardbook.lib.testing import post
from wardbook.offices.models import FieldUse, Postcode
from wardbook.vocabulary.factories import CategoryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(client):
    member = make_member()
    client.force_login(member.user)
    return member


@pytest.fixture
def rhian(anna):
    return rhian_of(anna.office)


def page(client, member, contact, query=""):
    return client.get(url(member, "contacts:contact", contact.pk, query=query))


def test_somebody_without_a_case_gets_the_blank_form(client, anna, rhian):
    CaseFactory(office=anna.office, constituent=rhian, deleted=True)

    said = words_of(page(client, anna, rhian))

    assert 'data-quick-log="page"' in said
    assert f'name="person" value="{rhian.pk}"' in said
    assert "Add case" in said


def test_a_case_one_may_not_see_is_no_case(client, anna, rhian):
    CaseFactory(office=anna.office, constituent=rhian, is_restricted=True, description="CANARY")
    said = words_of(page(client, anna, rhian))
    assert 'data-quick-log="page"' in said
    assert "CANARY" not in said


def test_somebody_with_cases_gets_the_list_open_before_closed_newest_first(client, anna, rhian):
    today = timezone.now().date()
    old = CaseFactory(office=anna.office, constituent=rhian, opened_on=today - timedelta(days=30))
    new = CaseFactory(office=anna.office, constituent=rhian, opened_on=today, owner=anna.user)
    closed = CaseFactory(office=anna.office, constituent=rhian, opened_on=today, closed=True)

    said = words_of(page(client, anna, rhian))

    places = [said.index(f'id="case-{case.number}"') for case in (new, old, closed)]
    assert places == sorted(places)
    assert 'data-quick-log="page"' not in said
    assert "Add case" in said
    assert "30 days old" in said
    assert anna.user.name in said


def test_only_closed_cases_are_a_list_too(client, anna, rhian):
    CaseFactory(office=anna.office, constituent=rhian, closed=True)
    assert 'data-quick-log="page"' not in words_of(page(client, anna, rhian))


def test_what_to_heed_stands_before_the_number(client, anna):
    heeded = rhian_of(
        anna.office,
        do_not_call=True,
        flags_source="She asked, 3 June",
        safe_contact="Only by mobile",
        needs="Hard of hearing",
    )
    said = words_of(page(client, anna, heeded))
    assert said.index("Do not call.") < said.index("tel:+441632960021")
    for words in ("She asked, 3 June", "Only by mobile", "Hard of hearing"):
        assert words in said


def test_the_warning_is_for_those_who_may_know_it(client, anna):
    warned = rhian_of(anna.office, warning="CANARY dog bites", warning_reason="bit a colleague")
    assert "CANARY" in words_of(page(client, anna, warned))


def test_the_household_and_the_area_are_shown(client, anna, rhian):
    tom = rhian_of(anna.office, given_name="Tom")
    Postcode.objects.create(
        office=anna.office, key="EM1", in_area=False, elsewhere="Eastmarsh. Their member is Ann Bell"
    )
    away = rhian_of(anna.office, given_name="Away", postcode="EM1 1AA")

    said = words_of(page(client, anna, rhian))
    assert "Same address" in said
    assert url(anna, "contacts:contact", tom.pk) in said
    assert "Eastmarsh. Their member is Ann Bell" in words_of(page(client, anna, away))


def test_an_agency_shows_what_we_wait_for(client, anna, rhian):
    agency = AgencyFactory(office=anna.office, casework_hotline="0800 hotline", usual_days=10)
    case = CaseFactory(office=anna.office, constituent=rhian, description="Damp")
    case_actions.wait_on(case, "agency", agency=agency, by=anna.user, at=timezone.now())
    CaseFactory(
        office=anna.office,
        constituent=rhian,
        description="CANARY",
        is_restricted=True,
        waiting_on="agency",
        waiting_agency=agency,
        waiting_since=timezone.now().date(),
    )
    said = words_of(page(client, anna, agency))
    assert "We wait for them" in said
    assert "Damp" in said
    assert "0800 hotline" in said
    assert "CANARY" not in said


def test_the_timeline_runs_over_all_cases_and_what_has_none(client, anna, rhian):
    case = CaseFactory(office=anna.office, constituent=rhian, description="Damp in flat")
    ActivityFactory(case=case, office=anna.office, subject="Rang about damp")
    ActivityFactory(case=None, contact=rhian, office=anna.office, subject="Asked for opening hours")
    InternalNoteFactory(case=case, text="Son has asthma")
    CaseNoteFactory(case=case, text="Inspection on Thursday")
    ContactNoteFactory(contact=rhian, description="Works nights")
    DocumentFactory(activity=ActivityFactory(case=case, office=anna.office), name="mould.jpg")
    MessageFactory(office=anna.office, case=case, subject="RE: Damp", text="It is back")
    MessageFactory(office=anna.office, contact=rhian, subject="About the buses")

    said = words_of(page(client, anna, rhian, "tab=timeline"))

    for words in (
        "Rang about damp",
        "Asked for opening hours",
        "Son has asthma",
        "Inspection on Thursday",
        "Works nights",
        "mould.jpg",
        "RE: Damp",
        "It is back",
        "About the buses",
        f"Case {case.reference} opened",
    ):
        assert words in said


def test_what_they_came_about_counts_cases_and_what_was_answered_at_once(client, anna, rhian):
    """S4.35. A case that the reader may not see is no topic either."""
    office = anna.office
    damp = CategoryFactory(office=office, name="Damp", policy_area__office=office, policy_area__name="Rivers")
    hidden = CategoryFactory(office=office, name="CANARY", policy_area=damp.policy_area)
    for _case in range(2):
        CaseFactory(office=office, constituent=rhian, category=damp, policy_area=damp.policy_area)
    ActivityFactory(case=None, contact=rhian, office=office, category=damp, policy_area=damp.policy_area)
    CaseFactory(office=office, constituent=rhian, is_restricted=True, category=hidden, policy_area=damp.policy_area)

    (raised,) = page(client, anna, rhian).context["raised"]
    assert (raised.topic, raised.times) == ("Rivers › Damp", 3)
    assert "2 cases" in words_of(client.get(raised.url))


def test_the_timeline_hides_what_the_reader_may_not_see(client, anna, rhian):
    secret = CaseFactory(office=anna.office, constituent=rhian, is_restricted=True, description="CANARY")
    ActivityFactory(case=secret, contact=rhian, office=anna.office, subject="CANARY")
    InternalNoteFactory(case=secret, text="CANARY")
    MessageFactory(office=anna.office, case=secret, contact=rhian, subject="CANARY", text="CANARY")
    # About a case of hers that may be seen too: the message may, and its first case may not.
    both = MessageFactory(office=anna.office, case=secret, contact=rhian, subject="Two matters")
    other = CaseFactory(office=anna.office, constituent=rhian)
    MessageOnCase.objects.create(office=anna.office, message=both, case=other, by=anna.user, at=timezone.now())
    DocumentFactory(
        activity=ActivityFactory(case=secret, contact=rhian, office=anna.office), name="CANARY.txt", contact=rhian
    )
    for tab in ("cases", "timeline", "notes", "files"):
        assert "CANARY" not in words_of(page(client, anna, rhian, f"tab={tab}"))
    assert "Two matters" in words_of(page(client, anna, rhian, "tab=timeline"))


def test_the_timeline_goes_on_with_older_entries(client, anna, rhian, monkeypatch):
    monkeypatch.setattr("wardbook.desk.people.timeline.PAGE", 3)
    case = CaseFactory(office=anna.office, constituent=rhian)
    at = timezone.now()
    for days in range(5):
        ActivityFactory(case=case, office=anna.office, subject=f"Call {days}", happened_at=at - timedelta(days=days))
    first = words_of(page(client, anna, rhian, "tab=timeline"))
    assert "Call 2" in first
    assert "Call 3" not in first
    older = first.split("Older entries")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "Call 3" in words_of(client.get(older))


@pytest.mark.parametrize("before", ["x", "2025-06-02", "2025-06-02T10:00:00", "9" * 40])
def test_a_moment_that_is_none_shows_the_newest(client, anna, rhian, before):
    assert page(client, anna, rhian, f"tab=timeline&before={before}").status_code == 200


def test_a_note_is_added_and_has_no_workflow(client, anna, rhian):
    response = post(client, url(anna, "contacts:notes", rhian.pk), {"description": "Best reached after five"})

    assert response.status_code == 303
    note = ContactNote.objects.get()
    assert (note.description, note.by) == ("Best reached after five", anna.user)
    assert "Best reached after five" in words_of(page(client, anna, rhian, "tab=notes"))


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("description", "", "This field is required"),
        ("description", "x" * 201, "1 letter shorter"),
        ("text", "x" * 20_001, "1 letter shorter"),
        ("noted_on", "soon", "Enter a day"),
        ("noted_on", "2099-01-01", "cannot be from a day to come"),
        ("code", "999999", "Select a valid choice"),
        ("code", "x", "Select a valid choice"),
    ],
)
def test_a_wrong_note_says_what_is_wrong_and_keeps_the_words(client, anna, rhian, field, typed, said):
    sent = {"description": "Works nights", "text": "Kept", field: typed}
    response = post(client, url(anna, "contacts:notes", rhian.pk), sent)
    assert response.status_code == 422
    assert said in words_of(response)
    if field != "text":
        assert "Kept" in words_of(response)
    assert not ContactNote.objects.exists()


def test_a_note_becomes_a_case_in_one_press_with_its_text(client, anna, rhian):
    note = ContactNoteFactory(contact=rhian, description="Damp again", text="In the hall", by=anna.user)
    address = url(anna, "contacts:note_case", rhian.pk, note.pk)

    response = post(client, address)

    case = Case.objects.get()
    assert response["Location"] == url(anna, "desk:case", case.number)
    assert (case.description, case.notes, case.constituent, case.owner) == (
        "Damp again",
        "In the hall",
        rhian,
        anna.user,
    )
    assert case.next_step_on is not None
    post(client, address)
    assert Case.objects.count() == 1


def test_a_note_of_somebody_else_or_of_another_office_is_not_there(client, anna, rhian):
    other = ContactNoteFactory(contact=ContactFactory(office=anna.office))
    foreign = ContactNoteFactory()
    for note in (other, foreign):
        assert post(client, url(anna, "contacts:note_case", rhian.pk, note.pk)).status_code == 404
    assert not Case.objects.exists()


def test_somebody_with_an_open_case_is_not_deleted_and_it_is_said_why(client, anna, rhian):
    CaseFactory(office=anna.office, constituent=rhian)
    post(client, url(anna, "contacts:deletion", rhian.pk))
    rhian.refresh_from_db()
    assert rhian.deleted_at is None
    assert "has an open case" in words_of(page(client, anna, rhian))


def test_a_deleted_person_is_gone_until_it_is_undone(client, anna, rhian):
    response = post(client, url(anna, "contacts:deletion", rhian.pk))
    assert response["Location"] == url(anna, "contacts:list")
    assert page(client, anna, rhian).status_code == 404


def test_a_contact_of_another_office_is_not_there(client, anna):
    foreign = rhian_of(make_member().office)
    for route in ("contact", "edit", "log", "language"):
        assert client.get(url(anna, f"contacts:{route}", foreign.pk)).status_code == 404
    for route in ("edit", "flags", "language", "deletion", "log", "notes"):
        assert post(client, url(anna, f"contacts:{route}", foreign.pk)).status_code == 404


def test_the_page_costs_the_same_however_much_there_is(client, anna, rhian, django_assert_max_num_queries):
    for _number in range(10):
        case = CaseFactory(office=anna.office, constituent=rhian)
        ActivityFactory(case=case, office=anna.office)
        InternalNoteFactory(case=case)
        rhian_of(anna.office, given_name="Tom")
    contact_actions.add_note(rhian, description="x", by=anna.user, at=timezone.now())
    for tab in ("cases", "timeline", "notes", "files"):
        with django_assert_max_num_queries(20):
            page(client, anna, rhian, f"tab={tab}")


def attach(message, name, digest):
    return Attachment.objects.create(
        office=message.office,
        message=message,
        name=name,
        storage_key=f"{message.pk}-{name}",
        sha256=digest * 64,
        size=4,
        media_type="text/plain",
    )


def test_the_files_of_their_mail_are_listed_once_and_only_for_who_may_read_it(
    client, anna, rhian, django_assert_max_num_queries
):
    service = make_member(role="service", office=anna.office)
    case = CaseFactory(office=anna.office, constituent=rhian, owner=service.user)
    hidden = CaseFactory(office=anna.office, constituent=rhian, is_restricted=True)
    DocumentFactory(
        activity=ActivityFactory(office=anna.office, case=case, contact=rhian), case=case, name="scan.pdf"
    )
    for number in range(2):
        told = MessageFactory(office=anna.office, case=case)
        attach(told, "plan.txt", "a")
        attach(told, f"photo-{number}.txt", str(number))
    attach(MessageFactory(office=anna.office, contact=rhian), "loose.txt", "c")
    attach(MessageFactory(office=anna.office, contact=rhian, case=hidden), "CANARY.txt", "d")
    attach(MessageFactory(office=anna.office), "somebody-elses.txt", "e")

    page(client, anna, rhian)
    with django_assert_max_num_queries(20):
        said = words_of(page(client, anna, rhian, "tab=files"))
    names = ("scan.pdf", "plan.txt", "photo-0.txt", "photo-1.txt", "loose.txt")
    assert [said.count(f">{name}<") for name in names] == [1] * 5
    assert "CANARY" not in said
    assert "somebody-elses" not in said

    # Mail on no case is for who works the Inbox.
    client.force_login(service.user)
    said = words_of(page(client, service, rhian, "tab=files"))
    assert (said.count(">plan.txt<"), said.count(">loose.txt<")) == (1, 0)


def test_an_agency_that_a_case_waits_for_is_not_deleted(client, anna, rhian):
    agency = AgencyFactory(office=anna.office)
    case = CaseFactory(office=anna.office, constituent=rhian)
    case_actions.wait_on(case, "agency", agency=agency, by=anna.user, at=timezone.now())
    post(client, url(anna, "contacts:deletion", agency.pk))
    agency.refresh_from_db()
    assert agency.deleted_at is None


def test_nothing_is_left_out_in_silence(client, anna, rhian, monkeypatch):
    monkeypatch.setattr("wardbook.desk.people.page.MOST_CASES", 2)
    monkeypatch.setattr("wardbook.desk.people.page.MOST_LINES", 2)
    cases = [CaseFactory(office=anna.office, constituent=rhian) for _ in range(3)]
    for number in range(3):
        entry = ActivityFactory(office=anna.office, case=cases[0], contact=rhian)
        DocumentFactory(activity=entry, case=cases[0], name=f"scan-{number}.pdf")
        ContactNoteFactory(contact=rhian, description=f"Remark {number}")

    said = words_of(page(client, anna, rhian))
    assert "All 3 cases as a list" in said
    everything = client.get(list_url(anna, f"status=any&person={rhian.pk}"))
    assert len(numbers(everything)) == 3

    for tab, thing in (("files", "scan-"), ("notes", "Remark ")):
        first = words_of(page(client, anna, rhian, f"tab={tab}"))
        second = words_of(page(client, anna, rhian, f"tab={tab}&page=2"))
        assert "1–2 of 3" in first
        found = [{n for n in range(3) if f"{thing}{n}" in said} for said in (first, second)]
        assert [len(one) for one in found] == [2, 1]
        assert found[0] | found[1] == {0, 1, 2}


def test_an_agency_says_how_many_more_wait(client, anna, monkeypatch):
    monkeypatch.setattr("wardbook.desk.people.page.MOST_CASES", 2)
    agency = AgencyFactory(office=anna.office)
    day = timezone.now().date()
    for _ in range(3):
        CaseFactory(office=anna.office, waiting_on="agency", waiting_agency=agency, waiting_since=day)
    assert "1 more case waits for them" in words_of(page(client, anna, agency))


def test_a_note_becomes_no_case_without_what_the_office_asks_for_first(client, anna, rhian):
    note = ContactNoteFactory(contact=rhian)
    FieldUse.objects.create(office=anna.office, field="category", use=FieldUse.Use.REQUIRED)
    anna.office.gate = "create"
    anna.office.save()
    answer = post(client, url(anna, "contacts:note_case", rhian.pk, note.pk))
    assert answer.status_code == 303
    assert not Case.objects.exists()
    assert "Your office asks for this before a case is opened: Category." in words_of(client.get(answer.url))
