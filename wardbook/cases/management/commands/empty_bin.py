from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from wardbook.cases import actions, files
from wardbook.cases.actions.deleting import KEPT_FOR
from wardbook.cases.models import Case


class Command(BaseCommand):
    help = "Remove the cases that have been in the bin for 30 days, with their files. Safe to run twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at", type=parse_datetime, metavar="TIME", help="pretend it is this time (default: now)"
        )

    def handle(self, *, at: datetime | None = None, **options: Any) -> None:
        at = at or timezone.now()
        removed = 0
        for case in Case.objects.in_bin().filter(deleted_at__lte=at - KEPT_FOR).order_by("pk"):
            # The row first: a file without a row is forgotten space, a row without its file is a lie.
            for key in actions.purge(case, at=at):
                files.remove(settings.MEDIA_ROOT, key)
            removed += 1
        self.stdout.write(f"{removed} cases removed")
