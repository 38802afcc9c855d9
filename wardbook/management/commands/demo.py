"""`wardbook demo`: two fictional offices, told through the product's own actions."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from wardbook.demo import eastmarsh, glanmor, many, morning
from wardbook.lib import statistics
from wardbook.offices.models import Office


def moment(text: str) -> datetime:
    """A moment as it was typed. Raises CommandError."""
    found = parse_datetime(text)
    if found is None:
        raise CommandError(f"“{text}” is no time. Write it like 2025-06-03T09:00.")
    return found if timezone.is_aware(found) else found.replace(tzinfo=UTC)


class Command(BaseCommand):
    help = "Fill an empty database with two fictional offices: the Member for Glanmor, and Eastmarsh Council."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", type=moment, metavar="TIME", help="the morning on which the story ends")
        parser.add_argument("--seed", type=int, default=1, help="the same number tells the same story")
        parser.add_argument(
            "--cases", type=int, metavar="N", help="add a large office with so many cases, for benchmarks"
        )
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there is an office already")

    def handle(self, *, at: datetime | None, seed: int, cases: int | None, if_empty: bool, **options: Any) -> None:
        if Office.objects.exists() and cases is None:
            if if_empty:
                return
            raise CommandError("There are offices in this database already. The demo goes into an empty one.")
        now = at or morning.last_working_morning(timezone.now())
        if cases is not None:
            if cases < 1:
                raise CommandError("The number of cases must be at least 1.")
            office = many.tell(now=now, seed=seed, cases=cases, say=self.stdout.write)
            self.stdout.write(f"{office.name}: {office.cases.count()} cases at /{office.slug}/")
            return
        for story in (glanmor, eastmarsh):
            with transaction.atomic():
                office = story.tell(now=now, seed=seed)
                today = office.local_date(at or timezone.now())
                morning.plan_for(office, today, told_on=office.local_date(now))
            self.stdout.write(
                f"{office.name}: {office.contacts.count()} contacts, {office.cases.count()} cases at /{office.slug}/"
            )
        statistics.renew()
