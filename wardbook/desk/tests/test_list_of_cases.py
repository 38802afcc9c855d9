"""Finding any set of cases: statuses with counts, filters, order, pages, columns."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from wardbook.cases.factories import (
    CaseAccessFactory,
    CaseTagFactory,
    CoAssignmentFactory,
    TagFactory,
    statuses_of,
)
from wardbook.contacts.factories import ContactFactory
from wardbook.desk.tests.lists import case, list_url, make_member, numbers, there_and_back
from wardbook.lib.testing import HTMX, post
from wardbook.offices.factories import TeamFactory, TeamMemberFactory, WardFactory
from wardbook.offices.models import FieldUse
from wardbook.vocabulary.models import CaseCode, Category, PolicyArea

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_member()


def today():
    return timezone.localdate()


def test_the_list_opens_with_everything_that_is_not_closed(desk, member):
    one, two = case(member), case(member, status=statuses_of(member.office)["On-Hold"])
    case(member, closed=True)
    case(member, deleted=True)

    response = desk.get(list_url(member))

    assert response.status_code == 200
    assert sorted(numbers(response)) == [one.number, two.number]


def test_every_status_has_its_count_even_none(desk, member):
    case(member)
    case(member, closed=True)
    case(member, closed=True)

    html = desk.get(list_url(member)).content.decode()

    counts = re.findall(r'<bdi>([^<]+)</bdi> <span class="count">(\d+)</span>', html)
    assert counts == [("New", "1"), ("Acknowledged", "0"), ("Open", "0"), ("On-Hold", "0"), ("Closed", "2")]


def test_statuses_can_be_combined_and_are_remembered(desk, member):
    statuses = statuses_of(member.office)
    new, held, closed = (case(member, status=statuses[name]) for name in ("New", "On-Hold", "Closed"))
    two = f"status={statuses['New'].pk}&status={statuses['Closed'].pk}"

    assert sorted(numbers(desk.get(list_url(member, f"{two}&keep=1")))) == [new.number, closed.number]
    assert sorted(numbers(desk.get(list_url(member)))) == [new.number, closed.number]
    assert numbers(desk.get(list_url(member, f"status={statuses['On-Hold'].pk}"))) == [held.number]
    member.refresh_from_db()
    assert member.list_choice["status"] == [str(statuses["New"].pk), str(statuses["Closed"].pk)]


def test_typed_words_become_chips_at_an_address_of_their_own(desk, member):
    area = PolicyArea.objects.create(office=member.office, name="Housing")
    old = today() - timedelta(days=20)
    wanted = case(member, owner=member.user, policy_area=area, opened_on=old)
    case(member, owner=member.user, policy_area=area, opened_on=today())
    case(member, policy_area=area, opened_on=old)

    answer = desk.get(list_url(member, "q=" + quote("me open housing >14d")))

    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?status=open&owner=me&area={area.pk}&age=%3E14")
    page = desk.get(answer["Location"])
    assert numbers(page) == [wanted.number]
    for chip in ("Assigned to me", "Policy area: Housing", "older than 14 days"):
        assert chip in page.content.decode()


def test_with_htmx_the_list_is_swapped_and_the_address_told(desk, member):
    case(member, description="The lift is broken")
    response = desk.get(list_url(member, "q=lift"), headers=HTMX)
    assert response["HX-Push-Url"].endswith("?status=open&text=lift")
    assert "<html" not in response.content.decode()
    assert len(numbers(response)) == 1


@pytest.mark.parametrize(
    "typed", ["ceiling", "CEILING damp", "C7", "leaks", "evans", "Evans Rhîan", "1001", "case 1001", "-zebra"]
)
def test_words_are_looked_for_in_description_code_reference_and_name(desk, member, typed):
    code = CaseCode.objects.create(office=member.office, code="C7", name="Leaks")
    person = ContactFactory(office=member.office, given_name="Rhian", family_name="Evans")
    found = case(member, number=1001, description="Damp ceiling", case_code=code, constituent=person)
    other = ContactFactory(office=member.office, given_name="Omar", family_name="Haddad")
    case(member, number=1002, description="A zebra crossing", constituent=other)

    answer = desk.get(list_url(member, "q=" + quote(typed)), follow=True)

    assert numbers(answer) == [found.number]


def test_fields_are_joined_by_and_values_by_or_and_minus_is_not(desk, member):
    damp, mould = TagFactory(office=member.office, name="damp"), TagFactory(office=member.office, name="mould")
    a, b, c = (case(member, priority=priority) for priority in (3, 3, 1))
    CaseTagFactory(case=a, tag=damp)
    CaseTagFactory(case=b, tag=mould)
    CaseTagFactory(case=c, tag=damp)

    def found(query):
        return sorted(numbers(desk.get(list_url(member, query))))

    assert found(f"tag={damp.pk}&tag={mould.pk}") == [a.number, b.number, c.number]
    assert found(f"tag={damp.pk}&tag={mould.pk}&priority=high") == [a.number, b.number]
    assert found(f"-tag={damp.pk}") == [b.number]
    assert found(f"priority=high&-tag={mould.pk}") == [a.number]


def test_each_field_narrows(desk, member):
    office, user = member.office, member.user
    day = timedelta(days=1)
    team, ward = TeamFactory(office=office), WardFactory(office=office)
    TeamMemberFactory(team=team, user=user)
    area = PolicyArea.objects.create(office=office, name="Housing")
    category = Category.objects.create(office=office, name="Damp", policy_area=area)
    here = ContactFactory(office=office)
    here.ward = ward
    here.save()
    held = statuses_of(office)["On-Hold"]
    wanted = {
        "owner=me": case(member, owner=user, deadline_on=today()).number,
        "team=mine": case(member, owner_team=team).number,
        f"team={team.pk}": None,
        "priority=high": case(member, priority=3).number,
        "kind=policy": case(member, kind="policy").number,
        f"category={category.pk}": case(member, policy_area=area, category=category).number,
        "waiting=agency": case(member, waiting_on="agency", waiting_since=today() - 20 * day).number,
        "waited=>14": None,
        f"ward={ward.pk}": case(member, constituent=here).number,
        f"status={held.pk}": case(member, status=held).number,
        "next=overdue": case(member, next_step_on=today() - day).number,
        "next=today": case(member, next_step_on=today()).number,
        "deadline=week": None,
        "age=>1000": case(member, opened_on=today() - 2000 * day).number,
        "opened=2001-01-01..2001-12-31": case(member, opened_on=today().replace(year=2001, day=1)).number,
        f"person={here.pk}": None,
    }
    same = {f"team={team.pk}": "team=mine", "waited=>14": "waiting=agency", f"person={here.pk}": f"ward={ward.pk}"}
    same["deadline=week"] = "owner=me"

    for query, own in wanted.items():
        number = own or wanted[same[query]]
        found = numbers(desk.get(list_url(member, query)))
        if query.startswith("age"):
            assert number in found
        else:
            assert found == [number], query


def test_assigned_to_me_is_also_what_i_work_on_beside_its_owner(desk, member):
    together = case(member)
    CoAssignmentFactory(case=together, user=member.user)
    case(member)
    assert numbers(desk.get(list_url(member, "owner=me"))) == [together.number]


def test_no_next_step_means_no_follow_up_and_nobody_we_wait_for(desk, member):
    bare = case(member)
    case(member, next_step_on=today())
    case(member, waiting_on="agency", waiting_since=today())
    case(member, closed=True)
    assert numbers(desk.get(list_url(member, "next=none&status=any"))) == [bare.number]


def test_a_case_of_somebody_who_left_needs_a_new_owner(desk, member):
    gone = make_member(office=member.office)
    theirs = case(member, owner=gone.user)
    case(member, owner=member.user)
    gone.ended_at = timezone.now()
    gone.save()
    assert numbers(desk.get(list_url(member, "owner=gone"))) == [theirs.number]


def test_restricted_cases_are_neither_shown_nor_counted(desk, member):
    case(member)
    secret = case(member, is_restricted=True, description="Secret matter")
    kept_out = case(member)
    CaseAccessFactory(case=kept_out, user=member.user, grant="kept_out")
    named = case(member, is_restricted=True)
    CaseAccessFactory(case=named, user=member.user)

    for query in ("", "status=any", "text=Secret", f"ref={secret.number}", "restricted=yes", "sort=title"):
        response = desk.get(list_url(member, query))
        assert secret.number not in numbers(response)
        assert kept_out.number not in numbers(response)
    page = desk.get(list_url(member)).content.decode()
    assert "2 cases" in page
    filters = desk.get(reverse("desk:cases_filter", args=[member.office.slug])).content.decode()
    assert "Secret" not in filters
    assert re.search(r"Restricted</span><span class=\"count\">1<", filters)


def test_another_offices_cases_values_and_views_are_nothing_here(desk, member):
    stranger = make_member()
    theirs = case(stranger, description="Canary", owner=stranger.user)
    tag = TagFactory(office=stranger.office, name="Canary tag")
    CaseTagFactory(case=theirs, tag=tag)

    assert desk.get(list_url(stranger)).status_code == 404
    for query in (f"tag={tag.pk}", f"owner={stranger.user.pk}", "text=canary", f"person={theirs.constituent_id}"):
        response = desk.get(list_url(member, f"{query}&status=any"))
        assert numbers(response) == []
        shown = response.content.decode()
        assert "Canary" not in shown
        assert "0 cases" in shown
        assert stranger.user.name not in shown
        assert theirs.constituent.name not in shown


def test_an_empty_list_says_which_filter_to_take_away(desk, member):
    for days in (1, 2, 3):
        case(member, priority=3, opened_on=today() - timedelta(days=days))
    html = desk.get(list_url(member, "priority=high&age=>14&kind=policy")).content.decode()
    assert "No case matches" in html
    html = desk.get(list_url(member, "priority=high&age=>14")).content.decode()
    assert "Without “older than 14 days” there are 3." in html
    assert 'href="?status=open&amp;priority=high"' in html


@pytest.mark.parametrize("query", ["", "status=any"])
def test_a_new_office_is_told_what_will_be_here(desk, member, query):
    assert "No cases yet" in desk.get(list_url(member, query)).content.decode()


def test_an_office_that_has_closed_every_case_is_led_to_them(desk, member):
    case(member, closed=True)
    html = desk.get(list_url(member)).content.decode()
    assert "There are cases with another status." in html
    assert 'href="?status=any"' in html


@pytest.mark.parametrize("sort", ["activity", "opened", "priority", "next", "age", "number", "constituent", "owner"])
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("status", ["open", "any"])
def test_pages_hold_each_case_once_in_order_both_ways(desk, member, monkeypatch, sort, sign, status):
    monkeypatch.setattr("wardbook.desk.cases_list.paging.SIZE", 3)
    now = timezone.now()
    for index in range(8):
        case(
            member,
            closed=index == 5,
            priority=index % 3,
            owner=member.user if index % 2 else None,
            opened_on=today() - timedelta(days=index % 4),
            next_step_on=None if index % 3 or index == 5 else today() + timedelta(days=index),
            last_activity_at=now - timedelta(hours=index % 5),
            constituent=ContactFactory(office=member.office, family_name=f"Name{index % 3}") if index % 4 else None,
        )
    there, back, response = there_and_back(desk, member, f"status={status}&sort={sign}{sort}")

    whole = [number for page in there for number in page]
    assert len(whole) == len(set(whole)) == (8 if status == "any" else 7)
    assert back == there
    assert "1–3 of" in response.content.decode()


def test_a_page_that_is_no_page_is_the_first(desk, member):
    one = case(member)
    for nonsense in ("10000000000", "%27", "W10", "W251bGwsbnVsbCxudWxsLG51bGxd", "WzEsMSwiMjAyNSIsdHJ1ZV0", "%00"):
        for way in ("before", "after"):
            assert numbers(desk.get(list_url(member, f"{way}={nonsense}"))) == [one.number]


def test_age_orders_closed_cases_by_how_long_they_were_open(desk, member):
    day = timedelta(days=1)
    quick = case(member, closed=True, opened_on=today() - 100 * day, closed_on=today() - 98 * day)
    slow = case(member, opened_on=today() - 50 * day)
    assert numbers(desk.get(list_url(member, "status=any&sort=-age"))) == [slow.number, quick.number]


def test_columns_are_chosen_once_and_stay(desk, member):
    case(member, deadline_on=today())
    url = reverse("desk:cases_columns", args=[member.office.slug])
    assert "Deadline" in desk.get(url).content.decode()

    answer = post(desk, url, {"column": ["deadline", "last", "owner__password", "x"]})

    assert answer.status_code == 303
    html = desk.get(list_url(member)).content.decode()
    heads = re.findall(r'id="sort-([a-z]+)"', html)
    assert heads == ["number", "deadline", "last"]
    post(desk, url, {"reset": "1"})
    assert "sort-age" in desk.get(list_url(member)).content.decode()


def test_every_column_can_be_shown_and_sorted(desk, member):
    from wardbook.desk.cases_list.columns import COLUMNS

    case(member, owner=member.user, waiting_on="agency", waiting_since=today(), is_anonymous=True, constituent=None)
    case(member, closed=True, next_step_on=None)
    keys = [key for key in COLUMNS if key != "number"]
    for some in (keys[:10], keys[10:20], keys[20:]):
        post(desk, reverse("desk:cases_columns", args=[member.office.slug]), {"column": some})
        for key in some:
            for sort in (key, f"-{key}"):
                response = desk.get(list_url(member, f"status=any&sort={sort}"))
                assert len(numbers(response)) == 2
                assert 'aria-sort="' in response.content.decode()


def test_the_filters_say_what_choosing_would_give(desk, member):
    damp = TagFactory(office=member.office, name="damp")
    TagFactory(office=member.office, name="unused")
    CaseTagFactory(case=case(member, priority=3), tag=damp)
    CaseTagFactory(case=case(member, priority=1), tag=damp)
    case(member, priority=1)
    url = reverse("desk:cases_filter", args=[member.office.slug])

    html = desk.get(f"{url}?priority=high").content.decode()

    assert "damp (1)" in html
    assert "unused (0)" in html
    assert re.search(r"High priority</span><span class=\"count\">1<", html)
    assert re.search(r"Low priority</span><span class=\"count\">2<", html)


def test_the_boxes_of_the_filters_become_an_address(desk, member):
    answer = desk.get(
        list_url(member, "status=open&age-from=15&age-to=&opened-from=2025-01-01&opened-to=&waited-to=3")
    )
    assert answer.status_code == 302
    assert answer["Location"].endswith("?status=open&waited=%3C4&age=%3E14&opened=2025-01-01..")


def test_the_list_costs_eight_queries_however_large_the_office(desk, member, django_assert_num_queries):
    area = PolicyArea.objects.create(office=member.office, name="Housing")
    tag = TagFactory(office=member.office)
    for _ in range(12):
        CaseTagFactory(case=case(member, owner=member.user, policy_area=area), tag=tag)
    for query in ("", f"owner=me&area={area.pk}&tag={tag.pk}", "text=damp&sort=-age&status=any", "sort=ward"):
        desk.get(list_url(member, query))
        # session, person, membership with office | names of statuses and chips, counts, cases, their tags, views
        with django_assert_num_queries(8):
            assert len(numbers(desk.get(list_url(member, query)))) == 12
    with django_assert_num_queries(7):
        # no cases and no tags to read; instead what there would be without each filter
        desk.get(list_url(member, "priority=high"))


def test_a_field_that_the_office_hides_is_nowhere_on_the_list(desk, member):
    case(member)
    root = list_url(member).removesuffix("?")
    member.list_choice = {"columns": ["status", "kind", "age"]}
    member.save()

    def shown():
        return [desk.get(address).content.decode() for address in (root, f"{root}filter/", f"{root}columns/")]

    marks = ('aria-label="Kind"', 'data-label="Kind"', 'value="policy"', 'value="kind"')
    assert {mark for mark in marks for page in shown() if mark in page} == set(marks)
    FieldUse.objects.create(office=member.office, field="kind", use="hidden")
    assert {mark for mark in marks for page in shown() if mark in page} == set()


def test_the_filters_cost_no_more_with_more_cases(desk, member, django_assert_max_num_queries):
    case(member)
    # session, person, membership | names, cases and once more for each field that is filtered by,
    # my teams, tags, co-assignees, places, what depends on today | views
    with django_assert_max_num_queries(13):
        desk.get(reverse("desk:cases_filter", args=[member.office.slug]) + "?priority=high&kind=casework")
