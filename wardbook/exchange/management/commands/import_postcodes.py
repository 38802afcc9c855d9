"""`wardbook import postcodes`: the table that says in which ward, or in whose area, a postcode lies."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from wardbook.contacts import actions as contact_actions
from wardbook.contacts.actions import Lies, Replaced
from wardbook.exchange import postcodes, reading
from wardbook.lib.quote import quoted
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Office

MOST_SAID = 20


class NothingWritten(Exception):
    """Ends the transaction of a dry run."""


class Command(BaseCommand):
    help = (
        "Replace the office's table of postcodes by a CSV with the columns postcode, ward, in_area, elsewhere "
        "(only the first must be there). A postcode may be the beginning of many. Contacts get their ward from it. "
        "One wrong row, and nothing is changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="the CSV")
        parser.add_argument("--office", metavar="SLUG", required=True, help="the office's address, like glanmor")
        parser.add_argument("--encoding", default="", help="how the file is encoded, if it is not UTF-8")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")

    def handle(self, **options: Any) -> None:
        office = Office.objects.filter(slug=options["office"]).first()
        if office is None:
            raise CommandError(f"There is no office {quoted(options['office'])}.", returncode=2)
        if options["encoding"] and not reading.known_encoding(options["encoding"]):
            raise CommandError(f"{quoted(options['encoding'])} is not an encoding.", returncode=2)
        rows = self._rows(options["file"], options["encoding"])
        try:
            with transaction.atomic():
                done = contact_actions.replace_postcodes(office, rows, by=None, at=timezone.now())
                self._say(done, dry=options["dry_run"])
                if options["dry_run"]:
                    raise NothingWritten
        except NothingWritten:
            return
        except RuleBroken as refusal:
            raise CommandError(str(refusal)) from refusal

    def _rows(self, path: Path, encoding: str) -> list[Lies]:
        try:
            rows, problems = postcodes.read_table(path, encoding)
        except reading.Unreadable as wrong:
            raise CommandError(str(wrong), returncode=2 if not path.exists() else 1) from wrong
        if problems:
            more = [f"And {len(problems) - MOST_SAID:,} more."] if len(problems) > MOST_SAID else []
            raise CommandError("\n".join(["Nothing was changed.", *problems[:MOST_SAID], *more]))
        return rows

    def _say(self, done: Replaced, *, dry: bool) -> None:
        say = self.stdout.write
        say("Nothing was written. This would happen:" if dry else "Done.")
        say(f"  {done.postcodes:,} postcodes")
        if done.new_wards:
            say(f"  {len(done.new_wards):,} new wards: {', '.join(done.new_wards[:30])}")
        say(f"  {done.moved:,} contacts in another ward or area than before")
