"""What changes who somebody is. The journal lies above this room, so who joined or left is recorded by offices."""

from datetime import datetime
from typing import TypedDict, Unpack

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction

from wardbook.accounts.models import SignInEvent, User


class Preferences(TypedDict, total=False):
    """What a person may choose for themselves."""

    name: str
    language: str
    theme: str
    density: str
    single_keys: str
    newest_first: bool


@transaction.atomic
def add_person(*, email: str, name: str, password: str | None = None, email_is_proved: bool = True) -> User:
    """Somebody who may sign in once a password is set. Raises IntegrityError for a known address."""
    user = User.objects.create_user(email=email, name=name, password=password)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=email_is_proved)
    return user


@transaction.atomic
def change_preferences(user: User, **chosen: Unpack[Preferences]) -> User:
    """How the product looks and behaves for one person; what is not given stays."""
    for field, value in chosen.items():
        setattr(user, field, value)
    user.save(update_fields=list(chosen))
    return user


@transaction.atomic
def set_password(user: User, *, password: str) -> User:
    """A new password; every session under the old one ends with the next request."""
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


@transaction.atomic
def deactivate(user: User, *, at: datetime) -> User:
    """No more sign-in, and every session ends now (A11). What the person did stays under their name (R2.5)."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.deactivate(at).save(update_fields=["is_active", "deactivated_at"])
    end_sessions(user, at=at)
    return user


@transaction.atomic
def reactivate(user: User, *, at: datetime) -> User:
    """Back from leave: sign-in works again, with a new sign-in on every device."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.reactivate().save(update_fields=["is_active", "deactivated_at"])
    return user


@transaction.atomic
def end_sessions(user: User, *, at: datetime) -> int:
    """Sign the person out on every device. Returns how many sessions there were."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    if sessions:
        note(SignInEvent.Kind.SESSIONS_ENDED, user=user, at=at)
    return len(sessions)


def note(
    kind: SignInEvent.Kind, *, user: User | None, at: datetime, ip: str | None = None, user_agent: str = ""
) -> SignInEvent:
    """Write down something that happened at the door."""
    return SignInEvent.objects.create(user=user, kind=kind, at=at, ip=ip, user_agent=user_agent[:200])
