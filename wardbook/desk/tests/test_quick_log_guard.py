from datetime import timedelta

import pytest
from django.utils import timezone

from wardbook.cases import actions as case_actions
from wardbook.cases.factories import ActivityFactory, CaseFactory, TagFactory
from wardbook.cases.models import CaseTag
from wardbook.desk.tests.people import make_member, rhian_of, url, words_of
from wardbook.offices.factories import WardFactory
from wardbook.offices.models import Postcode
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
def ask(client, anna):
    def piece(route, **query):
        address = url(anna, f"desk:new_case_{route}")
        return words_of(client.get(address, query, headers={"HX-Request": "true"}))

    return piece


def test_open_and_recent_cases_stand_there_with_owner_age_and_last_action(anna, rhian, ask):
    today = anna.office.local_date(timezone.now())
    damp = CaseFactory(
        office=anna.office,
        constituent=rhian,
        owner=anna.user,
        opened_on=today - timedelta(days=12),
        description="Damp",
    )
    ActivityFactory(case=damp, office=anna.office, subject="Chased Housing")
    recent = CaseFactory(office=anna.office, constituent=rhian, closed=True, closed_on=today - timedelta(days=89))
    CaseFactory(
        office=anna.office,
        constituent=rhian,
        closed=True,
        closed_on=today - timedelta(days=91),
        description="LONG AGO",
    )

    said = ask("about", contact=rhian.pk)

    assert 'data-say="Mrs Evans has 1 open case"' in said
    for words in ("Damp", anna.user.name, "12 days", "Chased Housing", recent.reference):
        assert words in said
    assert f'name="add_to" value="{damp.number}"' in said
    assert "LONG AGO" not in said


def test_the_household_and_the_same_number_are_looked_at_too(anna, rhian, ask):
    tom = rhian_of(anna.office, given_name="Tom", phones=[])
    CaseFactory(office=anna.office, constituent=tom, description="Bins")
    said = ask("about", contact=rhian.pk)
    assert "Someone at 14 Mill Lane has an open case" in said
    assert "Bins" in said
    assert "Tom Evans" in said

    phone = rhian_of(anna.office, given_name="Una", address="", postcode="")
    CaseFactory(office=anna.office, constituent=rhian, description="Damp")
    assert "Somebody with the same number has an open case" in ask("about", contact=phone.pk)


def test_what_one_may_not_see_is_not_there(anna, rhian, ask):
    tom = rhian_of(anna.office, given_name="Tom")
    for person in (rhian, tom):
        CaseFactory(office=anna.office, constituent=person, is_restricted=True, description="CANARY damp in flat")
    foreign = rhian_of(make_member().office)
    CaseFactory(office=foreign.office, constituent=foreign, description="CANARY damp in flat")

    assert "CANARY" not in ask("about", contact=rhian.pk)
    assert ask("about", contact=foreign.pk).strip() == ""
    assert "CANARY" not in ask("suggestions", what="Damp in flat")
    assert "CANARY" not in ask(
        "newcomer", new_address="14 Mill Lane", new_postcode="GM1 4AB", new_phone="01632 960 021"
    )


@pytest.mark.parametrize("contact", ["", "x", "0", "99999999999999999999"])
def test_nobody_is_nothing(ask, contact):
    assert ask("about", contact=contact).strip() == ""


def test_whose_area_it_is_is_said(anna, ask):
    Postcode.objects.create(office=anna.office, key="GM1", ward=WardFactory(office=anna.office, name="Riverside"))
    Postcode.objects.create(
        office=anna.office, key="EM1", in_area=False, elsewhere="Eastmarsh. Their member is Ann Bell"
    )
    inside, outside = rhian_of(anna.office), rhian_of(anna.office, given_name="Omar", postcode="EM1 1AA")

    assert "Lives in the area, ward Riverside" in ask("about", contact=inside.pk)
    assert "Their member is Ann Bell" in ask("about", contact=outside.pk)
    assert "Lives in the area, ward Riverside" in ask("newcomer", new_postcode="gm1 9zz")
    assert "not in the office" in ask("newcomer", new_postcode="XX1 1XX")
    assert ask("newcomer", new_name="Dewi").count("area") == 0


