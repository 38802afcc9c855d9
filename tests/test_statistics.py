"""What the database knows of its tables is there after the commands that say so."""

import pytest
from django.core.management import call_command
from django.db import connection

from wardbook.cases.factories import CaseFactory

pytestmark = pytest.mark.django_db


def known_rows():
    """How many rows the database believes cases has; None before it looked."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT COUNT(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")
            if not cursor.fetchone()[0]:
                return None
            cursor.execute("SELECT MAX(CAST(stat AS integer)) FROM sqlite_stat1 WHERE tbl = 'cases_case'")
        else:
            cursor.execute("SELECT reltuples::int FROM pg_class WHERE relname = 'cases_case'")
        return cursor.fetchone()[0]


def test_tidying_tells_the_database_how_large_its_tables_are():
    office = CaseFactory().office
    for _turn in range(4):
        CaseFactory(office=office)
    assert known_rows() != 5
    call_command("tidy")
    assert known_rows() == 5


def test_an_upgrade_tells_it_too(monkeypatch, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    CaseFactory()
    monkeypatch.setattr("wardbook.checks.unapplied_migrations", lambda: ["one"])
    assert known_rows() != 1
    call_command("prepare")
    assert known_rows() == 1
