"""Who works on a case: given to a person, a team, both or nobody; taken; worked on together."""

import pytest
from django.utils import timezone

from wardbook.cases import actions, events
from wardbook.cases.factories import CaseAccessFactory, CaseFactory
from wardbook.cases.tests.conftest import TUESDAY
from wardbook.journal.actions import take_back
from wardbook.journal.models import Event
from wardbook.lib.rules import RuleBroken
from wardbook.offices.factories import CaseworkerFactory, TeamFactory


def together(case):
    return set(case.co_assignments.values_list("user__name", flat=True))


def test_a_case_is_given_to_a_colleague_and_a_team(desk, case, office, sam):
    team = TeamFactory(office=office)
    data = desk.form("cases:assignment", case.number) | {"owner": sam.pk, "owner_team": team.pk}

    assert desk.post("cases:assignment", case.number, **data).status_code == 303

    case.refresh_from_db()
    assert (case.owner, case.owner_team) == (sam, team)
    facts = Event.objects.about(case).get(name=events.ASSIGNED).facts
    assert facts == {"was": None, "now": sam.pk, "team_was": None, "team": team.pk}


def test_the_choices_are_me_first_then_colleagues_and_nobody_of_another_office(desk, case, sam, stranger, worker):
    choices = [
        label
        for _value, label in desk.get("cases:assignment", case.number).context["form"]["owner"].field.widget.choices
    ]
    assert choices[:2] == ["Nobody", f"Me ({worker.name})"]
    assert sam.name in choices
    assert stranger.name not in choices


def test_somebody_of_another_office_is_refused_beside_the_field(desk, case, stranger):
    data = desk.form("cases:assignment", case.number) | {"owner": stranger.pk}

    response = desk.post("cases:assignment", case.number, **data)

    assert response.status_code == 422
    assert "owner" in response.context["form"].errors
    case.refresh_from_db()
    assert case.owner is None


def test_somebody_who_left_cannot_be_given_a_case(case, office, sam, worker):
    office.memberships.filter(user=sam).update(ended_at=TUESDAY)
    with pytest.raises(RuleBroken, match="cannot be given"):
        actions.assign(case, owner=sam, by=worker, at=TUESDAY)


def test_somebody_kept_out_cannot_be_given_the_case(desk, case, sam, worker):
    CaseAccessFactory(case=case, user=sam, grant="kept_out")
    with pytest.raises(RuleBroken, match="kept out"):
        actions.assign(case, owner=sam, by=worker, at=TUESDAY)
    assert desk.post("cases:assignment", case.number, owner=sam.pk, version=case.version).status_code == 422


def test_a_restricted_case_is_only_offered_to_those_let_in(desk, office, worker, sam):
    case = CaseFactory(office=office, is_restricted=True, owner=worker)
    form = desk.get("cases:assignment", case.number).context["form"]
    assert sam not in form.fields["owner"].queryset
    actions.let_in(case, sam, by=worker, at=TUESDAY)
    form = desk.get("cases:assignment", case.number).context["form"]
    assert sam in form.fields["owner"].queryset


def test_working_together_is_merged_with_what_a_colleague_did_meanwhile(desk, case, sam, manager, worker):
    jo = CaseworkerFactory(office=case.office, name="Jo Field")
    actions.co_assign(case, [sam], by=worker, at=TUESDAY)
    data = desk.form("cases:assignment", case.number)
    actions.co_assign(case, [sam, jo], by=manager, at=TUESDAY)

    desk.post("cases:assignment", case.number, **data | {"together": [sam.pk, manager.pk]})

    assert together(case) == {"Sam Okoro", "Jo Field", "Mo Manager"}


def test_owner_and_colleagues_are_taken_back_as_one(desk, case, sam, manager, worker, newest_undo):
    data = desk.form("cases:assignment", case.number) | {"owner": worker.pk, "together": [sam.pk]}
    desk.post("cases:assignment", case.number, **data)
    assert together(case) == {"Sam Okoro"}

    take_back(newest_undo(worker), by=worker, at=timezone.now())

    case.refresh_from_db()
    assert case.owner is None
    assert together(case) == set()


def test_the_first_of_two_who_take_a_case_wins(case, worker, sam):
    actions.claim(case, by=worker, at=TUESDAY)
    with pytest.raises(RuleBroken, match="Anna Price took this case"):
        actions.claim(case, by=sam, at=TUESDAY)


def test_taking_a_case_by_a_press(desk, case, worker):
    assert desk.post("cases:claim", case.number).status_code == 303
    case.refresh_from_db()
    assert case.owner == worker


def test_a_closed_case_is_given_to_nobody(office, worker):
    case = CaseFactory(office=office, closed=True)
    with pytest.raises(RuleBroken, match="closed"):
        actions.assign(case, owner=worker, by=worker, at=TUESDAY)


def test_assigning_the_same_again_writes_nothing(case, worker):
    actions.assign(case, owner=worker, by=worker, at=TUESDAY)
    actions.assign(case, owner=worker, by=worker, at=TUESDAY)
    assert Event.objects.about(case).count() == 1
