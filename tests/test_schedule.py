"""What runs by itself runs once, is made up for after a pause, and says when it broke."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.management import get_commands

from wardbook import schedule
from wardbook.journal.models import Heartbeat, TimerSlot

pytestmark = pytest.mark.django_db
# In the future, because tidying up goes by the real clock.
NOON = datetime(2040, 3, 2, 12, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "slot"),
    [
        (schedule.Every(minutes=1), "2040-03-02 12:00"),
        (schedule.Every(minutes=45), "2040-03-02 12:00"),
        (schedule.Every(minutes=50), "2040-03-02 11:40"),
        (schedule.Daily(time(2, 10)), "2040-03-02 02:10"),
        (schedule.Daily(time(23, 0)), "2040-03-01 23:00"),
        (schedule.Daily(time(12, 0)), "2040-03-02 12:00"),
    ],
)
def test_a_slot_is_the_latest_moment_it_was_due(when, slot):
    assert f"{when.slot(NOON):%Y-%m-%d %H:%M}" == slot


def test_every_entry_names_a_command_that_exists():
    assert {entry.command[0] for entry in schedule.ENTRIES} <= set(get_commands())


def test_a_slot_is_taken_once():
    assert schedule.take("x", NOON, NOON) is not None
    assert schedule.take("x", NOON, NOON) is None


def test_everything_due_runs_once():
    first = schedule.run_due(NOON)
    assert first == [entry.name for entry in schedule.ENTRIES]
    assert schedule.run_due(NOON) == []
    each_minute = [entry.name for entry in schedule.ENTRIES if entry.when == schedule.Every(minutes=1)]
    assert schedule.run_due(NOON + timedelta(minutes=1)) == each_minute


def test_after_a_long_pause_each_entry_runs_once_and_not_once_a_minute():
    schedule.run_due(NOON)
    later = schedule.run_due(NOON + timedelta(days=2))
    assert sorted(later) == sorted(entry.name for entry in schedule.ENTRIES)


def test_one_that_breaks_is_noted_and_the_others_run(monkeypatch, caplog):
    broken = schedule.Entry("Break", schedule.Every(minutes=1), ("no_such_command",))
    monkeypatch.setattr(schedule, "ENTRIES", (broken, *schedule.ENTRIES))

    assert "Ask the worker for a sign of life" in schedule.run_due(NOON)
    assert "Unknown command" in TimerSlot.objects.get(name="no_such_command").problem
    assert "Break failed" in caplog.text


def test_old_slots_are_forgotten():
    schedule.take("x", NOON - timedelta(days=9), NOON)
    schedule.take("x", NOON, NOON)
    assert schedule.forget_old_slots(NOON) == 1


def test_the_worker_is_late_when_it_was_not_seen_for_minutes(client):
    assert client.get("/healthz").json()["worker"] == {"state": "never seen"}
    Heartbeat.objects.create(part="worker", at=datetime(2020, 1, 1, tzinfo=UTC))
    assert client.get("/healthz").json()["worker"]["state"] == "late"


def test_a_stopped_worker_is_asked_once(settings):
    from wardbook import tasks

    assert tasks.ask_for_sign_of_life()
    assert not tasks.ask_for_sign_of_life()
