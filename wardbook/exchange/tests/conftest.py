"""An office with its lists, files and maps as short as a test needs them."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wardbook.exchange import mapping
from wardbook.exchange.case_import import CaseImport
from wardbook.exchange.errors import ErrorFile
from wardbook.offices.factories import OfficeFactory
from wardbook.vocabulary.actions import seed_lists

MONDAY = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)
REPOSITORY = Path(__file__).resolve().parents[3]

MAP = """
source = "Old system"
time_zone = "Europe/London"
dates = ["%d/%m/%Y %H:%M", "%d/%m/%Y"]

[fields]
id = "Id"
description = "What"
opened = "Opened"
closed = "Closed"

[fields.status]
column = "State"
[fields.status.values]
"live" = "Open"
"done" = { name = "Closed", outcome = "resolved" }
"""
HEADER = "Id,What,Opened,Closed,State"


def fields(text):
    """The map with more fields."""
    return MAP.replace("[fields]", f"[fields]\n{text}")


@pytest.fixture
def office(db):
    office = OfficeFactory(slug="glanmor", name="Glanmor", profile="council")
    seed_lists(office, by=None, at=MONDAY)
    return office


@pytest.fixture
def written(tmp_path):
    """Write a file and give its path."""

    def write(content, name="old.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.fixture
def load(written):
    """The map that a text makes."""
    return lambda text=MAP, kind="cases": mapping.load(str(written(text, "map.toml")), kind=kind)


@pytest.fixture
def bring_in(office, written, load, tmp_path):
    """Import rows below a first line. Gives (outcome, what was said of the rows that stayed out)."""

    def run(*rows, header=HEADER, using=MAP, dry=False, progress=lambda done: None, by=None, into=None, at=MONDAY):
        path = written("\n".join([header, *rows, ""]))
        prepared = CaseImport(path, load(using), into or office, by=by, at=at)
        with ErrorFile(tmp_path / "errors.csv", "old") as errors:
            outcome = prepared.run(errors, progress, dry=dry, at=lambda: at)
        prepared.table.close()
        return outcome, errors.said()

    return run


@pytest.fixture
def la311():
    """The open data of Los Angeles, which lies beside the repository and not in it."""
    path = REPOSITORY.parent / "shared" / "data" / "la311-2017.csv"
    if not path.exists():
        if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
            pytest.fail(f"{path} is missing")
        pytest.skip(f"{path} is not here")
    return path
