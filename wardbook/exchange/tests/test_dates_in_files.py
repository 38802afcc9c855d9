"""Dates are read in the file's time zone, whatever the clocks of that place do."""

from datetime import UTC, date, datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from wardbook.exchange.dates import BadDate, BadFormat, DateReader, check_format

AMERICAN = ("%m/%d/%Y %I:%M:%S %p",)
LOS_ANGELES = ZoneInfo("America/Los_Angeles")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("12/31/2017 11:59:58 PM", (2018, 1, 1, 7, 59, 58)),  # standard time, and another year in UTC
        ("07/01/2018 12:00:00 AM", (2018, 7, 1, 7, 0, 0)),  # summer time
        ("03/11/2018 01:59:59 AM", (2018, 3, 11, 9, 59, 59)),  # the last second of standard time
        ("03/11/2018 03:00:00 AM", (2018, 3, 11, 10, 0, 0)),  # the first of summer time
        ("03/11/2018 02:30:00 AM", (2018, 3, 11, 10, 30, 0)),  # an hour that never was: as if not put forward
        ("11/04/2018 01:30:00 AM", (2018, 11, 4, 8, 30, 0)),  # an hour that was twice: the first of them
        ("11/04/2018 02:30:00 AM", (2018, 11, 4, 10, 30, 0)),
    ],
)
def test_times_of_los_angeles_become_utc(text, utc):
    moment = DateReader(AMERICAN, LOS_ANGELES).read(text)
    assert moment.at == datetime(*utc, tzinfo=UTC)
    assert moment.at.tzinfo is UTC
    assert f"{moment.day:%m/%d/%Y}" == text[:10]
    assert moment.has_time


@pytest.mark.parametrize(
    ("text", "at", "has_time"),
    [
        ("2024-05-01", datetime(2024, 4, 30, 23, 0, tzinfo=UTC), False),
        ("2024-05-01T10:00", datetime(2024, 5, 1, 9, 0, tzinfo=UTC), True),
        ("2024-05-01T10:00:00Z", datetime(2024, 5, 1, 10, 0, tzinfo=UTC), True),
        ("2024-05-01T23:30:00-08:00", datetime(2024, 5, 2, 7, 30, tzinfo=UTC), True),
        ("20240501", datetime(2024, 4, 30, 23, 0, tzinfo=UTC), False),
    ],
)
def test_iso_dates_are_read_with_their_own_offset_if_they_have_one(text, at, has_time):
    moment = DateReader(("iso",), ZoneInfo("Europe/London")).read(text)
    assert (moment.at, moment.has_time) == (at, has_time)
    assert moment.day == date(2024, 5, 1)


def test_the_first_format_that_fits_is_taken():
    reader = DateReader(("%d/%m/%Y", "%m/%d/%Y"), UTC)
    assert reader.read("01/02/2024").day == date(2024, 2, 1)
    assert reader.read("01/31/2024").day == date(2024, 1, 31)


@pytest.mark.parametrize("text", ["yesterday", "31/02/2024", "1/1/0001", "12/12/1899", "", "9999-99-99", "1" * 400])
def test_what_is_no_date_says_how_one_looks(text):
    with pytest.raises(BadDate, match="31/12/2017|after 1899"):
        DateReader(("%d/%m/%Y",), UTC).read(text)


def test_the_end_of_time_is_no_crash():
    with pytest.raises(BadDate):
        DateReader(("iso",), timezone.max).read("9999-12-31T23:59:59-12:00")


@pytest.mark.parametrize("pattern", ["%d/%m", "%H:%M", "%Y", "%B", "%Q", "%", "", "%d/%m/%y %", "\ud800"])
def test_formats_without_a_whole_day_are_refused(pattern):
    with pytest.raises(BadFormat):
        check_format(pattern)


@pytest.mark.parametrize(
    "pattern", ["%d/%m/%Y", "%m/%d/%y", "%d %b %Y %H:%M", "%Y-%m-%dT%H:%M:%S%z", "%Y%m%d", "iso"]
)
def test_formats_with_a_whole_day_are_taken(pattern):
    check_format(pattern)
