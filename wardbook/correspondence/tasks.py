"""Slow work with mail. The tables are the truth: a task is a nudge, and the sweep does what a lost one would have."""

from __future__ import annotations

import os
import socket
import uuid
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult, get_date_max

from wardbook.correspondence import posting
from wardbook.correspondence.actions import bulk, campaigns, grouping, reading
from wardbook.correspondence.models import Dispatch

LONGEST = timedelta(seconds=50)
"""One turn; what is left then is read in the next, so that no other task waits long."""

ONE_TURN_FOR = timedelta(seconds=1)
"""Messages whose turn comes within a second of each other are sent in one turn."""


def worker_name() -> str:
    """A name for one turn of one process, for its leases. Never used twice."""
    return f"{socket.gethostname()[:24]}-{os.getpid()}-{uuid.uuid4().hex[:12]}"


@task()
def read_mail() -> None:
    """Make what was kept into messages."""
    begun = timezone.now()
    done = reading.read_all(worker_name(), clock=timezone.now, until=begun + LONGEST)
    if done and timezone.now() >= begun + LONGEST:
        read_mail.enqueue()


@task()
def send_mail() -> None:
    """Hand over what is due."""
    begun = timezone.now()
    posting.post_due(clock=timezone.now, until=begun + LONGEST)
    if timezone.now() >= begun + LONGEST:
        ask_to_send(timezone.now())


def ask_to_send(at: datetime, *, turn_at: datetime | None = None) -> bool:
    """Have the worker send at `turn_at`, or now if something is due; False where nobody has to be asked.

    A worker that stood still must not find thousands of these, so one that waits already is enough.
    """
    when = turn_at or at
    if turn_at is None and not Dispatch.objects.due(at).filter(lease_until__isnull=True).exists():
        return False
    at_once = Q(run_after=get_date_max())
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=send_mail.module_path)
    if when <= at:
        if waiting.filter(at_once | Q(run_after__lte=when)).exists():
            return False
        send_mail.enqueue()
        return True
    if waiting.filter(run_after__gte=when, run_after__lte=when + ONE_TURN_FOR).exclude(at_once).exists():
        return False
    # A moment later, so that whatever is due at that second is.
    send_mail.using(run_after=when + ONE_TURN_FOR).enqueue()
    return True


@task()
def group_mail() -> None:
    """Compare what came in with what came before."""
    begun = timezone.now()
    grouping.group_arrived(clock=timezone.now, until=begun + LONGEST)
    campaigns.file_joined(at=timezone.now())
    if timezone.now() >= begun + LONGEST:
        group_mail.enqueue()


@task()
def answer_many() -> None:
    """Write the messages of the answers to many whose hold is over."""
    begun = timezone.now()
    bulk.go_on(clock=timezone.now, until=begun + LONGEST)
    if timezone.now() >= begun + LONGEST:
        answer_many.enqueue()


def ask_once(what: Task[[], None]) -> bool:
    """Have the worker do this now, unless that is asked already."""
    at_once = Q(run_after=get_date_max()) | Q(run_after__lte=timezone.now())
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=what.module_path)
    if waiting.filter(at_once).exists():
        return False
    what.enqueue()
    return True
