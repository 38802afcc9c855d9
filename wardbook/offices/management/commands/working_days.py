import re
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wardbook.lib.quote import quoted
from wardbook.offices.calendar import CalendarError, WorkingCalendar


class Command(BaseCommand):
    help = (
        "Print the day a number of working days after another (ISO), then each day that did not "
        "count with its reason. Needs no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--calendar", required=True, metavar="CODE", help="like GB-ENG, GB-SCT, US-CA or IE")
        parser.add_argument("--from", required=True, metavar="DAY", dest="start", help="like 2023-02-10; day 0")
        parser.add_argument("--count", required=True, metavar="N", help="how many working days")
        parser.add_argument(
            "--closure",
            action="append",
            default=[],
            metavar="DAY",
            dest="closures",
            help="a day on which the office is closed; can be given again and again",
        )

    def handle(self, *, calendar: str, start: str, count: str, closures: list[str], **options: Any) -> None:
        try:
            closed = {_day(text): "" for text in closures}
            working = WorkingCalendar.parse(calendar, closed)
            first, number = _day(start), _number(count)
            due = working.working_days_after(first, number)
            skipped = working.explain(first, number)
        except CalendarError as trouble:
            raise CommandError(str(trouble), returncode=2) from trouble
        self.stdout.write(due.isoformat())
        for day in skipped:
            self.stdout.write(f"{day.day.isoformat()} {day.reason}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as trouble:
        raise CalendarError(f"{quoted(text)} is not a day. Write it like 2023-02-10.") from trouble


def _number(text: str) -> int:
    # int() would also read "1_0", digits of other scripts, and a million of them.
    if not re.fullmatch(r"-?[0-9]{1,9}", text.strip()):
        raise CalendarError(f"{quoted(text)} is not a number of working days. Write it like 5.")
    return int(text)
