"""How far a long command is: a bar with count and time left on a terminal, else a line every few seconds."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

EVERY = 5.0


@contextmanager
def progress(stream: TextIO, what: str, total: int, *, quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """Yields a function that is told how many of `total` are done."""
    if quiet:
        yield _say_nothing
    elif stream.isatty():
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeRemainingColumn(), console=Console(file=stream), transient=True) as bar:
            task = bar.add_task(what, total=total)
            yield lambda done: bar.update(task, completed=done)
    else:
        yield _Lines(stream, what, total)


def _say_nothing(done: int) -> None:
    return


class _Lines:
    """A line every few seconds, for logs."""

    def __init__(self, stream: TextIO, what: str, total: int) -> None:
        self._stream, self._what, self._total = stream, what, total
        self._began = self._said = time.monotonic()

    def __call__(self, done: int) -> None:
        now = time.monotonic()
        if now - self._said < EVERY or not done:
            return
        self._said = now
        left = (now - self._began) * (self._total - done) / done
        self._stream.write(f"{self._what} {done:,} of {self._total:,}, about {_about(left)} left\n")
        self._stream.flush()


def _about(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
