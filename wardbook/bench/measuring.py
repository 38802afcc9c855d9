"""How one request is measured: milliseconds, processor time, queries."""

import statistics
import time
import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from wardbook.accounts.models import User


class Figures(NamedTuple):
    """What many equal requests took: milliseconds (median, 95th percentile), processor milliseconds (median),
    and how many queries one of them makes."""

    median: float
    p95: float
    cpu: float
    queries: int


class Reader:
    """Somebody signed in, asking the product in this same process: no network, no browser, no other requests."""

    def __init__(self, user: User, host: str) -> None:
        self.client = Client(raise_request_exception=True, headers={"host": host})
        self.client.force_login(user)

    def get(self, address: str) -> Any:
        """Ask for a page. Raises AssertionError for anything but an answer."""
        response = self.client.get(address)
        if response.status_code != 200:
            raise AssertionError(f"{address} answers {response.status_code}")
        return response

    def post(self, address: str, fields: dict[str, object]) -> Any:
        """Send a form with a key of its own. Raises AssertionError unless it was taken."""
        response = self.client.post(address, {**fields, "operation": str(uuid.uuid4())})
        if response.status_code not in (200, 302):
            raise AssertionError(f"{address} answers {response.status_code}")
        return response


def measure(request: Callable[[], object], *, times: int = 60, warm: int = 5) -> Figures:
    """Do the same thing many times. The first few are not counted."""
    for _turn in range(warm):
        request()
    walls, processors = [], []
    for _turn in range(times):
        wall, processor = time.perf_counter(), time.process_time()
        request()
        walls.append((time.perf_counter() - wall) * 1000)
        processors.append((time.process_time() - processor) * 1000)
    with CaptureQueriesContext(connection) as queries:
        request()
    ninety_fifth = sorted(walls)[max(0, round(len(walls) * 0.95) - 1)]
    return Figures(statistics.median(walls), ninety_fifth, statistics.median(processors), len(queries))
