import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from wardbook.cases.factories import CaseFactory, TagFactory
from wardbook.cases.models import Activity, Case, CaseLocation, Document
from wardbook.contacts.models import Contact
from wardbook.desk.tests.people import how, make_member, rhian_of, url, words_of
from wardbook.lib.testing import post
from wardbook.offices.factories import MembershipFactory, TeamFactory
from wardbook.offices.models import FieldUse
from wardbook.vocabulary.models import Category

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(client):
    member = make_member()
    client.force_login(member.user)
    return member


@pytest.fixture
def rhian(anna):
    return rhian_of(anna.office)


@pytest.fixture
def log(client, anna):
    """Send Quick log as its form does."""

    def send(sent, **options):
        return post(client, url(anna, "desk:new_case"), {"how": how(anna)} | sent, **options)

    return send


def test_who_and_what_are_enough(anna, rhian, log):
    response = log(
        {"person": rhian.pk, "person_text": "Rhian Evans", "what": " Damp in flat,  council not replying "}
    )

    case = Case.objects.get()
    assert response.status_code == 303
    assert (case.description, case.constituent, case.owner) == (
        "Damp in flat, council not replying",
        rhian,
        anna.user,
    )
    assert (case.status_class, case.kind, case.contact_type.code) == ("new", "casework", "phone")
    expected = anna.office.working_calendar().working_days_after(anna.office.local_date(timezone.now()), 5)
    assert case.next_step_on == expected
    follow_up = Activity.objects.planned().get()
    assert (follow_up.assignee, follow_up.subject) == (anna.user, "Follow up: Damp in flat, council not replying")
    call = Activity.objects.done().get()
    assert (call.case, call.contact, call.direction, call.type.family) == (case, rhian, "in", "call")


def test_the_case_is_seen_in_the_list_at_once(client, anna, rhian, log):
    response = log({"person": rhian.pk, "what": "Damp"})
    case = Case.objects.get()
    assert response["Location"] == f"{url(anna, 'desk:cases')}?saved={case.number}#case-{case.number}"
    page = words_of(client.get(response["Location"]))
    assert f'id="case-{case.number}"' in page
    assert f"Case {case.reference} saved." in page


def test_the_list_one_came_from_keeps_its_filter_and_says_when_it_hides_the_case(client, anna, rhian, log):
    came_from = "http://testserver" + url(anna, "desk:cases", query="priority=high&after=x")
    response = log({"person": rhian.pk, "what": "Damp"}, htmx=True, headers={"HX-Current-URL": came_from})
    case = Case.objects.get()
    assert "priority=high" in response["HX-Redirect"]
    assert "after=" not in response["HX-Redirect"]
    page = words_of(client.get(response["HX-Redirect"]))
    assert "The filter of this list hides it." in page
    assert f'href="{url(anna, "desk:case", case.number)}"' in page


def test_a_new_person_is_saved_with_the_case_or_not_at_all(anna, log):
    sent = {
        "new_name": "Mr Dewi Pugh",
        "new_phone": "01632 960 114",
        "new_email": "dewi@example.org",
        "new_postcode": "gm4 2xt",
        "new_address": "3 Castle Road",
        "what": "Council tax band",
    }
    assert log(sent | {"what": ""}).status_code == 422
    assert not Contact.objects.exists()

    # The place makes the action fail after the person was added: nothing may be left behind.
    assert log(sent | {"follow_up_on": "tomorrow", "owner": "999999"}).status_code == 422
    assert not Contact.objects.exists()

    log(sent)
    dewi = Contact.objects.get()
    assert (dewi.formal_name, dewi.given_name) == ("Mr Pugh", "Dewi")
    assert Case.objects.get().constituent == dewi
    assert str(dewi.addresses.get()) == "3 Castle Road, GM4 2XT"


def test_a_new_organisation(log):
    log({"new_name": "Mill Lane Residents", "new_is_organisation": "on", "what": "Bins"})
    assert Contact.objects.get().kind == "organisation"


def test_words_typed_and_then_added_as_new_are_no_mistake(log):
    log({"person": "", "person_text": "dewi pugh", "new_name": "Dewi Pugh", "what": "Bins"})
    assert Case.objects.get().constituent.name == "Dewi Pugh"


def test_somebody_who_may_be_known_is_asked_about_before_saving(anna, rhian, log):
    sent = {"new_name": "R Evans", "new_phone": "01632 960021", "what": "Bins"}

    response = log(sent)
    assert response.status_code == 422
    assert "Looks like Rhian Evans, same phone." in words_of(response)
    assert "Bins" in words_of(response)
    assert not Case.objects.exists()

    log(sent | {"not_same": "on"})
    assert Contact.objects.count() == 2


