"""Cases of an import, written 500 at a time: the bulk form of opening, and closing, a case."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wardbook.cases import events, references
from wardbook.cases.actions.indexing import index
from wardbook.cases.actions.places import place_key
from wardbook.cases.models import Case, CaseLocation, CaseTag
from wardbook.exchange.actions.batches import Import, begin
from wardbook.exchange.coming import Coming
from wardbook.exchange.models import Batch, Made
from wardbook.exchange.values import Choice
from wardbook.journal.actions import Line, record_many
from wardbook.offices.models import Office, Postcode
from wardbook.vocabulary.models import CaseType

if TYPE_CHECKING:
    from django.db.models import Model

    from wardbook.contacts.models import Contact

AT_ONCE = 500


def known(run: Import, rows: Sequence[Coming]) -> set[str]:
    """The numbers of the source that the office has already."""
    ids = [row.source_id for row in rows]
    same = Case.objects.filter(office=run.office, source=run.source, source_id__in=ids)
    return set(same.values_list("source_id", flat=True))


def write(run: Import, rows: Sequence[Coming]) -> int:
    """Make cases of rows, inside a transaction. Returns how many; those that are known by now are left out."""
    # The row of the office is held first: whoever else imports the same file waits here, and then sees ours.
    office = Office.objects.select_for_update().get(pk=run.office.pk)
    there = known(run, rows)
    rows = [row for row in rows if row.source_id not in there]
    if not rows:
        return 0
    batch = run.batch = run.batch or begin(run)
    made: list[Model] = []
    values = _values(run, rows, made)
    people = _people(run, rows, made)
    _restrict(run, rows, values)
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
    index(cases)
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
                events.IMPORTED,
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


def _restrict(run: Import, rows: Sequence[Coming], values: dict[Choice, int]) -> None:
    """Cases of a type whose cases are restricted come in as such."""
    types = CaseType.objects.filter(office=run.office, restricts=True).values_list("pk", flat=True)
    restricting = set(types) if any("case_type" in row.choices for row in rows) else set()
    for row in rows:
        if restricting and "case_type" in row.choices and values[row.choices["case_type"]] in restricting:
            row.columns["is_restricted"] = True


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
