"""How working days are counted: the vectors of the council guide, an oracle, and the ways it can go wrong."""

import random
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from wardbook.lib.days import NotADay, parse_day
from wardbook.offices.calendar import (
    MOST_WORKING_DAYS,
    CalendarError,
    SkippedDay,
    WorkingCalendar,
    known_calendars,
    overdue_from,
)

ENGLAND = WorkingCalendar.parse("GB-ENG")
FRIDAY = date(2023, 2, 10)


def day(text: str) -> date:
    return date(*(int(part) for part in reversed(text.split("/"))))


# features.md 4.3, England and Wales 2023: start, 5 working days, 10 working days, reminders after 2, 7, 12.
VECTORS = [
    ("10/02/2023", "17/02/2023", "24/02/2023", ["14/02/2023", "21/02/2023", "28/02/2023"]),
    ("11/02/2023", "17/02/2023", "24/02/2023", ["14/02/2023", "21/02/2023"]),
    ("29/03/2023", "05/04/2023", "14/04/2023", ["31/03/2023", "11/04/2023", "18/04/2023"]),
    ("03/04/2023", "12/04/2023", "19/04/2023", ["05/04/2023", "14/04/2023"]),
    ("07/04/2023", "17/04/2023", "24/04/2023", ["12/04/2023", "19/04/2023"]),
    ("27/04/2023", "05/05/2023", "15/05/2023", ["02/05/2023", "10/05/2023"]),
    ("21/12/2023", "02/01/2024", "09/01/2024", ["27/12/2023", "04/01/2024"]),
]


@pytest.mark.parametrize(("start", "five", "ten", "reminders"), VECTORS, ids=[row[0] for row in VECTORS])
def test_the_vectors_of_the_council_guide_hold(start, five, ten, reminders):
    assert ENGLAND.working_days_after(day(start), 5) == day(five)
    assert ENGLAND.working_days_after(day(start), 10) == day(ten)
    counted = [ENGLAND.working_days_after(day(start), n) for n in (2, 7, 12)]
    assert counted[: len(reminders)] == [day(text) for text in reminders]


# Public holidays typed from the published lists, so that neither the package nor our reading of it is trusted.
PUBLISHED = {
    "GB-ENG": "2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19 2022-12-26 "
    "2022-12-27 2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25 2023-12-26 "
    "2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26",
    "GB-SCT": "2022-01-03 2022-01-04 2022-04-15 2022-05-02 2022-06-02 2022-06-03 2022-08-01 2022-09-19 2022-11-30 "
    "2022-12-26 2022-12-27 2023-01-02 2023-01-03 2023-04-07 2023-05-01 2023-05-08 2023-05-29 2023-08-07 2023-11-30 "
    "2023-12-25 2023-12-26 2024-01-01 2024-01-02 2024-03-29 2024-05-06 2024-05-27 2024-08-05 2024-12-02 "
    "2024-12-25 2024-12-26",
}


def oracle(off: set[date], start: date, count: int) -> date:
    """Working days counted in the dullest possible way."""
    today = start
    while count:
        today = today + timedelta(days=1)
        if today.strftime("%a") in {"Sat", "Sun"}:
            continue
        if today in off:
            continue
        count -= 1
    return today


def test_ten_thousand_random_cases_agree_with_an_oracle():
    chance = random.Random(20230210)
    published = {code: {date.fromisoformat(text) for text in days.split()} for code, days in PUBLISHED.items()}
    for _ in range(10_000):
        code = chance.choice(sorted(published))
        start = date(2022, 1, 1) + timedelta(days=chance.randrange(1000))
        closures = {start + timedelta(days=chance.randrange(40)): "" for _ in range(chance.randrange(4))}
        count = chance.randrange(30)
        calendar = WorkingCalendar.parse(code, closures)

        due = calendar.working_days_after(start, count)

        assert due == oracle(published[code] | set(closures), start, count), (code, start, count, closures)
        assert due <= date(2024, 12, 31), "the published lists end here"


