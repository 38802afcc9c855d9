"""What "today", "fri" and "+10wd" mean to somebody in an office."""

from datetime import date, datetime
from typing import Any

from django.urls import NoReverseMatch, reverse

from wardbook.offices.models import Office


def days_of(office: Office, at: datetime) -> dict[str, Any]:
    """What DayField.anchor takes. The calendar is read only when somebody counts in working days."""
    try:
        echo_url = reverse("desk:day", args=[office.slug])
    except NoReverseMatch:
        echo_url = ""

    def add_working_days(start: date, count: int) -> date:
        return office.working_calendar().working_days_after(start, count)

    return {"today": office.local_date(at), "add_working_days": add_working_days, "echo_url": echo_url}
