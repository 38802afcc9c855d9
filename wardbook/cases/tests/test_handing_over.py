"""Everything that one person has in hand goes to another, in one go, and comes back in one."""

import pytest

from wardbook.cases import actions, holdings
from wardbook.cases.factories import MONDAY, CaseAccessFactory, CaseFactory, CoAssignmentFactory, FollowUpFactory
from wardbook.cases.models import Activity, Case
from wardbook.journal.actions import take_back
from wardbook.journal.models import Event, Undo
from wardbook.lib.rules import RuleBroken
from wardbook.offices.factories import ManagerFactory, MembershipFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return ManagerFactory()


@pytest.fixture
def leaver(manager):
    return MembershipFactory(office=manager.office).user


@pytest.fixture
def heir(manager):
    return MembershipFactory(office=manager.office).user


@pytest.fixture
def give(manager, leaver, heir):
    def give(to=heir):
        return actions.hand_over(manager.office, leaver, to=to, by=manager.user, at=MONDAY)

    return give


def test_open_cases_and_planned_work_go_over(manager, leaver, heir, give):
    case = CaseFactory(office=manager.office, owner=leaver)
    FollowUpFactory(case=case, assignee=leaver)
    FollowUpFactory(case=CaseFactory(office=manager.office), assignee=leaver)
    closed = CaseFactory(office=manager.office, owner=leaver, closed=True)
    elsewhere = CaseFactory(owner=leaver)

    result = give()
    assert (len(result.done), result.refused) == (3, [])
    assert Case.objects.get(pk=case.pk).owner == heir
    assert set(Activity.objects.values_list("assignee", flat=True)) == {heir.pk}
    assert {Case.objects.get(pk=one.pk).owner for one in (closed, elsewhere)} == {leaver}
    assert Event.objects.filter(name="case.assigned").count() == 1


def test_it_comes_back_in_one(manager, leaver, give):
    FollowUpFactory(case=CaseFactory(office=manager.office, owner=leaver), assignee=leaver)
    give()
    take_back(Undo.objects.get(), by=manager.user, at=MONDAY)
    assert Case.objects.get().owner == leaver
    assert Activity.objects.get().assignee == leaver


def test_a_restricted_case_goes_with_its_work(manager, leaver, heir, give):
    case = CaseFactory(office=manager.office, owner=leaver, is_restricted=True)
    FollowUpFactory(case=case, assignee=leaver)
    assert give().refused == []
    assert Activity.objects.get().assignee == heir


def test_what_cannot_go_stays_and_is_reported(manager, leaver, heir, give):
    case = CaseFactory(office=manager.office, owner=leaver)
    other = CaseFactory(office=manager.office, owner=leaver)
    CaseAccessFactory(case=case, user=heir, grant="kept_out")
    result = give()
    assert [(one, "kept out" in why) for one, why in result.refused] == [(case, True)]
    assert Case.objects.get(pk=other.pk).owner == heir


def test_nobody_hands_over_to_themselves(leaver, give):
    with pytest.raises(RuleBroken, match="somebody else"):
        give(to=leaver)


def test_holdings_are_numbers(manager, leaver):
    case = CaseFactory(office=manager.office, owner=leaver)
    FollowUpFactory(case=case, assignee=leaver)
    CoAssignmentFactory(case=CaseFactory(office=manager.office), user=leaver)
    TeamFactory(office=manager.office, lead=leaver)
    CaseFactory(owner=leaver)
    assert holdings.of(manager.office, leaver) == (1, 1, 1, 1)
