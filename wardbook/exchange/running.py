"""What a worker does with a run: check a file, bring it in, take a batch back. A task is only a nudge to look."""

from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from wardbook.exchange import actions, keeping, mapping, reading
from wardbook.exchange.case_import import CaseImport
from wardbook.exchange.contact_import import ContactImport
from wardbook.exchange.errors import ErrorFile
from wardbook.exchange.importing import FileImport, Outcome
from wardbook.exchange.models import Batch, Run
from wardbook.lib import statistics
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Membership

IMPORTERS: dict[str, type[FileImport[Any]]] = {"cases": CaseImport, "contacts": ContactImport}
NEW, ATTACH, EACH = "new", "attach", "each"
"""What becomes of people who look like contacts: new ones, attached to these, or as is chosen for each."""
MOST_ALIKE = 5_000
"""So many of them can be attached; the others come in as new ones."""
MOST_SAID = 100
"""Kinds of trouble, new values, and things that stay: so many are kept to be shown, and the number of all."""

Clock = Callable[[], datetime]


class _Stopped(Exception):
    """A person pressed Stop."""


def carry_out(pk: int, *, clock: Clock) -> None:
    """Do a run to its end. Safe to start twice: whoever comes second while the first is at it leaves it alone."""
    run = _take(pk, clock())
    if run is None:
        return
    with translation.override(run.by.language or None):
        try:
            member = Membership.objects.active().filter(office_id=run.office_id, user_id=run.by_id).first()
            if member is None or not member.can("imports"):
                raise RuleBroken(_("%(name)s may no longer bring files into this office.") % {"name": run.by})
            if run.step == Run.Step.TAKE_BACK:
                _take_back(run, clock)
            else:
                _import(run, clock)
        except _Stopped:
            _end(run, Run.State.STOPPED, clock())
        except (RuleBroken, mapping.MapError, reading.Unreadable) as refusal:
            _end(run, Run.State.FAILED, clock(), problem=str(refusal))
        except OSError as trouble:
            said = trouble.strerror or type(trouble).__name__
            words = _("The files of the import cannot be read or written: %(trouble)s.") % {"trouble": said}
            _end(run, Run.State.FAILED, clock(), problem=words)
        except Exception:
            _end(run, Run.State.FAILED, clock(), problem=_("Something went wrong here. What came in so far stays."))
            raise


@transaction.atomic
def _take(pk: int, at: datetime) -> Run | None:
    run = Run.objects.select_for_update(of=("self",)).select_related("by", "office").filter(pk=pk).first()
    if run is None or run.state not in (Run.State.WAITING, Run.State.RUNNING):
        return None
    if run.state == Run.State.RUNNING and run.touched_at > at - Run.ABANDONED_AFTER:
        return None
    run.state, run.touched_at = Run.State.RUNNING, at
    run.save(update_fields=["state", "touched_at"])
    return run


def _import(run: Run, clock: Clock) -> None:
    table = keeping.find(run.folder, keeping.TABLE)
    if table is None:
        raise RuleBroken(_("The file is no longer here. Bring it to this page again."))
    dry = run.step == Run.Step.LOOK
    importer = IMPORTERS[run.kind](table, map_of(run), run.office, by=run.by, at=clock(), attach=attached(run))
    run.total = importer.rows
    run.save(update_fields=["total"])
    keeping.remove(run.folder, keeping.ERRORS)
    errors = ErrorFile(keeping.errors_path(run.folder, table.stem), table.stem, marked=True)
    try:
        with errors:
            outcome = importer.run(errors, _progress(run, clock), dry=dry, at=clock)
    finally:
        importer.table.close()
    run.has_errors = outcome.refused > 0
    run.outcome = _said(outcome, errors, importer.left_out) | ({"values": importer.tally.said()} if dry else {})
    if outcome.batch:
        run.batch = outcome.batch
        if run.has_errors:
            Batch.objects.filter(pk=outcome.batch.pk).update(errors_folder=run.folder)
    _end(run, Run.State.DONE, clock())
    if not dry:
        # What came in is in the office; a copy of it has no business here.
        keeping.remove(run.folder, keeping.TABLE, keeping.MAP)
        statistics.renew()


def map_of(run: Run) -> mapping.Map:
    """The map of a run. Raises MapError."""
    if run.matched:
        return mapping.of(run.matched, name=run.map_name or run.file_name, kind=run.kind)
    return mapping.load(_given_map(run), kind=run.kind)


def document_of(run: Run) -> dict[str, Any]:
    """What the map of a run says: what a person matched on the page, or what stands in the file of a map."""
    return run.matched or mapping.document_of(_given_map(run))[0]


def attached(run: Run) -> dict[str, int]:
    """Of the people who look like contacts, as the last check found them, those who are to be these."""
    general, chosen = run.people.get("general", NEW), run.people.get("chosen", {})
    return {
        key: contact
        for key, _row, _count, _name, contact, _why in run.outcome.get("alike", [])
        if general == ATTACH or (general == EACH and chosen.get(key) == ATTACH)
    }


def _given_map(run: Run) -> str:
    own = keeping.find(run.folder, keeping.MAP)
    return str(own) if own else run.map_name


def _take_back(run: Run, clock: Clock) -> None:
    assert run.batch is not None
    tell = _progress(run, clock)

    def count(cases: int) -> None:
        run.done += cases
        tell(run.done)

    taken = actions.take_back(run.batch, by=run.by, at=clock(), progress=count)
    run.outcome = {
        "cases": taken.cases,
        "people": taken.people,
        "values": taken.values,
        "stayed": [[stayed.what, str(stayed.why)] for stayed in taken.stayed[:MOST_SAID]],
        "stayed_count": len(taken.stayed),
    }
    _end(run, Run.State.DONE, clock())


def _progress(run: Run, clock: Clock) -> Callable[[int], None]:
    """Tells the page how far it is, and hears whether to stop."""

    def tell(done: int) -> None:
        run.done = done
        Run.objects.filter(pk=run.pk).update(done=done, touched_at=clock())
        if Run.objects.filter(pk=run.pk, is_to_stop=True).exists():
            raise _Stopped

    return tell


def _said(outcome: Outcome, errors: ErrorFile, left_out: list[str]) -> dict[str, Any]:
    groups = errors.groups.most_common(MOST_SAID)
    return {
        "rows": outcome.rows,
        "made": outcome.made,
        "known": outcome.known,
        "refused": outcome.refused,
        "statuses": outcome.statuses.most_common(MOST_SAID),
        "new_values": [[name, found[:MOST_SAID], len(found)] for name, found in outcome.new_values.items() if found],
        "new_people": outcome.new_people,
        "alike": [[key, *said] for key, said in islice(outcome.alike.items(), MOST_ALIKE)],
        "alike_count": len(outcome.alike),
        "places": outcome.places,
        "first_day": outcome.first_day,
        "last_day": outcome.last_day,
        "left_out": left_out[:MOST_SAID],
        "groups": [[column, words, count, errors.examples[column, words]] for (column, words), count in groups],
    }


def _end(run: Run, state: str, at: datetime, *, problem: str = "") -> None:
    run.state, run.problem, run.finished_at, run.touched_at = state, problem, at, at
    run.save()
