"""How one request is measured: milliseconds, processor time, queries."""

import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from wardbook.accounts.models import User


class Missed(Exception):
    """A step did not get what it wants to measure. Nothing is measured then: an error page is fast."""


class Figures(NamedTuple):
    """What many equal requests took: milliseconds (median, 95th percentile), processor milliseconds (the same),
    and how many queries one of them makes."""

    median: float
    p95: float
    cpu: float
    cpu_p95: float
    queries: int


class Reader:
    """Somebody signed in, asking the product in this same process: no network, no browser, no other requests."""

    def __init__(self, user: User, host: str) -> None:
        self.client = Client(raise_request_exception=True, headers={"host": host})
        self.client.force_login(user)

    @property
    def cookie(self) -> str:
        """The header by which another process knows them too."""
        return "; ".join(f"{name}={morsel.value}" for name, morsel in self.client.cookies.items())

    def get(self, address: str, **headers: str) -> str:
        """Ask for a page and give its text. Raises Missed for anything but the page itself."""
        response = self.client.get(address, headers=headers)
        if response.status_code != 200:
            raise Missed(f"{address} answers {response.status_code}")
        return self._text(response)

    def stream(self, address: str) -> Iterator[bytes]:
        """Ask for a file and give its pieces as they are made. Raises Missed for anything but the file itself."""
        response: Any = self.client.get(address)
        if response.status_code != 200 or not response.streaming:
            raise Missed(f"{address} answers {response.status_code}")
        return iter(response.streaming_content)

    def post(self, address: str, fields: dict[str, object]) -> str:
        """Send a form with a key of its own, and give where it leads. Raises Missed unless it was taken (303)."""
        response = self.client.post(address, {**fields, "operation": str(uuid.uuid4())})
        if response.status_code != 303:
            raise Missed(f"{address} answers {response.status_code} to a form: {self._text(response)[:2000]}")
        return str(response["Location"])

    def _text(self, response: Any) -> str:
        return str(response.content.decode())


def measure(request: Callable[[], object], *, times: int = 60, warm: int = 5) -> Figures:
    """Do the same thing many times. The first few are not timed, but their queries are counted: as a rule, because
    once in a while a request also notes that the person is still there."""
    queries = []
    for _turn in range(warm):
        with CaptureQueriesContext(connection) as asked:
            request()
        queries.append(len(asked))
    walls, processors = [], []
    for _turn in range(times):
        wall, processor = time.perf_counter(), time.process_time()
        request()
        walls.append((time.perf_counter() - wall) * 1000)
        processors.append((time.process_time() - processor) * 1000)
    return Figures(
        statistics.median(walls),
        late(walls),
        statistics.median(processors),
        late(processors),
        statistics.mode(queries),
    )


def late(values: list[float]) -> float:
    """The 95th percentile."""
    return sorted(values)[max(0, round(len(values) * 0.95) - 1)]