def test_the_person_who_is_known_is_used_with_one_press(anna, rhian, log):
    CaseFactory(office=anna.office, constituent=rhian, description="Blue badge")
    sent = {"new_name": "R Evans", "new_phone": "01632 960021", "what": "Bins", "details": "Since May"}

    response = log(sent | {"use": rhian.pk})

    said = words_of(response)
    assert response.status_code == 200
    assert f'name="person" value="{rhian.pk}"' in said
    assert "Mrs Evans has 1 open case" in said
    assert 'value="Bins"' in said
    assert "Since May" in said
    assert "R Evans" not in said


@pytest.mark.parametrize(
    "sent",
    [{"is_anonymous": "on"}, {"kind": "internal"}, {"kind": "invitation"}],
)
def test_nobody_is_allowed_when_it_is_said_why(log, sent):
    log({"what": "Street light out"} | sent)
    case = Case.objects.get()
    assert case.constituent is None
    assert case.is_anonymous == ("is_anonymous" in sent)


def test_raised_by_somebody_for_nobody_named(anna, rhian, log):
    log({"what": "Hedge", "requester": rhian.pk})
    assert Case.objects.get().requester == rhian


def test_everything_under_more_is_kept(anna, rhian, log):
    category = Category.objects.filter(office=anna.office).first()
    tag, team = TagFactory(office=anna.office, name="damp-hall"), TeamFactory(office=anna.office)
    sam = MembershipFactory(office=anna.office).user
    log(
        {
            "person": rhian.pk,
            "what": "Damp",
            "details": "Black mould\r\nin the hall",
            "topic": f"c{category.pk}",
            "tags": [tag.pk],
            "place": "Behind the bus stop",
            "place_postcode": "gm1 1aa",
            "owner": sam.pk,
            "team": team.pk,
            "follow_up_on": "+10wd",
            "follow_up": "Chase Housing",
            "priority": "3",
            "opened_on": "yesterday",
            "kind": "policy",
            "is_restricted": "on",
        }
    )
    case = Case.objects.get()
    assert case.notes == "Black mould\nin the hall"
    assert (case.category, case.policy_area) == (category, category.policy_area)
    assert list(case.tags.all()) == [tag]
    assert (case.owner, case.owner_team, case.priority, case.kind) == (sam, team, 3, "policy")
    assert case.opened_on == anna.office.local_date(timezone.now()) - timedelta(days=1)
    assert case.is_restricted
    assert case.accesses.get().user == anna.user
    place = CaseLocation.objects.get()
    assert (place.text, place.postcode) == ("Behind the bus stop", "GM1 1AA")
    assert Activity.objects.planned().get().subject == "Chase Housing"
    assert Activity.objects.done().get().happened_at.date() == case.opened_on


def test_the_follow_up_can_be_removed_and_the_case_left_to_nobody(rhian, log):
    log({"person": rhian.pk, "what": "Damp", "follow_up_on": "", "owner": ""})
    case = Case.objects.get()
    assert (case.next_step_on, case.owner) == (None, None)


def test_finished_work_is_logged_closed_and_is_on_nobodys_home(anna, rhian, log):
    category = Category.objects.filter(office=anna.office).first()
    log(
        {
            "person": rhian.pk,
            "what": "Asked for the number of the council",
            "topic": f"c{category.pk}",
            "opened_on": "yesterday",
            "outcome": "advice",
            "outcome_note": "Gave her the number",
        }
    )
    case = Case.objects.get()
    assert (case.status_class, case.outcome, case.outcome_note) == ("closed", "advice", "Gave her the number")
    assert case.closed_on == case.opened_on
    assert not Activity.objects.planned().exists()


def test_finished_work_that_is_not_classified_says_which_field_is_missing(anna, rhian, log):
    FieldUse.objects.create(office=anna.office, field="category", use="required")
    response = log({"person": rhian.pk, "what": "Damp", "outcome": "advice"})
    assert response.status_code == 422
    assert "a case that is finished needs it" in words_of(response)
    assert not Case.objects.exists()


