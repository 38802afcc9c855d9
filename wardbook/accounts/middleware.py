"""At the door of every request: is the session still good, is the second step there, which language."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wardbook.accounts import second_step, sessions

BACKGROUND = "X-Background"
"""Header of a request that no person made, like a poll. It does not keep a session alive."""

# What somebody without a second step needs to get one, or to leave again.
BEFORE_THE_SECOND_STEP = frozenset(
    {"accounts:second_step", "account_login", "account_logout", "account_reauthenticate", "healthz"}
)

Answer = Callable[[HttpRequest], HttpResponse]


class SessionLimitMiddleware:
    """Ends a session after half an hour of silence, after twelve hours, or when its person was deactivated (A11).

    A redirect to the sign-in page becomes a 401 for htmx and fetch, so that the sign-in page is never swapped
    into a piece of another page (ux.md P7).
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session:
            self._look_at(request)
        response = self.get_response(request)
        if asked_by_script(request) and is_way_to_sign_in(response):
            return signed_out()
        return response

    @staticmethod
    def _look_at(request: HttpRequest) -> None:
        if not request.user.is_authenticated:
            # Deactivated, or the password was changed elsewhere: nothing of the session may live on.
            request.session.flush()
            return
        at = timezone.now()
        why = sessions.over(
            request.session,
            at,
            idle=timedelta(seconds=settings.SESSION_IDLE_SECONDS),
            absolute=timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS),
        )
        if why:
            request.ended_by_clock = True  # type: ignore[attr-defined]  # read by accounts.reactions
            logout(request)
            if not asked_by_script(request):
                messages.info(request, words_for(why))
        elif BACKGROUND not in request.headers:
            sessions.touch(request.session, at)


class SecondStepMiddleware:
    """Lets a signed-in person without a second step go to where they set one up, and nowhere else (H1)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not settings.SECOND_STEP_REQUIRED or not request.user.is_authenticated:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in BEFORE_THE_SECOND_STEP or name.startswith("mfa_") or second_step.has(request):
            return None
        address = reverse("accounts:second_step")
        if asked_by_script(request):
            # A redirect would be followed and its page swapped into a piece.
            is_htmx = "HX-Request" in request.headers
            return HttpResponse(status=200 if is_htmx else 403, headers={"HX-Redirect": address})
        return redirect(address)


class LanguageMiddleware:
    """Speaks the language that a signed-in person chose, on whatever device."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and translation.check_for_language(request.user.language):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


def asked_by_script(request: HttpRequest) -> bool:
    """Whether htmx or fetch asks, and not somebody who wants to see a page."""
    mode = request.headers.get("Sec-Fetch-Mode", "navigate")
    return "HX-Request" in request.headers or mode != "navigate" or "Idempotency-Key" in request.headers


def is_way_to_sign_in(response: HttpResponse) -> bool:
    """Whether an answer sends the caller to the sign-in page."""
    if not 300 <= response.status_code < 400:
        return False
    return urlsplit(response.headers.get("Location", "")).path == reverse(settings.LOGIN_URL)


def signed_out() -> HttpResponse:
    """401 that makes the page open its sign-in dialog, with everything typed still there."""
    text = _("You are signed out. What you typed is still here. Sign in and send it again.")
    return HttpResponse(text, status=401, content_type="text/plain; charset=utf-8", headers={"HX-Trigger": "signin"})


def words_for(why: sessions.Over) -> str:
    """What to say to somebody whom the clock has signed out."""
    if why is sessions.Over.IDLE:
        minutes = settings.SESSION_IDLE_SECONDS // 60
        return _("You were signed out after %(count)d minutes without activity.") % {"count": minutes}
    hours = settings.SESSION_ABSOLUTE_SECONDS // 3600
    return _("You were signed out: a sign-in lasts %(count)d hours.") % {"count": hours}
