"""Slow work with mail. The tables are the truth: a task is a nudge, and the sweep does what a lost one would have."""

from __future__ import annotations

import os
import socket
import uuid
from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from wardbook.correspondence.actions import reading

LONGEST = timedelta(seconds=50)
"""One turn; what is left then is read in the next, so that no other task waits long."""


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
