"""Status, closing, reopening."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from wardbook.cases import events, gate
from wardbook.cases.actions import editing, saving
from wardbook.cases.actions.notes import add_internal_note
from wardbook.cases.actions.opening import first_status
from wardbook.cases.models import Activity, Case
from wardbook.journal.actions import record
from wardbook.lib.rules import RuleBroken
from wardbook.vocabulary.models import Status, Tag

if TYPE_CHECKING:
    from wardbook.accounts.models import User

REVIEW_AFTER = timedelta(days=14)


class Unclassified(RuleBroken):
    """The office requires fields that the case does not have. `fields` names them (S4.13)."""

    def __init__(self, fields: list[str]) -> None:
        names = ", ".join(str(gate.LABELS[field]) for field in fields)
        super().__init__(_("Before the case can be closed, choose: %(fields)s.") % {"fields": names})
        self.fields = fields


@transaction.atomic
def close(
    case: Case,
    *,
    outcome: str,
    by: "User | None",
    at: datetime,
    note: str = "",
    keep: frozenset[int] = frozenset(),
    done: frozenset[int] = frozenset(),
    classify: Mapping[str, Any] | None = None,
    tags: Iterable[Tag] | None = None,
    status: Status | None = None,
    seen: int | None = None,
    closed_on: date | None = None,
) -> Case:
    """Close a case and say how it ended. Planned activities are cancelled with it, but for those in `keep`, and
    those in `done`, which are ticked off (S2.26). `classify` and `tags` are what the gate asks for (S4.13).

    Raises RuleBroken if it is closed already, Unclassified at the gate, Stale if `seen` is not its version.
    """
    case = saving.locked(case)
    saving.same_version(case, seen)
    if case.is_closed:
        raise RuleBroken(_("This case is already closed."))
    was, today = saving.state(case), case.office.local_date(at)
    was_status = case.status_id
    editing.put(case, dict(classify or {}), at=at)
    classified = {name: [saving.plain(old), saving.plain(getattr(case, name))] for name, old in was.items()}
    classified = {name: pair for name, pair in classified.items() if pair[0] != pair[1]}
    retagged = editing.put_tags(case, tags, by=by, at=at) if tags is not None else ([], [])
    if fields := gate.missing(case):
        raise Unclassified(fields)
    case.close(
        status=status or first_status(case.office, Status.Class.CLOSED),
        outcome=outcome,
        note=" ".join(note.split())[:300],
        at=at,
        today=closed_on or today,
    )
    changed = saving.save(case, was, at=at)
    if classified:
        editing.record_edit(case, classified, by=by, at=at)
    ended, ticked = _end_planned(case, keep=keep, done=done, by=by, at=at)
    record(
        events.CLOSED,
        about=case,
        by=by,
        at=at,
        was=was_status,
        now=case.status_id,
        outcome=outcome,
        ended=ended,
        done=ticked,
    )
    label = _("%(case)s closed") % {"case": case.reference}
    tag_changes = [(case.pk, *retagged)] if any(retagged) else []
    saving.undo_fields([(case, changed)], by=by, at=at, label=label, activities=[*ended, *ticked], tags=tag_changes)
    return case


def _end_planned(
    case: Case, *, keep: frozenset[int], done: frozenset[int], by: "User | None", at: datetime
) -> tuple[list[int], list[int]]:
    """What happens to the planned steps of a case that closes. Returns the ids (cancelled, ticked off)."""
    planned = list(
        Activity.objects.planned()
        .filter(case=case, deleted_at__isnull=True)
        .exclude(pk__in=keep)
        .values_list("pk", flat=True)
    )
    ticked = [pk for pk in planned if pk in done]
    ended = [pk for pk in planned if pk not in done]
    finished: dict[str, Any] = {"finished_at": at, "finished_by": by, "version": F("version") + 1}
    Activity.objects.filter(pk__in=ended).update(state=Activity.State.CANCELLED, **finished)
    Activity.objects.filter(pk__in=ticked).update(state=Activity.State.DONE, happened_at=at, **finished)
    return ended, ticked


@transaction.atomic
def reopen(case: Case, *, by: "User | None", at: datetime, reason: str = "", status: Status | None = None) -> Case:
    """Take a closed case up again; earlier closings stay in the journal (S2.28). Raises RuleBroken if it is open."""
    case = saving.locked(case)
    was, was_outcome = saving.state(case), case.outcome
    case.reopen(status=status or first_status(case.office, Status.Class.OPEN), at=at)
    changed = saving.save(case, was, at=at)
    saving.refresh_next_step(case)
    record(
        events.REOPENED,
        about=case,
        by=by,
        at=at,
        was=was_outcome,
        now=case.status_id,
        count=case.reopen_count,
    )
    if reason and by:
        add_internal_note(case, text=_("Reopened: %(reason)s") % {"reason": reason}, by=by, at=at)
    label = _("%(case)s reopened") % {"case": case.reference}
    saving.undo_fields([(case, changed)], by=by, at=at, label=label)
    return case


@transaction.atomic
def set_status(
    case: Case,
    status: Status,
    *,
    by: "User | None",
    at: datetime,
    review_on: date | None = None,
    reason: str = "",
    seen: int | None = None,
) -> Case:
    """Give a case another status. On hold comes back for review after 14 days unless told otherwise (S1.22);
    the reason, if there is one, becomes a note for the office.

    A closed case given an open status is reopened (S2.28). Closing needs an outcome: raises RuleBroken.
    """
    case = saving.locked(case)
    saving.same_version(case, seen)
    if case.is_closed and status.status_class != Status.Class.CLOSED:
        return reopen(case, by=by, at=at, status=status, reason=reason)
    if case.status_id == status.pk and review_on in (None, case.review_on):
        return case
    was, was_status = saving.state(case), case.status_id
    today = case.office.local_date(at)
    case.stand(status, review_on=review_on or today + REVIEW_AFTER)
    changed = saving.save(case, was, at=at)
    record(
        events.STATUS_CHANGED,
        about=case,
        by=by,
        at=at,
        was=was_status,
        now=status.pk,
        review_on=case.review_on.isoformat() if case.review_on else None,
    )
    if reason and by:
        add_internal_note(
            case, text=_("%(status)s: %(reason)s") % {"status": status.name, "reason": reason}, by=by, at=at
        )
    label = _("%(case)s: %(status)s") % {"case": case.reference, "status": status.name}
    saving.undo_fields([(case, changed)], by=by, at=at, label=label)
    return case
