"""`wardbook prepare`: make an installation ready to serve."""

from __future__ import annotations

import hashlib
import sqlite3
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from wardbook import checks
from wardbook.lib import statistics

# Stands among the static files once they are collected, and says from what.
STAMP = ".collected"


class Command(BaseCommand):
    help = "Bring the database up to date and collect static files. Quick when there is nothing to do."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        problem = checks.why_not_writable(settings.DATA)
        if problem:
            raise CommandError(problem)
        try:
            if checks.unapplied_migrations():
                self.stdout.write("Bringing the database up to date …")
                call_command("migrate", interactive=False, verbosity=0)
                call_command("createcachetable", verbosity=0)
                # A table that was changed may have been made anew, of which the database knows nothing then.
                statistics.renew()
        except (DatabaseError, sqlite3.Error) as error:
            raise CommandError(f"The database does not answer: {str(error).strip()}") from error
        if not settings.DEBUG:
            self.collect_static()

    def collect_static(self) -> None:
        """Collect only when a file was added, removed or changed since the last time."""
        stamp = settings.STATIC_ROOT / STAMP
        now = fingerprint()
        if stamp.exists() and stamp.read_text() == now:
            return
        self.stdout.write("Collecting static files …")
        # What was there stays: a server that still runs, and pages that are still open, ask for it by its old name.
        call_command("collectstatic", interactive=False, verbosity=0, stdout=StringIO())
        stamp.write_text(now)


def fingerprint() -> str:
    """Changes whenever a static file does."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            seen.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return seen.hexdigest()
