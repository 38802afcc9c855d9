"""`wardbook verify-journal`: proof that the journal is what was written."""

import sys
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser

from wardbook.journal import verifying
from wardbook.journal.models import ChainHead


class Command(BaseCommand):
    help = "Follow the journal's chain in every office and name each line that does not hold. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--office", metavar="SLUG", help="only this office")
        parser.add_argument(
            "--heads", action="store_true", help="print each office's last number and digest, to keep elsewhere"
        )

    def handle(self, *, office: str | None, heads: bool, **options: Any) -> None:
        offices = apps.get_model("offices", "Office").objects.order_by("pk")
        if office:
            offices = offices.filter(slug=office)
            if not offices.exists():
                raise CommandError(f"There is no office “{office}”.")
        broken = 0
        for each in offices:
            head = ChainHead.objects.filter(office=each).first()
            if heads:
                self.stdout.write(f"{each.slug} {head.number if head else 0} {head.digest if head else '-'}")
            for flaw in verifying.flaws(each.pk):
                broken += 1
                self.stdout.write(f"{each.slug}: line {flaw.number} {flaw.problem}")
            if not broken and not heads:
                self.stdout.write(f"{each.slug}: {head.number if head else 0} lines, all hold")
        if broken:
            self.stderr.write("The journal does not hold. Keep this database as it is and ask who had access to it.")
            sys.exit(1)