def test_flags_are_seen_before_anything_is_promised(anna, ask):
    heeded = rhian_of(anna.office, do_not_call=True, warning="Dog", needs="Interpreter")
    said = ask("about", contact=heeded.pk)
    for words in ("Do not call.", "Dog", "Interpreter"):
        assert words in said


def test_somebody_new_at_a_known_address_is_noticed(anna, rhian, ask):
    CaseFactory(office=anna.office, constituent=rhian, description="Damp")
    said = ask("newcomer", new_address="14 mill lane", new_postcode="gm14ab")
    assert "Someone at 14 mill lane has an open case" in said
    assert "Damp" in said
    assert "Looks like Rhian Evans, same phone." in ask("newcomer", new_phone="+44 1632 960021")


def test_alike_open_cases_of_others_are_found_by_words_and_by_place(anna, rhian, ask):
    sam = make_member(office=anna.office)
    other = rhian_of(anna.office, given_name="Gwen", address="", postcode="", phones=[])
    damp = CaseFactory(office=anna.office, constituent=other, owner=sam.user, description="Mould and damp in flat")
    tip = CaseFactory(office=anna.office, constituent=other, description="Fly tipping")
    case_actions.add_place(tip, text="Behind the bus stop", by=anna.user, at=timezone.now())
    CaseFactory(office=anna.office, constituent=other, description="Council tax")

    said = ask("suggestions", what="Damp in flat, council not replying")
    assert "Perhaps the same matter" in said
    assert f'value="{damp.number}"' in said
    assert sam.user.name in said
    assert f'value="{tip.number}"' in ask("suggestions", what="Rubbish", place="behind the BUS stop")


def test_a_persons_own_case_is_not_said_twice(anna, rhian, ask):
    CaseFactory(office=anna.office, constituent=rhian, description="Damp in flat")
    assert "Perhaps the same matter" not in ask("suggestions", what="Damp in flat", person=rhian.pk)


def test_suggestions_come_from_this_offices_own_past(anna, rhian, ask):
    category = Category.objects.filter(office=anna.office).last()
    tag = TagFactory(office=anna.office, name="riverside-estate")
    for _number in range(4):
        case = CaseFactory(
            office=anna.office,
            constituent=rhian,
            description="Squeaking gate at the estate",
            policy_area=category.policy_area,
            category=category,
            closed=True,
        )
        CaseTag.objects.create(office=anna.office, case=case, tag=tag, opened_on=case.opened_on)

    said = ask("suggestions", what="The gate squeaks again")

    assert f'name="suggested_topic" value="c{category.pk}" checked' in said
    assert f'name="suggested_tag" value="{tag.pk}"' in said
    assert f'value="{tag.pk}" checked' not in said


def test_a_tick_that_was_taken_away_stays_away(anna, rhian, ask):
    category = Category.objects.filter(office=anna.office).last()
    for _number in range(4):
        CaseFactory(
            office=anna.office,
            constituent=rhian,
            description="gate",
            policy_area=category.policy_area,
            category=category,
        )
    value = f"c{category.pk}"
    assert f'value="{value}" checked' in ask("suggestions", what="gate")
    assert f'value="{value}" checked' not in ask("suggestions", what="gate again", offered=value)
    assert f'value="{value}" checked' in ask("suggestions", what="gate again", offered=value, suggested_topic=value)


@pytest.mark.parametrize("what", ["", " ", "the and for", "x" * 5000, "\x00", "%_'\"<b>"])
def test_words_that_say_nothing_suggest_nothing_and_break_nothing(anna, ask, what):
    assert "suggested_topic" not in ask("suggestions", what=what)


def test_asking_costs_the_same_however_much_there_is(client, anna, rhian, django_assert_max_num_queries):
    for _number in range(20):
        CaseFactory(office=anna.office, constituent=rhian, description="Damp in flat")
    rhian_of(anna.office, given_name="Tom")
    with django_assert_max_num_queries(12):
        client.get(url(anna, "desk:new_case_about"), {"contact": rhian.pk})
    with django_assert_max_num_queries(14):
        client.get(url(anna, "desk:new_case_suggestions"), {"what": "Damp in flat", "place": "Mill Lane"})
