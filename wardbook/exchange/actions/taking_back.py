"""An import is taken back: everything of it that nobody has touched since."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _

from wardbook.cases import events as case_events
from wardbook.cases.models import Case, Draft
from wardbook.contacts import events as contact_events
from wardbook.contacts.models import Contact
from wardbook.exchange import events
from wardbook.exchange.models import Batch
from wardbook.journal.actions import Line, record, record_many
from wardbook.journal.models import Event
from wardbook.lib.rules import RuleBroken
from wardbook.offices import events as office_events
from wardbook.vocabulary import events as vocabulary_events

if TYPE_CHECKING:
    from wardbook.accounts.models import User

AT_ONCE = 500

# What the import itself wrote about a thing, and looking at a case: neither is touching it.
_OURS = frozenset(
    {case_events.IMPORTED, case_events.READ, contact_events.ADDED, vocabulary_events.ADDED, events.WARD_ADDED}
    | {office_events.TEAM_CREATED, office_events.REPRESENTATIVE_ADDED}
)


class Stayed(NamedTuple):
    """Something that was not taken back, and why."""

    what: str
    why: str


@dataclass
class TakenBack:
    """What came of taking an import back."""

    cases: int = 0
    people: int = 0
    values: int = 0
    stayed: list[Stayed] = field(default_factory=list)


def take_back(
    batch: Batch, *, by: "User | None", at: datetime, progress: Callable[[int], None] | None = None
) -> TakenBack:
    """Remove what a batch brought in and nobody has touched since; only its lines in the journal remain.

    In steps of 500, each in its own transaction. `progress` is told how many cases were looked at.
    Raises RuleBroken when nothing of the batch is left.
    """
    if not Case.objects.filter(batch_id=batch.pk).exists() and not batch.made.exists():
        raise RuleBroken(_("Nothing of this import is left."))
    taken = TakenBack()
    last = 0
    while True:
        with transaction.atomic():
            step = Case.objects.filter(office_id=batch.office_id, batch_id=batch.pk, pk__gt=last).order_by("pk")
            cases = list(step.select_for_update()[:AT_ONCE])
            if not cases:
                break
            last = cases[-1].pk
            _take_cases(batch, cases, taken, by=by, at=at)
        if progress:
            progress(len(cases))
    with transaction.atomic():
        _take_made(batch, taken, by=by, at=at)
        batch.undone_at = at
        batch.save(update_fields=["undone_at"])
        record(
            events.TAKEN_BACK,
            about=batch,
            by=by,
            at=at,
            cases=taken.cases,
            people=taken.people,
            values=taken.values,
            stayed=len(taken.stayed),
        )
    return taken


def _take_cases(batch: Batch, cases: list[Case], taken: TakenBack, *, by: "User | None", at: datetime) -> None:
    touched = _touched_cases(cases)
    goes = [case for case in cases if case.pk not in touched]
    taken.stayed += [
        Stayed(f"{case.reference} {case.description}", touched[case.pk]) for case in cases if case.pk in touched
    ]
    facts = {"batch": batch.pk}
    record_many([Line(case_events.IMPORT_TAKEN_BACK, case, facts) for case in goes], by=by, at=at, react=False)
    Case.objects.filter(pk__in=[case.pk for case in goes]).delete()
    taken.cases += len(goes)


def _touched_cases(cases: list[Case]) -> dict[int, str]:
    """Case to the reason why it stays."""
    ids = [case.pk for case in cases]
    why: dict[int, str] = {case.pk: _("it was changed since") for case in cases if case.version != 1}
    for pk in Draft.objects.filter(case_id__in=ids).values_list("case_id", flat=True):
        why[pk] = _("somebody is writing something on it")
    later = Event.objects.filter(case_id__in=ids).exclude(name__in=_OURS).select_related("by").order_by("number")
    for event in later:
        assert event.case_id is not None
        why[event.case_id] = _why(event)
    return why


def _why(event: Event) -> str:
    facts = {"day": f"{event.at:%Y-%m-%d}", "what": event.name}
    if event.by is None:
        return _("it was touched on %(day)s (%(what)s)") % facts
    return _("%(who)s touched it on %(day)s (%(what)s)") % (facts | {"who": event.by})


def _take_made(batch: Batch, taken: TakenBack, *, by: "User | None", at: datetime) -> None:
    # The last made first: a category lies under the policy area that was made before it.
    for made in batch.made.order_by("-pk"):
        model = apps.get_model(made.model)
        thing = model._default_manager.filter(pk=made.object_id, office_id=batch.office_id).first()
        if thing is None:
            made.delete()
            continue
        why = _touched(thing) or _removed(thing, batch, by=by, at=at)
        if why:
            taken.stayed.append(Stayed(f"{model._meta.verbose_name.capitalize()} “{thing}”", why))
            continue
        made.delete()
        if model is Contact:
            taken.people += 1
        else:
            taken.values += 1


def _touched(thing: Any) -> str:
    later = Event.objects.about(thing).exclude(name__in=_OURS).select_related("by").order_by("-number").first()
    if later:
        return _why(later)
    return _("it was changed since") if getattr(thing, "version", 1) != 1 else ""


def _removed(thing: Any, batch: Batch, *, by: "User | None", at: datetime) -> str:
    """Why the thing could not be removed, or nothing."""
    name = events.CONTACT_TAKEN_BACK if isinstance(thing, Contact) else events.VALUE_TAKEN_BACK
    try:
        with transaction.atomic():
            record(name, about=thing, by=by, at=at, batch=batch.pk)
            thing.delete()
    except ProtectedError as refusal:
        return _("it is used: %(by)s") % {"by": _listed(refusal.protected_objects)}
    return ""


def _listed(things: Iterable[Model]) -> str:
    found = [str(thing) for thing in things]
    more = _(" and %(count)d more") % {"count": len(found) - 3} if len(found) > 3 else ""
    return ", ".join(found[:3]) + more
