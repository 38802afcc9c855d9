"""The acts that can be taken back, by name."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from wardbook.journal.models import Undo

if TYPE_CHECKING:
    from wardbook.accounts.models import User

# Takes the act back through the ordinary actions and returns what to say. Raises RuleBroken
# when something later stands in the way.
Inverse = Callable[[Undo, "User", datetime], str]
_inverses: dict[str, Inverse] = {}


def inverse(name: str) -> Callable[[Inverse], Inverse]:
    """Register how an act is taken back."""

    def register(function: Inverse) -> Inverse:
        _inverses[name] = function
        return function

    return register


def named(name: str) -> Inverse:
    """The inverse of that name. Raises KeyError for one that nobody registered."""
    return _inverses[name]
