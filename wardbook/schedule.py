"""Everything that runs by itself, on one page.

Each minute the timer asks every entry for its latest slot and takes it with a unique row, so two timers on two
machines run it once, and a slot missed while the machine slept is made up for once, not many times.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from io import StringIO

from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from wardbook.journal.models import Heartbeat, TimerSlot

log = logging.getLogger(__name__)

WORKER = "worker"
TIMER = "timer"
LATE_AFTER = timedelta(minutes=5)
SLOTS_KEPT = timedelta(days=3)


@dataclass(frozen=True)
class Every:
    """A slot at each whole step since midnight UTC."""

    minutes: int

    def slot(self, at: datetime) -> datetime:
        midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        step = timedelta(minutes=self.minutes)
        return midnight + (at - midnight) // step * step


@dataclass(frozen=True)
class Daily:
    """One slot a day, at this time UTC."""

    at: time

    def slot(self, at: datetime) -> datetime:
        today = datetime.combine(at.astimezone(UTC).date(), self.at, UTC)
        return today if today <= at else today - timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """A command and when it is due. The command must be safe to run twice."""

    name: str
    when: Every | Daily
    command: tuple[str, ...]


ENTRIES = (
    Entry("Ask the worker for a sign of life", Every(minutes=1), ("heartbeat",)),
    Entry("Read mail that came in", Every(minutes=1), ("read_mail",)),
    Entry("Go on with bulk acts that a worker left", Every(minutes=5), ("resume_bulk",)),
    Entry("Go on with imports that a worker left", Every(minutes=5), ("resume_imports",)),
    Entry("Mail invitations that did not go out", Every(minutes=15), ("send_invitations",)),
    Entry("Send mail that waits", Every(minutes=1), ("send_mail",)),
    Entry("Go on with campaigns and answers to many", Every(minutes=1), ("campaigns",)),
    Entry("Forget ended sessions", Daily(time(2, 10)), ("clearsessions",)),
    Entry("Forget finished tasks", Daily(time(2, 20)), ("prune_db_task_results", "--min-age-days=7")),
    Entry("Remove what lay in the bin for 30 days", Daily(time(2, 40)), ("empty_bin",)),
    Entry("Forget pictures that were fetched from outside", Every(minutes=60), ("forget_pictures",)),
    Entry("Forget old slots and tune the database", Daily(time(2, 30)), ("tidy",)),
)


def take(name: str, slot: datetime, at: datetime) -> TimerSlot | None:
    """This slot if it is ours: given to exactly one caller on any number of machines."""
    try:
        with transaction.atomic():
            return TimerSlot.objects.create(name=name, slot=slot, taken_at=at)
    except IntegrityError:
        return None


def run_due(at: datetime) -> list[str]:
    """Run each entry whose latest slot nobody has taken, and give their names.

    One that fails is noted and does not stop the others; its next slot tries again.
    """
    beat(TIMER, at)
    done = []
    for entry in ENTRIES:
        turn = take(entry.command[0], entry.when.slot(at), at)
        if turn is None:
            continue
        problem = ""
        try:
            call_command(*entry.command, stdout=StringIO())
        except Exception as raised:
            log.exception("%s failed", entry.name)
            problem = repr(raised)[:500]
        TimerSlot.objects.filter(pk=turn.pk).update(finished_at=timezone.now(), problem=problem)
        done.append(entry.name)
    return done


def beat(part: str, at: datetime) -> None:
    """Note that this part of the installation was alive at this time."""
    Heartbeat.objects.update_or_create(part=part, defaults={"at": at})


def state_of(part: str, at: datetime) -> dict[str, object]:
    """What is known of the worker or the timer: ok, late or never seen, and how long ago in seconds."""
    last = Heartbeat.objects.filter(part=part).values_list("at", flat=True).first()
    if last is None:
        return {"state": "never seen"}
    ago = at - last
    return {"state": "ok" if ago <= LATE_AFTER else "late", "seconds_ago": max(0, int(ago.total_seconds()))}


def forget_old_slots(at: datetime) -> int:
    """Slots are only needed while they can come round again."""
    return TimerSlot.objects.filter(slot__lt=at - SLOTS_KEPT).delete()[0]
