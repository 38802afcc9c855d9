"""Rows come in, many at a time. Nobody is told: no mail, no clock, no reaction (lessons 32)."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from wardbook.exchange.actions import cases, people
from wardbook.exchange.actions.batches import Brought, Import
from wardbook.exchange.coming import Problem
from wardbook.exchange.models import Batch
from wardbook.lib.rules import RuleBroken

# By the kind of an import: which rows are known already, and how the others are written.
KNOWN: dict[str, Callable[..., set[str]]] = {"cases": cases.known, "contacts": people.known}
WRITE: dict[str, Callable[..., int]] = {"cases": cases.write, "contacts": people.write}


def bring_in(run: Import, rows: Sequence[Any]) -> Brought:
    """Make cases or contacts of rows, in one transaction; a row that the database or a rule refuses alone stays out.

    Rows whose number the office has already are counted and left alone.
    """
    known = KNOWN[run.kind](run, rows)
    fresh = [row for row in rows if row.source_id not in known]
    if not fresh:
        return Brought(known=len(rows))
    try:
        with transaction.atomic():
            made = WRITE[run.kind](run, fresh)
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


def _refused(row: Any, refusal: Exception) -> Problem:
    if isinstance(refusal, RuleBroken):
        return Problem(row.number, "", row.source_id, str(refusal), is_sentence=True)
    said = str(refusal).splitlines()[0] if str(refusal) else type(refusal).__name__
    words = _("The database refused the row: %(said)s") % {"said": said}
    return Problem(row.number, "", row.source_id, words, is_sentence=True)