days = st.dates(date(1990, 1, 1), date(2060, 1, 1))
counts = st.integers(0, 60)
# Read here, because the first reading of a country takes longer than hypothesis likes to wait for an example.
CODES = [
    code for code in ("GB-ENG", "GB-SCT", "GB", "US-CA", "IE", "CA-ON") if WorkingCalendar.parse(code).add(FRIDAY, 1)
]
calendars = st.builds(
    lambda code, closed: WorkingCalendar.parse(code, dict.fromkeys(closed, "Training")),
    st.sampled_from(CODES),
    st.lists(days, max_size=5),
)


@given(calendars, days, counts)
def test_counting_undoes_adding(calendar, start, count):
    assert calendar.count_between(start, calendar.working_days_after(start, count)) == count


@given(calendars, days, counts, counts)
def test_adding_twice_is_adding_the_sum(calendar, start, one, two):
    twice = calendar.add(calendar.add(start, one), two)
    assert twice == calendar.add(start, one + two)


@given(calendars, days, counts)
def test_each_day_after_the_start_either_counts_or_is_explained(calendar, start, count):
    due = calendar.add(start, count)
    skipped = calendar.explain(start, count)

    assert len(skipped) + count == (due - start).days
    assert all(start < one.day < due and one.reason for one in skipped)
    assert [one.day for one in skipped] == sorted({one.day for one in skipped})


@given(calendars, days, st.integers(1, 60))
def test_the_answer_is_a_working_day_and_a_later_start_is_never_due_sooner(calendar, start, count):
    due = calendar.add(start, count)
    assert calendar.is_working_day(due)
    assert calendar.add(start + timedelta(days=1), count) >= due


@given(days, counts, days)
def test_a_closure_never_brings_a_due_day_forward(start, count, closed):
    assert WorkingCalendar.parse("GB-ENG", {closed: ""}).add(start, count) >= ENGLAND.add(start, count)


def test_the_day_of_start_is_day_nought():
    assert ENGLAND.working_days_after(FRIDAY, 0) == FRIDAY
    assert ENGLAND.working_days_after(date(2023, 2, 11), 0) == date(2023, 2, 11)
    assert ENGLAND.explain(FRIDAY, 0) == []


@pytest.mark.parametrize("start", ["07/04/2023", "08/04/2023", "09/04/2023", "10/04/2023"])
def test_from_any_day_of_a_long_weekend_the_next_working_day_is_day_one(start):
    assert ENGLAND.working_days_after(day(start), 1) == date(2023, 4, 11)


def test_it_says_why_each_day_was_left_out():
    calendar = WorkingCalendar.parse("GB-ENG", {date(2023, 4, 12): "Moving house", date(2023, 4, 13): ""})
    assert calendar.explain(date(2023, 4, 6), 2) == [
        SkippedDay(date(2023, 4, 7), "Good Friday", "holiday"),
        SkippedDay(date(2023, 4, 8), "Saturday", "weekend"),
        SkippedDay(date(2023, 4, 9), "Sunday", "weekend"),
        SkippedDay(date(2023, 4, 10), "Easter Monday", "holiday"),
        SkippedDay(date(2023, 4, 12), "Moving house", "closure"),
        SkippedDay(date(2023, 4, 13), "Office closed", "closure"),
    ]


@pytest.mark.parametrize(
    ("code", "off", "why"),
    [
        ("GB-ENG", "08/05/2023", "Coronation of Charles III"),
        ("GB-ENG", "03/06/2022", "Platinum Jubilee of Elizabeth II"),
        ("GB-ENG", "19/09/2022", "State Funeral of Queen Elizabeth II"),
        ("GB-ENG", "27/12/2022", "Christmas Day (observed)"),
        ("GB-ENG", "28/12/2021", "Boxing Day (observed)"),
        ("GB-ENG", "08/05/2020", "May Day"),
        ("GB-WLS", "10/04/2023", "Easter Monday"),
        ("GB-SCT", "03/08/2026", "Summer Bank Holiday"),
        ("GB-NIR", "17/03/2023", "Saint Patrick's Day"),
        ("IE", "06/02/2023", "Saint Brigid's Day"),
        ("US-CA", "31/12/2021", "New Year's Day (observed)"),
        ("CA-ON", "20/02/2023", "Family Day"),
    ],
)
def test_holidays_substitute_days_and_once_only_days_are_known(code, off, why):
    assert WorkingCalendar.parse(code).why_not(day(off)) == SkippedDay(day(off), why, "holiday")


