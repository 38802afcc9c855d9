"""`wardbook read_mail`: make mail that was kept into messages. The timer runs it each minute."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from wardbook.correspondence import tasks
from wardbook.correspondence.actions import reading
from wardbook.correspondence.models import Delivery


class Command(BaseCommand):
    help = "Read the mail that was kept and is not a message yet: what a stopped worker or a lost task left behind."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--again",
            action="store_true",
            help="first take what could not be read out of quarantine: after an upgrade that can read it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["again"]:
            waiting = list(Delivery.objects.filter(state=Delivery.State.QUARANTINED, settled_at__isnull=True))
            for delivery in waiting:
                reading.read_again(delivery, by=None, at=timezone.now())
            self.stdout.write(f"{len(waiting)} taken out of quarantine.")
        until = timezone.now() + tasks.LONGEST
        done = reading.read_all(tasks.worker_name(), clock=timezone.now, until=until)
        self.stdout.write(f"{done} read.")
