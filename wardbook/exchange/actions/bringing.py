"""Rows become cases, many at a time. Nobody is told: no mail, no clock, no reaction (lessons 32)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import DataError, IntegrityError, transaction

from wardbook.cases import events as case_events
from wardbook.cases import references
from wardbook.cases.actions.places import place_key
from wardbook.cases.models import Case, CaseLocation, CaseTag
from wardbook.exchange import events
from wardbook.exchange.coming import Coming, Problem
from wardbook.exchange.models import Batch, Made
from wardbook.exchange.people import People
from wardbook.exchange.values import Choice, Lists
from wardbook.journal.actions import Line, record, record_many
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Office, Postcode

if TYPE_CHECKING:
    from django.db.models import Model

    from wardbook.accounts.models import User
    from wardbook.contacts.models import Contact

AT_ONCE = 500


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


def bring_in(run: Import, rows: Sequence[Coming]) -> Brought:
    """Make cases of rows, in one transaction; a row that the database or a rule refuses alone stays out.

    Rows whose number the office has already are counted and left alone.
    """
    known = _known(run, rows)
    fresh = [row for row in rows if row.source_id not in known]
    if not fresh:
        return Brought(known=len(rows))
    try:
        with transaction.atomic():
            made = _write(run, fresh)
    except (DataError, IntegrityError, RuleBroken) as refusal:
        run.lists.load()
        run.people.forget()
        run.wards.clear()
        run.batch = Batch.objects.filter(pk=run.batch.pk).first() if run.batch else None
        if len(fresh) == 1:
            return Brought(known=len(rows) - 1, problems=[_refused(fresh[0], refusal)])
        # Half by half, until the one that cannot come in stands alone and all others are in.
        half = len(fresh) // 2
        brought = bring_in(run, fresh[:half])
        brought += bring_in(run, fresh[half:])
        brought.known += len(rows) - len(fresh)
        return brought
    return Brought(made=made, known=len(rows) - made)


@transaction.atomic
def finish(run: Import, *, rows_read: int, rows_refused: int, at: datetime) -> None:
    """Say in the journal what came of an import. One that brought in nothing leaves no trace, unless it ends one
    that was cut off after its last row."""
    run.batch = run.batch or _cut_off(run)
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


def _write(run: Import, rows: Sequence[Coming]) -> int:
    # The row of the office is held first: whoever else imports the same file waits here, and then sees ours.
    office = Office.objects.select_for_update().get(pk=run.office.pk)
    known = _known(run, rows)
    rows = [row for row in rows if row.source_id not in known]
    if not rows:
        return 0
    batch = run.batch = run.batch or _begin(run)
    made: list[Model] = []
    values = _values(run, rows, made)
    people = _people(run, rows, made)
    number = office.last_case_number
    office.last_case_number = number + len(rows)
    office.save(update_fields=["last_case_number"])
    cases = Case.objects.bulk_create(
        [
            _case(run, row, batch, number=number + place, values=values, contact=people.get(row.number))
            for place, row in enumerate(rows, start=1)
        ],
        batch_size=AT_ONCE,
    )
    pairs = list(zip(cases, rows, strict=True))
    _place(run, pairs, values)
    CaseTag.objects.bulk_create(
        [
            CaseTag(office_id=case.office_id, case=case, tag_id=pk, opened_on=case.opened_on)
            for case, row in pairs
            for pk in dict.fromkeys(values[tag] for tag in row.tags)
        ],
        batch_size=AT_ONCE,
    )
    Made.objects.bulk_create(
        [Made(batch=batch, model=thing._meta.label_lower, object_id=thing.pk) for thing in made], batch_size=AT_ONCE
    )
    record_many(
        [
            Line(
                case_events.IMPORTED,
                case,
                {
                    "batch": batch.pk,
                    "source": batch.source,
                    "kind": case.kind,
                    "status": case.status_id,
                    "outcome": case.outcome,
                    "opened_on": case.opened_on.isoformat(),
                },
            )
            for case in cases
        ],
        by=run.by,
        at=run.at,
        react=False,
    )
    batch.rows_made += len(cases)
    batch.save(update_fields=["rows_made"])
    return len(cases)


def _known(run: Import, rows: Sequence[Coming]) -> set[str]:
    ids = [row.source_id for row in rows]
    same = Case.objects.filter(office=run.office, source=run.source, source_id__in=ids)
    return set(same.values_list("source_id", flat=True))


def _begin(run: Import) -> Batch:
    """The batch of this run: the one that was cut off in the same file, or a new one."""
    if known := _cut_off(run):
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


def _cut_off(run: Import) -> Batch | None:
    same = Batch.objects.filter(office=run.office, kind=run.kind, sha256=run.sha256, source=run.source)
    return same.filter(finished_at__isnull=True, undone_at__isnull=True).first()


def _values(run: Import, rows: Sequence[Coming], made: "list[Model]") -> dict[Choice, int]:
    """The ids of every value that the rows ask for, made where the office has none."""
    values: dict[Choice, int] = {}
    for choice in dict.fromkeys(choice for row in rows for choice in row.all_choices()):
        value, new = run.lists.get_or_make(choice, by=run.by, at=run.at)
        values[choice] = value.pk
        made += new
    return values


def _people(run: Import, rows: Sequence[Coming], made: "list[Model]") -> "dict[int, Contact]":
    """Row number to contact, for the rows that are about somebody."""
    about = [(row.number, row.person) for row in rows if row.person]
    if not about:
        return {}
    run.people.look_up(person for _number, person in about)
    found = {}
    for number, person in about:
        contact = run.people.find(person)
        if contact is None:
            contact = run.people.make(person, by=run.by, at=run.at)
            made.append(contact)
        found[number] = contact
    return found


def _case(
    run: Import, row: Coming, batch: Batch, *, number: int, values: dict[Choice, int], contact: "Contact | None"
) -> Case:
    reference = references.write(run.office.reference_format, number=number, year=row.columns["opened_on"].year)
    owner = row.columns["owner_id"]
    return Case(
        office_id=run.office.pk,
        number=number,
        reference=reference,
        reference_key=references.key(reference),
        constituent=contact,
        status_id=values[row.status],
        status_class=row.status.status_class,
        owner_team_id=values[row.choices["team"]] if "team" in row.choices else None,
        assigned_at=row.columns["created_at"] if owner else None,
        assigned_by=run.by if owner else None,
        created_by=run.by,
        source=run.source,
        source_id=row.source_id,
        batch_id=batch.pk,
        **row.columns,
        **{f"{name}_id": values[choice] for name, choice in row.choices.items() if name != "team"},
    )


def _place(run: Import, pairs: list[tuple[Case, Coming]], values: dict[Choice, int]) -> None:
    CaseLocation.objects.bulk_create(
        [
            CaseLocation(
                case=case,
                text=row.place.text,
                postcode=row.place.postcode,
                latitude=row.place.latitude,
                longitude=row.place.longitude,
                ward_id=values[row.place.ward] if row.place.ward else _ward_of(run, row.place.postcode),
                place_key=place_key(row.place.text, row.place.postcode),
            )
            for case, row in pairs
            if row.place
        ],
        batch_size=AT_ONCE,
    )


def _ward_of(run: Import, postcode: str) -> int | None:
    """The ward that the office's table of postcodes knows, asked once for each postcode (CO-11)."""
    if postcode and postcode not in run.wards:
        covering = Postcode.objects.covering(run.office, postcode)
        run.wards[postcode] = covering.ward_id if covering else None
    return run.wards.get(postcode)


def _refused(row: Coming, refusal: Exception) -> Problem:
    if isinstance(refusal, RuleBroken):
        return Problem(row.number, "", row.source_id, str(refusal), is_sentence=True)
    said = str(refusal).splitlines()[0] if str(refusal) else type(refusal).__name__
    return Problem(row.number, "", row.source_id, f"The database refused the row: {said}", is_sentence=True)
