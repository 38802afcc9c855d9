import pytest

from wardbook.cases.factories import CaseFactory
from wardbook.contacts.factories import AgencyFactory, ContactFactory
from wardbook.desk.tests.people import make_member, rhian_of, url, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(client):
    member = make_member()
    client.force_login(member.user)
    return member


def ask(client, member, query):
    return client.get(url(member, "contacts:options", query=query), headers={"HX-Request": "true"})


def test_an_option_says_who_where_how_and_how_many_cases(client, anna):
    rhian = rhian_of(anna.office)
    CaseFactory.create_batch(2, office=anna.office, constituent=rhian)
    CaseFactory(office=anna.office, constituent=rhian, closed=True)

    said = words_of(ask(client, anna, "q=evans"))

    assert f'data-value="{rhian.pk}" data-label="Rhian Evans"' in said
    assert "14 Mill Lane, GM1 4AB · 01632 960 021" in said
    assert "2 open cases" in said


def test_what_was_typed_of_the_number_or_address_is_shown(client, anna):
    rhian_of(anna.office, phones=["01632 960 021", "07700 900 555"])
    assert "07700 900 555" in words_of(ask(client, anna, "q=900555"))
    assert "rhian@example.org" in words_of(ask(client, anna, "q=rhian@ex"))


def test_a_restricted_case_is_not_counted_for_those_who_may_not_see_it(client, anna):
    CaseFactory(office=anna.office, constituent=rhian_of(anna.office), is_restricted=True)
    assert "open case" not in words_of(ask(client, anna, "q=evans"))


def test_those_with_open_cases_come_first(client, anna):
    ContactFactory(office=anna.office, given_name="Aled", family_name="Evans")
    CaseFactory(office=anna.office, constituent=rhian_of(anna.office))
    said = words_of(ask(client, anna, "q=evans"))
    assert said.index("Rhian Evans") < said.index("Aled Evans")


def test_the_last_option_adds_somebody_new_where_the_field_asks_for_it(client, anna):
    said = words_of(ask(client, anna, "q=dewi+pugh&add=1"))
    assert 'data-value="" data-add="dewi pugh"' in said
    assert "Add “dewi pugh” as a new person" in said
    assert "Add" not in words_of(ask(client, anna, "q=dewi+pugh"))
    assert "Add" not in words_of(ask(client, anna, "q=d&add=1"))


def test_only_agencies_where_only_agencies_fit(client, anna):
    ContactFactory(office=anna.office, family_name="Housing")
    AgencyFactory(office=anna.office, organisation_name="Housing Services")
    said = words_of(ask(client, anna, "q=housing&only=agency"))
    assert "Housing Services" in said
    assert said.count("data-value") == 1


def test_nobody_of_another_office(client, anna):
    CaseFactory(constituent=rhian_of(make_member().office))
    for query in ("q=rhian", "q=960021", "q=gm1", "q=rhian@example.org"):
        assert "data-value" not in words_of(ask(client, anna, query))


def test_a_volunteer_finds_only_whom_they_added(client, anna):
    carys = make_member("volunteer", office=anna.office)
    rhian_of(anna.office)
    rhian_of(anna.office, given_name="Tom", by=carys.user)
    client.force_login(carys.user)
    said = words_of(ask(client, carys, "q=evans"))
    assert "Tom Evans" in said
    assert "Rhian Evans" not in said


def test_text_of_a_name_is_never_markup(client, anna):
    ContactFactory(office=anna.office, family_name='<img src=x onerror="alert(1)">')
    assert "<img" not in words_of(ask(client, anna, "q=img&add=1"))


def test_it_costs_the_same_however_many_there_are(client, anna, django_assert_num_queries):
    for number in range(20):
        person = ContactFactory(office=anna.office, given_name=f"Rhian{number}", phones=["01632 960 021"])
        CaseFactory(office=anna.office, constituent=person)
    with django_assert_num_queries(8):  # session, user, member; by name, by the rest, numbers, addresses, open cases
        ask(client, anna, "q=rhian&add=1")
