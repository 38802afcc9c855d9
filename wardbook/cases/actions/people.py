"""Who works on a case, who takes part in it, who may see it."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.cases import events
from wardbook.cases.actions import saving
from wardbook.cases.actions.saving import same_office
from wardbook.cases.models import Case, CaseAccess, CoAssignment, Party
from wardbook.contacts.models import Contact
from wardbook.journal.actions import record, remember_undo
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Membership, Team
from wardbook.vocabulary.models import PartyRole

if TYPE_CHECKING:
    from wardbook.accounts.models import User


@transaction.atomic
def assign(
    case: Case,
    *,
    owner: "User | None",
    by: "User | None",
    at: datetime,
    team: Team | None = None,
    seen: int | None = None,
) -> Case:
    """Give a case to a person, a team or both; both None leaves it to nobody.

    Raises RuleBroken for somebody who does not work here, or who is kept out of the case.
    """
    case = saving.locked(case)
    saving.same_version(case, seen)
    if case.is_closed:
        raise RuleBroken(_("This case is closed. Reopen it first."))
    same_office(case.office, team)
    if owner is not None and owner.pk != case.owner_id:
        _can_work(case, owner)
    was = saving.state(case)
    case.owner, case.owner_team = owner, team
    if was["owner_id"] != case.owner_id:
        case.assigned_at, case.assigned_by = (at, by) if owner else (None, None)
    changed = saving.save(case, was, at=at)
    if changed:
        record(
            events.ASSIGNED,
            about=case,
            by=by,
            at=at,
            was=was["owner_id"],
            now=case.owner_id,
            team_was=was["owner_team_id"],
            team=case.owner_team_id,
        )
        whom = owner or team or _("nobody")
        label = _("%(case)s assigned to %(whom)s") % {"case": case.reference, "whom": whom}
        saving.undo_fields([(case, changed)], by=by, at=at, label=label)
    return case


@transaction.atomic
def claim(case: Case, *, by: "User", at: datetime) -> Case:
    """Take a case that nobody has. The first of two wins; raises RuleBroken naming who has it (R14)."""
    case = saving.locked(case)
    if case.owner_id not in (None, by.pk):
        raise RuleBroken(_("%(name)s took this case a moment ago.") % {"name": case.owner})
    return assign(case, owner=by, team=case.owner_team, by=by, at=at)


@transaction.atomic
def co_assign(case: Case, users: "list[User]", *, by: "User | None", at: datetime) -> Case:
    """Have exactly these people work on the case beside its owner."""
    case = saving.locked(case)
    wanted = {user.pk: user for user in users if user.pk != case.owner_id}
    known = set(CoAssignment.objects.filter(case=case).values_list("user_id", flat=True))
    for pk in wanted.keys() - known:
        _can_work(case, wanted[pk])
    added, removed = sorted(wanted.keys() - known), sorted(known - wanted.keys())
    if not added and not removed:
        return case
    CoAssignment.objects.filter(case=case, user_id__in=removed).delete()
    CoAssignment.objects.bulk_create(CoAssignment(case=case, user_id=pk, since=at) for pk in added)
    saving.touch(case, at)
    record(events.CO_ASSIGNED, about=case, by=by, at=at, added=added, removed=removed)
    label = _("%(case)s: colleagues on it changed") % {"case": case.reference}
    payload = {"case": case.pk, "added": added, "removed": removed}
    remember_undo("case.co_assign", office_id=case.office_id, by=by, at=at, label=label, payload=payload)
    return case


@transaction.atomic
def add_party(
    case: Case,
    *,
    role: PartyRole,
    by: "User | None",
    at: datetime,
    contact: Contact | None = None,
    user: "User | None" = None,
    their_reference: str = "",
    note: str = "",
    since: date | None = None,
) -> Party:
    """Attach somebody to a case in a role (S3.14). Raises RuleBroken if they are in that role already."""
    case = saving.locked(case)
    same_office(case.office, role, contact)
    if (contact is None) == (user is None):
        raise RuleBroken(_("Choose one person, organisation or colleague."))
    if user is not None and not Membership.objects.active().filter(office_id=case.office_id, user=user).exists():
        raise RuleBroken(_("%(name)s does not work in this office.") % {"name": user})
    if Party.objects.filter(case=case, role=role, contact=contact, user=user, until__isnull=True).exists():
        raise RuleBroken(_("They are on this case in that role already."))
    party = Party.objects.create(
        case=case,
        role=role,
        contact=contact,
        user=user,
        their_reference=their_reference.strip()[:80],
        note=note.strip()[:200],
        since=since or case.office.local_date(at),
    )
    saving.touch(case, at)
    record(
        events.PARTY_ADDED,
        about=case,
        by=by,
        at=at,
        party=party.pk,
        role=role.pk,
        contact=contact.pk if contact else None,
        user=user.pk if user else None,
    )
    label = _("%(name)s added to %(case)s") % {"name": contact or user, "case": case.reference}
    remember_undo("party.end", office_id=case.office_id, by=by, at=at, label=label, payload={"party": party.pk})
    return party


@transaction.atomic
def end_party(party: Party, *, by: "User | None", at: datetime) -> Party:
    """Somebody no longer has their role; that they had it stays on record."""
    case = saving.locked(party.case)
    party = Party.objects.select_for_update().get(pk=party.pk)
    if party.until is None:
        party.until = max(party.since, case.office.local_date(at))
        party.save(update_fields=["until"])
        saving.touch(case, at)
        record(events.PARTY_ENDED, about=case, by=by, at=at, party=party.pk, role=party.role_id)
        label = _("%(name)s taken off %(case)s") % {"name": party.contact or party.user, "case": case.reference}
        remember_undo(
            "party.return", office_id=case.office_id, by=by, at=at, label=label, payload={"party": party.pk}
        )
    return party


def _can_work(case: Case, user: "User") -> None:
    if not Membership.objects.staff().filter(office_id=case.office_id, user=user).exists():
        raise RuleBroken(_("%(name)s cannot be given cases in this office.") % {"name": user})
    if CaseAccess.objects.filter(case=case, user=user, grant=CaseAccess.Grant.KEPT_OUT).exists():
        raise RuleBroken(_("%(name)s is kept out of this case.") % {"name": user})