def test_neighbours_keep_different_days():
    scotland = WorkingCalendar.parse("GB-SCT")
    assert scotland.is_working_day(date(2023, 4, 10))
    assert not ENGLAND.is_working_day(date(2023, 4, 10))
    assert ENGLAND.is_working_day(date(2023, 8, 7))
    assert not scotland.is_working_day(date(2023, 8, 7))
    assert WorkingCalendar.parse("GB").is_working_day(date(2023, 8, 28)), "not kept in Scotland"


def test_a_holiday_on_a_weekend_is_a_weekend():
    assert ENGLAND.why_not(date(2022, 12, 25)) == SkippedDay(date(2022, 12, 25), "Sunday", "weekend")


@pytest.mark.parametrize("code", ["GB-ENG", "gb-eng", " GB-Eng "])
def test_a_code_may_be_typed_carelessly(code):
    assert WorkingCalendar.parse(code).code == "GB-ENG"


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", "no calendar"),
        ("XX", "no calendar “XX”"),
        ("GB-XX", "has no part “XX”. It has ENG, NIR, SCT, WLS."),
        ("IE-L", "no part “L”. Write the country alone."),
        ("\u202egnE\x00", "no calendar"),
        ("G" * 1000, "no calendar"),
    ],
)
def test_an_unknown_calendar_gets_a_sentence(code, sentence):
    with pytest.raises(CalendarError) as trouble:
        WorkingCalendar.parse(code)
    message = str(trouble.value)
    assert sentence in message
    assert message.isprintable()
    assert len(message) < 200


def test_a_week_without_a_working_day_is_refused():
    with pytest.raises(CalendarError, match="at least one working day"):
        WorkingCalendar("GB", "ENG", weekend=frozenset(range(7)))
    with pytest.raises(CalendarError, match="from 0"):
        WorkingCalendar("GB", "ENG", weekend=frozenset({7}))


def test_a_calendar_closed_for_ever_does_not_loop_for_ever():
    closed = {date(2023, 1, 1) + timedelta(days=n): "" for n in range(21_000)}
    with pytest.raises(CalendarError, match=r"only 0 working days.*Look at its closures"):
        WorkingCalendar.parse("GB-ENG", closed).working_days_after(FRIDAY, 1)


@pytest.mark.parametrize("count", [-1, MOST_WORKING_DAYS + 1, 10**30])
def test_a_number_nobody_can_mean_is_refused(count):
    with pytest.raises(CalendarError, match="number of working days"):
        ENGLAND.working_days_after(FRIDAY, count)


def test_years_without_known_holidays_are_refused_rather_than_guessed():
    for start in (date(1850, 1, 1), date(2100, 12, 30), date(9999, 12, 20)):
        with pytest.raises(CalendarError, match="known from 1872 to 2100"):
            ENGLAND.working_days_after(start, 5)
    assert ENGLAND.working_days_after(date(2099, 12, 30), 5) == date(2100, 1, 7)


def test_the_end_of_time_is_a_sentence_too():
    calendar = WorkingCalendar("GB", "ENG", weekend=frozenset({4, 5, 6}))
    with pytest.raises(CalendarError):
        calendar.working_days_after(date.max, 1)


def test_counting_backwards_is_refused():
    with pytest.raises(CalendarError, match="before"):
        ENGLAND.count_between(date(2023, 2, 10), date(2023, 2, 9))
    with pytest.raises(CalendarError, match="apart"):
        ENGLAND.count_between(date(1900, 1, 1), date(2000, 1, 1))


def test_a_moment_is_not_a_day():
    with pytest.raises(TypeError, match="not from a moment"):
        ENGLAND.working_days_after(datetime(2023, 2, 10, tzinfo=UTC), 5)


