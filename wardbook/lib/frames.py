"""Memory for the frames of calls, in one piece.

CPython (3.11 and later) lays the frames of calls into pieces of 16 kB and hands a piece back to the system as soon
as the last frame in it ends. A loop whose calls begin just where a piece ends so asks the system for memory at every
turn. Of a page that was up to a third of its time, for no reason but how deep in other calls it happened to be drawn.

A frame that says it needs more than such a piece gets a larger one, and what it calls lives in the rest of that.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

Params = ParamSpec("Params")
Result = TypeVar("Result")

SLOTS = 70_000
"""Of 8 bytes: just over half a megabyte, for which CPython takes a whole one. What nobody writes to costs nothing."""


def in_one_piece(function: Callable[Params, Result]) -> Callable[Params, Result]:
    """The same function, with room for the frames of what it calls: some thousand calls deep."""

    def call(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        return function(*args, **kwargs)

    call.__code__ = call.__code__.replace(co_stacksize=SLOTS)
    return wraps(function)(call)
