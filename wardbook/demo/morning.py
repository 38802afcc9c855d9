"""On which morning the demo stands."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from wardbook.offices.calendar import WorkingCalendar


def last_working_morning(now: datetime) -> datetime:
    """Nine o'clock, office time, on the last working day that has begun (demo.md)."""
    zone, calendar = ZoneInfo("Europe/London"), WorkingCalendar.parse("GB-WLS")
    local = now.astimezone(zone)
    day = local.date() if local.time() >= time(9) else local.date() - timedelta(days=1)
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return datetime.combine(day, time(9), tzinfo=zone)
