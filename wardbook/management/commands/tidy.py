"""`wardbook tidy`: forget what is no longer needed and tune the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from wardbook import schedule


class Command(BaseCommand):
    help = "Forget old timer slots; let SQLite renew what it knows of the tables. PostgreSQL does so by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = schedule.forget_old_slots(timezone.now())
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA optimize")
        self.stdout.write(f"{gone} old slots forgotten.")
