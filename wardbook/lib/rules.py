"""The two ways in which the house says no."""

from typing import Any


class RuleBroken(Exception):
    """The rules do not allow this now. The message is fit to show the user."""


class Stale(Exception):
    """Somebody else saved first. `current` is the row as it is now; nothing was written."""

    def __init__(self, current: Any) -> None:
        super().__init__("Somebody else changed this meanwhile.")
        self.current = current
