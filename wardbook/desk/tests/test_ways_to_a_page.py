"""Long lists and short ones are read by different ways; they must hold the same pages."""

import pytest

from wardbook.cases.factories import CaseTagFactory
from wardbook.contacts.factories import ContactFactory
from wardbook.contacts.models import Contact
from wardbook.desk.cases_list.counting import Amount, Counts
from wardbook.desk.tests.lists import case, list_url, make_member, there_and_back

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sort", ["constituent", "first", "last", "-constituent", "-first", "-last"])
def test_many_cases_are_in_the_same_order_as_few(client, monkeypatch, sort):
    monkeypatch.setattr("wardbook.desk.cases_list.paging.SIZE", 3)
    member = make_member()
    client.force_login(member.user)
    people = [
        ContactFactory(office=member.office, given_name=given, family_name=family)
        for given, family in (("Ann", "Evans"), ("Bryn", "Evans"), ("Ann", "Abel"), ("Zoe", "Évans"))
    ]
    gone = ContactFactory(office=member.office, given_name="Gone", family_name="Evans")
    Contact.objects.filter(pk=gone.pk).update(deleted_at=member.started_at)
    for constituent in (*people, None, *people, None, gone, None, people[0], None):
        case(member, constituent=constituent)
    case(member, constituent=people[0], deleted=True)
    few = there_and_back(client, member, f"status=any&sort={sort}")[:2]

    monkeypatch.setattr("wardbook.desk.cases_list.views.FEW", 0)
    many = there_and_back(client, member, f"status=any&sort={sort}")[:2]

    assert many == few
    assert few[0] == few[1]
    assert len({number for page in few[0] for number in page}) == 14


def test_a_long_list_by_name_costs_eight_queries_too(client, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr("wardbook.desk.cases_list.paging.SIZE", 3)
    monkeypatch.setattr("wardbook.desk.cases_list.views.FEW", 0)
    member = make_member()
    client.force_login(member.user)
    for number in range(5):
        case(member, constituent=ContactFactory(office=member.office, family_name=f"Evans{number}"))
    client.get(list_url(member, "status=any&sort=last"))
    with django_assert_num_queries(8):  # issue 2, section 5
        client.get(list_url(member, "status=any&sort=-last"))


@pytest.mark.parametrize("query", ["text=damp", "text=damp&-text=wet", "tag={tag}"])
@pytest.mark.parametrize("status", ["any", "open", "closed"])
def test_what_counting_has_named_is_what_looking_it_up_again_finds(client, monkeypatch, query, status):
    monkeypatch.setattr("wardbook.desk.cases_list.paging.SIZE", 3)
    member = make_member()
    client.force_login(member.user)
    tag = CaseTagFactory(case=case(member, description="A damp wall")).tag
    for number in range(8):
        one = case(member, description=("Damp", "Wet and damp", "Bins")[number % 3], closed=number in (3, 4))
        CaseTagFactory(case=one, tag=tag)
    case(member, description="Damp too, and not for everybody", is_restricted=True)
    case(make_member(), description="Damp in another office")
    asked = f"status={status}&sort=title&{query.format(tag=tag.pk)}"
    named = there_and_back(client, member, asked)[:2]
    monkeypatch.setattr("wardbook.desk.cases_list.views.KNOWN", 0)
    looked_up = there_and_back(client, member, asked)[:2]
    monkeypatch.setattr("wardbook.desk.cases_list.views.FEW", 0)
    walked = there_and_back(client, member, asked)[:2]

    assert named == looked_up == walked
    assert named[0] == named[1] != [[]]


def test_no_more_are_named_than_a_statement_takes_values():
    counts = Counts({1: Amount(2), 2: Amount(2), 3: Amount(0), 4: Amount(9)}, {1: [5, 6], 2: [7, 8]})
    assert counts.ids([1, 3], most=3) == [5, 6]
    assert counts.ids([1, 2], most=4) == [5, 6, 7, 8]
    assert counts.ids([1, 2], most=3) is None
    assert counts.ids([1, 4], most=99) is None
