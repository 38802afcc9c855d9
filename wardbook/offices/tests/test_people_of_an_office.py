"""Joining, leaving and coming back: rights change at once, nothing is deleted, nobody rises above their own role."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from wardbook.accounts.factories import UserFactory
from wardbook.journal.models import Event
from wardbook.lib.rules import RuleBroken
from wardbook.offices import actions, events
from wardbook.offices.factories import AdminFactory, ManagerFactory, MembershipFactory, OfficeFactory, TeamFactory
from wardbook.offices.models import Membership, TeamMember

pytestmark = pytest.mark.django_db

MONDAY = datetime(2025, 6, 2, 9, tzinfo=UTC)


@pytest.fixture
def manager():
    return ManagerFactory()


@pytest.fixture
def anna(manager):
    return MembershipFactory(office=manager.office)


def names_of_events(thing):
    return list(Event.objects.about(thing).order_by("number").values_list("name", flat=True))


def test_joining_is_written_down(manager):
    user = UserFactory()
    member = actions.add_member(manager.office, user=user, role="caseworker", by=manager.user, at=MONDAY)
    event = Event.objects.about(member).get()
    assert (event.name, event.by, event.facts) == (
        events.MEMBER_JOINED,
        manager.user,
        {"user": user.pk, "role": "caseworker"},
    )


def test_nobody_joins_twice(manager, anna):
    with pytest.raises(RuleBroken, match="belongs to this office already"):
        actions.add_member(manager.office, user=anna.user, role="volunteer", by=manager.user, at=MONDAY)


def test_leaving_deletes_nothing_and_ends_sign_in(manager, anna):
    team = TeamFactory(office=manager.office, lead=anna.user)
    TeamMember.objects.create(team=team, user=anna.user)

    actions.deactivate_member(anna, by=manager.user, at=MONDAY)

    anna.refresh_from_db()
    team.refresh_from_db()
    assert anna.ended_at == MONDAY
    assert not anna.user.is_active
    assert not anna.is_active
    assert team.lead is None
    assert not team.team_members.exists()
    assert names_of_events(anna) == [events.MEMBER_LEFT]
    assert names_of_events(team) == [events.TEAM_LEFT]


def test_leaving_one_of_two_offices_keeps_the_sign_in(manager, anna):
    elsewhere = MembershipFactory(user=anna.user)
    actions.deactivate_member(anna, by=manager.user, at=MONDAY)
    anna.user.refresh_from_db()
    assert anna.user.is_active
    assert list(anna.user.memberships.active()) == [elsewhere]


def test_coming_back_restores_the_place(manager, anna):
    actions.deactivate_member(anna, by=manager.user, at=MONDAY)
    anna = actions.reactivate_member(anna, by=manager.user, at=MONDAY)
    anna.user.refresh_from_db()
    assert (anna.ended_at, anna.user.is_active, anna.user.deactivated_at) == (None, True, None)
    with pytest.raises(RuleBroken):
        actions.reactivate_member(anna, by=manager.user, at=MONDAY)


def test_a_role_changes_once(manager, anna):
    actions.change_role(anna, role="triage", by=manager.user, at=MONDAY)
    actions.change_role(anna, role="triage", by=manager.user, at=MONDAY)
    event = Event.objects.about(anna).get()
    assert event.facts == {"user": anna.user_id, "was": "caseworker", "role": "triage"}


@pytest.mark.parametrize("act", ["change_role", "deactivate_member", "change_job_title", "sign_out_everywhere"])
def test_a_manager_has_no_power_over_an_administrator(manager, act):
    admin = AdminFactory(office=manager.office)
    extra = {"change_role": {"role": "volunteer"}, "change_job_title": {"job_title": "x"}}.get(act, {})
    with pytest.raises(RuleBroken, match="can't give"):
        getattr(actions, act)(admin, by=manager.user, at=MONDAY, **extra)
    admin.refresh_from_db()
    assert (admin.role, admin.ended_at) == ("admin", None)


@pytest.mark.parametrize("role", ["admin", "protection"])
def test_a_manager_cannot_raise_anybody_above_a_manager_nor_themselves(manager, anna, role):
    for member in (anna, manager):
        with pytest.raises(RuleBroken):
            actions.change_role(member, role=role, by=manager.user, at=MONDAY)


def test_a_manager_of_another_office_has_no_power_here(anna):
    stranger = ManagerFactory()
    with pytest.raises(RuleBroken):
        actions.change_role(anna, role="volunteer", by=stranger.user, at=MONDAY)
    with pytest.raises(RuleBroken):
        actions.deactivate_member(anna, by=stranger.user, at=MONDAY)


def test_nobody_shuts_themselves_out(manager):
    ManagerFactory(office=manager.office)
    with pytest.raises(RuleBroken, match="shut yourself out"):
        actions.deactivate_member(manager, by=manager.user, at=MONDAY)


def test_an_office_keeps_somebody_who_lets_people_in(manager, anna):
    for act in (
        lambda: actions.deactivate_member(manager, by=None, at=MONDAY),
        lambda: actions.change_role(manager, role="caseworker", by=manager.user, at=MONDAY),
    ):
        with pytest.raises(RuleBroken, match="Somebody has to manage people"):
            act()
    ManagerFactory(office=manager.office)
    assert actions.change_role(manager, role="caseworker", by=manager.user, at=MONDAY).role == "caseworker"


def test_the_database_refuses_one_person_twice_in_an_office(anna):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(office=anna.office, user=anna.user, role="volunteer", started_at=MONDAY)


def test_a_representative_may_be_somebody_of_the_office_and_nobody_else(manager, anna):
    stranger = UserFactory()
    add = {"by": manager.user, "at": MONDAY}
    one = actions.add_representative(manager.office, name="Eleri Vaughan", user=anna.user, **add)
    assert str(one) == "Eleri Vaughan"
    with pytest.raises(RuleBroken, match="that name"):
        actions.add_representative(manager.office, name="eleri vaughan", **add)
    with pytest.raises(RuleBroken, match="belongs to this office"):
        actions.add_representative(manager.office, name="Somebody", user=stranger, **add)


def test_a_representative_changes_under_the_same_rules(manager, anna):
    one = actions.add_representative(manager.office, name="Eleri Vaughan", by=manager.user, at=MONDAY)
    actions.add_representative(manager.office, name="Mair Lloyd", by=manager.user, at=MONDAY)
    new = {"title": "MS", "user": anna.user, "ended_on": date(2026, 5, 1), "by": manager.user, "at": MONDAY}
    with pytest.raises(RuleBroken, match="that name"):
        actions.change_representative(one, name="MAIR LLOYD", **new)
    with pytest.raises(RuleBroken, match="belongs to this office"):
        actions.change_representative(one, name="Eleri", **new | {"user": UserFactory()})
    changed = actions.change_representative(one, name="Eleri Vaughan", **new)
    assert (changed.title, changed.user, changed.ended_on) == ("MS", anna.user, date(2026, 5, 1))
    assert names_of_events(one) == [events.REPRESENTATIVE_ADDED, events.REPRESENTATIVE_CHANGED]


def test_the_office_last_used_is_remembered_without_a_journal_entry(anna):
    actions.remember_office(anna, at=MONDAY)
    anna.refresh_from_db()
    assert anna.last_used_at == MONDAY
    assert not Event.objects.exists()


# --- Teams ---


@pytest.fixture
def team(manager):
    return actions.create_team(manager.office, name="Highways", by=manager.user, at=MONDAY)


def test_a_lead_is_the_first_member(manager, anna):
    team = actions.create_team(manager.office, name="Parks", lead=anna.user, by=manager.user, at=MONDAY)
    assert list(team.members.all()) == [anna.user]
    assert names_of_events(team) == [events.TEAM_CREATED, events.TEAM_JOINED]


def test_a_team_has_a_name_of_its_own(manager, team):
    for name in ("highways", " HIGHWAYS ", ""):
        with pytest.raises(RuleBroken):
            actions.create_team(manager.office, name=name, by=manager.user, at=MONDAY)
    other = OfficeFactory()
    assert actions.create_team(other, name="Highways", by=None, at=MONDAY).pk != team.pk


def test_only_people_of_the_office_are_in_its_teams(manager, team):
    stranger = MembershipFactory().user
    with pytest.raises(RuleBroken, match="belongs to this office"):
        actions.add_to_team(team, user=stranger, by=manager.user, at=MONDAY)
    with pytest.raises(RuleBroken, match="belongs to this office"):
        actions.create_team(manager.office, name="Parks", lead=stranger, by=manager.user, at=MONDAY)
    assert not TeamMember.objects.exists()


def test_joining_and_leaving_a_team_happen_once(manager, anna, team):
    for _ in range(2):
        actions.add_to_team(team, user=anna.user, by=manager.user, at=MONDAY)
    for _ in range(2):
        actions.remove_from_team(team, user=anna.user, by=manager.user, at=MONDAY)
    assert names_of_events(team) == [events.TEAM_CREATED, events.TEAM_JOINED, events.TEAM_LEFT]


def test_a_lead_gives_that_up_before_leaving_the_team(manager, anna, team):
    actions.change_team(team, name="Roads", email="", lead=anna.user, is_triage=False, by=manager.user, at=MONDAY)
    with pytest.raises(RuleBroken, match="leads this team"):
        actions.remove_from_team(team, user=anna.user, by=manager.user, at=MONDAY)


def test_one_team_sorts_what_has_no_other(manager):
    first = actions.create_team(manager.office, name="Triage", is_triage=True, by=None, at=MONDAY)
    with pytest.raises(RuleBroken, match="Only one team"):
        actions.create_team(manager.office, name="More triage", is_triage=True, by=None, at=MONDAY)
    with pytest.raises(RuleBroken, match="Let another team sort"):
        actions.retire_team(first, by=None, at=MONDAY)


def test_a_retired_team_takes_nobody_until_it_is_restored(manager, anna, team):
    actions.retire_team(team, by=manager.user, at=MONDAY)
    actions.retire_team(team, by=manager.user, at=MONDAY)
    with pytest.raises(RuleBroken, match="no longer works"):
        actions.add_to_team(team, user=anna.user, by=manager.user, at=MONDAY)
    actions.restore_team(team, by=manager.user, at=MONDAY)
    actions.add_to_team(team, user=anna.user, by=manager.user, at=MONDAY)
    assert names_of_events(team) == [
        events.TEAM_CREATED,
        events.TEAM_RETIRED,
        events.TEAM_RESTORED,
        events.TEAM_JOINED,
    ]
