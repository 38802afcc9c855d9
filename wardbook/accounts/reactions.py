"""What is written down when django and django-allauth tell what happened at the door.

Their signals are the only thing in the house that is one: it is how those packages speak.
"""

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as second_step_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth_signals
from django.http import HttpRequest
from django.utils import timezone

from wardbook.accounts import actions, second_step, sessions
from wardbook.accounts.models import SignInEvent, User
from wardbook.accounts.seen import seen_from

Kind = SignInEvent.Kind


def connect() -> None:
    """Begin to listen. Called once, when the app is ready."""
    auth_signals.user_logged_in.connect(began)
    auth_signals.user_logged_out.connect(ended)
    for signal, hear in _HEARD.items():
        signal.connect(hear)


def began(request: HttpRequest, user: User, **rest: Any) -> None:
    """Signed in, by whichever way."""
    at = timezone.now()
    sessions.begin(request.session, at)
    actions.note(Kind.SIGNED_IN, user=user, at=at, **seen_from(request))


def ended(request: HttpRequest, user: User | None, **rest: Any) -> None:
    """Signed out, by the person or by the clock."""
    if user is not None:
        _note(Kind.TIMED_OUT if getattr(request, "ended_by_clock", False) else Kind.SIGNED_OUT, request, user)


def password_changed(request: HttpRequest, user: User, **rest: Any) -> None:
    _note(Kind.PASSWORD_CHANGED, request, user)


def password_reset(request: HttpRequest, user: User, **rest: Any) -> None:
    _note(Kind.PASSWORD_RESET, request, user)


def email_changed(request: HttpRequest, user: User, **rest: Any) -> None:
    _note(Kind.EMAIL_CHANGED, request, user)


def second_step_added(request: HttpRequest, user: User, authenticator: Authenticator, **rest: Any) -> None:
    request.session[second_step.ADDED_AT] = timezone.now().timestamp()
    # Recovery codes come by themselves with the first second step.
    is_codes = authenticator.type == Authenticator.Type.RECOVERY_CODES
    _note(Kind.RECOVERY_CODES_MADE if is_codes else Kind.SECOND_STEP_ADDED, request, user)


def second_step_removed(request: HttpRequest, user: User, authenticator: Authenticator, **rest: Any) -> None:
    request.session.pop(second_step.SEEN, None)
    # Recovery codes go by themselves with the last second step.
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        _note(Kind.SECOND_STEP_REMOVED, request, user)


def recovery_codes_made(request: HttpRequest, user: User, **rest: Any) -> None:
    _note(Kind.RECOVERY_CODES_MADE, request, user)


def second_step_refused(request: HttpRequest, user: User, **rest: Any) -> None:
    _note(Kind.SECOND_STEP_REFUSED, request, user)


_HEARD = {
    account_signals.password_changed: password_changed,
    account_signals.password_set: password_changed,
    account_signals.password_reset: password_reset,
    account_signals.email_changed: email_changed,
    second_step_signals.authenticator_added: second_step_added,
    second_step_signals.authenticator_removed: second_step_removed,
    second_step_signals.authenticator_reset: recovery_codes_made,
    second_step_signals.authentication_failed: second_step_refused,
}


def _note(kind: SignInEvent.Kind, request: HttpRequest, user: User) -> None:
    actions.note(kind, user=user, at=timezone.now(), **seen_from(request))
