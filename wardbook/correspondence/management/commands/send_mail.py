"""`wardbook send-mail`: see to it that written mail goes out. The timer runs it each minute."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from wardbook.correspondence import posting, tasks
from wardbook.correspondence.actions import sending


class Command(BaseCommand):
    help = "Ask the worker to send what is due: what a stopped worker or a lost task left behind. Safe to run twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", action="store_true", help="send here, without the worker")

    def handle(self, *, now: bool = False, **options: Any) -> None:
        if now:
            tried = posting.post_due(clock=timezone.now, until=timezone.now() + tasks.LONGEST)
            self.stdout.write(f"{tried} tried.")
            return
        taken_back = sending.lapse(at=timezone.now())
        asked = tasks.ask_to_send(timezone.now())
        self.stdout.write(f"{taken_back} taken back, {'asked' if asked else 'nothing to ask'}.")
