"""The feed shows what is to be done and what was done, across cases and without one (AC-13)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from wardbook.accounts.factories import UserFactory
from wardbook.cases.actions import activities
from wardbook.cases.factories import ActivityFactory, CaseFactory, FollowUpFactory
from wardbook.contacts.factories import ContactFactory
from wardbook.offices.factories import MembershipFactory, OfficeFactory, TeamFactory
from wardbook.vocabulary.factories import ActivityTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return MembershipFactory(user=UserFactory(name="Anna Price"), office=OfficeFactory(is_demo=True))


@pytest.fixture
def sam(anna):
    return MembershipFactory(office=anna.office, user=UserFactory(name="Sam Okoro"))


@pytest.fixture
def today(anna):
    return anna.office.local_date(timezone.now())


@pytest.fixture
def feed(client, anna):
    def ask(member=None, **query):
        client.force_login((member or anna).user)
        return client.get(reverse("desk:activities", args=[anna.office.slug]), query)

    return ask


def subjects(page, name=None):
    return [
        row.subject
        for section in page.context["sections"]
        if name in (None, section["id"])
        for row in section["rows"]
    ]


def planned(member, due_on, **kwargs):
    kwargs.setdefault("case", CaseFactory(office=member.office))
    kwargs.setdefault("assignee", member.user)
    return FollowUpFactory(office=member.office, due_on=due_on, **kwargs)


def done(member, days, **kwargs):
    at = timezone.now() - timedelta(days=days)
    kwargs.setdefault("case", CaseFactory(office=member.office))
    return ActivityFactory(office=member.office, happened_at=at, finished_at=at, finished_by=member.user, **kwargs)


def test_overdue_on_top_fourteen_days_ahead_and_back(feed, anna, today):
    planned(anna, today + timedelta(days=14), subject="in 14")
    planned(anna, today + timedelta(days=15), subject="in 15")
    planned(anna, today - timedelta(days=60), subject="late")
    planned(anna, today, subject="now")
    done(anna, 13, subject="13 ago")
    done(anna, 15, subject="15 ago")

    page = feed()
    assert [section["id"] for section in page.context["sections"]] == ["overdue", "today", "coming", "done"]
    assert subjects(page) == ["late", "now", "in 14", "13 ago"]
    assert set(subjects(feed(days="30"))) == {"late", "now", "in 14", "in 15", "13 ago", "15 ago"}


def test_mine_and_everybodys(feed, anna, sam, today):
    planned(anna, today, subject="Anna's")
    planned(sam, today, subject="Sam's")
    done(sam, 1, subject="Sam did")
    assert subjects(feed()) == ["Anna's"]
    assert set(subjects(feed(who="all"))) == {"Anna's", "Sam's", "Sam did"}


def test_it_narrows_by_type_person_team_state_words_and_without_a_case(feed, anna, sam, today):
    kind, team = ActivityTypeFactory(office=anna.office, family="visit"), TeamFactory(office=anna.office)
    contact = ContactFactory(office=anna.office, family_name="Haddad")
    planned(anna, today, subject="typed", type=kind)
    planned(sam, today, subject="Sam's")
    planned(anna, today, subject="team's", team=team, assignee=None)
    done(anna, 1, subject="done")
    planned(anna, today, subject="alone", case=None, contact=contact)

    assert subjects(feed(who="all", type=kind.pk)) == ["typed"]
    assert subjects(feed(person=sam.user_id)) == ["Sam's"]
    assert subjects(feed(who="all", person="none")) == ["team's", "done"]
    assert subjects(feed(team=team.pk)) == ["team's"]
    assert subjects(feed(state="done")) == ["done"]
    assert "done" not in subjects(feed(who="all", state="planned"))
    assert subjects(feed(alone="1")) == ["alone"]
    assert subjects(feed(who="all", q="haddad")) == ["alone"]
    assert subjects(feed(who="all", q="Häddad")) == ["alone"], "as in the list of people: without accents"
    assert subjects(feed(who="all", q="!!")) == []
    edited = planned(anna, today, subject="Ring back")
    activities.edit_activity(edited, subject="Galwad am y tŷ, O'Brien", by=anna.user, at=timezone.now())
    assert subjects(feed(who="all", q="TY obrien")) == ["Galwad am y tŷ, O'Brien"]
    assert subjects(feed(who="all", q="tŷ ring")) == []


def test_restricted_and_foreign_work_is_not_shown(feed, anna, sam, today):
    planned(sam, today, case=CaseFactory(office=anna.office, owner=sam.user, is_restricted=True), subject="Secret")
    planned(MembershipFactory(), today, subject="Elsewhere")
    assert subjects(feed(who="all")) == []


def test_only_entries_without_a_case_can_be_ticked(feed, anna, today):
    planned(anna, today, subject="On a case")
    assert b'name="activity"' not in feed().content
    alone = planned(anna, today, case=None, contact=ContactFactory(office=anna.office))
    content = feed().content.decode()
    assert content.count('name="activity"') == 1
    assert f'value="{alone.pk}" form="filing"' in content


def test_team_work_can_be_taken_in_the_list(feed, anna, today):
    team = TeamFactory(office=anna.office)
    planned(anna, today, team=team, assignee=None)
    assert b"Take it" in feed(team=team.pk).content


@pytest.mark.parametrize("bad", ["-1", "abc", "9" * 40, "\x00", "x" * 5000])
def test_a_hostile_address_is_a_wide_one(feed, bad):
    for name in ("type", "person", "team", "state", "days", "alone", "q", "who"):
        assert feed(**{name: bad}).status_code == 200


def test_long_sections_are_cut(feed, anna, today, monkeypatch):
    monkeypatch.setattr("wardbook.desk.activities_feed.MOST", 3)
    case = CaseFactory(office=anna.office)
    for _n in range(5):
        planned(anna, today - timedelta(days=1), case=case)
    page = feed()
    assert len(subjects(page, "overdue")) == 3
    assert b"The first 3 are shown" in page.content


def test_htmx_gets_the_feed_alone(client, anna):
    client.force_login(anna.user)
    headers = {"HX-Request": "true", "HX-Target": "div#feed"}
    body = client.get(reverse("desk:activities", args=[anna.office.slug]), headers=headers).content.decode()
    assert "<html" not in body
    assert 'id="feed"' in body


@pytest.mark.parametrize(
    ("role", "status"), [("volunteer", 403), ("councillor", 403), ("admin", 403), ("service", 200)]
)
def test_who_may_read_it(feed, anna, role, status):
    assert feed(MembershipFactory(office=anna.office, role=role)).status_code == status


def test_it_costs_the_same_however_long(feed, anna, today, client, django_assert_max_num_queries):
    for days in range(-10, 10):
        planned(anna, today + timedelta(days=days))
        done(anna, abs(days))
    client.force_login(anna.user)
    # session, user, member, overdue, to come, done, choices; the shell: other offices, views
    with django_assert_max_num_queries(9):
        client.get(reverse("desk:activities", args=[anna.office.slug]))
