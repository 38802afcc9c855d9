"""How the acts on cases are taken back. Registered by the app when it is ready."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from wardbook.cases import events
from wardbook.cases.actions import saving
from wardbook.cases.actions.deleting import restore
from wardbook.cases.models import Activity, Case, CaseTag
from wardbook.journal import inverses
from wardbook.journal.actions import record
from wardbook.journal.inverses import inverse
from wardbook.journal.models import Undo
from wardbook.lib.rules import RuleBroken

if TYPE_CHECKING:
    from wardbook.accounts.models import User


@inverse("case.fields")
def set_back(undo: Undo, by: "User", at: datetime) -> str:
    """Give fields the values they had, unless somebody changed one of them later."""
    for pk, changed in undo.payload["cases"]:
        case = Case.objects.select_for_update().get(pk=pk)
        was = saving.state(case)
        for name, (old, new) in changed.items():
            if saving.plain(getattr(case, name)) != new:
                raise RuleBroken(
                    _("%(case)s was changed later, so this cannot be undone.") % {"case": case.reference}
                )
            setattr(case, name, _column(name).to_python(old) if old is not None else None)
        case.closed_at = case.closed_at or None
        saving.save(case, was, at=at)
        record(events.UNDONE, about=case, by=by, at=at, undo=undo.pk, fields=sorted(changed))
    Activity.objects.filter(pk__in=undo.payload["activities"], state=Activity.State.CANCELLED).update(
        state=Activity.State.PLANNED, finished_at=None, finished_by=None
    )
    for case_id, added, removed in undo.payload["tags"]:
        case = Case.objects.get(pk=case_id)
        CaseTag.objects.filter(case=case, tag_id__in=added).delete()
        for tag_id in removed:
            CaseTag.objects.get_or_create(
                case=case, tag_id=tag_id, defaults={"office_id": case.office_id, "opened_on": case.opened_on}
            )
    for pk, _changed in undo.payload["cases"]:
        saving.refresh_next_step(Case.objects.get(pk=pk))
    return _("Undone: %(what)s") % {"what": undo.label}


@inverse("case.restore")
def take_out_of_bin(undo: Undo, by: "User", at: datetime) -> str:
    """Restore deleted cases."""
    for pk in undo.payload["cases"]:
        restore(Case.objects.get(pk=pk), by=by, at=at)
    return _("Undone: %(what)s") % {"what": undo.label}


@inverse("activity.state")
def plan_again(undo: Undo, by: "User", at: datetime) -> str:
    """A finished, moved or cancelled activity is planned again as it was."""
    activity = Activity.objects.select_for_update().get(pk=undo.payload["activity"])
    if activity.version != undo.payload["version"]:
        raise RuleBroken(_("“%(subject)s” was changed later.") % {"subject": activity.subject})
    activity.state, activity.happened_at = Activity.State.PLANNED, None
    activity.finished_at, activity.finished_by = None, None
    for name, old in undo.payload["was"].items():
        setattr(activity, name, activity._meta.get_field(name).to_python(old))
    activity.version += 1
    activity.save()
    if activity.case:
        saving.refresh_next_step(activity.case)
    record(events.UNDONE, about=activity, by=by, at=at, undo=undo.pk)
    return _("Undone: %(what)s") % {"what": undo.label}


@inverse("many")
def take_back_each(undo: Undo, by: "User", at: datetime) -> str:
    """A bulk act: each part by its own inverse, all or none."""
    for name, payload in undo.payload:
        part = Undo(
            office_id=undo.office_id,
            by=by,
            at=undo.at,
            inverse=name,
            label=undo.label,
            payload=payload,
            pk=undo.pk,
        )
        inverses.named(name)(part, by, at)
    return _("Undone: %(what)s") % {"what": undo.label}


def _column(name: str) -> Any:
    field = Case._meta.get_field(name.removesuffix("_id") if name.endswith("_id") else name)
    return field.target_field if field.is_relation else field
