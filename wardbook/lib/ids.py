"""What was sent as the id of a row."""

from collections.abc import Iterable


def can_be_an_id(value: object) -> bool:
    """Whether it can be the id of a row at all. A longer number makes SQLite stumble, not find nothing."""
    text = str(value)
    return text.isascii() and text.isdecimal() and len(text) < 19


def ids_among(values: Iterable[object]) -> list[int]:
    """Those that can be ids, as numbers."""
    return [int(str(value)) for value in values if can_be_an_id(value)]
