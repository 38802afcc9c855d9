"""What a person asks of the page of imports. A worker does it; see exchange.running."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.exchange import events, keeping
from wardbook.exchange.models import Batch, Run
from wardbook.journal.actions import record
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.accounts.models import User

TAKEN_BACK_WITHIN = timedelta(days=30)
"""As long as the page offers it; the command has no limit."""


@transaction.atomic
def look_at(
    office: Office, *, kind: str, folder: str, file_name: str, map_name: str, by: "User", at: datetime
) -> Run:
    """A file is there. Without a map its columns are matched first; else a worker checks it, and writes nothing."""
    run = Run.objects.create(
        office=office,
        by=by,
        kind=kind,
        step=Run.Step.LOOK if map_name else Run.Step.MATCH,
        state=Run.State.WAITING if map_name else Run.State.ASKING,
        file_name=file_name[:200],
        folder=folder,
        map_name=map_name[:200],
        asked_at=at,
        touched_at=at,
    )
    _asked(run, by=by, at=at)
    return run


@transaction.atomic
def match(run: Run, document: dict[str, Any], *, by: "User", at: datetime, and_check: bool = True) -> Run:
    """A person said which column goes where, or what values become; a worker checks the file with it, unless more is
    to be said first. May be said again until it came in."""
    run = _held(run)
    if run.step not in (Run.Step.MATCH, Run.Step.LOOK) or run.state in (Run.State.WAITING, Run.State.RUNNING):
        raise RuleBroken(_("This file is being worked on already."))
    run.matched = document
    record(events.MATCHED, about=run, by=by, at=at, fields=sorted(document.get("fields", {})))
    if and_check:
        return _ask(run, Run.Step.LOOK, by=by, at=at)
    run.touched_at = at
    run.save(update_fields=["matched", "touched_at"])
    return run


@transaction.atomic
def choose_people(run: Run, *, general: str, chosen: dict[str, str], by: "User", at: datetime) -> Run:
    """A person said which people of the file are contacts that the office has; the rows are checked once more."""
    run = _held(run)
    if run.step != Run.Step.LOOK or run.state != Run.State.DONE:
        raise RuleBroken(_("This file is being worked on already."))
    run.people = {"general": general, "chosen": chosen}
    attached = sum(choice == "attach" for choice in chosen.values())
    record(events.PEOPLE_CHOSEN, about=run, by=by, at=at, general=general, attached=attached)
    return _ask(run, Run.Step.LOOK, by=by, at=at)


@transaction.atomic
def bring(run: Run, *, by: "User", at: datetime) -> Run:
    """What was checked is to come in; what was stopped is to go on."""
    run = _held(run)
    was_checked = run.step == Run.Step.LOOK and run.state == Run.State.DONE
    was_cut_off = run.step == Run.Step.BRING and run.state in (Run.State.STOPPED, Run.State.FAILED)
    if not (was_checked or was_cut_off) or keeping.find(run.folder, keeping.TABLE) is None:
        raise RuleBroken(_("This file is no longer waiting to come in."))
    return _ask(run, Run.Step.BRING, by=by, at=at)


@transaction.atomic
def ask_back(batch: Batch, *, by: "User", at: datetime) -> Run:
    """A batch is to be taken back."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.undone_at:
        raise RuleBroken(_("This import was taken back already."))
    if not can_be_taken_back(batch, at):
        raise RuleBroken(_("This import is older than 30 days. Ask whoever runs Wardbook for you."))
    if known := Run.objects.under_way().filter(batch=batch).first():
        if known.step == Run.Step.TAKE_BACK:
            return known
        raise RuleBroken(_("This import is still coming in. Stop it first."))
    run = Run.objects.create(
        office_id=batch.office_id,
        by=by,
        batch=batch,
        kind=batch.kind,
        step=Run.Step.TAKE_BACK,
        state=Run.State.WAITING,
        file_name=batch.file_name,
        total=batch.rows_made,
        asked_at=at,
        touched_at=at,
    )
    _asked(run, by=by, at=at)
    return run


@transaction.atomic
def stop(run: Run, *, by: "User", at: datetime) -> Run:
    """The worker leaves the rest. What came in so far stays, and can go on later or be taken back."""
    run = _held(run)
    if run.state == Run.State.WAITING:
        run.state, run.finished_at = Run.State.STOPPED, at
    elif run.state == Run.State.RUNNING:
        run.is_to_stop = True
    else:
        return run
    run.save(update_fields=["state", "finished_at", "is_to_stop"])
    record(events.STOPPED, about=run, by=by, at=at, step=run.step, done=run.done)
    return run


@transaction.atomic
def give_up(run: Run, *, by: "User", at: datetime) -> None:
    """Remove a file that is not to come in after all, or no more of it."""
    run = _held(run)
    if run.state in (Run.State.WAITING, Run.State.RUNNING):
        raise RuleBroken(_("A worker has this file in its hands. Stop it first."))
    record(events.GIVEN_UP, about=run, by=by, at=at, step=run.step)
    folder = run.folder
    run.delete()
    if folder and not Batch.objects.filter(office_id=run.office_id, errors_folder=folder).exists():
        transaction.on_commit(lambda: keeping.remove(folder))


def can_be_taken_back(batch: Batch, at: datetime) -> bool:
    """Whether the page still offers it."""
    return batch.undone_at is None and (batch.finished_at or batch.started_at) > at - TAKEN_BACK_WITHIN


def _held(run: Run) -> Run:
    return Run.objects.select_for_update().get(pk=run.pk)


def _ask(run: Run, step: str, *, by: "User", at: datetime) -> Run:
    run.by, run.step, run.state, run.problem = by, step, Run.State.WAITING, ""
    run.done, run.is_to_stop, run.asked_at, run.touched_at, run.finished_at = 0, False, at, at, None
    run.save()
    _asked(run, by=by, at=at)
    return run


def _asked(run: Run, *, by: "User", at: datetime) -> None:
    record(events.ASKED, about=run, by=by, at=at, kind=run.kind, step=run.step)
