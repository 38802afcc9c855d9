from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from wardbook.offices import tasks
from wardbook.offices.models import Invitation

PATIENCE = timedelta(minutes=10)


class Command(BaseCommand):
    help = "Try again to mail the invitations whose mail did not go out. Safe to run twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at", type=parse_datetime, metavar="TIME", help="pretend it is this time (default: now)"
        )

    def handle(self, *, at: datetime | None = None, **options: Any) -> None:
        at = at or timezone.now()
        waiting = Invitation.objects.open(at).not_handed_over().filter(invited_at__lt=at - PATIENCE)
        for invitation in waiting:
            tasks.send_invitation.enqueue(invitation.pk)
        self.stdout.write(f"{len(waiting)} invitations tried again")
