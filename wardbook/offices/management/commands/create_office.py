import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.text import slugify

from wardbook.lib.rules import RuleBroken
from wardbook.offices import actions
from wardbook.offices.models import Office


class Command(BaseCommand):
    help = "Make an office. Asks for what is not given, and says what to do next."

    def add_arguments(self, parser: ArgumentParser) -> None:
        profiles = ", ".join(Office.Profile.values)
        parser.add_argument("--name", help="like “Office of the Member for Glanmor”")
        parser.add_argument("--address", help="the first part of its addresses, like glanmor")
        parser.add_argument("--profile", help=f"what kind of office: {profiles}")
        parser.add_argument("--calendar", help="whose public holidays, like GB-ENG, GB-SCT, IE or US-CA")
        parser.add_argument("--time-zone", help="like Europe/London")

    def handle(self, **given: Any) -> None:
        name = self._ask(given["name"], "Name of the office")
        address = self._ask(given["address"], "Its address", usual=slugify(name)[:40])
        profile = self._ask(
            given["profile"], f"Kind of office ({', '.join(Office.Profile.values)})", usual="representative"
        )
        calendar = self._ask(given["calendar"], "Public holidays of", usual="GB-ENG")
        zone = self._ask(given["time_zone"], "Time zone", usual="Europe/London")
        country, _hyphen, subdivision = calendar.upper().partition("-")
        try:
            office = actions.create_office(
                name=name,
                slug=address,
                profile=profile,
                country=country,
                subdivision=subdivision,
                time_zone=zone,
                at=timezone.now(),
            )
        except RuleBroken as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{office.name} is at {settings.SITE_URL}/{office.slug}/")
        self.stdout.write("Now let its first person in:")
        self.stdout.write(f"  wardbook add-user --office {office.slug} --role manager --email anna@example.org")

    def _ask(self, given: str | None, question: str, usual: str = "") -> str:
        """What was given; else what is typed, where somebody sits at a terminal; else the usual."""
        if given is not None:
            return given.strip()
        if sys.stdin.isatty():
            hint = f" [{usual}]" if usual else ""
            return input(f"{question}{hint}: ").strip() or usual
        if usual:
            return usual
        raise CommandError(f"{question} is missing. Give it, or run the command at a terminal.")
