import pytest
from django.utils import timezone

from wardbook.cases.actions import keep_draft
from wardbook.cases.factories import CaseFactory
from wardbook.cases.models import Case, Draft
from wardbook.contacts.factories import ContactFactory
from wardbook.desk.tests.people import how, make_member, rhian_of, url, words_of
from wardbook.lib.testing import post

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


def test_a_draft_comes_back_and_goes_when_it_is_saved_or_discarded(client, anna, rhian, log):
    body = {
        "person": str(rhian.pk),
        "person_text": "Rhian Evans",
        "what": "Damp in f",
        "new_email": "",
        "tags": ["x"],
    }
    keep_draft(anna.office, scope="new-case", body=body, by=anna.user, at=timezone.now())

    page = words_of(client.get(url(anna, "desk:new_case")))
    assert 'value="Damp in f"' in page
    assert 'value="Rhian Evans"' in page
    assert "Discard the draft" in page
    assert 'data-draft-version="1"' in page

    log({"person": rhian.pk, "what": "Damp"})
    assert not Draft.objects.exists()

    keep_draft(anna.office, scope="new-case", body=body, by=anna.user, at=timezone.now())
    response = log({"next": "discard", "what": ""})
    assert response.status_code == 303
    assert not Draft.objects.exists()
    assert Case.objects.count() == 1


def test_a_draft_is_ones_own(client, anna):
    sam = make_member(office=anna.office)
    keep_draft(anna.office, scope="new-case", body={"what": "CANARY"}, by=sam.user, at=timezone.now())
    assert "CANARY" not in words_of(client.get(url(anna, "desk:new_case")))


def test_from_a_persons_page_one_comes_back_to_it(client, anna, rhian):
    response = post(
        client,
        url(anna, "desk:new_case", query=f"contact={rhian.pk}"),
        {"how": how(anna), "person": rhian.pk, "what": "Damp"},
    )
    case = Case.objects.get()
    assert response["Location"] == f"{url(anna, 'contacts:contact', rhian.pk)}?saved={case.number}#case-{case.number}"


def test_without_javascript_the_second_step_lists_the_matches(client, anna, rhian, log):
    ContactFactory(office=anna.office, given_name="Tom", family_name="Evans")
    first = log({"person": "", "person_text": "evans", "what": "Damp"})
    said = words_of(first)
    assert first.status_code == 422
    assert "Which of these?" in said
    assert "Rhian Evans · 14 Mill Lane, GM1 4AB · 01632 960 021" in said
    assert "Tom Evans" in said

    log({"person": ["", str(rhian.pk)], "person_text": "evans", "what": "Damp"})
    assert Case.objects.get().constituent == rhian


def test_without_javascript_another_name_over_an_old_choice_is_asked_about(rhian, log):
    response = log({"person": rhian.pk, "person_text": "Tom Jones", "what": "Damp"})
    assert response.status_code == 422
    assert "Choose again" in words_of(response)
    assert not Case.objects.exists()


def test_a_volunteer_logs_what_they_heard_and_nothing_more(client, anna, rhian):
    carys = make_member("volunteer", office=anna.office)
    client.force_login(carys.user)
    page = words_of(client.get(url(carys, "desk:new_case")))
    assert "Just record it" not in page
    assert "is_restricted" not in page
    post(client, url(carys, "desk:new_case"), {"how": how(carys), "new_name": "Gwen Hale", "what": "Pothole"})
    case = Case.objects.get()
    assert (case.created_by, case.owner) == (carys.user, None)
    assert (
        post(client, url(carys, "desk:new_case"), {"how": how(carys), "person": rhian.pk, "what": "x"}).status_code
        == 422
    )


def test_a_councillor_and_an_administrator_do_not_log(client, anna):
    for role in ("councillor", "admin", "protection"):
        client.force_login(make_member(role, office=anna.office).user)
        assert client.get(url(anna, "desk:new_case")).status_code == 403
        assert post(client, url(anna, "desk:new_case"), {"what": "x"}).status_code == 403


def test_what_is_no_field_is_not_taken(anna, rhian, log):
    foreign = make_member()
    log(
        {
            "person": rhian.pk,
            "what": "x",
            "office": foreign.office.pk,
            "status": "closed",
            "number": "7",
            "created_by": foreign.user.pk,
        }
    )
    case = Case.objects.get()
    assert (case.office, case.created_by, case.status_class) == (anna.office, anna.user, "new")
    assert case.number != 7


def test_saving_costs_a_bounded_number_of_queries(anna, rhian, log, django_assert_max_num_queries):
    CaseFactory.create_batch(30, office=anna.office, constituent=rhian)
    with django_assert_max_num_queries(80):
        log({"person": rhian.pk, "what": "Damp"})
