"""The demo looks right on any day: on a Sunday nothing of Friday looks forgotten."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from wardbook.cases.factories import CaseFactory, FollowUpFactory
from wardbook.demo import morning

LONDON = ZoneInfo("Europe/London")
FRIDAY = datetime(2026, 11, 20, 9, tzinfo=LONDON)
SUNDAY = datetime(2026, 11, 22, 12, tzinfo=LONDON)


def test_the_story_ends_on_the_last_morning_that_people_worked():
    assert morning.last_working_morning(SUNDAY) == FRIDAY
    assert morning.last_working_morning(FRIDAY) == FRIDAY
    assert morning.last_working_morning(FRIDAY - timedelta(minutes=1)) == FRIDAY - timedelta(days=1)


@pytest.mark.django_db
def test_what_was_left_for_that_morning_is_left_for_today():
    case = CaseFactory(next_step_on=FRIDAY.date(), deadline_on=SUNDAY.date() - timedelta(days=1))
    step = FollowUpFactory(case=case, due_on=FRIDAY.date())
    late = FollowUpFactory(case=CaseFactory(office=case.office), due_on=FRIDAY.date() - timedelta(days=1))

    morning.plan_for(case.office, SUNDAY.date(), told_on=FRIDAY.date())

    for row in (case, step, late):
        row.refresh_from_db()
    assert (step.due_on, case.next_step_on, case.deadline_on) == (SUNDAY.date(), SUNDAY.date(), SUNDAY.date())
    assert late.due_on == FRIDAY.date() - timedelta(days=1)


@pytest.mark.django_db
def test_on_a_working_day_nothing_moves():
    step = FollowUpFactory(due_on=FRIDAY.date())
    morning.plan_for(step.office, FRIDAY.date(), told_on=FRIDAY.date())
    step.refresh_from_db()
    assert step.due_on == FRIDAY.date()
