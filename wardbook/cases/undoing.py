"""How the acts on cases are taken back. Registered by the app when it is ready."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from wardbook.cases import events, readers
from wardbook.cases.actions import planning, saving
from wardbook.cases.actions.deleting import delete, restore
from wardbook.cases.actions.linking import link_cases, unlink_cases
from wardbook.cases.actions.people import co_assign, end_party
from wardbook.cases.actions.places import add_place, remove_place
from wardbook.cases.models import (
    Activity,
    Case,
    CaseAccess,
    CaseLink,
    CaseLocation,
    CaseTag,
    CoAssignment,
    Document,
    Party,
)
from wardbook.journal import inverses
from wardbook.journal.actions import record
from wardbook.journal.inverses import inverse
from wardbook.journal.models import Undo
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Ward

if TYPE_CHECKING:
    from wardbook.accounts.models import User


@inverse("case.fields")
def set_back(undo: Undo, by: "User", at: datetime) -> str:
    """Give fields the values they had, unless somebody changed one of them later."""
    for pk, changed in undo.payload["cases"]:
        case = _held(pk, by)
        was = saving.state(case)
        for name, (old, new) in changed.items():
            if saving.plain(getattr(case, name)) != new:
                raise RuleBroken(
                    _("%(case)s was changed later, so this cannot be undone.") % {"case": case.reference}
                )
            setattr(case, name, _read(Case, name, old))
        saving.save(case, was, at=at)
        record(events.UNDONE, about=case, by=by, at=at, undo=undo.pk, fields=sorted(changed))
    ended = Activity.objects.filter(pk__in=undo.payload["activities"], finished_at=undo.at)
    ended.exclude(state=Activity.State.PLANNED).update(
        state=Activity.State.PLANNED,
        happened_at=None,
        finished_at=None,
        finished_by=None,
        version=models.F("version") + 1,
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
    return _said(undo)


@inverse("case.restore")
def take_out_of_bin(undo: Undo, by: "User", at: datetime) -> str:
    """Restore deleted cases."""
    for pk in undo.payload["cases"]:
        restore(Case.objects.get(pk=pk), by=by, at=at)
    return _said(undo)


@inverse("case.bin")
def put_into_bin(undo: Undo, by: "User", at: datetime) -> str:
    """A case that was opened goes into the bin, unless others have worked on it since."""
    case = _held(undo.payload["case"], by)
    if case.version > 1 or case.last_activity_at > undo.at:
        raise RuleBroken(_("%(case)s was worked on since. Delete it instead.") % {"case": case.reference})
    delete(case, by=by, at=at)
    return _said(undo)


@inverse("case.co_assign")
def co_assign_as_before(undo: Undo, by: "User", at: datetime) -> str:
    """Those who joined leave, those who left come back."""
    case = _held(undo.payload["case"], by)
    users = {a.user_id: a.user for a in CoAssignment.objects.filter(case=case).select_related("user")}
    wanted = [user for pk, user in users.items() if pk not in undo.payload["added"]]
    from wardbook.accounts.models import User

    co_assign(case, [*wanted, *User.objects.filter(pk__in=undo.payload["removed"])], by=by, at=at)
    return _said(undo)


@inverse("case.access")
def access_as_before(undo: Undo, by: "User", at: datetime) -> str:
    """Letting in and keeping out, set back to what it was."""
    case = _held(undo.payload["case"], by)
    user, was = undo.payload["user"], undo.payload["was"]
    if was:
        CaseAccess.objects.update_or_create(
            case=case, user_id=user, defaults={"grant": was, "reason": undo.payload["reason"], "at": at}
        )
    else:
        CaseAccess.objects.filter(case=case, user_id=user).delete()
    record(events.UNDONE, about=case, by=by, at=at, undo=undo.pk, fields=["access"])
    return _said(undo)


@inverse("party.end")
def end_again(undo: Undo, by: "User", at: datetime) -> str:
    """Somebody who was added to a case is taken off."""
    party = Party.objects.select_related("case").get(pk=undo.payload["party"])
    _held(party.case_id, by)
    end_party(party, by=by, at=at)
    return _said(undo)


@inverse("party.return")
def return_to_role(undo: Undo, by: "User", at: datetime) -> str:
    """Somebody who was taken off a case has their role again."""
    party = Party.objects.select_related("case").get(pk=undo.payload["party"])
    case = _held(party.case_id, by)
    there = Party.objects.filter(case=case, role=party.role_id, contact=party.contact_id, user=party.user_id)
    if there.filter(until__isnull=True).exists():
        raise RuleBroken(_("They are on this case in that role already."))
    party.until = None
    party.save(update_fields=["until"])
    record(events.UNDONE, about=case, by=by, at=at, undo=undo.pk, fields=["parties"])
    return _said(undo)


@inverse("place.remove")
def take_place_off(undo: Undo, by: "User", at: datetime) -> str:
    """A place that was added is taken off."""
    place = CaseLocation.objects.filter(pk=undo.payload["place"]).first()
    if place is None:
        raise RuleBroken(_("The place is gone already."))
    _held(place.case_id, by)
    remove_place(place, by=by, at=at)
    return _said(undo)


@inverse("place.return")
def put_place_back(undo: Undo, by: "User", at: datetime) -> str:
    """A place that was taken off is there again."""
    case, was = _held(undo.payload["case"], by), undo.payload["place"]
    add_place(
        case,
        text=was["text"],
        postcode=was["postcode"],
        latitude=Decimal(was["latitude"]) if was["latitude"] else None,
        longitude=Decimal(was["longitude"]) if was["longitude"] else None,
        ward=Ward.objects.filter(pk=was["ward"]).first(),
        by=by,
        at=at,
    )
    return _said(undo)


@inverse("case.unlink")
def take_link_away(undo: Undo, by: "User", at: datetime) -> str:
    """Two cases that were linked no longer are."""
    link = CaseLink.objects.select_related("case").filter(pk=undo.payload["link"]).first()
    if link is not None:
        _held(link.case_id, by)
        unlink_cases(link, by=by, at=at)
    return _said(undo)


@inverse("case.link")
def put_link_back(undo: Undo, by: "User", at: datetime) -> str:
    """Two cases whose link was taken away belong together again."""
    case, to = _held(undo.payload["case"], by), _held(undo.payload["to"], by)
    link_cases(case, to, why=undo.payload["why"], by=by, at=at)
    return _said(undo)


@inverse("document.return")
def put_document_back(undo: Undo, by: "User", at: datetime) -> str:
    """A file that was taken off is on its entry again."""
    document = Document.objects.select_for_update().get(pk=undo.payload["document"])
    if document.case_id:
        _held(document.case_id, by)
    document.deleted_at = None
    document.save(update_fields=["deleted_at"])
    record(events.UNDONE, about=document, by=by, at=at, undo=undo.pk)
    return _said(undo)


@inverse("activity.fields")
def set_activity_back(undo: Undo, by: "User", at: datetime) -> str:
    """A finished, moved, cancelled or edited activity is as it was, unless somebody changed it later."""
    activity = Activity.objects.select_for_update().get(pk=undo.payload["activity"])
    now, changed = planning.plain_state(activity), undo.payload["changed"]
    # What it would overwrite is compared, not the version: what came and went meanwhile does not stand in the way.
    if activity.deleted_at or any(now[name] != new for name, (_old, new) in changed.items()):
        raise RuleBroken(_("“%(subject)s” was changed later.") % {"subject": activity.subject})
    if activity.case_id:
        _held(activity.case_id, by)
    for name, (old, _new) in changed.items():
        setattr(activity, name, _read(Activity, name, old))
    activity.version += 1
    activity.save()
    if activity.case:
        saving.refresh_next_step(activity.case)
    record(events.UNDONE, about=activity, by=by, at=at, undo=undo.pk)
    return _said(undo)


@inverse("activity.remove")
def take_activities_away(undo: Undo, by: "User", at: datetime) -> str:
    """New activities are taken away again, unless somebody changed one."""
    for pk, was in undo.payload["activities"]:
        activity = Activity.objects.select_for_update().get(pk=pk)
        if planning.plain_state(activity) != was:
            raise RuleBroken(_("“%(subject)s” was changed later.") % {"subject": activity.subject})
        if activity.case_id:
            _held(activity.case_id, by)
        activity.deleted_at = at
        activity.version += 1
        activity.save(update_fields=["deleted_at", "version"])
        if activity.case:
            saving.refresh_next_step(activity.case)
        record(events.UNDONE, about=activity, by=by, at=at, undo=undo.pk)
    return _said(undo)


@inverse("activity.unfile")
def take_off_case(undo: Undo, by: "User", at: datetime) -> str:
    """Activities that were filed on a case stand alone again."""
    case = _held(undo.payload["case"], by)
    for activity in Activity.objects.select_for_update().filter(pk__in=undo.payload["activities"], case=case):
        activity.case = None
        activity.version += 1
        activity.save(update_fields=["case", "version"])
        activity.documents.update(case=None)
        record(events.UNDONE, about=activity, by=by, at=at, undo=undo.pk)
    saving.refresh_next_step(case)
    return _said(undo)


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
    return _said(undo)


def _held(pk: int, by: "User") -> Case:
    """The case, held. Whoever may no longer see it cannot take back what they did to it, nor if it is gone."""
    case = Case.objects.select_for_update().filter(pk=pk).first()
    if case is None or case.deleted_at or not readers.can_see(case, by):
        raise RuleBroken(_("The case is no longer there for you."))
    return case


def _read(model: type[models.Model], name: str, plain: Any) -> Any:
    """A column's value from how JSON keeps it."""
    if plain is None:
        return None
    field = model._meta.get_field(name.removesuffix("_id"))
    column = field.target_field if isinstance(field, models.ForeignKey) else field
    assert isinstance(column, models.Field)
    return column.to_python(plain)


def _said(undo: Undo) -> str:
    return _("Undone: %(what)s") % {"what": undo.label}
