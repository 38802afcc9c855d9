"""Saved filters, and acts on many cases that are under way."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.offices.models import Membership


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, member: "Membership") -> Self:
        return self.filter(office_id=member.office_id).filter(Q(owner_id=member.user_id) | Q(is_shared=True))


class SavedView(models.Model):
    """A filter of the cases list with a name; `query` is the address after the question mark."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="saved_views")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000, blank=True)
    is_shared = models.BooleanField(_("everybody in the office sees it"), default=False)
    is_pinned = models.BooleanField(_("shown in the menu"), default=True)
    created_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["office", "owner", "name"], name="view_name_once_per_person")]

    def __str__(self) -> str:
        return self.name


class BulkRunQuerySet(models.QuerySet["BulkRun"]):
    def visible_to(self, member: "Membership") -> Self:
        """One's own."""
        return self.filter(office_id=member.office_id, by_id=member.user_id)

    def left_undone(self, before: datetime) -> Self:
        """Those that no worker has touched since."""
        return self.filter(finished_at__isnull=True, touched_at__lt=before)


class BulkRun(models.Model):
    """One act on more cases than a person should wait for: which, how far it is, what was refused.

    `items` are ids of cases, or of an undo its parts. A worker takes them in order, some in each transaction, and
    notes in the same transaction how far it came: killed at any point, the next one goes on from there.
    """

    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    act = models.CharField(max_length=20)
    label = models.CharField(max_length=200)
    arguments: "models.JSONField[dict[str, Any]]" = models.JSONField(default=dict)
    items: "models.JSONField[list[Any]]" = models.JSONField(default=list)
    position = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    refused: "models.JSONField[list[list[str]]]" = models.JSONField(default=list)
    undos: "models.JSONField[list[int]]" = models.JSONField(default=list)
    query = models.CharField(max_length=4000, blank=True)
    started_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = BulkRunQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["touched_at"], name="bulk_run_unfinished", condition=Q(finished_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def total(self) -> int:
        return len(self.items)
