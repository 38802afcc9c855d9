"""Restricted cases inside one office, and people kept away from a case (A5, CA-15, E27, E28)."""

import itertools
from datetime import timedelta

import pytest

from wardbook.cases import actions, events, readers
from wardbook.cases.factories import (
    ActivityFactory,
    CaseAccessFactory,
    CaseFactory,
    CaseNoteFactory,
    CoAssignmentFactory,
    DocumentFactory,
    InternalNoteFactory,
)
from wardbook.cases.models import Activity, Case, CaseNote, Document, InternalNote
from wardbook.cases.tests.conftest import TUESDAY
from wardbook.journal.models import Event
from wardbook.lib.rules import RuleBroken
from wardbook.offices.factories import CaseworkerFactory, MembershipFactory, TeamFactory, TeamMemberFactory
from wardbook.offices.models import Membership


@pytest.fixture
def restricted(office, manager):
    case = CaseFactory(office=office, is_restricted=True, owner=manager, description="Hidden matter")
    InternalNoteFactory(case=case)
    CaseNoteFactory(case=case)
    DocumentFactory(activity=ActivityFactory(case=case))
    return case


def test_for_a_colleague_without_a_grant_it_does_not_exist(desk, restricted, worker, member):
    me = member(worker, restricted.office)
    for model in (Case, InternalNote, CaseNote, Activity, Document):
        assert not model.objects.visible_to(me).exists()
    for route in ("desk:case", "cases:closure", "cases:status", "cases:notes", "cases:presence", "cases:restriction"):
        assert desk.get(route, restricted.number).status_code == 404
    assert desk.post("cases:notes", restricted.number, text="I know").status_code == 404
    assert (
        desk.client.put(f"/{restricted.office.slug}/drafts/case-{restricted.number}-note/", "{}").status_code == 404
    )
    assert restricted.description not in desk.get("cases:people_options", case=restricted.number).text


def test_whoever_restricts_a_case_still_sees_it(desk, case, worker):
    assert desk.post("cases:restricting", case.number, restrict="yes").status_code == 303
    case.refresh_from_db()
    assert case.is_restricted
    assert desk.get("desk:case", case.number).status_code == 200


def test_a_colleague_is_let_in_and_out_again(desk, case, worker, sam, client):
    desk.post("cases:restricting", case.number, restrict="yes")
    desk.post("cases:restriction", case.number, user=sam.pk, grant="reader", reason="Knows the family")
    desk.sit(sam)
    assert desk.get("desk:case", case.number).status_code == 200

    desk.sit(worker)
    access = case.accesses.get(user=sam)
    assert desk.post("cases:access_end", case.number, access.pk).status_code == 303
    desk.sit(sam)
    assert desk.get("desk:case", case.number).status_code == 404


def test_every_reading_is_noted_once_an_hour(desk, case, worker):
    desk.get("desk:case", case.number)
    assert not Event.objects.about(case).exists()
    Case.objects.filter(pk=case.pk).update(is_restricted=True, owner=worker)
    for _ in range(3):
        desk.get("desk:case", case.number)
    reads = Event.objects.about(case).filter(name=events.READ)
    assert [line.by for line in reads.all()] == [worker]
    actions.note_reading(case, by=worker, at=reads.get().at + timedelta(hours=1))
    assert reads.count() == 2


def test_a_reading_is_not_on_the_timeline(desk, restricted, manager):
    desk.sit(manager)
    desk.get("desk:case", restricted.number)
    assert "case.read" not in desk.get("desk:case", restricted.number).text


def test_keeping_somebody_away_ends_their_part_in_it(case, sam, worker):
    actions.assign(case, owner=sam, by=worker, at=TUESDAY)
    CoAssignmentFactory(case=case, user=sam)
    actions.keep_out(case, sam, reason="Their aunt", by=worker, at=TUESDAY)
    case.refresh_from_db()
    assert case.owner is None
    assert not case.co_assignments.exists()
    assert not readers.can_see(case, sam)


def test_keeping_away_needs_a_reason_and_not_oneself(desk, case, worker, sam):
    asked = desk.post("cases:restriction", case.number, user=sam.pk, grant="kept_out")
    assert asked.status_code == 422
    assert "Say why" in asked.text
    own = desk.post("cases:restriction", case.number, user=worker.pk, grant="kept_out", reason="My aunt")
    assert own.status_code == 422
    assert "Ask your manager" in own.text


def test_nobody_lets_themselves_back_in(case, worker, manager):
    access = CaseAccessFactory(case=case, user=worker, grant="kept_out")
    with pytest.raises(RuleBroken, match="Somebody else"):
        actions.end_access(access, by=worker, at=TUESDAY)


def test_roles_without_the_right_do_not_find_the_page(desk, case, office):
    service = MembershipFactory(office=office, role="service").user
    team = TeamFactory(office=office)
    TeamMemberFactory(team=team, user=service)
    Case.objects.filter(pk=case.pk).update(owner_team=team)
    desk.sit(service)
    assert desk.get("desk:case", case.number).status_code == 200
    assert desk.get("cases:restriction", case.number).status_code == 403


@pytest.mark.parametrize("role", Membership.Role.values)
@pytest.mark.parametrize("is_restricted", [False, True])
def test_who_can_see_a_case_is_the_same_from_both_sides(office, role, is_restricted):
    """`readers.who_can_see` and `Case.objects.visible_to` are one rule: every role, every way of being named."""
    team = TeamFactory(office=office)
    me = MembershipFactory(office=office, role=role)
    TeamMemberFactory(team=team, user=me.user)
    other = CaseworkerFactory(office=office)
    for owns, together, raised, in_team, grant in itertools.product(
        [False, True], [False, True], [False, True], [False, True], [None, "reader", "kept_out"]
    ):
        case = CaseFactory(
            office=office,
            is_restricted=is_restricted,
            owner=me.user if owns else None,
            created_by=me.user if raised else other,
            owner_team=team if in_team else None,
        )
        if together:
            CoAssignmentFactory(case=case, user=me.user)
        if grant:
            CaseAccessFactory(case=case, user=me.user, grant=grant)
        by_the_door = Case.objects.visible_to(me).filter(pk=case.pk).exists()
        assert (me in readers.who_can_see(case)) == by_the_door
        assert readers.can_see(case, me.user) == by_the_door
