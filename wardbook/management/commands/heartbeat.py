"""`wardbook heartbeat`: ask the worker for a sign of life."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from wardbook import tasks


class Command(BaseCommand):
    help = "Ask the worker for a sign of life, which `wardbook check --deploy` and /healthz report."

    def handle(self, *args: Any, **options: Any) -> None:
        asked = tasks.ask_for_sign_of_life()
        self.stdout.write("Asked." if asked else "The last question still waits for an answer.")
