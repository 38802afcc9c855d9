"""Imports, kept so that they can be explained and taken back."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

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
    # The folder of exchange.keeping where the file with the refused rows lies, as long as it is kept.
    errors_folder = models.CharField(max_length=48, blank=True)

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


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, member: "Membership") -> Self:
        return self.filter(office_id=member.office_id) if member.can("imports") else self.none()

    def under_way(self) -> Self:
        return self.filter(state__in=(Run.State.WAITING, Run.State.RUNNING))

    def left_alone(self, before: datetime) -> Self:
        """Those that a worker should have in its hands, and none has touched since."""
        return self.under_way().filter(touched_at__lt=before)


class Run(models.Model):
    """What a worker does for the page of imports: look at a file, bring it in, or take a batch back.

    The row is the truth: how far it is, what came of it, what went wrong. Killed at any point, the next worker
    begins again, and finds by the source's own numbers what came in already.
    """

    class Step(models.TextChoices):
        MATCH = "match", _("Match the columns")
        LOOK = "look", _("Check the file")
        BRING = "bring", _("Bring it in")
        TAKE_BACK = "take-back", _("Take it back")

    class State(models.TextChoices):
        ASKING = "asking", _("Waits for you")
        WAITING = "waiting", _("Waits for its turn")
        RUNNING = "running", _("Under way")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Could not be done")

    ABANDONED_AFTER = timedelta(minutes=2)

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, models.CASCADE, null=True, related_name="runs")
    kind = models.CharField(max_length=20)
    step = models.CharField(max_length=10, choices=Step)
    state = models.CharField(max_length=10, choices=State)
    file_name = models.CharField(max_length=200, blank=True)
    folder = models.CharField(max_length=48, blank=True)
    # A map that comes with Wardbook by its name, one that lies in the folder, or one that a person made on the page.
    map_name = models.CharField(max_length=200, blank=True)
    matched: "models.JSONField[dict[str, Any]]" = models.JSONField(default=dict)
    # Whether people of the file who look like contacts are these: {"general": …, "chosen": {key: …}}.
    people: "models.JSONField[dict[str, Any]]" = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    is_to_stop = models.BooleanField(default=False)
    outcome: "models.JSONField[dict[str, Any]]" = models.JSONField(default=dict)
    problem = models.TextField(blank=True)
    has_errors = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["office", "-asked_at"], name="import_run_by_office"),
            models.Index(
                fields=["touched_at"],
                name="import_run_under_way",
                condition=models.Q(state__in=("waiting", "running")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}: {self.get_step_display()}"
