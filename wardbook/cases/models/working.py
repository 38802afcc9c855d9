"""What people are in the middle of: drafts, and who is looking at a case."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

from wardbook.cases.models.case import Case
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.offices.models import Membership


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, member: "Membership") -> Self:
        return self.filter(office_id=member.office_id, user_id=member.user_id)


class Draft(models.Model):
    """Something typed and not yet saved, one per person, place and kind of entry.

    `scope` names the form: "case-2041-note", "new-case". The body is the form's fields as typed.
    """

    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="drafts")
    scope = models.CharField(max_length=60)
    body: "models.JSONField[dict[str, str]]" = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "user", "scope"], name="draft_once_per_form")]

    def __str__(self) -> str:
        return f"{self.scope} of {self.user}"


class WaitingFileQuerySet(models.QuerySet["WaitingFile"]):
    def visible_to(self, member: "Membership") -> Self:
        return self.filter(office_id=member.office_id, user_id=member.user_id)


class WaitingFile(models.Model):
    """A file of a form that was refused; it waits a week for the next try. The key is also its name on disk."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    declared_type = models.CharField(max_length=100, blank=True)
    since = models.DateTimeField(db_index=True)

    objects = WaitingFileQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["office", "user"], name="waiting_file_by_user")]

    def __str__(self) -> str:
        return self.name

    @property
    def waiting_key(self) -> str:
        """As a file that was sent bears it: a form lists both alike."""
        return self.key


class CaseVisit(models.Model):
    """When a person last had a case on the screen, and whether they were writing. Presence and “recent”."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="visits")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="case_visits")
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    writing_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="case_visit_once_per_person")]
        indexes = [
            models.Index(fields=["user", "-opened_at"], name="case_visit_by_user"),
            models.Index(fields=["case", "-seen_at"], name="case_visit_by_case"),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.case}"
