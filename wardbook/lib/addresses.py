"""Addresses of rows. Those of one list differ in the last number alone, so the route is looked up once for all."""

from __future__ import annotations

from functools import lru_cache

from django.urls import get_script_prefix, reverse

_STANDS_FOR = 8_365_240_917
"""A number that no slug holds by chance; it stands where the row's own will be."""


def of_row(route: str, *before: str | int, pk: int) -> str:
    """The address of a route whose last argument is the number of a row."""
    begins, ends = _around(get_script_prefix(), route, before)
    return f"{begins}{pk:d}{ends}"


@lru_cache(maxsize=4_000)
def _around(prefix: str, route: str, before: tuple[str | int, ...]) -> tuple[str, str]:
    begins, _number, ends = reverse(route, args=[*before, _STANDS_FOR]).rpartition(str(_STANDS_FOR))
    return begins, ends
