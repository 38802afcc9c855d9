"""`wardbook tick`: one turn of the timer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from wardbook import schedule


class Command(BaseCommand):
    help = "Run what the timer has due now. Safe to run twice and on several machines."

    def handle(self, *args: Any, **options: Any) -> None:
        done = schedule.run_due(timezone.now())
        self.stdout.write("\n".join(done) if done else "Nothing is due.")