def test_a_letter_keeps_both_its_days_and_its_scan(anna, rhian, log):
    today = anna.office.local_date(timezone.now())
    scan = SimpleUploadedFile("letter.txt", b"Dear Member", "text/plain")
    empty = SimpleUploadedFile("empty.txt", b"", "text/plain")
    log(
        {
            "how": how(anna, "letter"),
            "person": rhian.pk,
            "what": "Blue badge",
            "written_on": (today - timedelta(days=4)).isoformat(),
            "received_on": "yesterday",
            "uploads": [scan, empty],
        }
    )
    letter = Activity.objects.done().get()
    assert (letter.type.family, letter.written_on) == ("letter", today - timedelta(days=4))
    assert anna.office.local_date(letter.happened_at) == today - timedelta(days=1)
    document = Document.objects.get()
    assert (document.name, document.activity, document.case) == ("letter.txt", letter, Case.objects.get())


def test_a_file_that_is_refused_is_named_and_the_rest_is_kept(client, anna, rhian, log):
    empty = SimpleUploadedFile("empty.txt", b"", "text/plain")
    response = log({"person": rhian.pk, "what": "Damp", "uploads": [empty]})
    said = words_of(client.get(response["Location"]))
    assert "“empty.txt” was not kept. It is empty." in said
    assert Case.objects.count() == 1


def test_how_it_came_is_remembered_for_the_session(client, anna, rhian, log):
    log({"how": how(anna, "in-person"), "person": rhian.pk, "what": "Damp"})
    page = words_of(client.get(url(anna, "desk:new_case")))
    assert f'name="how" value="{how(anna, "in-person")}"' in page
    assert page.split(f'value="{how(anna, "in-person")}"')[1].split(">")[0].endswith("checked")


def test_save_and_write_opens_the_composer(anna, rhian, log):
    response = log({"person": rhian.pk, "what": "Damp", "next": "write"})
    assert response["Location"] == url(anna, "desk:case", Case.objects.get().number) + "?write=letter#composer"


def test_just_record_it_makes_no_case_and_is_classified(anna, rhian, log):
    category, tag = Category.objects.filter(office=anna.office).first(), TagFactory(office=anna.office)
    response = log(
        {
            "person": rhian.pk,
            "what": "Opening hours",
            "next": "record",
            "suggested_topic": f"c{category.pk}",
            "suggested_tag": [tag.pk],
        }
    )
    call = Activity.objects.get()
    assert not Case.objects.exists()
    assert (call.case, call.contact, call.category, list(call.tags.all())) == (None, rhian, category, [tag])
    assert response["Location"] == url(anna, "contacts:contact", rhian.pk) + "?tab=timeline"


def test_a_recorded_call_of_nobody_named(anna, log):
    response = log({"is_anonymous": "on", "what": "Opening hours", "next": "record"})
    assert Activity.objects.get().contact is None
    assert response["Location"] == url(anna, "desk:home")


def test_a_recorded_call_has_a_follow_up_only_when_one_is_written(rhian, log):
    log({"person": rhian.pk, "what": "x", "next": "record", "follow_up_on": "+5wd", "follow_up": ""})
    assert not Activity.objects.planned().exists()
    log({"person": rhian.pk, "what": "y", "next": "record", "follow_up_on": "+5wd", "follow_up": "Ring back"})
    assert Activity.objects.planned().get().subject == "Ring back"


def test_what_was_typed_is_added_to_an_open_case(anna, rhian, log):
    case = CaseFactory(office=anna.office, constituent=rhian)
    response = log({"person": rhian.pk, "what": "Still damp", "details": "Worse", "add_to": case.number})
    call = Activity.objects.get()
    assert (call.case, call.subject, call.details, call.contact) == (case, "Still damp", "Worse", rhian)
    assert Case.objects.count() == 1
    assert response["Location"] == url(anna, "desk:case", case.number)


@pytest.mark.parametrize("number", ["0", "999999", "x", "99999999999999999999", "1'"])
def test_a_case_that_is_not_there_is_not_added_to(rhian, log, number):
    response = log({"person": rhian.pk, "what": "Still damp", "add_to": number})
    assert response.status_code == 422
    assert "not there any more" in words_of(response)
    assert not Activity.objects.exists()


def test_a_case_of_another_office_or_out_of_sight_is_not_added_to(anna, rhian, log):
    for case in (CaseFactory(number=5000), CaseFactory(office=anna.office, is_restricted=True, number=5001)):
        assert log({"person": rhian.pk, "what": "Still damp", "add_to": case.number}).status_code == 422
    assert not Activity.objects.exists()


def test_a_double_press_saves_once(client, anna, rhian):
    sent = {"how": how(anna), "person": rhian.pk, "what": "Damp", "operation": str(uuid.uuid4())}
    first = client.post(url(anna, "desk:new_case"), sent)
    second = client.post(url(anna, "desk:new_case"), sent)
    assert Case.objects.count() == 1
    assert first["Location"] == second["Location"]