@pytest.mark.parametrize("start", ["24/03/2023", "27/10/2023"])
def test_clocks_going_forward_or_back_move_no_day(start):
    assert ENGLAND.working_days_after(day(start), 1) == day(start) + timedelta(days=3)


@pytest.mark.parametrize(
    ("due", "zone", "moment"),
    [
        ("2023-03-25", "Europe/London", "2023-03-26T00:00:00+00:00"),  # clocks go forward an hour later
        ("2023-03-26", "Europe/London", "2023-03-26T23:00:00+00:00"),  # a day of 23 hours
        ("2023-10-29", "Europe/London", "2023-10-30T00:00:00+00:00"),  # a day of 25 hours
        ("2023-06-06", "America/Los_Angeles", "2023-06-07T07:00:00+00:00"),
        ("2023-09-02", "America/Santiago", "2023-09-03T04:00:00+00:00"),  # there is no midnight that night
    ],
)
def test_a_day_is_over_at_midnight_of_the_office(due, zone, moment):
    assert overdue_from(date.fromisoformat(due), ZoneInfo(zone)) == datetime.fromisoformat(moment)


def test_every_known_calendar_can_be_used():
    for country, parts in known_calendars().items():
        for code in [country, *(f"{country}-{part}" for part in parts[:2])]:
            assert WorkingCalendar.parse(code).add(date(2024, 1, 31), 5) > date(2024, 1, 31)


def test_a_typed_step_is_counted_by_the_offices_calendar():
    closed = WorkingCalendar.parse("GB-ENG", {date(2023, 4, 11): "Training"})
    for calendar, day in ((ENGLAND, date(2023, 4, 11)), (closed, date(2023, 4, 12))):
        add = calendar.working_days_after
        assert parse_day("+2wd", today=date(2023, 4, 5), add_working_days=add) == day
    assert parse_day("+2wd", today=date(2023, 4, 6)) == date(2023, 4, 10), "no calendar: Monday to Friday"
    with pytest.raises(NotADay):
        parse_day("+99999wd", today=FRIDAY, add_working_days=ENGLAND.working_days_after)


def printed(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("working_days", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_the_command_prints_the_day_then_the_reasons():
    assert printed("--calendar", "GB-ENG", "--from", "2023-02-10", "--count", "5") == [
        "2023-02-17",
        "2023-02-11 Saturday",
        "2023-02-12 Sunday",
    ]
    assert "2023-04-07 Good Friday" in printed("--calendar=GB-ENG", "--from=2023-04-05", "--count=5")


def test_the_command_takes_closures():
    lines = printed(
        "--calendar=GB-ENG", "--from=2023-12-21", "--count=5", "--closure=2023-12-27", "--closure=2023-12-28"
    )
    assert lines[0] == "2024-01-04"
    assert "2023-12-27 Office closed" in lines
    assert "2023-12-28 Office closed" in lines


@pytest.mark.parametrize(
    ("calendar", "start", "count", "sentence"),
    [
        ("XX", "2023-02-10", "5", "no calendar “XX”"),
        ("GB-ENG", "10/02/2023", "5", "“10/02/2023” is not a day"),
        ("GB-ENG", "2023-02-30", "5", "is not a day"),
        ("GB-ENG", "2023-02-10", "five", "“five” is not a number of working days"),
        ("GB-ENG", "2023-02-10", "-1", "can't be below 0"),
        ("GB-ENG", "2023-02-10", "99999", "can't be above"),
        ("GB-ENG", "2023-02-10", "9" * 5000, "is not a number"),
        ("GB-ENG", "2023-02-10", "1_0", "is not a number"),
        ("GB-ENG", "2200-02-10", "1", "known from 1872 to 2100"),
    ],
)
def test_the_command_answers_nonsense_with_a_sentence(calendar, start, count, sentence):
    with pytest.raises(CommandError, match=sentence) as trouble:
        printed(f"--calendar={calendar}", f"--from={start}", f"--count={count}")
    assert trouble.value.returncode == 2
    assert "\n" not in str(trouble.value)
