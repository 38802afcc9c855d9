"""A long list in the order of people's names is read by another way; it must hold the same pages."""

import pytest

from wardbook.contacts.factories import ContactFactory
from wardbook.contacts.models import Contact
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
