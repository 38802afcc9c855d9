"""`wardbook read_mail`: make mail that was kept into messages. The timer runs it each minute."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from wardbook.correspondence import tasks
from wardbook.correspondence.actions import reading


class Command(BaseCommand):
    help = "Read the mail that was kept and is not a message yet: what a stopped worker or a lost task left behind."

    def handle(self, *args: Any, **options: Any) -> None:
        until = timezone.now() + tasks.LONGEST
        done = reading.read_all(tasks.worker_name(), clock=timezone.now, until=until)
        self.stdout.write(f"{done} read.")
