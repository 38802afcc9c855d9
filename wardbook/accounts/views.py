"""Pages about oneself: preferences, and why a second step is needed."""

from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wardbook.accounts import actions
from wardbook.accounts import second_step as second_steps
from wardbook.accounts.forms import AppearanceForm, PreferencesForm
from wardbook.accounts.models import User
from wardbook.lib.respond import done, respond

A_YEAR = 365 * 24 * 60 * 60
# What the sign-in page and error pages draw with, where nobody is signed in. "": as the device.
KEPT_ON_THE_DEVICE = {"theme": "system", "density": "comfortable", "single_keys": "on"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show and change how the product looks and behaves for oneself."""
    user = cast("User", request.user)
    form = PreferencesForm(request.POST if request.method == "POST" else None, instance=user)
    if form.is_valid():
        # A fresh row: the form has already written what was typed into its own copy.
        chosen = cast("actions.Preferences", form.cleaned_data)
        actions.change_preferences(User.objects.get(pk=user.pk), **chosen)
        response = done(request, reverse("accounts:preferences"), _("Your preferences are saved."))
        remember_on_the_device(response, chosen)
        return response
    context = {
        "form": form,
        "steps": second_steps.count(user),
        "events": user.sign_in_events.newest()[:10],
    }
    return respond(request, "accounts/preferences.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def second_step(request: HttpRequest) -> HttpResponse:
    """Say why nothing else opens before there is a second step, and offer the two kinds."""
    return respond(request, "accounts/second_step.html", {})


@login_required
@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Change colours, rows or keys from the menu of any page, and come back to it."""
    form = AppearanceForm(request.POST)
    if not form.is_valid():
        return respond(request, "400.html", {"reason": "form"}, status=400)
    chosen = cast("actions.Preferences", {name: value for name, value in form.cleaned_data.items() if value})
    actions.change_preferences(cast("User", request.user), **chosen)
    response = done(request, own_address(request, request.POST.get("next", "")))
    remember_on_the_device(response, chosen)
    return response


def own_address(request: HttpRequest, address: str) -> str:
    """The address if it is on this site, else the start page (G4)."""
    hosts = {request.get_host()}
    is_path = address.startswith("/") and address.isprintable()
    if is_path and url_has_allowed_host_and_scheme(address, hosts, require_https=request.is_secure()):
        return address
    return "/"


def remember_on_the_device(response: HttpResponse, chosen: actions.Preferences) -> None:
    """Keep looks and language in cookies, so that the sign-in page does not flash in the other colours."""
    values = cast("dict[str, str]", chosen)
    for name, usual in KEPT_ON_THE_DEVICE.items():
        if values.get(name) == usual:
            response.delete_cookie(name, samesite="Lax")
        elif name in values:
            _keep(response, name, values[name])
    if "language" in chosen:
        _keep(response, settings.LANGUAGE_COOKIE_NAME, chosen["language"])


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=A_YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax")
