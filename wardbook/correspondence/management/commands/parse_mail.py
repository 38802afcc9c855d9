"""`manage.py parse_mail`: the same as `wardbook parse-mail`, which starts without Django."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from wardbook.correspondence.mime import command


class Command(BaseCommand):
    help = command.DESCRIPTION
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        command.add_arguments(parser)

    def handle(self, *args: Any, folder: str | None, out: str | None, **options: Any) -> None:
        status = command.run(folder, out)
        if status:
            raise SystemExit(status)
