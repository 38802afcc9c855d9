"""The access table, read from access.toml: roles, capabilities, scopes, fields, routes.

Nothing here decides by itself; it answers what the table says, and refuses what the table does not name.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

PUBLIC, SELF, NEVER = "public", "self", "-"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class RouteWithoutRow(Exception):
    """A route that the access table does not name. It answers nobody until it has a row."""


class Row(NamedTuple):
    """What a route asks of whoever calls it."""

    read: str
    change: str

    def needed(self, method: str) -> str:
        """The capability (or public, self, -) that a method needs."""
        return self.read if method in SAFE_METHODS else self.change


@cache
def table() -> dict[str, Any]:
    """The whole table as written."""
    return tomllib.loads(files("wardbook.offices").joinpath("access.toml").read_text(encoding="utf-8"))


@cache
def capabilities(role: str) -> frozenset[str]:
    """What a role may do."""
    return frozenset(name for name, roles in table()["capability"].items() if role in roles)


@cache
def roles_with(capability: str) -> tuple[str, ...]:
    """The roles that have a capability. Raises KeyError for one the table does not know."""
    return tuple(table()["capability"][capability])


def case_scope(role: str) -> str:
    """Which cases a role sees by itself; none for a role the table does not know."""
    return str(table()["scope"].get(role, "none"))


def may_grant(role: str, granted: str) -> bool:
    """Whether one role may give another to somebody (A9)."""
    return granted in table()["grants"].get(role, [])


def sees_field(role: str, field: str) -> bool:
    """Whether a role sees a field that is not for everybody. Raises KeyError for a field without a row."""
    return table()["field"][field] in capabilities(role)


@cache
def row(route: str) -> Row:
    """The row of a route. Raises RouteWithoutRow."""
    try:
        return Row(*table()["route"][route])
    except KeyError:
        raise RouteWithoutRow(route) from None
