import pytest

from wardbook.cases.factories import TagFactory
from wardbook.cases.models import Case
from wardbook.contacts.models import Contact
from wardbook.desk.tests.people import how, make_member, rhian_of, url, words_of
from wardbook.lib.testing import post
from wardbook.offices.factories import TeamFactory
from wardbook.offices.models import FieldUse
from wardbook.vocabulary.models import CaseType, Category, ContactType, ServiceType

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
        known = {"how": how(anna), "person": rhian.pk, "what": "Damp in flat", "details": "KEPT"}
        return post(client, url(anna, "desk:new_case"), known | sent)

    return send


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("how", "999999", "Choose one from the list."),
        ("how", "x", "Choose one from the list."),
        ("how", "", "Choose how it came."),
        ("person", "", "Say who it is about"),
        ("person", "999999", "Choose one from the list, or clear what you typed."),
        ("person", "x", "Choose one from the list, or clear what you typed."),
        ("what", "", "Say in a few words what it is about."),
        ("what", " \x00\x1f\u202e ", "Say in a few words what it is about."),
        ("what", "x" * 141, "1 letter shorter; 140 is the most"),
        ("details", "x" * 20_001, "1 letter shorter"),
        ("new_phone", "call me", "Enter a telephone number"),
        ("new_email", "nobody", "Enter an email address"),
        ("new_postcode", "nowhere", "Enter a postcode, like GM1 4AB."),
        ("new_name", "x" * 161, "shorter"),
        ("new_address", "x" * 251, "shorter"),
        ("topic", "c999999", "Choose one from the list."),
        ("topic", "x", "Choose one from the list."),
        ("case_type", "999999", "Choose one from the list."),
        ("tags", "999999", "Choose one from the list, or clear what you typed."),
        ("tags", "x", "Choose one from the list, or clear what you typed."),
        ("place", "x" * 251, "shorter"),
        ("place_postcode", "!!!", "Enter a postcode"),
        ("owner", "999999", "Choose one from the list."),
        ("owner", "x", "Choose one from the list."),
        ("team", "999999", "Choose one from the list."),
        ("follow_up_on", "soon", "Enter a day, like Friday, 6/6 or +10wd."),
        ("follow_up_on", "yesterday", "A follow-up cannot lie in the past."),
        ("follow_up", "x" * 201, "shorter"),
        ("priority", "9", "Choose one from the list."),
        ("priority", "x", "Choose one from the list."),
        ("kind", "gossip", "Choose one from the list."),
        ("requester", "999999", "Choose one from the list, or clear what you typed."),
        ("opened_on", "tomorrow", "The open date cannot be in the future."),
        ("opened_on", "when", "Enter a day"),
        ("written_on", "tomorrow", "This day has not come yet."),
        ("received_on", "2099-01-01", "Enter a day|This day has not come yet."),
        ("outcome", "won", "Choose one from the list."),
        ("outcome_note", "x" * 301, "shorter"),
    ],
)
def test_a_wrong_field_says_so_and_what_was_typed_stays(log, field, typed, said):
    response = log({field: typed})
    assert response.status_code == 422
    words = words_of(response)
    assert any(one in words for one in said.split("|"))
    assert "There is a problem" in words
    if field != "details":
        assert "KEPT" in words
    if field != "what":
        assert "Damp in flat" in words
    assert not Case.objects.exists()


def test_the_ids_of_another_office_are_refused_and_nothing_changes(client, anna, log):
    theirs = make_member()
    before = (Case.objects.count(), Contact.objects.count())
    foreign = {
        "how": ContactType.objects.filter(office=theirs.office).first().pk,
        "person": rhian_of(theirs.office).pk,
        "requester": rhian_of(theirs.office).pk,
        "topic": f"c{Category.objects.filter(office=theirs.office).first().pk}",
        "case_type": CaseType.objects.filter(office=theirs.office).first().pk,
        "tags": TagFactory(office=theirs.office).pk,
        "owner": theirs.user.pk,
        "team": TeamFactory(office=theirs.office).pk,
    }
    before = (before[0], Contact.objects.count())
    for field, pk in foreign.items():
        assert log({field: pk}).status_code == 422, field
    assert (Case.objects.count(), Contact.objects.count()) == before


def test_a_suggestion_of_another_office_is_not_taken(anna, log):
    theirs = make_member()
    category = Category.objects.filter(office=theirs.office).first()
    log({"suggested_topic": f"c{category.pk}", "suggested_tag": [TagFactory(office=theirs.office).pk]})
    case = Case.objects.get()
    assert case.category is None
    assert not case.tags.exists()


def test_a_letter_cannot_come_before_it_was_written(log):
    response = log({"written_on": "yesterday", "received_on": "2020-01-06"})
    assert "It cannot have come before it was written." in words_of(response)


def test_a_new_person_without_a_name(log):
    response = log({"person": "", "new_phone": "01632 960 114"})
    assert "Write the name of the new person." in words_of(response)


@pytest.mark.parametrize("typed", ["مرحبا بالعالم", "שלום <script>alert(1)</script>", "Tŷ 'hi' \"ho\" & co"])
def test_other_scripts_and_markup_are_kept_as_text(log, typed):
    log({"what": typed})
    assert Case.objects.get().description == typed


def test_where_the_office_asks_at_opening_classification_is_needed(anna, log):
    anna.office.gate = "create"
    anna.office.save()
    for field in ("policy_area", "category", "tags"):
        FieldUse.objects.update_or_create(office=anna.office, field=field, defaults={"use": "required"})
    response = log({})
    assert words_of(response).count("the office asks for it before a case is opened") >= 2
    assert not Case.objects.exists()

    category = Category.objects.filter(office=anna.office).first()
    assert log({"suggested_topic": f"c{category.pk}", "tags": [TagFactory(office=anna.office).pk]}).status_code == 303
    assert log({"kind": "internal", "person": ""}).status_code == 303


def test_hidden_fields_are_not_there_and_not_needed(client, anna, log):
    for field in (
        "kind",
        "case_type",
        "policy_area",
        "category",
        "service_type",
        "case_code",
        "tags",
        "priority",
        "contact_type",
    ):
        FieldUse.objects.update_or_create(office=anna.office, field=field, defaults={"use": "hidden"})
    page = words_of(client.get(url(anna, "desk:new_case")))
    for name in ("kind", "case_type", "topic", "service_type", "case_code", "tags", "priority", "how"):
        assert f'name="{name}"' not in page
    assert log({"topic": "c1", "priority": "3"}).status_code == 303
    assert Case.objects.get().priority == 0


def test_a_service_belongs_to_its_category(anna, log):
    FieldUse.objects.update_or_create(office=anna.office, field="service_type", defaults={"use": "shown"})
    category = Category.objects.filter(office=anna.office).first()
    service = ServiceType.objects.create(office=anna.office, category=category, name="Gutters")
    other = Category.objects.filter(office=anna.office).exclude(pk=category.pk).first()

    response = log({"service_type": service.pk, "topic": f"c{other.pk}"})
    assert "belongs to another category" in words_of(response)

    log({"service_type": service.pk})
    case = Case.objects.get()
    assert (case.service_type, case.category, case.policy_area) == (service, category, category.policy_area)
