"""Working days: the one place that counts them, and can say why a day was left out.

A working day is Monday to Friday less the public holidays of the office's country and part of it,
less the days on which the office is closed (features.md 4.3). Only days are counted, never hours,
so clocks going forward or back can't move a date.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Literal, NamedTuple

from wardbook.lib.quote import quoted

SATURDAY, SUNDAY = 5, 6
WEEKEND = frozenset({SATURDAY, SUNDAY})
# English on purpose: this is what the command prints. A page translates by `kind` and the date.
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OFFICE_CLOSED = "Office closed"

MOST_WORKING_DAYS = 10_000
# 10,000 working days are about 14,600 days. A calendar that needs more is closed by mistake,
# and would otherwise be walked through for ever.
MOST_DAYS_LOOKED_AT = 20_000

ONE_DAY = timedelta(days=1)


class CalendarError(ValueError):
    """The calendar, the day or the number makes no sense. The message is fit to show the user."""


class SkippedDay(NamedTuple):
    """A day that does not count, and why."""

    day: date
    reason: str
    kind: Literal["weekend", "holiday", "closure"]


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days an office works: a country, a part of it, its own closures and its weekend.

    `closures` is day -> name of the closure ("" for none). `weekend` holds weekdays, Monday = 0.
    Raises CalendarError for a country or part that nobody keeps holidays for, and for a week
    without a single working day.
    """

    country: str
    subdivision: str | None = None
    closures: Mapping[date, str] = field(default_factory=dict, hash=False)
    weekend: frozenset[int] = WEEKEND

    def __post_init__(self) -> None:
        if not self.weekend <= set(range(7)):
            raise CalendarError("A weekday is a number from 0 (Monday) to 6 (Sunday).")
        if len(self.weekend) == 7:
            raise CalendarError("A calendar needs at least one working day a week.")
        country, subdivision = _known_place(self.country, self.subdivision)
        object.__setattr__(self, "country", country)
        object.__setattr__(self, "subdivision", subdivision)
        object.__setattr__(self, "closures", dict(self.closures))

    @classmethod
    def parse(cls, code: str, closures: Mapping[date, str] | None = None) -> "WorkingCalendar":
        """The calendar of a code: "GB-ENG" (England and Wales), "GB-SCT", "US-CA", "CA-ON", "IE".

        A country alone, like "GB", has the days that all its parts keep.
        """
        country, _hyphen, subdivision = code.strip().partition("-")
        return cls(country, subdivision, closures or {})

    @property
    def code(self) -> str:
        return f"{self.country}-{self.subdivision}" if self.subdivision else self.country

    def is_working_day(self, day: date) -> bool:
        return self.why_not(day) is None

    def why_not(self, day: date) -> SkippedDay | None:
        """Why this day does not count, or None for a working day."""
        if day.weekday() in self.weekend:
            return SkippedDay(day, DAY_NAMES[day.weekday()], "weekend")
        if holiday := self._holidays_of(day.year).get(day):
            return SkippedDay(day, holiday, "holiday")
        if day in self.closures:
            return SkippedDay(day, self.closures[day] or OFFICE_CLOSED, "closure")
        return None

    def working_days_after(self, start: date, count: int) -> date:
        """The day `count` working days after `start`.

        The day of start is day 0, whatever day it is; the next working day is day 1 (A12).
        """
        for day, number, _skipped in self._walk(start, count):
            if number == count:
                return day
        return start

    def add(self, start: date, count: int) -> date:
        """`working_days_after` under the name that reads well after a calendar."""
        return self.working_days_after(start, count)

    def count_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`, so that counting undoes adding."""
        _plain_day(start)
        _plain_day(end)
        if end < start:
            raise CalendarError("The end is before the start.")
        if (end - start).days > MOST_DAYS_LOOKED_AT:
            raise CalendarError(f"Those days are more than {MOST_DAYS_LOOKED_AT:,} days apart.")
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(1 for day in days if self.is_working_day(day))

    def explain(self, start: date, count: int) -> list[SkippedDay]:
        """The days between `start` and the answer that did not count, in order, each with its reason."""
        return [skipped for _day, _number, skipped in self._walk(start, count) if skipped]

    def _walk(self, start: date, count: int) -> Iterator[tuple[date, int, SkippedDay | None]]:
        """Each day after `start` until `count` working days are found, with how many were found so far."""
        _plain_day(start)
        if count < 0:
            raise CalendarError("The number of working days can't be below 0.")
        if count > MOST_WORKING_DAYS:
            raise CalendarError(f"The number of working days can't be above {MOST_WORKING_DAYS:,}.")
        day, number = start, 0
        for _ in range(MOST_DAYS_LOOKED_AT):
            if number == count:
                return
            if day == date.max:
                raise CalendarError("That is after the last day of the calendar.")
            day += ONE_DAY
            skipped = self.why_not(day)
            number += skipped is None
            yield day, number, skipped
        if number < count:
            raise CalendarError(
                f"The calendar {self.code} has only {number:,} working days in the {MOST_DAYS_LOOKED_AT:,} "
                f"days after {start.isoformat()}. Look at its closures."
            )

    def _holidays_of(self, year: int) -> Mapping[date, str]:
        first, last = _known_years(self.country)
        if not first <= year <= last:
            raise CalendarError(
                f"The public holidays of {self.code} are known from {first} to {last}, not for {year}."
            )
        return _public_holidays(self.country, self.subdivision, year)


def overdue_from(due: date, zone: tzinfo) -> datetime:
    """The first moment after a due day: midnight at the office, as the next day begins (A4). In UTC."""
    # In UTC because some zones skip midnight once a year, and Python holds such a moment
    # unequal to, and neither before nor after, the same moment elsewhere.
    return datetime.combine(due + ONE_DAY, time.min, tzinfo=zone).astimezone(UTC)


@cache
def known_calendars() -> dict[str, tuple[str, ...]]:
    """Every country there are public holidays for, with its parts: {"GB": ("ENG", "NIR", …), …}."""
    # Loaded here and below because the package takes half a second that most requests don't need.
    from holidays import list_supported_countries

    return {code: tuple(parts) for code, parts in list_supported_countries(include_aliases=False).items()}


def _known_place(country: str, subdivision: str | None) -> tuple[str, str | None]:
    """Country and part as the lists write them. Raises CalendarError."""
    country = country.strip().upper()
    parts = known_calendars().get(country)
    if parts is None:
        raise CalendarError(
            f"There is no calendar {quoted(country)}. Write a country, like IE, "
            "or a country and a part of it, like GB-ENG."
        )
    wanted = (subdivision or "").strip()
    if not wanted:
        return country, None
    for part in parts:
        if part.casefold() == wanted.casefold():
            return country, part
    choices = f"It has {', '.join(parts)}." if parts else "Write the country alone."
    raise CalendarError(f"The calendar {country} has no part {quoted(wanted)}. {choices}")


@cache
def _known_years(country: str) -> tuple[int, int]:
    from holidays import country_holidays

    known = country_holidays(country)
    return known.start_year, known.end_year


@cache
def _public_holidays(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    from holidays import country_holidays

    # One year at a time and expand=False: the package's own set grows when it is asked, so it
    # could not be shared between threads.
    return dict(country_holidays(country, subdiv=subdivision, years=year, expand=False))


def _plain_day(day: date) -> None:
    # A datetime is a date to Python but never equals one, so every holiday would be missed.
    if isinstance(day, datetime):
        raise TypeError("Working days are counted from a day at the office, not from a moment.")
