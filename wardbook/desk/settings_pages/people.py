"""Who works in the office: invite, change role, sign out, leave and come back, and who takes over what they had."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from wardbook.cases import actions as case_actions
from wardbook.cases import holdings
from wardbook.desk.fields import ColleagueField, LineField
from wardbook.desk.settings_pages.frame import show
from wardbook.journal.offering import undo_address
from wardbook.lib.respond import done
from wardbook.lib.rules import RuleBroken
from wardbook.offices import access
from wardbook.offices import actions as office_actions
from wardbook.offices.forms import InvitationForm, roles_to_give
from wardbook.offices.middleware import Request
from wardbook.offices.models import Invitation, Membership, Office, TeamMember


class MemberForm(forms.Form):
    """What a colleague is here. Call with who changes it: nobody gives a role above their own (A9)."""

    role = forms.ChoiceField(
        label=_later("Role"),
        error_messages={"required": _later("Choose a role."), "invalid_choice": _later("Choose one of these roles.")},
    )
    job_title = LineField(label=_later("Job title"), max_length=120, required=False)

    def __init__(self, *args: Any, giver: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = roles_to_give(giver)


class HandOverForm(forms.Form):
    """Who takes over what a colleague has."""

    to = ColleagueField(label=_later("Give everything to"))

    def __init__(self, *args: Any, holder: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = Membership.objects.staff().filter(office_id=holder.office_id).exclude(pk=holder.pk)
        to = self.fields["to"]
        assert isinstance(to, ColleagueField)
        to.queryset = staff.select_related("user").order_by("user__name")


@require_http_methods(["GET", "POST"])
def people_page(request: Request, office: str) -> HttpResponse:
    """Who works here, who is invited; POST invites."""
    is_council = request.office.profile == Office.Profile.COUNCIL
    usual = Membership.Role.SERVICE if is_council else Membership.Role.CASEWORKER
    form = InvitationForm(
        request.POST if request.method == "POST" else None, giver=request.member, initial={"role": usual}
    )
    if form.is_valid():
        try:
            office_actions.invite(request.office, by=request.user, at=timezone.now(), **form.cleaned_data)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            text = _("Invited %(email)s. The link in the mail is good for 72 hours.") % {
                "email": form.cleaned_data["email"]
            }
            return done(request, reverse("desk:settings_people", args=[office]), text)
    at = timezone.now()
    members = Membership.objects.visible_to(request.member).select_related("user")
    teams = Prefetch(
        "user__team_memberships",
        TeamMember.objects.filter(team__office=request.office, team__retired_at__isnull=True).select_related("team"),
        to_attr="teams_here",
    )
    here = members.active().prefetch_related(teams).order_by("user__name", "pk")
    invitations = Invitation.objects.visible_to(request.member).filter(used_at__isnull=True, revoked_at__isnull=True)
    context = {
        "form": form,
        "members": here,
        "left": members.filter(ended_at__isnull=False).order_by("-ended_at")[:50],
        "invitations": invitations.select_related("invited_by").order_by("-invited_at")[:50],
        "at": at,
    }
    return show(request, "desk/settings/people.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def person_page(request: Request, office: str, pk: int) -> HttpResponse:
    """One colleague: role and title, what they have in hand; POST changes role and title."""
    member = _member(request, pk)
    initial = {"role": member.role, "job_title": member.job_title}
    form = MemberForm(request.POST if request.method == "POST" else None, giver=request.member, initial=initial)
    if form.is_valid():
        at = timezone.now()
        try:
            office_actions.change_job_title(member, job_title=form.cleaned_data["job_title"], by=request.user, at=at)
            office_actions.change_role(member, role=form.cleaned_data["role"], by=request.user, at=at)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            text = _("Saved. It holds from %(name)s's next click.") % {"name": member.user.first_name}
            return done(request, reverse("desk:settings_person", args=[office, pk]), text)
    return _person(request, member, form, HandOverForm(holder=member), 422 if form.errors else 200)


@require_POST
def hand_over(request: Request, office: str, pk: int) -> HttpResponse:
    """All open cases and planned work of a colleague go to another, in one go."""
    member, at = _member(request, pk), timezone.now()
    form = HandOverForm(request.POST, holder=member)
    if not form.is_valid():
        return _person(request, member, _unsent(request, member), form, 422)
    to = form.cleaned_data["to"].user
    result = case_actions.hand_over(request.office, member.user, to=to, by=request.user, at=at)
    for what, why in result.refused[:10]:
        messages.error(request, f"{what}: {why}")
    text = ngettext(
        "%(count)d case or follow-up is now %(name)s's.",
        "%(count)d cases and follow-ups are now %(name)s's.",
        len(result.done),
    ) % {"count": len(result.done), "name": to.first_name}
    undo = undo_address(request, at) if result.done else ""
    return done(request, reverse("desk:settings_person", args=[office, pk]), text, undo)


@require_POST
def leave(request: Request, office: str, pk: int) -> HttpResponse:
    """A colleague leaves the office. What they did stays under their name."""
    return _change(request, pk, office_actions.deactivate_member, _("%(name)s can no longer come in."))


@require_POST
def come_back(request: Request, office: str, pk: int) -> HttpResponse:
    """A colleague is back, in the role they had."""
    return _change(request, pk, office_actions.reactivate_member, _("%(name)s is back."))


@require_POST
def sign_out(request: Request, office: str, pk: int) -> HttpResponse:
    """End a colleague's sessions: a lost telephone, a shared password."""
    return _change(request, pk, office_actions.sign_out_everywhere, _("%(name)s is signed out everywhere."))


@require_POST
def invite_again(request: Request, office: str, pk: int) -> HttpResponse:
    """Another mail with another link."""
    return _invitation(request, pk, office_actions.invite_again, _("Sent again to %(email)s."))


@require_POST
def revoke(request: Request, office: str, pk: int) -> HttpResponse:
    """The link stops working now."""
    return _invitation(request, pk, office_actions.revoke, _("The invitation of %(email)s is taken back."))


def _person(
    request: Request, member: Membership, form: MemberForm, hand_over_form: HandOverForm, status: int
) -> HttpResponse:
    may_change = access.may_grant(request.member.role, member.role)
    context = {
        "holder": member,
        "form": form if may_change else None,
        "hand_over_form": hand_over_form,
        "holdings": holdings.of(request.office, member.user),
        "is_self": member.user_id == request.user.pk,
        "may_change": may_change,
    }
    return show(request, "desk/settings/person.html", context, status=status)


def _unsent(request: Request, member: Membership) -> MemberForm:
    return MemberForm(giver=request.member, initial={"role": member.role, "job_title": member.job_title})


def _member(request: Request, pk: int) -> Membership:
    members = Membership.objects.visible_to(request.member).select_related("user", "office")
    return get_object_or_404(members, pk=pk)


def _change(request: Request, pk: int, act: Any, words: str) -> HttpResponse:
    member = _member(request, pk)
    url = reverse("desk:settings_person", args=[request.office.slug, pk])
    try:
        act(member, by=request.user, at=timezone.now())
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, url)
    return done(request, url, words % {"name": member.user.first_name})


def _invitation(request: Request, pk: int, act: Any, words: str) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.visible_to(request.member), pk=pk)
    url = reverse("desk:settings_people", args=[request.office.slug])
    try:
        act(invitation, by=request.user, at=timezone.now())
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, url)
    return done(request, url, words % {"email": invitation.email})
