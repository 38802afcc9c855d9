"""The way in: the start page, the demo's open door, and an invitation."""

from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.signals import user_logged_in
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wardbook.accounts.models import User
from wardbook.lib.respond import respond
from wardbook.lib.rules import RuleBroken
from wardbook.offices import actions, demo
from wardbook.offices.forms import AcceptForm
from wardbook.offices.models import Invitation, Membership


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Lead to the office last worked in; say how to get in to whoever is outside."""
    if request.user.is_authenticated:
        memberships = Membership.objects.active().filter(user=request.user).select_related("office")
        # Offices never used come last, whatever the database thinks of NULL.
        used = memberships.filter(last_used_at__isnull=False).order_by("-last_used_at").first()
        member = used or memberships.order_by("started_at", "pk").first()
        if member is not None:
            return redirect("desk:home", member.office.slug)
        return respond(request, "offices/no_office.html", {})
    roles = [
        {
            "key": member.pk,
            "name": member.user.name,
            "role": member.get_role_display(),
            "detail": member.office.short_name,
        }
        for member in demo.in_order()
    ]
    return respond(request, "start.html", {"demo": settings.DEMO, "roles": roles})


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the invented people, without a password. There is no such door outside demo mode."""
    chosen = request.POST.get("role", "")
    member = demo.person(chosen) if chosen else demo.newcomer()
    if member is None:
        raise Http404
    if request.user.is_authenticated:
        logout(request)
    get_adapter(request).login(request, member.user)
    user_logged_in.send(sender=User, request=request, response=None, user=member.user)
    return redirect("desk:home", member.office.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is offered; take it on POST. Looking changes nothing: mail scanners open every link."""
    at = timezone.now()
    offered = actions.find(token, at=at)
    if offered is None:
        raise Http404
    known = User.objects.filter(email__iexact=offered.email).first()
    by = request.user if request.user.is_authenticated else None
    if by is not None or (known is not None and known.is_active):
        return _for_somebody_known(request, offered, known, by)
    form = AcceptForm(request.POST if request.method == "POST" else None, invitation=offered)
    if form.is_valid():
        try:
            member = actions.accept_invitation(offered, by=None, at=at, **form.cleaned_data)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            # Through allauth and not past it: whoever has a second step is asked for it (H1).
            return cast("HttpResponse", perform_login(request, member.user, redirect_url=reverse("start")))
    context = {"invitation": offered, "office": offered.office, "form": form}
    return respond(request, "offices/invitation.html", context, status=422 if form.errors else 200)


def _for_somebody_known(
    request: HttpRequest, offered: Invitation, known: User | None, by: User | None
) -> HttpResponse:
    """An invitation to somebody who can sign in: they do that first, and then press one button."""
    is_theirs = by is not None and known is not None and by.pk == known.pk
    problem = ""
    if request.method == "POST" and is_theirs:
        try:
            member = actions.accept_invitation(offered, by=by, at=timezone.now())
        except RuleBroken as refusal:
            problem = str(refusal)
        else:
            return redirect("desk:home", member.office.slug)
    context = {
        "invitation": offered,
        "office": offered.office,
        "is_theirs": is_theirs,
        "signed_in_as": by,
        "problem": problem,
    }
    status = 422 if request.method == "POST" else 200
    return respond(request, "offices/invitation_known.html", context, status=status)
