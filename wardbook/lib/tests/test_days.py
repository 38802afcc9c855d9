"""A day as people type it, seen from Wednesday 4 June 2025. With an office's own calendar: offices/tests."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from wardbook.lib import days

TODAY = date(2025, 6, 4)


def read(text, today=TODAY, **how):
    return days.parse_day(text, today=today, **how)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2025-06-04"),
        ("tomorrow", "2025-06-05"),
        ("yesterday", "2025-06-03"),
        ("next week", "2025-06-11"),
        ("fri", "2025-06-06"),
        ("Friday", "2025-06-06"),
        ("FRI", "2025-06-06"),
        ("on friday", "2025-06-06"),
        ("next fri", "2025-06-06"),
        ("mon", "2025-06-09"),
        ("thu", "2025-06-05"),
        ("wed", "2025-06-11"),
        ("+10wd", "2025-06-18"),
        ("10wd", "2025-06-18"),
        ("+10 WD", "2025-06-18"),
        ("10 working days", "2025-06-18"),
        ("1 working day", "2025-06-05"),
        ("in 10 working days", "2025-06-18"),
        ("+0wd", "2025-06-04"),
        ("+3", "2025-06-07"),
        ("+3d", "2025-06-07"),
        ("3 days", "2025-06-07"),
        ("in 3 days", "2025-06-07"),
        ("+2w", "2025-06-18"),
        ("2 weeks", "2025-06-18"),
        ("+1m", "2025-07-04"),
        ("in 1 year", "2026-06-04"),
        ("6/6", "2025-06-06"),
        ("06/06", "2025-06-06"),
        ("6.6.", "2025-06-06"),
        ("6-6", "2025-06-06"),
        ("6/6/25", "2025-06-06"),
        ("06/06/2025", "2025-06-06"),
        ("2025-06-06", "2025-06-06"),
        ("2025-6-6", "2025-06-06"),
        ("6 June", "2025-06-06"),
        ("6 jun", "2025-06-06"),
        ("6th June", "2025-06-06"),
        ("June 6", "2025-06-06"),
        ("June 6, 2025", "2025-06-06"),
        ("6 June 2025", "2025-06-06"),
        ("Fri 6 June 2025", "2025-06-06"),
        ("Fri 6 Jun", "2025-06-06"),
        ("  6   june ", "2025-06-06"),
        ("29 Feb 2028", "2028-02-29"),
        ("1/12/1999", "1999-12-01"),
    ],
)
def test_what_people_type_is_understood(text, day):
    assert read(text) == date.fromisoformat(day)


def test_working_days_are_counted_by_whoever_knows_the_calendar():
    asked = []

    def add(start, count):
        asked.append((start, count))
        return date(2030, 1, 1)

    assert read("+10wd", add_working_days=add) == date(2030, 1, 1)
    assert asked == [(TODAY, 10)]


def test_a_weekday_is_never_today():
    for n in range(7):
        today = TODAY + timedelta(days=n)
        assert read(f"{today:%A}", today) == today + timedelta(days=7)


@pytest.mark.parametrize(
    ("text", "day"), [("1/6", "2025-06-01"), ("5/12", "2025-12-05"), ("1 Jan", "2025-01-01"), ("31/1", "2025-01-31")]
)
def test_a_day_without_a_year_is_the_near_one(text, day):
    assert read(text) == date.fromisoformat(day)


def test_a_day_of_early_january_typed_in_december_is_next_year():
    assert read("6/1", date(2025, 12, 20)) == date(2026, 1, 6)


def test_a_month_may_be_shorter():
    assert read("+1m", date(2025, 1, 31)) == date(2025, 2, 28)
    assert read("+1m", date(2024, 1, 31)) == date(2024, 2, 29)


def test_where_the_month_comes_first():
    assert read("6/7", day_first=False) == date(2025, 6, 7)
    assert read("13/6", day_first=False) == date(2025, 6, 13), "there is no 13th month"
    assert read("6/7", day_first=True) == date(2025, 7, 6)


def test_weekdays_and_months_of_the_readers_language():
    with translation.override("fr"):
        assert read("vendredi") == date(2025, 6, 6)
        assert read("6 juin") == date(2025, 6, 6)
        assert read("6 june") == date(2025, 6, 6)
    with translation.override("cy"):
        assert read("6 Mehefin") == date(2025, 6, 6)


NONSENSE = [
    "",
    " ",
    "x",
    "someday",
    "fr1day",
    "31 June",
    "31/6",
    "29/2/2025",
    "30 Feb",
    "0/0",
    "99/99",
    "2025-13-01",
    "2025-02-30",
    "6/6/1",
    "6/6/999999",
    "1/1/1066",
    "2525-01-01",
    "+99999wd",
    "+9999y",
    "-3d",
    "3",
    "6",
    "june",
    "٣/٣٣",
    "\x00",
    "\u202e6/6\u202c x",
    "<script>",
    "' OR 1=1",
    "6/6" * 5000,
    "fri" * 5000,
]


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_gets_one_sentence(text):
    with pytest.raises(days.NotADay) as refused:
        read(text)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 200


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_day_or_a_sentence(text):
    try:
        found = read(text)
    except days.NotADay:
        return
    assert abs(found.year - TODAY.year) <= days.FURTHEST


@given(st.dates(TODAY - timedelta(days=20_000), TODAY + timedelta(days=20_000)))
def test_what_is_written_can_be_read_again(day):
    """The field writes its day back in words; sending the form again must not move it."""
    assert read(days.long_day(day)) == day
    assert read(day.isoformat()) == day
    assert read(f"{day:%d/%m/%Y}") == day


@pytest.mark.parametrize("language", ["en-gb", "cy", "ga", "fr", "es"])
def test_what_is_written_in_any_language_can_be_read_again(language):
    with translation.override(language):
        for n in range(0, 400, 7):
            day = TODAY + timedelta(days=n)
            assert read(days.long_day(day)) == day, days.long_day(day)
