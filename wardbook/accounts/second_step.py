"""Whether somebody signs in with more than a password."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

from wardbook.accounts.models import User

# Recovery codes alone are not one: they are for the day the real one is at home.
KINDS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
SEEN = "second_step_seen"
"""In the session: it was asked and there is one."""
ADDED_AT = "second_step_added_at"
"""In the session: when one was added in it, so that the recovery codes can be shown at once."""


def has(request: HttpRequest) -> bool:
    """Whether the signed-in person has an authenticator app, a passkey or a key. Asked once a session."""
    if request.session.get(SEEN):
        return True
    if is_mfa_enabled(request.user, KINDS):
        request.session[SEEN] = True
        return True
    return False


def count(user: User) -> int:
    """How many of them a person has."""
    return int(Authenticator.objects.filter(user_id=user.pk, type__in=KINDS).count())
