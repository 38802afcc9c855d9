"""Acts on many cases, done in parts by a worker. The row is the truth; a task is only a nudge to look at it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.cases import actions as case_actions
from wardbook.cases.models import Case
from wardbook.desk import events
from wardbook.desk.bulk.acts import ACTS
from wardbook.desk.models import BulkRun
from wardbook.journal import inverses
from wardbook.journal.actions import record, remember_undo
from wardbook.journal.inverses import inverse
from wardbook.journal.models import Undo
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Membership

if TYPE_CHECKING:
    from wardbook.accounts.models import User

AT_A_TIME = 40
"""Cases in one transaction: SQLite has one writer, and nobody should wait long for it."""
ABANDONED_AFTER = timedelta(minutes=2)
UNDO = "undo"


@transaction.atomic
def start(
    member: Membership,
    *,
    act: str,
    items: list[Any],
    arguments: dict[str, Any],
    label: str,
    query: str,
    by: User,
    at: datetime,
) -> BulkRun:
    """Write down what is to be done. A reaction asks a worker to begin."""
    run = BulkRun.objects.create(
        office_id=member.office_id,
        by=by,
        act=act,
        label=label[:200],
        arguments=arguments,
        items=items,
        query=query[:4000],
        started_at=at,
        touched_at=at,
    )
    record(events.BULK_STARTED, about=run, by=by, at=at, act=act, count=len(items))
    return run


@transaction.atomic
def go_on(pk: int, *, at: datetime) -> bool:
    """Do the next part of a run. False when there is nothing more to do."""
    run = BulkRun.objects.select_for_update().filter(pk=pk, finished_at__isnull=True).select_related("by").first()
    if run is None:
        return False
    part = run.items[run.position : run.position + AT_A_TIME]
    if part:
        try:
            _do(run, part, at)
        except RuleBroken as refusal:
            # What all of them need is gone: the colleague, the status, the person's own place in the office.
            run.refused += [["", str(refusal)] for _item in run.items[run.position :]]
            run.position = run.total
    run.position = min(run.total, run.position + len(part))
    run.touched_at = at
    if run.position >= run.total:
        _finish(run, at)
    run.save()
    return run.finished_at is None


@transaction.atomic
def stop(run: BulkRun, *, by: User, at: datetime) -> BulkRun:
    """Leave the rest as it is. What is done can be undone."""
    run = BulkRun.objects.select_for_update().get(pk=run.pk)
    if run.finished_at is None:
        record(events.BULK_STOPPED, about=run, by=by, at=at, done=run.done, left=run.total - run.position)
        run.items = run.items[: run.position]
        _finish(run, at)
        run.save()
    return run


def _do(run: BulkRun, part: list[Any], at: datetime) -> None:
    if run.act == UNDO:
        _take_back(run, part, at)
        return
    member = Membership.objects.active().filter(office_id=run.office_id, user_id=run.by_id).first()
    if member is None:
        raise RuleBroken(_("You no longer work in this office."))
    deed, _what = ACTS[run.act].prepare(run.office, run.arguments)
    cases = list(Case.objects.visible_to(member).filter(pk__in=part).select_related("office"))
    result = case_actions.in_bulk(cases, deed, by=run.by, at=at, label=run.label)
    run.done += len(result.done)
    run.refused += [[case.reference, reason] for case, reason in result.refused]
    run.refused += [["", _("The case is no longer there for you.")]] * (len(part) - len(cases))
    if result.undo:
        run.undos.append(result.undo)


def _take_back(run: BulkRun, part: list[Any], at: datetime) -> None:
    """Parts of an undo, each by its own inverse; what was changed later stays."""
    for name, payload, done_at in part:
        piece = Undo(
            office_id=run.office_id,
            by=run.by,
            at=datetime.fromisoformat(done_at),
            inverse=name,
            label=run.label,
            payload=payload,
        )
        try:
            with transaction.atomic():
                inverses.named(name)(piece, run.by, at)
        except RuleBroken as refusal:
            run.refused.append(["", str(refusal)])
        else:
            run.done += 1


def _finish(run: BulkRun, at: datetime) -> None:
    """The undos of the parts become one."""
    run.finished_at = at
    undos = list(Undo.objects.filter(pk__in=run.undos, undone_at__isnull=True).order_by("-pk"))
    parts = [[name, payload, undo.at.isoformat()] for undo in undos for name, payload in undo.payload]
    if parts:
        whole = remember_undo(
            "bulk", office_id=run.office_id, by=run.by, at=at, label=run.label, payload={"parts": parts}
        )
        run.undos = [whole.pk] if whole else []
        Undo.objects.filter(pk__in=[undo.pk for undo in undos]).delete()
    record(events.BULK_FINISHED, about=run, by=run.by, at=at, done=run.done, refused=len(run.refused))


@inverse("bulk")
def take_back_in_background(undo: Undo, by: User, at: datetime) -> str:
    """What took a worker to do takes a worker to undo."""
    member = Membership.objects.active().get(office_id=undo.office_id, user=by)
    label = _("Undo: %(what)s") % {"what": undo.label}
    start(
        member,
        act=UNDO,
        items=undo.payload["parts"],
        arguments={},
        label=label,
        query="",
        by=by,
        at=at,
    )
    return _("Being undone: %(what)s. It takes a moment.") % {"what": undo.label}
