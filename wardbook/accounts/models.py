"""The person who signs in."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

LONGEST_PASSWORD = 512
"""Letters beyond which a password is refused unread: hashing a megabyte for a stranger is a gift (F6)."""


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str = "", password: str | None = None) -> "User":
        """A person who can sign in once a password is set. Raises IntegrityError for a known address."""
        user = self.model(email=self.normalize_email(email).strip().lower(), name=name.strip())
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in. What they may do hangs on their memberships, never on the user."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Density(models.TextChoices):
        COMFORTABLE = "comfortable", _("Comfortable")
        COMPACT = "compact", _("Compact")

    class SingleKeys(models.TextChoices):
        ON = "on", _("On")
        ALT = "alt", _("With Alt")
        OFF = "off", _("Off")

    email = models.EmailField(_("email address"), max_length=254)
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(default=True)
    deactivated_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    language = models.CharField(_("language"), max_length=10, default="en-gb")
    theme = models.CharField(_("theme"), max_length=10, choices=Theme, default=Theme.SYSTEM)
    density = models.CharField(_("row height"), max_length=12, choices=Density, default=Density.COMFORTABLE)
    single_keys = models.CharField(_("single-letter keys"), max_length=3, choices=SingleKeys, default=SingleKeys.ON)
    newest_first = models.BooleanField(_("newest entry first"), default=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(
                name="user_is_inactive_when_deactivated",
                condition=models.Q(deactivated_at__isnull=True) | models.Q(is_active=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.first_name

    @property
    def first_name(self) -> str:
        """What colleagues call them: the first word of the name."""
        return (self.name or self.email).split(" ")[0].split("@")[0]

    @property
    def initials(self) -> str:
        parts = [part for part in self.name.split() if part] or [self.email]
        return (parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else "")).upper()

    def check_password(self, raw_password: str | None) -> bool:
        return len(raw_password or "") <= LONGEST_PASSWORD and super().check_password(raw_password)

    def deactivate(self, at: datetime) -> Self:
        """Sign-in ends; everything the person did stays under their name (R2.5)."""
        self.is_active, self.deactivated_at = False, self.deactivated_at or at
        return self

    def reactivate(self) -> Self:
        self.is_active, self.deactivated_at = True, None
        return self


class SignInEventQuerySet(models.QuerySet["SignInEvent"]):
    def newest(self) -> Self:
        return self.order_by("-at", "-pk")


class SignInEvent(models.Model):
    """Something that happened at the door: a sign-in, a refusal, a change of password or second step (K2).

    Written once and never changed. It belongs to the person, not to an office, so it is not in an office's
    journal. A wrong address is not kept: people type their password into the wrong field.
    """

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", _("Signed in")
        SIGNED_OUT = "signed_out", _("Signed out")
        TIMED_OUT = "timed_out", _("Signed out by the clock")
        REFUSED = "refused", _("Wrong password")
        SECOND_STEP_REFUSED = "second_step_refused", _("Wrong code or key")
        SECOND_STEP_ADDED = "second_step_added", _("Second step added")
        SECOND_STEP_REMOVED = "second_step_removed", _("Second step removed")
        RECOVERY_CODES_MADE = "recovery_codes_made", _("New recovery codes")
        PASSWORD_CHANGED = "password_changed", _("Password changed")
        PASSWORD_RESET = "password_reset", _("Password set anew by mail")
        EMAIL_CHANGED = "email_changed", _("Email address changed")
        SESSIONS_ENDED = "sessions_ended", _("Signed out everywhere")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="sign_in_events")
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=200, blank=True)

    objects = SignInEventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="sign_in_event_by_person")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
