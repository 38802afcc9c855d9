"""What a calendar file that came with a mail invites to (IN-14). No database."""

import logging
from datetime import date, datetime
from typing import Any

import icalendar

log = logging.getLogger(__name__)

LARGEST = 512 * 1024
LONGEST = 300
NOT_INVITING = frozenset({"REPLY", "CANCEL", "COUNTER", "DECLINECOUNTER", "REFRESH"})


def invitation_in(calendars: tuple[bytes, ...]) -> dict[str, str] | None:
    """The first event that somebody is invited to: summary, starts, ends, place, organiser, reply_by; moments as ISO.

    None where there is none or it cannot be read: the file itself is an attachment all the same.
    """
    for calendar in calendars[:5]:
        if len(calendar) > LARGEST:
            continue
        try:
            found = _event_in(icalendar.Calendar.from_ical(calendar))
        except Exception:
            # Written by anybody, for a library that reads what the standard allows.
            log.info("a calendar file could not be read", exc_info=True)
            continue
        if found:
            return found
    return None


def _event_in(calendar: Any) -> dict[str, str] | None:
    if str(calendar.get("METHOD", "")).upper() in NOT_INVITING:
        return None
    for event in calendar.walk("VEVENT"):
        starts = _moment(event, "DTSTART")
        if not starts:
            continue
        return {
            "summary": _line(event.get("SUMMARY", "")),
            "starts": starts,
            "ends": _moment(event, "DTEND"),
            "place": _line(event.get("LOCATION", "")),
            "organiser": _person(event.get("ORGANIZER")),
            "reply_by": _moment(event, "X-REPLY-BY") or _moment(event, "DUE"),
        }
    return None


def _moment(event: Any, name: str) -> str:
    value = event.get(name)
    if value is None:
        return ""
    moment = getattr(value, "dt", None)
    return moment.isoformat() if isinstance(moment, datetime | date) else _line(value)


def _person(value: Any) -> str:
    if value is None:
        return ""
    address = str(value).strip()
    address = address[7:] if address.lower().startswith("mailto:") else address
    name = str(getattr(value, "params", {}).get("CN", "")).strip()
    return _line(f"{name} <{address}>" if name and name != address else address)


def _line(value: Any) -> str:
    return " ".join(str(value).replace("\0", "").split())[:LONGEST]
