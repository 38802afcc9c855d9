"""Who may see a case: restricted to named people, let in, kept out, and who looked at it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.cases import events
from wardbook.cases.actions import saving
from wardbook.cases.actions.people import assign
from wardbook.cases.models import Case, CaseAccess, CoAssignment, Document
from wardbook.journal.actions import record, remember_undo
from wardbook.journal.models import Event
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Membership

if TYPE_CHECKING:
    from wardbook.accounts.models import User


@transaction.atomic
def restrict(case: Case, *, by: "User", at: datetime) -> Case:
    """Only named people, and those whose role sees everything, see the case from now on (CA-15).

    Whoever restricts it is named, so that nobody locks themselves out.
    """
    case = saving.locked(case)
    if case.is_restricted:
        return case
    was = saving.state(case)
    case.is_restricted = True
    changed = saving.save(case, was, at=at)
    name_who_restricts(case, by=by, at=at)
    record(events.RESTRICTED, about=case, by=by, at=at)
    label = _("%(case)s restricted") % {"case": case.reference}
    saving.undo_fields([(case, changed)], by=by, at=at, label=label)
    return case


def name_who_restricts(case: Case, *, by: "User | None", at: datetime) -> None:
    """Whoever makes a case a restricted one goes on seeing it."""
    if by is not None:
        CaseAccess.objects.get_or_create(
            case=case, user=by, defaults={"grant": CaseAccess.Grant.READER, "at": at, "reason": ""}
        )


@transaction.atomic
def unrestrict(case: Case, *, by: "User", at: datetime) -> Case:
    """Open the case to everybody in the office whose role sees such cases."""
    case = saving.locked(case)
    was = saving.state(case)
    case.is_restricted = False
    changed = saving.save(case, was, at=at)
    if changed:
        record(events.UNRESTRICTED, about=case, by=by, at=at)
        label = _("%(case)s no longer restricted") % {"case": case.reference}
        saving.undo_fields([(case, changed)], by=by, at=at, label=label)
    return case


@transaction.atomic
def let_in(case: Case, user: "User", *, by: "User", at: datetime, reason: str = "") -> CaseAccess:
    """Name somebody who may see a restricted case."""
    return _grant(case, user, CaseAccess.Grant.READER, events.LET_IN, reason, by=by, at=at)


@transaction.atomic
def keep_out(case: Case, user: "User", *, by: "User", at: datetime, reason: str) -> CaseAccess:
    """Keep a colleague away from a case: their own, or a relative's (E28). Their part in it ends."""
    if user == by:
        raise RuleBroken(_("Somebody else must keep you out of a case. Ask your manager."))
    case = saving.locked(case)
    if case.owner_id == user.pk:
        assign(case, owner=None, team=case.owner_team, by=by, at=at)
    CoAssignment.objects.filter(case=case, user=user).delete()
    return _grant(case, user, CaseAccess.Grant.KEPT_OUT, events.KEPT_OUT, reason, by=by, at=at)


@transaction.atomic
def end_access(access: CaseAccess, *, by: "User", at: datetime) -> None:
    """Take back that somebody is let in or kept out."""
    case = saving.locked(access.case)
    access = CaseAccess.objects.select_for_update().get(pk=access.pk)
    if access.grant == CaseAccess.Grant.KEPT_OUT and access.user_id == by.pk:
        raise RuleBroken(_("Somebody else must let you back in."))
    record(events.ACCESS_ENDED, about=case, by=by, at=at, user=access.user_id, grant=access.grant)
    label = _("%(case)s: who may see it changed") % {"case": case.reference}
    _undo(access, access.grant, by=by, at=at, label=label)
    access.delete()


@transaction.atomic
def note_reading(case: Case, *, by: "User", at: datetime) -> None:
    """A restricted case was read: once an hour and person is enough evidence (E27)."""
    recent = Event.objects.about(case).filter(
        name=events.READ, by=by, at__gt=at.replace(minute=0, second=0, microsecond=0)
    )
    if not recent.exists():
        record(events.READ, about=case, by=by, at=at)


@transaction.atomic
def note_file_reading(document: Document, *, by: "User", at: datetime) -> None:
    """A file of a restricted case was downloaded."""
    if document.case and document.case.is_restricted:
        record(events.DOCUMENT_READ, about=document, by=by, at=at)


def _grant(case: Case, user: "User", grant: str, event: str, reason: str, *, by: "User", at: datetime) -> CaseAccess:
    case = saving.locked(case)
    if not Membership.objects.active().filter(office_id=case.office_id, user=user).exists():
        raise RuleBroken(_("%(name)s does not work in this office.") % {"name": user})
    known = CaseAccess.objects.filter(case=case, user=user).first()
    if known is not None and known.grant == grant:
        return known
    access, _made = CaseAccess.objects.update_or_create(
        case=case, user=user, defaults={"grant": grant, "reason": " ".join(reason.split())[:200], "at": at}
    )
    record(event, about=case, by=by, at=at, user=user.pk)
    label = _("%(case)s: who may see it changed") % {"case": case.reference}
    _undo(access, known.grant if known else "", by=by, at=at, label=label)
    return access


def _undo(access: CaseAccess, was: str, *, by: "User", at: datetime, label: str) -> None:
    payload = {"case": access.case_id, "user": access.user_id, "was": was, "reason": access.reason}
    remember_undo("case.access", office_id=access.case.office_id, by=by, at=at, label=label, payload=payload)
