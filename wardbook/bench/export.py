"""How the whole list of cases leaves as a file: when it begins, how fast it goes on, and what memory that takes."""

import multiprocessing
import resource
import time
from typing import NamedTuple

from django.db import connections
from django.urls import reverse

from wardbook.bench.measuring import Missed, Reader
from wardbook.cases.models import Case
from wardbook.offices.models import Office

BUDGET = (2.0, 100)
"""Seconds until the first of it is sent, and megabytes more than before."""


class Export(NamedTuple):
    """What one file of all cases with all columns took, in seconds and megabytes."""

    cases: int
    begun_after: float
    seconds: float
    grew: float

    @property
    def holds(self) -> bool:
        return self.begun_after <= BUDGET[0] and self.grew <= BUDGET[1]


def export(office: Office, reader: Reader) -> Export:
    """Read the file once, in a process of its own: what others needed before must not count as its memory."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    worker = context.Process(target=lambda: sender.send(_read(office, reader)))
    worker.start()
    worker.join()
    if not receiver.poll(0):
        raise Missed("the process that takes the cases along ended without a word")
    took: Export = receiver.recv()
    member = office.memberships.get(user_id=reader.client.session["_auth_user_id"])
    if took.cases != Case.objects.visible_to(member).count():
        raise Missed(f"the file has {took.cases} cases")
    return took


def _read(office: Office, reader: Reader) -> Export:
    reader.get(reverse("desk:cases", args=[office.slug]) + "?status=any")
    was, began = _most_memory(), time.perf_counter()
    pieces = reader.stream(reverse("desk:cases_export", args=[office.slug]) + "?status=any&columns=all")
    next(pieces)
    begun_after = time.perf_counter() - began
    # A line break within a cell has no carriage return before it.
    cases = sum(piece.count(b"\r\n") for piece in pieces)
    return Export(cases, begun_after, time.perf_counter() - began, _most_memory() - was)


def _most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
