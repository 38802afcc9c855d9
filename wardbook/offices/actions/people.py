"""Who works for an office and as what: joining, leaving, coming back, changing role."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.accounts import actions as account_actions
from wardbook.accounts.models import User
from wardbook.journal.actions import record
from wardbook.lib.rules import RuleBroken
from wardbook.offices import access, events
from wardbook.offices.models import Membership, Office, Representative, TeamMember

LETS_PEOPLE_IN = "settings.people"


@transaction.atomic
def add_member(
    office: Office, *, user: User, role: str, by: User | None, at: datetime, job_title: str = ""
) -> Membership:
    """Somebody works for an office from now on, or again. Raises RuleBroken."""
    refuse_grant(office, role=role, by=by)
    member, is_new = Membership.objects.select_for_update().get_or_create(
        office=office,
        user=user,
        defaults={"role": role, "job_title": job_title.strip(), "started_at": at},
    )
    if is_new:
        record(events.MEMBER_JOINED, about=member, by=by, at=at, user=user.pk, role=role)
        return member
    if member.ended_at is None:
        raise RuleBroken(_("%(name)s belongs to this office already.") % {"name": user})
    member.role, member.ended_at = role, None
    member.job_title = job_title.strip() or member.job_title
    member.save(update_fields=["role", "job_title", "ended_at"])
    record(events.MEMBER_RETURNED, about=member, by=by, at=at, user=user.pk, role=role)
    return member


@transaction.atomic
def change_role(member: Membership, *, role: str, by: User | None, at: datetime) -> Membership:
    """Another role in the office, from the next request on. Raises RuleBroken."""
    member = _locked(member)
    if member.role == role:
        return member
    refuse_power_over(member, by=by)
    refuse_grant(member.office, role=role, by=by)
    if LETS_PEOPLE_IN not in access.capabilities(role):
        _refuse_locking_everybody_out(member)
    was, member.role = member.role, role
    member.save(update_fields=["role"])
    record(events.ROLE_CHANGED, about=member, by=by, at=at, user=member.user_id, was=was, role=role)
    return member


@transaction.atomic
def change_job_title(member: Membership, *, job_title: str, by: User | None, at: datetime) -> Membership:
    """What the office calls the person's work; it changes no right."""
    member = _locked(member)
    refuse_power_over(member, by=by)
    if member.job_title != job_title.strip():
        member.job_title = job_title.strip()
        member.save(update_fields=["job_title"])
        record(events.JOB_TITLE_CHANGED, about=member, by=by, at=at, user=member.user_id)
    return member


@transaction.atomic
def deactivate_member(member: Membership, *, by: User | None, at: datetime) -> Membership:
    """Somebody leaves the office, or is on leave. What they did stays under their name (R2.5).

    Nothing is deleted. The person leaves the office's teams; with no office left they can't sign in.
    Raises RuleBroken.
    """
    member = _locked(member)
    if member.ended_at is not None:
        raise RuleBroken(_("%(name)s has left already.") % {"name": member.user})
    if by is not None and by.pk == member.user_id:
        raise RuleBroken(_("You can't shut yourself out. Ask a colleague who manages people."))
    refuse_power_over(member, by=by)
    _refuse_locking_everybody_out(member)
    member.ended_at = at
    member.save(update_fields=["ended_at"])
    for place in TeamMember.objects.filter(team__office=member.office, user_id=member.user_id).select_related("team"):
        record(events.TEAM_LEFT, about=place.team, by=by, at=at, user=member.user_id)
        place.delete()
    member.office.teams.filter(lead_id=member.user_id).update(lead=None)
    record(events.MEMBER_LEFT, about=member, by=by, at=at, user=member.user_id)
    if not Membership.objects.filter(user_id=member.user_id, ended_at__isnull=True).exists():
        account_actions.deactivate(member.user, at=at)
    return member


@transaction.atomic
def reactivate_member(member: Membership, *, by: User | None, at: datetime) -> Membership:
    """Back in the office in the role they had. Raises RuleBroken."""
    member = _locked(member)
    if member.is_active:
        raise RuleBroken(_("%(name)s belongs to this office already.") % {"name": member.user})
    refuse_grant(member.office, role=member.role, by=by)
    member.ended_at = None
    member.save(update_fields=["ended_at"])
    account_actions.reactivate(member.user, at=at)
    record(events.MEMBER_RETURNED, about=member, by=by, at=at, user=member.user_id, role=member.role)
    return member


