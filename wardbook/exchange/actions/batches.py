"""One run of an import, from the batch it makes with its first row to the last word about it in the journal."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from wardbook.exchange import events, keeping
from wardbook.exchange.coming import Problem
from wardbook.exchange.models import Batch
from wardbook.exchange.people import People
from wardbook.exchange.values import Lists
from wardbook.journal.actions import record
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.accounts.models import User


@dataclass
class Import:
    """One run: for which office, from where, by whom, and what it has in its hands."""

    office: Office
    source: str
    lists: Lists
    people: People
    by: "User | None"
    at: datetime
    kind: str = "cases"
    file_name: str = ""
    sha256: str = ""
    map_name: str = ""
    batch: Batch | None = None
    wards: dict[str, int | None] = field(default_factory=dict)


@dataclass
class Brought:
    """What came of some rows."""

    made: int = 0
    known: int = 0
    problems: list[Problem] = field(default_factory=list)

    def __iadd__(self, other: "Brought") -> "Brought":
        self.made += other.made
        self.known += other.known
        self.problems += other.problems
        return self


def begin(run: Import) -> Batch:
    """The batch of this run: the one that was cut off in the same file, or a new one."""
    if known := cut_off(run):
        return known
    batch = Batch.objects.create(
        office=run.office,
        kind=run.kind,
        file_name=run.file_name[:200],
        sha256=run.sha256,
        map_name=run.map_name[:200],
        source=run.source,
        by=run.by,
        started_at=run.at,
    )
    record(events.STARTED, about=batch, by=run.by, at=run.at, kind=run.kind, sha256=run.sha256)
    return batch


def cut_off(run: Import) -> Batch | None:
    """A run over the same file that never came to its end."""
    same = Batch.objects.filter(office=run.office, kind=run.kind, sha256=run.sha256, source=run.source)
    return same.filter(finished_at__isnull=True, undone_at__isnull=True).first()


@transaction.atomic
def finish(run: Import, *, rows_read: int, rows_refused: int, at: datetime) -> None:
    """Say in the journal what came of an import. One that brought in nothing leaves no trace, unless it ends one
    that was cut off after its last row."""
    run.batch = run.batch or cut_off(run)
    if run.batch is None:
        return
    batch = Batch.objects.select_for_update().get(pk=run.batch.pk)
    batch.finished_at, batch.rows_read, batch.rows_refused = at, rows_read, rows_refused
    # What an earlier run of the same batch made is not counted as known before.
    batch.rows_known = max(0, rows_read - batch.rows_made - rows_refused)
    batch.save(update_fields=["finished_at", "rows_read", "rows_known", "rows_refused"])
    record(
        events.FINISHED,
        about=batch,
        by=run.by,
        at=at,
        read=rows_read,
        made=batch.rows_made,
        known=batch.rows_known,
        refused=rows_refused,
    )
    run.batch = batch


def keep_errors(batch: Batch, path: Path) -> None:
    """A copy of the file of refused rows, for the page of imports. The person has the file itself."""
    folder = keeping.new_folder()
    with path.open("rb") as file:
        keeping.write(folder, keeping.ERRORS, path.name, iter(lambda: file.read(1 << 20), b""))
    batch.errors_folder = folder
    batch.save(update_fields=["errors_folder"])
