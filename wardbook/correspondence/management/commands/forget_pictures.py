"""`wardbook forget_pictures`: throw away pictures from outside that somebody looked at more than a day ago."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from wardbook.correspondence import outside


class Command(BaseCommand):
    help = "Throw away the pictures from outside that were fetched for a reader more than a day ago."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{outside.sweep(at=timezone.now())} forgotten.")