@transaction.atomic
def sign_out_everywhere(member: Membership, *, by: User | None, at: datetime) -> int:
    """End every session of a colleague: a lost telephone, a shared password (H6). Returns how many there were."""
    refuse_power_over(member, by=by)
    ended = account_actions.end_sessions(member.user, at=at)
    record(events.MEMBER_SIGNED_OUT, about=member, by=by, at=at, user=member.user_id, sessions=ended)
    return ended


def remember_office(member: Membership, *, at: datetime) -> None:
    """Note which office somebody works in, so that the start page leads there. Not an act: not in the journal."""
    Membership.objects.filter(pk=member.pk).update(last_used_at=at)


def note_home_seen(member: Membership, *, at: datetime) -> None:
    """Somebody has seen what is new for them (S3.28). Not an act: not in the journal."""
    Membership.objects.filter(pk=member.pk).update(home_seen_at=at)


@transaction.atomic
def add_representative(
    office: Office, *, name: str, title: str = "", user: User | None = None, by: User | None, at: datetime
) -> Representative:
    """A member, legislator or councillor whom the office serves. Raises RuleBroken."""
    one = Representative(office=office, name=name.strip(), title=title.strip(), user=user)
    _check_representative(one)
    one.save(force_insert=True)
    record(events.REPRESENTATIVE_ADDED, about=one, by=by, at=at)
    return one


@transaction.atomic
def change_representative(
    one: Representative,
    *,
    name: str,
    title: str,
    user: User | None,
    ended_on: date | None,
    by: User | None,
    at: datetime,
) -> Representative:
    """Name, title, sign-in and last day of somebody the office serves. Raises RuleBroken."""
    one = Representative.objects.select_for_update(of=("self",)).select_related("office").get(pk=one.pk)
    one.name, one.title, one.user, one.ended_on = name.strip(), title.strip(), user, ended_on
    _check_representative(one)
    one.save(update_fields=["name", "title", "user", "ended_on"])
    record(events.REPRESENTATIVE_CHANGED, about=one, by=by, at=at)
    return one


def refuse_grant(office: Office, *, role: str, by: User | None) -> None:
    """Nobody gives a role above their own (A9); the command line, which has no `by`, gives any."""
    if role not in Membership.Role.values:
        raise RuleBroken(_("There is no such role."))
    if by is None:
        return
    giver = office.memberships.active().filter(user=by).first()
    if giver is None or not giver.can(LETS_PEOPLE_IN) or not access.may_grant(giver.role, role):
        raise RuleBroken(
            _("You can't give the role %(role)s. An administrator can.") % {"role": Membership.Role(role).label}
        )


def refuse_power_over(member: Membership, *, by: User | None) -> None:
    """Nobody changes a colleague whose role they could not give (A9)."""
    refuse_grant(member.office, role=member.role, by=by)


def _check_representative(one: Representative) -> None:
    if not one.name:
        raise RuleBroken(_("Enter a name."))
    others = Representative.objects.filter(office=one.office).exclude(pk=one.pk)
    if others.filter(name__iexact=one.name).exists():
        raise RuleBroken(_("This office serves somebody of that name already."))
    if one.user is not None and not one.office.memberships.active().filter(user=one.user).exists():
        raise RuleBroken(_("Only somebody who belongs to this office can be chosen."))


def _locked(member: Membership) -> Membership:
    return Membership.objects.select_for_update(of=("self",)).select_related("office", "user").get(pk=member.pk)


def _refuse_locking_everybody_out(member: Membership) -> None:
    """An office always keeps somebody who can let people in."""
    if not member.can(LETS_PEOPLE_IN):
        return
    others = member.office.memberships.active().exclude(pk=member.pk)
    if not others.filter(role__in=access.roles_with(LETS_PEOPLE_IN)).exists():
        raise RuleBroken(_("Somebody has to manage people. Give that role to a colleague first."))
