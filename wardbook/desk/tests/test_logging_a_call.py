from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from wardbook.cases.factories import CaseFactory, TagFactory
from wardbook.cases.models import Activity, Document
from wardbook.desk.tests.people import how, make_member, rhian_of, url, words_of
from wardbook.lib.testing import post
from wardbook.vocabulary.models import ActivityType, Category

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
def log(client, anna, rhian):
    def send(sent):
        known = {"how": how(anna), "direction": "in", "subject": "Opening hours"}
        return post(client, url(anna, "contacts:log", rhian.pk), known | sent)

    return send


def test_a_finished_call_is_one_save(anna, rhian, log):
    response = log({"outcome": "Gave her the number"})

    call = Activity.objects.get()
    assert response["Location"] == url(anna, "contacts:contact", rhian.pk) + "?tab=timeline"
    assert (call.state, call.case, call.contact, call.outcome) == ("done", None, rhian, "Gave her the number")
    assert (call.type.family, call.direction, call.contact_type.code) == ("call", "in", "phone")


def test_a_follow_up_is_planned_in_the_same_save_a_week_ahead(anna, log):
    log({"next_step": "Ring back"})
    planned = Activity.objects.planned().get()
    assert planned.due_on == anna.office.local_date(timezone.now()) + timedelta(days=7)
    assert (planned.subject, planned.follows) == ("Ring back", Activity.objects.done().get())


def test_when_where_how_long_and_what_about_are_kept(anna, rhian, log):
    category, tag = Category.objects.filter(office=anna.office).first(), TagFactory(office=anna.office)
    log(
        {
            "how": how(anna, "in-person"),
            "direction": "out",
            "details": "Long\r\ntalk",
            "on": "yesterday",
            "clock": "14:30",
            "minutes": "25",
            "place": "At the Annual Gala",
            "topic": f"c{category.pk}",
            "tags": [tag.pk],
            "next_on": "+10wd",
            "next_type": ActivityType.objects.get(office=anna.office, name="Phone call").pk,
            "next_who": anna.user.pk,
            "uploads": [SimpleUploadedFile("note.txt", b"hello", "text/plain")],
        }
    )
    talk = Activity.objects.done().get()
    local = talk.happened_at.astimezone(anna.office.zone)
    assert (local.hour, local.minute) == (14, 30)
    assert local.date() == anna.office.local_date(timezone.now()) - timedelta(days=1)
    assert (talk.minutes, talk.place, talk.category, talk.details) == (
        25,
        "At the Annual Gala",
        category,
        "Long\ntalk",
    )
    assert list(talk.tags.all()) == [tag]
    assert Document.objects.get().contact == rhian
    planned = Activity.objects.planned().get()
    assert (planned.assignee, planned.type.family) == (anna.user, "call")


def test_a_call_about_an_open_case_goes_onto_it(anna, rhian, log):
    case = CaseFactory(office=anna.office, constituent=rhian)
    log({"case": case.pk})
    assert Activity.objects.get().case == case


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("how", "", "Choose how it came or went."),
        ("how", "999999", "Choose one from the list."),
        ("direction", "up", "Choose one from the list."),
        ("subject", "", "Say in a few words what it was about."),
        ("subject", "x" * 201, "1 letter shorter"),
        ("outcome", "x" * 301, "shorter"),
        ("details", "x" * 20_001, "shorter"),
        ("case", "999999", "Choose one from the list."),
        ("case", "x", "Choose one from the list."),
        ("next_on", "yesterday", "A follow-up cannot lie in the past."),
        ("next_on", "soon", "Enter a day"),
        ("next_step", "x" * 201, "shorter"),
        ("next_who", "999999", "Choose one from the list."),
        ("next_type", "999999", "Choose one from the list."),
        ("on", "tomorrow", "cannot lie in the future"),
        ("on", "x", "Enter a day"),
        ("clock", "25:00", "Enter a time, like 14:30."),
        ("minutes", "-1", "Enter a number of minutes"),
        ("minutes", "2000", "A day has 1,440 minutes."),
        ("minutes", "x", "Enter a number of minutes"),
        ("place", "x" * 161, "shorter"),
        ("written_on", "tomorrow", "has not come yet"),
        ("topic", "x", "Choose one from the list."),
        ("tags", "999999", "Choose one from the list"),
    ],
)
def test_a_wrong_field_says_so_and_nothing_is_kept(log, field, typed, said):
    response = log({"outcome": "KEPT", field: typed})
    assert response.status_code == 422
    assert said in words_of(response)
    if field != "outcome":
        assert "KEPT" in words_of(response)
    assert not Activity.objects.exists()


def test_a_case_of_somebody_else_closed_or_restricted_is_no_choice(anna, rhian, log):
    others = [
        CaseFactory(),
        CaseFactory(office=anna.office),
        CaseFactory(office=anna.office, constituent=rhian, closed=True),
        CaseFactory(office=anna.office, constituent=rhian, is_restricted=True),
    ]
    for case in others:
        assert log({"case": case.pk}).status_code == 422
    assert not Activity.objects.exists()


def test_the_form_heeds_the_flags(client, anna):
    heeded = rhian_of(anna.office, do_not_call=True)
    assert "Do not call." in words_of(client.get(url(anna, "contacts:log", heeded.pk)))
