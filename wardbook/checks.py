"""What `wardbook check` asks of an installation, answered in sentences; `--deploy` asks more."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from wardbook import schedule

Apps = Sequence[AppConfig] | None


@register()
def data_folder(app_configs: Apps, **kwargs: object) -> list[CheckMessage]:
    """The data folder can be written by this account and is not open to everybody."""
    problem = why_not_writable(settings.DATA)
    if problem:
        return [Error(problem, hint="Set WARDBOOK_DATA to a folder this account owns.", id="wardbook.E001")]
    if settings.DATA.exists() and settings.DATA.stat().st_mode & 0o007:
        return [
            checks.Warning(
                f"Every account on this machine can look into the data folder {settings.DATA}.",
                hint=f"chmod 700 {settings.DATA}",
                id="wardbook.W002",
            )
        ]
    return []


def why_not_writable(folder: Path) -> str:
    """A sentence when nothing can be written there, else nothing. Makes the folder if it is missing."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return f"The data folder {folder} cannot be written: {os.strerror(error.errno or 0).lower()}."


@register(Tags.database)
def database(app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: object) -> list[CheckMessage]:
    """The database answers and knows this version's tables."""
    if not databases:
        return []
    try:
        missing = unapplied_migrations()
    except DatabaseError as error:
        return [
            Error(
                f"The database does not answer: {str(error).strip()}",
                hint="Look at DATABASE_URL and whether the server runs.",
                id="wardbook.E003",
            )
        ]
    if missing:
        return [
            Error(
                f"The database lacks {missing} changes of this version.",
                hint="Run `wardbook prepare`.",
                id="wardbook.E004",
            )
        ]
    return []


def unapplied_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@register(Tags.security, deploy=True)
def address(app_configs: Apps, **kwargs: object) -> list[CheckMessage]:
    """Real records are only met over https, and never in demo or debug mode."""
    found: list[CheckMessage] = []
    if not settings.HTTPS:
        found.append(
            Error(
                f"WARDBOOK_URL is {settings.SITE_URL}: what people type would cross the network readable.",
                hint="Put a proxy with TLS in front and set WARDBOOK_URL to its https:// address.",
                id="wardbook.E005",
            )
        )
    for name, on in (("WARDBOOK_DEMO", settings.DEMO), ("WARDBOOK_DEBUG", settings.DEBUG)):
        if on:
            found.append(Error(f"{name} is on: never with real records.", hint=f"Unset {name}.", id="wardbook.E006"))
    return found


@register(Tags.security, deploy=True)
def secret_key(app_configs: Apps, **kwargs: object) -> list[CheckMessage]:
    """The signing key is not readable by other accounts."""
    file = settings.DATA / "secret-key"
    if file.exists() and file.stat().st_mode & 0o077:
        return [
            Error(
                f"Other accounts on this machine can read {file}; with it they could sign in as anybody.",
                hint=f"chmod 600 {file}, and make a new key if somebody may have read it.",
                id="wardbook.E007",
            )
        ]
    return []


@register(deploy=True)
def mail(app_configs: Apps, **kwargs: object) -> list[CheckMessage]:
    """Invitations and password resets need a mail server."""
    if "smtp" not in settings.EMAIL_BACKEND:
        return [
            checks.Warning(
                "No mail server is set: invitations and password resets are only written to the outbox folder.",
                hint="Set WARDBOOK_SMTP_URL.",
                id="wardbook.W008",
            )
        ]
    return []


@register(deploy=True)
def heartbeats(app_configs: Apps, **kwargs: object) -> list[CheckMessage]:
    """Worker and timer have been seen lately: without them nothing happens by itself."""
    now = timezone.now()
    found: list[CheckMessage] = []
    for part in (schedule.WORKER, schedule.TIMER):
        try:
            state = schedule.state_of(part, now)
        except DatabaseError:
            return []
        if state["state"] != "ok":
            seen = f"was last seen {state['seconds_ago']} seconds ago" if "seconds_ago" in state else "never ran"
            found.append(
                checks.Warning(
                    f"The {part} {seen}: nothing happens by itself.",
                    hint=f"Start `wardbook serve --{part}`.",
                    id="wardbook.W009",
                )
            )
    return found
