"""Taking a closed case up again: one press."""

import pytest

from wardbook.cases import actions, events
from wardbook.cases.factories import CaseFactory, FollowUpFactory
from wardbook.cases.tests.conftest import TUESDAY
from wardbook.journal.actions import take_back
from wardbook.journal.models import Event
from wardbook.lib.rules import RuleBroken
from wardbook.vocabulary.models import Status


@pytest.fixture
def closed(office):
    return CaseFactory(office=office, closed=True, outcome="withdrawn")


def test_one_press_reopens(desk, closed):
    response = desk.post("cases:reopening", closed.number)

    assert response.status_code == 303
    closed.refresh_from_db()
    assert (closed.is_closed, closed.outcome, closed.reopen_count, closed.status_class) == (False, "", 1, "open")
    event = Event.objects.about(closed).get(name=events.REOPENED)
    assert event.facts["was"] == "withdrawn"


def test_it_is_open_again_and_not_merely_acknowledged(closed, worker):
    """S2.28: the status goes back to Open, though Acknowledged stands before it and is open too."""
    assert actions.reopen(closed, by=worker, at=TUESDAY).status.name == "Open"


def test_the_first_closing_stays_known(closed, worker):
    first = closed.first_closed_at
    actions.reopen(closed, by=worker, at=TUESDAY)
    closed.refresh_from_db()
    assert closed.first_closed_at == first


def test_an_open_case_is_not_reopened(case, worker):
    with pytest.raises(RuleBroken, match="open"):
        actions.reopen(case, by=worker, at=TUESDAY)


def test_reopening_an_open_case_says_so_and_changes_nothing(desk, case):
    response = desk.post("cases:reopening", case.number)
    assert response.status_code == 303
    case.refresh_from_db()
    assert case.reopen_count == 0


def test_setting_an_open_status_reopens(desk, closed, office):
    wanted = Status.objects.get(office=office, name="Open")
    data = desk.form("cases:status", closed.number) | {"status": wanted.pk}

    assert desk.post("cases:status", closed.number, **data).status_code == 303

    closed.refresh_from_db()
    assert (closed.status, closed.is_closed, closed.reopen_count) == (wanted, False, 1)


def test_a_reason_becomes_a_note(closed, worker):
    actions.reopen(closed, by=worker, at=TUESDAY, reason="The damp is back")
    assert "The damp is back" in closed.internal_notes.get().text


def test_reopening_is_taken_back(closed, worker, newest_undo):
    was = closed.closed_at
    actions.reopen(closed, by=worker, at=TUESDAY)

    take_back(newest_undo(worker), by=worker, at=TUESDAY)

    closed.refresh_from_db()
    assert (closed.closed_at, closed.outcome, closed.reopen_count) == (was, "withdrawn", 0)


def test_kept_steps_are_the_next_step_again(closed, worker):
    step = FollowUpFactory(case=closed)
    actions.reopen(closed, by=worker, at=TUESDAY)
    closed.refresh_from_db()
    assert closed.next_step_on == step.due_on
