"""Teams: people who share work."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.accounts.models import User
from wardbook.journal.actions import record
from wardbook.lib.rules import RuleBroken
from wardbook.offices import events
from wardbook.offices.models import Office, Team, TeamMember


@transaction.atomic
def create_team(
    office: Office,
    *,
    name: str,
    by: User | None,
    at: datetime,
    email: str = "",
    lead: User | None = None,
    is_triage: bool = False,
) -> Team:
    """A team without members yet; its lead is its first. Raises RuleBroken."""
    team = Team(office=office, name=name.strip(), email=email.strip(), lead=lead, is_triage=is_triage)
    _check(team)
    team.save(force_insert=True)
    record(events.TEAM_CREATED, about=team, by=by, at=at)
    if lead is not None:
        add_to_team(team, user=lead, by=by, at=at)
    return team


@transaction.atomic
def change_team(
    team: Team,
    *,
    name: str,
    email: str,
    lead: User | None,
    is_triage: bool,
    by: User | None,
    at: datetime,
) -> Team:
    """Name, shared address, lead, and whether it sorts what has no other team. Raises RuleBroken."""
    team = _locked(team)
    team.name, team.email, team.lead, team.is_triage = name.strip(), email.strip(), lead, is_triage
    _check(team)
    team.save(update_fields=["name", "email", "lead", "is_triage"])
    record(events.TEAM_CHANGED, about=team, by=by, at=at, lead=lead.pk if lead else None, is_triage=is_triage)
    if lead is not None and not team.team_members.filter(user=lead).exists():
        add_to_team(team, user=lead, by=by, at=at)
    return team


@transaction.atomic
def add_to_team(team: Team, *, user: User, by: User | None, at: datetime) -> TeamMember:
    """One more person in a team. Raises RuleBroken for somebody who does not belong to the office."""
    team = _locked(team)
    if team.retired_at:
        raise RuleBroken(_("The team %(name)s no longer works. Restore it first.") % {"name": team})
    _refuse_strangers(team.office, user)
    place, is_new = TeamMember.objects.get_or_create(team=team, user=user)
    if is_new:
        record(events.TEAM_JOINED, about=team, by=by, at=at, user=user.pk)
    return place


@transaction.atomic
def remove_from_team(team: Team, *, user: User, by: User | None, at: datetime) -> None:
    """One person less in a team; its lead first gives that up. Their own cases stay theirs. Raises RuleBroken."""
    team = _locked(team)
    if team.lead_id == user.pk:
        raise RuleBroken(_("%(name)s leads this team. Choose another lead first.") % {"name": user})
    removed, _rows = TeamMember.objects.filter(team=team, user=user).delete()
    if removed:
        record(events.TEAM_LEFT, about=team, by=by, at=at, user=user.pk)


@transaction.atomic
def retire_team(team: Team, *, by: User | None, at: datetime) -> Team:
    """The team takes no new work. Its cases stay visible and count as needing a new owner. Raises RuleBroken."""
    team = _locked(team)
    if team.is_triage:
        raise RuleBroken(_("What has no other team goes here. Let another team sort first."))
    if team.retired_at is None:
        team.retired_at = at
        team.save(update_fields=["retired_at"])
        record(events.TEAM_RETIRED, about=team, by=by, at=at)
    return team


@transaction.atomic
def restore_team(team: Team, *, by: User | None, at: datetime) -> Team:
    """The team takes work again."""
    team = _locked(team)
    if team.retired_at is not None:
        team.retired_at = None
        team.save(update_fields=["retired_at"])
        record(events.TEAM_RESTORED, about=team, by=by, at=at)
    return team


def _check(team: Team) -> None:
    if not team.name:
        raise RuleBroken(_("Enter a name for the team."))
    others = Team.objects.filter(office=team.office).exclude(pk=team.pk)
    if others.filter(name__iexact=team.name).exists():
        raise RuleBroken(_("There is a team of this name already."))
    if team.is_triage and others.filter(is_triage=True).exists():
        raise RuleBroken(_("Only one team can sort what has no other team."))
    if team.lead is not None:
        _refuse_strangers(team.office, team.lead)


def _refuse_strangers(office: Office, user: User) -> None:
    if not office.memberships.active().filter(user=user).exists():
        raise RuleBroken(_("Only somebody who belongs to this office can be in its teams."))


def _locked(team: Team) -> Team:
    return Team.objects.select_for_update(of=("self",)).select_related("office").get(pk=team.pk)
