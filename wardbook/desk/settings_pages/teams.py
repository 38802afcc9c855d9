"""Teams: who is in them, who leads, which one sorts what has no other."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_http_methods, require_POST

from wardbook.cases.models import Case
from wardbook.desk.fields import ColleagueField, LineField
from wardbook.desk.settings_pages.frame import fingerprint, keep, show
from wardbook.lib.respond import done
from wardbook.lib.rules import RuleBroken
from wardbook.offices import actions as office_actions
from wardbook.offices.middleware import Request
from wardbook.offices.models import Membership, Team


class TeamForm(forms.Form):
    """Name, shared address, lead, triage."""

    name = LineField(label=_later("Name"), max_length=120, missing=_later("Enter a name for the team."))
    email = forms.EmailField(
        label=_later("Shared address"),
        max_length=254,
        required=False,
        error_messages={"invalid": _later("Enter an email address, like housing@example.org.")},
    )
    lead = ColleagueField(label=_later("Lead"), required=False, empty_label=_later("Nobody"))
    is_triage = forms.BooleanField(
        label=_later("Sorts what has no other team"),
        required=False,
        help_text=_later("Only one team can. Cases that nobody has go there."),
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["lead"], member)

    def cleaned_team(self) -> dict[str, Any]:
        """What the actions take: the lead as a person."""
        lead = self.cleaned_data["lead"]
        return {**self.cleaned_data, "lead": lead.user if lead else None}


class JoinForm(forms.Form):
    """Who joins a team."""

    user = ColleagueField(label=_later("Add a colleague"))

    def __init__(self, *args: Any, member: Membership, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["user"], member, without=team)


@require_http_methods(["GET", "POST"])
def teams_page(request: Request, office: str) -> HttpResponse:
    """All teams; POST makes one."""
    form = TeamForm(request.POST if request.method == "POST" else None, member=request.member)
    if form.is_valid():
        try:
            team = office_actions.create_team(
                request.office, **form.cleaned_team(), by=request.user, at=timezone.now()
            )
        except RuleBroken as refusal:
            form.add_error("name", str(refusal))
        else:
            text = _("%(team)s is made. Add its people.") % {"team": team.name}
            return done(request, reverse("desk:team", args=[office, team.pk]), text)
    teams = Team.objects.visible_to(request.member).select_related("lead").annotate(people=Count("team_members"))
    context = {
        "form": form,
        "teams": teams.filter(retired_at__isnull=True),
        "retired": teams.filter(retired_at__isnull=False),
    }
    return show(request, "desk/settings/teams.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def team_page(request: Request, office: str, pk: int) -> HttpResponse:
    """One team; POST changes what it is."""
    team = _team(request, pk)
    current = {"name": team.name, "email": team.email, "lead": team.lead_id, "is_triage": team.is_triage}
    form = TeamForm(request.POST if request.method == "POST" else None, member=request.member, initial=current)

    def act() -> None:
        office_actions.change_team(team, **form.cleaned_team(), by=request.user, at=timezone.now())

    answer = keep(
        request,
        form,
        current,
        team,
        act,
        page=reverse("desk:team", args=[office, pk]),
        wrong="name",
    )
    if answer is not None:
        return answer
    join = JoinForm(member=request.member, team=team)
    return _page(request, team, form, join, request.POST.get("version") or fingerprint(current))


@require_POST
def join(request: Request, office: str, pk: int) -> HttpResponse:
    """One more person in the team."""
    team = _team(request, pk)
    form = JoinForm(request.POST, member=request.member, team=team)
    if form.is_valid():
        try:
            user = form.cleaned_data["user"].user
            office_actions.add_to_team(team, user=user, by=request.user, at=timezone.now())
        except RuleBroken as refusal:
            form.add_error("user", str(refusal))
        else:
            text = _("%(name)s is in %(team)s.") % {"name": user, "team": team.name}
            return done(request, reverse("desk:team", args=[office, pk]), text)
    current = {"name": team.name, "email": team.email, "lead": team.lead_id, "is_triage": team.is_triage}
    return _page(request, team, TeamForm(member=request.member, initial=current), form, fingerprint(current))


@require_POST
def part(request: Request, office: str, pk: int, user: int) -> HttpResponse:
    """One person less in the team."""
    team = _team(request, pk)
    place = get_object_or_404(team.team_members.select_related("user"), user_id=user)
    url = reverse("desk:team", args=[office, pk])
    try:
        office_actions.remove_from_team(team, user=place.user, by=request.user, at=timezone.now())
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, url)
    return done(request, url, _("%(name)s is no longer in %(team)s.") % {"name": place.user, "team": team.name})


@require_POST
def retirement(request: Request, office: str, pk: int) -> HttpResponse:
    """The team takes no new work, or takes it again."""
    team, at = _team(request, pk), timezone.now()
    url = reverse("desk:team", args=[office, pk])
    try:
        if team.retired_at:
            office_actions.restore_team(team, by=request.user, at=at)
            return done(request, url, _("%(team)s works again.") % {"team": team.name})
        office_actions.retire_team(team, by=request.user, at=at)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, url)
    return done(request, url, _("%(team)s is retired.") % {"team": team.name})


def _page(request: Request, team: Team, form: TeamForm, join_form: JoinForm, version: str) -> HttpResponse:
    context = {
        "team": team,
        "form": form,
        "join_form": join_form,
        "version": version,
        "people": team.team_members.select_related("user").order_by("user__name"),
        "open_cases": Case.objects.open().filter(owner_team=team, deleted_at__isnull=True).count(),
    }
    status = 422 if form.errors or join_form.errors else 200
    return show(request, "desk/settings/team.html", context, status=status)


def _team(request: Request, pk: int) -> Team:
    return get_object_or_404(Team.objects.visible_to(request.member).select_related("lead", "office"), pk=pk)


def _offer(field: forms.Field, member: Membership, without: Team | None = None) -> None:
    assert isinstance(field, ColleagueField)
    people = Membership.objects.active().filter(office_id=member.office_id).select_related("user")
    if without is not None:
        people = people.filter(~Q(user__team_memberships__team=without))
    field.queryset = people.order_by("user__name")
