"""Imports, kept so that they can be explained and taken back."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.offices.models import Membership


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, member: "Membership") -> Self:
        return self.filter(office_id=member.office_id) if member.can("imports") else self.none()


class Batch(models.Model):
    """One run of an import: which file, with which map, what came of it, whether it was taken back."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="batches")
    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    map_name = models.CharField(max_length=200)
    source = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_made = models.PositiveIntegerField(default=0)
    rows_known = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return f"{self.file_name} {self.started_at:%Y-%m-%d %H:%M}"


class Made(models.Model):
    """A value of a list, a ward, a team or a person that an import made on the way to its cases.

    A plain (model, id) pair: what was made may be removed, or merged, by anybody later.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="made")
    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "made"
        constraints = [models.UniqueConstraint(fields=["batch", "model", "object_id"], name="made_once_by_a_batch")]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"
