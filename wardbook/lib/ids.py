"""What was sent as the id of a row, or as a number that people see."""

from collections.abc import Iterable


def can_be_an_id(value: object) -> bool:
    """Whether it can be the id of a row at all. A longer number makes SQLite stumble, not find nothing."""
    text = str(value)
    return text.isascii() and text.isdecimal() and len(text) < 19


def as_id(value: object) -> int | None:
    """The id that was sent, or None where it cannot be one."""
    return int(str(value)) if can_be_an_id(value) else None


def as_number(value: object) -> int | None:
    """The number of a case, or a version, or None where it cannot be one: their columns hold nine digits."""
    return as_id(value) if len(str(value)) < 10 else None


def ids_among(values: Iterable[object]) -> list[int]:
    """Those that can be ids, as numbers."""
    return [int(str(value)) for value in values if can_be_an_id(value)]
