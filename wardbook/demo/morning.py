"""On which morning the demo stands."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wardbook.cases.models import Activity, Case
from wardbook.offices.calendar import WorkingCalendar
from wardbook.offices.models import Office


def last_working_morning(now: datetime) -> datetime:
    """Nine o'clock, office time, on the last working day that has begun (demo.md)."""
    zone, calendar = ZoneInfo("Europe/London"), WorkingCalendar.parse("GB-WLS")
    local = now.astimezone(zone)
    day = local.date() if local.time() >= time(9) else local.date() - timedelta(days=1)
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return datetime.combine(day, time(9), tzinfo=zone)


def plan_for(office: Office, today: date, *, told_on: date) -> None:
    """What the story leaves to do on its last day, or on the days since, is to be done today.

    On a Sunday the story ends on Friday morning: what is due then would look forgotten. Nothing happened, so nothing
    is written in the journal.
    """
    passed = (told_on, today - timedelta(days=1))
    planned = Activity.objects.planned().filter(office=office)
    planned.filter(due_on__range=passed).update(due_on=today)
    cases = Case.objects.filter(office=office, closed_at__isnull=True)
    for column in ("next_step_on", "deadline_on", "review_on"):
        cases.filter(**{f"{column}__range": passed}).update(**{column: today})
