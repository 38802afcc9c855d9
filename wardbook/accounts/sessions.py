"""How long a session lasts, as a calculation over what it remembers. Knows no request and no clock (H7)."""

from collections.abc import MutableMapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"

# Every written session is a write to the database, so a visit is noted at most this often. A session
# may end this much before its idle time is over, and never after it.
NOTE_EVERY = timedelta(minutes=1)


class Over(Enum):
    """Why a session is over."""

    IDLE = "idle"
    TOO_LONG = "too long"


def begin(session: MutableMapping[str, Any], at: datetime) -> None:
    """Remember when this sign-in happened."""
    session[SIGNED_IN_AT] = session[SEEN_AT] = at.timestamp()


def over(session: MutableMapping[str, Any], at: datetime, *, idle: timedelta, absolute: timedelta) -> Over | None:
    """Whether the session is over at this moment, and why. One without a beginning is over."""
    began, seen = session.get(SIGNED_IN_AT, 0), session.get(SEEN_AT, 0)
    if at.timestamp() - began >= absolute.total_seconds():
        return Over.TOO_LONG
    if at.timestamp() - seen >= idle.total_seconds():
        return Over.IDLE
    return None


def touch(session: MutableMapping[str, Any], at: datetime) -> None:
    """Note that somebody is here."""
    if at.timestamp() - session.get(SEEN_AT, 0) >= NOTE_EVERY.total_seconds():
        session[SEEN_AT] = at.timestamp()
