"""`wardbook tidy`: forget what is no longer needed and tune the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from wardbook import schedule
from wardbook.cases import actions as case_actions


class Command(BaseCommand):
    help = (
        "Forget old timer slots and files of forms that were never sent again; let SQLite renew what it knows of the "
        "tables. PostgreSQL does so by itself."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        case_actions.sweep_waiting(at=at)
        gone = schedule.forget_old_slots(at)
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA optimize")
        self.stdout.write(f"{gone} old slots forgotten.")
