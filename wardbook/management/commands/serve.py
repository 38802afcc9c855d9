"""`wardbook serve`: the whole product in one go, or one part of it per machine."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from wardbook import checks, schedule, tasks, web
from wardbook.correspondence import postman
from wardbook.lib.children import Child, Family
from wardbook.management.commands import prepare
from wardbook.offices.models import Office

PARTS = ("web", "worker", "timer", "postman")


class Command(BaseCommand):
    help = "Start web, worker, timer and postman together, or only the parts that are named."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--web", action="store_true", help="only answer browsers")
        parser.add_argument("--worker", action="store_true", help="only do slow work")
        parser.add_argument("--timer", action="store_true", help="only start what runs by itself")
        parser.add_argument("--postman", action="store_true", help="only fetch mail from the mailboxes")

    def handle(self, *args: Any, **options: Any) -> None:
        named = [part for part in PARTS if options[part]]
        parts = named or list(PARTS)
        listener = None
        if "web" in parts:
            # Before anything slow: a taken port is said at once.
            try:
                listener = web.listen(settings.BIND, settings.PORT)
            except web.PortNotAvailable as refusal:
                raise CommandError(str(refusal)) from None
        self.make_ready(alone=not named, web="web" in parts)

        children = []
        if listener is not None:
            application = web.load_everything()
            children.append(Child("web server", lambda: web.serve(listener, application)))
        if "worker" in parts:
            children.append(Child("worker", work))
        if "timer" in parts:
            children.append(Child("timer", keep_time))
        if "postman" in parts:
            children.append(Child("postman", fetch_mail))
        # A connection must not be shared with a child.
        connections.close_all()
        if "web" in parts:
            self.say(self.where())
        else:
            self.say(f"Running: {' and '.join(parts)}. Stop with Ctrl-C.")
        failed = Family(children, say=self.complain).run()
        self.say("Stopped.")
        if failed:
            raise SystemExit(1)

    def make_ready(self, *, alone: bool, web: bool = False) -> None:
        """On one machine prepare everything; on several say what is missing, for one of them has to do it."""
        if alone:
            call_command("prepare", stdout=self.stdout)
            if settings.DEMO and not Office.objects.exists():
                self.say("Filling the empty database with an invented office …")
                call_command("demo", stdout=self.stdout)
            return
        problem = checks.why_not_writable(settings.DATA)
        if problem:
            raise CommandError(problem)
        try:
            missing = checks.unapplied_migrations()
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {str(error).strip()}") from None
        if missing:
            raise CommandError("The database is not ready for this version. Run `wardbook prepare` once, anywhere.")
        if web and not settings.DEBUG and not (settings.STATIC_ROOT / prepare.STAMP).exists():
            raise CommandError("This machine has no static files to serve yet. Run `wardbook prepare` on it.")

    def where(self) -> str:
        lines = ["", f"Wardbook is at {settings.SITE_URL}/", ""]
        if settings.DEMO:
            lines.append(
                "This is a demo with invented people. The start page signs you in as any of them, by one press."
            )
        else:
            lines.append("Sign in with your email address and password.")
        if "smtp" not in settings.EMAIL_BACKEND:
            lines.append(f"Mail leaves nowhere: it is written to {settings.OUTBOX}")
        lines += ["Stop with Ctrl-C.", ""]
        return "\n".join(lines)

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def complain(self, text: str) -> None:
        self.stderr.write(text)
        self.stderr.flush()


def work() -> None:
    """Do tasks for ever."""
    tasks.ask_for_sign_of_life()
    call_command("db_worker", interval=1.0, startup_delay=False, verbosity=0)


def fetch_mail() -> None:
    """Attend to the mailboxes for ever. A demo fetches nothing: its mailboxes are invented."""
    if settings.DEMO:
        while True:
            time.sleep(3600)
    postman.Round().go()


def keep_time() -> None:
    """One turn a minute, just after it begins."""
    while True:
        close_old_connections()
        try:
            schedule.run_due(timezone.now())
        except DatabaseError:
            schedule.log.exception("the timer could not reach the database")
        time.sleep(60.5 - time.time() % 60)
