"""Days as people type and read them: "fri", "+10wd", "6/6", and back into words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from django.utils import dates, formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

AddWorkingDays = Callable[[date, int], date]

FURTHEST = 100
"""Years from today beyond which a typed day is taken for a slip of the finger."""


class NotADay(ValueError):
    """The text is not a day. The message is fit to show beside the field."""

    def __init__(self) -> None:
        super().__init__(_("Enter a day, like Friday, 6/6 or +10wd."))


def reads_day_first() -> bool:
    """Whether the reader's language writes 6 June as 6/6 with the day in front."""
    return str(formats.get_format("SHORT_DATE_FORMAT")).lower().lstrip("y-/.").startswith(("d", "j"))


def parse_day(
    text: str,
    *,
    today: date,
    add_working_days: AddWorkingDays | None = None,
    day_first: bool | None = None,
) -> date:
    """The day meant by `text`, seen from `today`. Raises NotADay.

    Takes ISO days, "6/6", "6.6.25", "6 June", weekdays ("fri": the next one, never today),
    "today", "tomorrow", "next week", and steps: "+3", "3d", "+2w", "+1m", "+10wd" (working days).
    """
    text = " ".join(text.casefold().replace(",", " ").split())
    if day_first is None:
        day_first = reads_day_first()
    try:
        found = (
            _by_name(text, today)
            or _by_step(text, today, add_working_days)
            or _by_figures(text, today, day_first)
            or _by_month(text, today)
        )
    except (ValueError, OverflowError):
        found = None
    if found is None or abs(found.year - today.year) > FURTHEST:
        raise NotADay
    return found


def _by_name(text: str, today: date) -> date | None:
    named = {
        "today": 0,
        _("today").casefold(): 0,
        "tomorrow": 1,
        _("tomorrow").casefold(): 1,
        "yesterday": -1,
        _("yesterday").casefold(): -1,
        "next week": 7,
        _("next week").casefold(): 7,
    }
    if text in named:
        return today + timedelta(days=named[text])
    text = text.removeprefix("next ").removeprefix("on ")
    english = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    for weekday, name in enumerate(english):
        own = str(dates.WEEKDAYS[weekday]).casefold()
        if len(text) >= 2 and (name.startswith(text) or own.startswith(text)):
            return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return None


def _by_step(text: str, today: date, add_working_days: AddWorkingDays | None) -> date | None:
    match = re.fullmatch(
        r"(\+)?\s*(\d{1,4})\s*(wd|working days?|d|days?|w|weeks?|m|months?|y|years?)?", text
    ) or re.fullmatch(r"(in )\s*(\d{1,4})\s*(wd|working days?|days?|weeks?|months?|years?)", text)
    if not match or not (match[1] or match[3]):
        return None
    count, unit = int(match[2]), match[3] or "d"
    if unit.startswith("wo") or unit == "wd":
        return (add_working_days or skip_weekends)(today, count)
    if unit.startswith("w"):
        return today + timedelta(weeks=count)
    if unit.startswith("m"):
        return _add_months(today, count)
    if unit.startswith("y"):
        return _add_months(today, 12 * count)
    return today + timedelta(days=count)


def _by_figures(text: str, today: date, day_first: bool) -> date | None:
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
        year, month, day = (int(part) for part in text.split("-"))
        return date(year, month, day)
    match = re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{4}|\d{2}))?\.?", text)
    if not match:
        return None
    first, second = int(match[1]), int(match[2])
    day, month = (first, second) if day_first else (second, first)
    if month > 12 >= day:
        day, month = month, day
    return _with_year(day, month, match[3], today)


def _by_month(text: str, today: date) -> date | None:
    for number, english in enumerate(_MONTHS, start=1):
        own = str(dates.MONTHS[number]).casefold()
        if " " in own:  # Irish: "Meán Fómhair"
            text = text.replace(own, english)
    day_name = re.fullmatch(
        r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?\s+(?P<name>[^\W\d]{3,})\.?(?:\s+(?P<year>\d{4}|\d{2}))?", text
    )
    name_day = re.fullmatch(
        r"(?P<name>[^\W\d]{3,})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:\s+(?P<year>\d{4}))?", text
    )
    for found in (day_name, name_day):
        if found is None:
            continue
        for number, english in enumerate(_MONTHS, start=1):
            own = str(dates.MONTHS[number]).casefold()
            if english.startswith(found["name"]) or own.startswith(found["name"]):
                return _with_year(int(found["day"]), number, found["year"], today)
    # "Fri 6 June": the weekday is only said along. Irish shortens Friday to "A".
    weekday_and_day = re.fullmatch(r"[^\W\d]+\.?\s+(\d.*)", text)
    return _by_month(weekday_and_day[1], today) if weekday_and_day else None


_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


def _with_year(day: int, month: int, year: str | None, today: date) -> date:
    """A day without a year is the one nearest in the future, or within the last half year."""
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    found = date(today.year, month, day)
    if (today - found).days > 183:
        return date(today.year + 1, month, day)
    return found


def _add_months(start: date, count: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    for day in (start.day, 30, 29, 28):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    raise NotADay


def skip_weekends(start: date, count: int) -> date:
    """Monday to Friday counted from the day after `start`: what holds without an office's calendar."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def short_day(day: date) -> str:
    """Fri 6 Jun"""
    return _in_words(day, _("D j M"), get_language())


def long_day(day: date) -> str:
    """Fri 6 June 2025"""
    return _in_words(day, _("D j F Y"), get_language())


@lru_cache(maxsize=4_000)
def _in_words(day: date, pattern: str, language: str | None) -> str:
    # Kept: a page names the same few days over and over, and each name is put together from translated parts.
    return formats.date_format(day, pattern)


def count_words(count: int) -> str:
    """So many days, as short as can be: 12 d"""
    return _("%(days)d d") % {"days": count}


def day_words(day: date, today: date) -> str:
    """How far off: "today", "in 3 days", "2 days ago"."""
    away = (day - today).days
    if away == 0:
        return _("today")
    if away == 1:
        return _("tomorrow")
    if away == -1:
        return _("yesterday")
    if away > 0:
        return ngettext("in %(count)d day", "in %(count)d days", away) % {"count": away}
    return ngettext("%(count)d day ago", "%(count)d days ago", -away) % {"count": -away}
