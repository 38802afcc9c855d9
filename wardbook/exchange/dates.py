"""Days and moments as files write them, read in the time zone of the file. No database."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import NamedTuple

from django.utils.translation import gettext as _

ISO = "iso"
EARLIEST = date(1900, 1, 1)
_SAMPLE = datetime(2017, 12, 31, 14, 59, 58, tzinfo=UTC)
_TIME_SIGNS = ("%H", "%I", "%X", "%c", "%s")


class BadDate(ValueError):
    """The text is no date of any of the formats. The message is fit to follow "expected"."""


class BadFormat(ValueError):
    """A format that reads no dates. The message says why."""


class Moment(NamedTuple):
    """A moment in UTC, the day it was where the file comes from, and whether the file told the time of day."""

    at: datetime
    day: date
    has_time: bool


def check_format(pattern: str) -> None:
    """Raises BadFormat for a pattern that does not name a day."""
    if pattern == ISO:
        return
    try:
        written = _SAMPLE.strftime(pattern)
        read = datetime.strptime(written, pattern)  # noqa: DTZ007  only whether the day comes through is of interest
    except (ValueError, TypeError, UnicodeError) as trouble:
        raise BadFormat(str(trouble)) from None
    if read.date() != _SAMPLE.date():
        raise BadFormat(_("it does not say year, month and day"))


def example(pattern: str) -> str:
    """The last day of 2017, a second before three o'clock, as the pattern writes it."""
    return "2017-12-31 or 2017-12-31T14:59:58" if pattern == ISO else _SAMPLE.strftime(pattern)


@dataclass(frozen=True)
class DateReader:
    """Reads dates of some formats; a time without an offset is that of `zone`."""

    formats: tuple[str, ...]
    zone: tzinfo

    def read(self, text: str) -> Moment:
        """The moment a text names. Raises BadDate.

        The hour that clocks skip in spring is read as if they had not been put forward yet, the hour that comes
        twice in autumn as its first time.
        """
        for pattern in self.formats:
            try:
                if pattern == ISO:
                    found, has_time = datetime.fromisoformat(text), len(text) > len("2017-12-31")
                else:
                    found = datetime.strptime(text, pattern)  # noqa: DTZ007  the zone comes from the map
                    has_time = any(sign in pattern for sign in _TIME_SIGNS)
            except (ValueError, OverflowError):
                continue
            return self._moment(found, has_time)
        raise BadDate(_("a date like %(formats)s") % {"formats": " or ".join(map(example, self.formats[:3]))})

    def _moment(self, found: datetime, has_time: bool) -> Moment:
        day = found.date()
        if day < EARLIEST:
            raise BadDate(_("a day after %(year)s") % {"year": EARLIEST.year - 1})
        try:
            at = (found if found.tzinfo else found.replace(tzinfo=self.zone)).astimezone(UTC)
        except OverflowError:
            raise BadDate(_("a day that the calendar knows")) from None
        return Moment(at, day, has_time)
