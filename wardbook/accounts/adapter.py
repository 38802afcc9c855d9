"""Where our rules meet django-allauth: who may sign in, how guessing is slowed, how secrets rest, how it speaks."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _

from wardbook.accounts import actions, second_step, tasks
from wardbook.accounts.models import LONGEST_PASSWORD, SignInEvent, User
from wardbook.accounts.seen import seen_from
from wardbook.accounts.sessions import SIGNED_IN_AT


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up by themselves, nobody learns who is known, and every mail goes through the queue."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This email address and this password do not go together."),
        "enter_current_password": _("This is not your password now."),
        "incorrect_code": _("This code is not right, or no longer."),
        "incorrect_password": _("This is not your password."),
        "invalid_or_expired_key": _("This link has been used or is too old."),
        "invalid_password_reset": _("This link has been used or is too old. Ask for a new one."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "rate_limited": _("Too many tries. Wait a minute, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        if len(credentials.get("password") or "") > LONGEST_PASSWORD:
            # Before anything is hashed, and the same for known and unknown addresses (F6, H3).
            self.pre_authenticate(request, **credentials)
            self.authentication_failed(request, **credentials)
            return None
        user: User | None = super().authenticate(request, **credentials)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        known = User.objects.filter(email__iexact=credentials.get("email") or "").first()
        actions.note(SignInEvent.Kind.REFUSED, user=known, at=timezone.now(), **seen_from(request))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # Per account and per caller: a stranger who guesses must not lock the owner out (H2).
        address = seen_from(request)["ip"] or "unknown"
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{address}"

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        if app == "allauth.mfa" and self.request is not None and self._has_just_typed_it(self.request):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    @staticmethod
    def _has_just_typed_it(request: HttpRequest) -> bool:
        """Whether somebody is setting up their first second step right after signing in, codes and all.

        They were sent there (accounts.middleware). Taking a step away always asks for the password.
        """
        if not second_step.has(request):
            since = request.session.get(SIGNED_IN_AT, 0)
        elif request.resolver_match and request.resolver_match.view_name == "mfa_view_recovery_codes":
            since = request.session.get(second_step.ADDED_AT, 0)
        else:
            return False
        return bool(timezone.now().timestamp() - since < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        message = self.render_mail(template_prefix, email, {"email": email, **context})
        tasks.send_message.enqueue(email, message.subject, message.body)

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        tasks.send_confirmation.enqueue(emailconfirmation.email_address.pk)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        tasks.send_password_reset.enqueue(user.pk, email)


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Seals what the second step rests on: a copy of the database alone opens no door (K6)."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right, or no longer."),
    }

    def encrypt(self, text: str) -> str:
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _seal().decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self) -> str:
        return "Wardbook"


def _seal() -> MultiFernet:
    """The keys of the seal, newest first, so that the secret key can be changed (SECRET_KEY_FALLBACKS)."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"wardbook second step" + force_bytes(key)).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
