"""`wardbook check`: what is wrong with this installation, in sentences."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core import checks
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Say in sentences what is wrong with this installation."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--deploy", action="store_true", help="ask also what matters with real records")

    def handle(self, *args: Any, deploy: bool, **options: Any) -> None:
        found = checks.run_checks(
            app_configs=list(apps.get_app_configs()), include_deployment_checks=deploy, databases=["default"]
        )
        found = [message for message in found if not message.is_silenced()]
        for message in sorted(found, key=lambda message: -message.level):
            weight = "Wrong" if message.level >= checks.ERROR else "Note"
            self.stdout.write(f"{weight}: {message.msg}")
            if message.hint:
                self.stdout.write(f"  {message.hint}")
        if not found:
            self.stdout.write("Nothing is wrong.")
        if any(message.level >= checks.ERROR for message in found):
            raise SystemExit(1)
