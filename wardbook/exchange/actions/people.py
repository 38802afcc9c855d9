"""People and organisations of an import."""

from collections.abc import Sequence

from wardbook.contacts.models import Contact
from wardbook.exchange.actions.batches import Import, begin
from wardbook.exchange.coming import ComingPerson
from wardbook.exchange.models import Made
from wardbook.offices.models import Office


def known(run: Import, rows: Sequence[ComingPerson]) -> set[str]:
    """Those whom the office has by the source's number for them, or who look like somebody it knows."""
    ids = [row.source_id for row in rows]
    same = Contact.objects.filter(office=run.office, source=run.source, source_id__in=ids)
    there = set(same.values_list("source_id", flat=True))
    run.people.look_up(row.person for row in rows)
    return there | {row.source_id for row in rows if is_known(run, row)}


def is_known(run: Import, row: ComingPerson) -> bool:
    """Whether somebody who was looked up, or made before in this file, is this person."""
    return bool(run.people.find(row.person) or run.people.find_alike(row.person))


def write(run: Import, rows: Sequence[ComingPerson]) -> int:
    """Make contacts of rows, inside a transaction. Returns how many; those that are known by now are left out."""
    # Held first: whoever else imports the same file waits here, and then sees ours.
    Office.objects.select_for_update().get(pk=run.office.pk)
    there = known(run, rows)
    made: list[Contact] = []
    for row in rows:
        # Two rows of one file may be the same person: the first comes in.
        if row.source_id in there or is_known(run, row):
            continue
        run.batch = run.batch or begin(run)
        made.append(run.people.make(row.person, by=run.by, at=run.at, source_id=row.source_id, **row.columns))
    if run.batch and made:
        Made.objects.bulk_create(
            [Made(batch=run.batch, model=contact._meta.label_lower, object_id=contact.pk) for contact in made]
        )
        run.batch.rows_made += len(made)
        run.batch.save(update_fields=["rows_made"])
    return len(made)
