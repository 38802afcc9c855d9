import pytest

from wardbook.cases.factories import MONDAY, CaseFactory
from wardbook.cases.models import Party
from wardbook.contacts.factories import AgencyFactory, ContactFactory
from wardbook.correspondence.filling import TOKENS, Facts, fill, slips_in, tokens_in
from wardbook.offices.factories import MembershipFactory, OfficeFactory, RepresentativeFactory
from wardbook.vocabulary.models import PartyRole

pytestmark = pytest.mark.django_db


@pytest.fixture
def facts():
    office = OfficeFactory(name="Office of Mair Lloyd MP")
    person = ContactFactory(office=office, title="Mrs", given_name="Rhian", family_name="Evans")
    representative = RepresentativeFactory(office=office, name="Mair Lloyd")
    case = CaseFactory(office=office, constituent=person, representative=representative)
    for word, contact, reference in (
        ("Landlord", ContactFactory(office=office, given_name="Tom", family_name="Rees"), ""),
        ("Agency", AgencyFactory(office=office, organisation_name="Housing"), "HS-17"),
    ):
        role = PartyRole.objects.create(office=office, name=word, for_agency=word == "Agency")
        Party.objects.create(case=case, role=role, contact=contact, their_reference=reference, since=MONDAY.date())
    return Facts(office=office, at=MONDAY, case=case, me=MembershipFactory(office=office, job_title="Caseworker"))


def test_tokens_are_filled_from_the_case_and_its_people(facts):
    text = "{person.formal_name}, {role:landlord.name}, {agency.name} ({agency.reference}), {representative.name}"
    filled = fill(text, facts)
    assert filled.text == "Mrs Evans, Tom Rees, Housing (HS-17), Mair Lloyd"
    assert filled.missing == []


@pytest.mark.parametrize(
    ("language", "day"),
    [("en-gb", "2 June 2025"), ("cy", "2 Mehefin 2025"), ("fr", "2 juin 2025"), ("es", "2 de junio de 2025")],
)
def test_days_are_written_in_the_language_of_the_words(facts, language, day):
    facts.language = language
    assert fill("{case.opened_on}", facts).text == day


def test_words_of_no_said_language_are_the_offices_own_whoever_reads_them(facts):
    facts.person.language = "cy"
    again = Facts(office=facts.office, at=MONDAY, case=facts.case, person=facts.person)
    assert fill("We opened it on {case.opened_on}.", again).text == "We opened it on 2 June 2025."


def test_a_token_without_a_value_stays_and_is_reported(facts):
    filled = fill("Dear {person.title}, {role:Solicitor.name}, {case.deadline_on}, {case.deadline_on}", facts)
    assert filled.text == "Dear Mrs, {role:Solicitor.name}, {case.deadline_on}, {case.deadline_on}"
    assert filled.missing == ["role:Solicitor.name", "case.deadline_on"]
    assert tokens_in(filled.text) == filled.missing


@pytest.mark.parametrize(
    "text",
    [
        "{{settings.SECRET_KEY}}",
        "{% load x %}",
        "{{user.password}}",
        "{person.__class__}",
        "{person}",
        "{0}",
        "{x!r:>9}",
        "{person.warning}",
        "{person.needs}",
        "{case.notes}",
        "{role:A.B.name.__class__}",
        "{role:.name}",
        "{office.pk}",
    ],
)
def test_whatever_else_stands_in_braces_stays_as_it_was_typed(facts, text):
    assert fill(text, facts) == (text, [])


def test_a_value_that_looks_like_a_token_is_words(facts):
    facts.person.title = "{office.name}"
    assert fill("{person.title}", facts).text == "{office.name}"


def test_every_token_answers_with_nothing_known():
    bare = Facts(office=OfficeFactory(), at=MONDAY)
    for token in TOKENS:
        fill(f"{{{token}}}", bare)


def test_what_is_nearly_a_token_is_a_slip_and_words_in_braces_are_not():
    assert slips_in("{person.nam} {person.name} {role:Agent.name} {role.x} {see above} {x}") == [
        "person.nam",
        "role.x",
    ]
