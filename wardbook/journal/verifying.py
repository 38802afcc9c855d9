"""Is the journal still what was written? Reads every line of an office and follows the chain (K1)."""

from collections.abc import Iterator
from typing import NamedTuple

from wardbook.journal.actions import digest_of
from wardbook.journal.models import ChainHead, Event


class Flaw(NamedTuple):
    """One place where the chain does not hold: the line's number and what is wrong with it, in words."""

    number: int
    problem: str


def flaws(office_id: int) -> Iterator[Flaw]:
    """Every flaw of an office's journal, in the order of the lines: a line that was altered, is missing, came in
    from elsewhere or out of turn, and an end that was cut off. Constant memory, one query a thousand lines."""
    previous, expected = "", 1
    for event in Event.objects.filter(office_id=office_id).order_by("number").iterator(chunk_size=1000):
        if event.number > expected:
            gap = f"{expected}" if event.number == expected + 1 else f"{expected} to {event.number - 1}"
            yield Flaw(expected, f"line {gap} is missing")
        elif event.number < expected:
            yield Flaw(event.number, "stands there twice")
        elif event.previous != previous:
            yield Flaw(event.number, "does not follow the line before it")
        if digest_of(event, event.previous) != event.digest:
            yield Flaw(event.number, "was altered after it was written")
        previous, expected = event.digest, event.number + 1
    head = ChainHead.objects.filter(office_id=office_id).first()
    end = (head.number, head.digest) if head else (0, "")
    if end != (expected - 1, previous):
        yield Flaw(expected, f"the journal ends at line {expected - 1}, but {end[0]} lines were written")
