"""The append-only journal, what reactions hear, operation keys, and what can be taken back."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from wardbook.offices.models import Membership


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, member: "Membership") -> Self:
        return self.filter(office_id=member.office_id)

    def about(self, thing: models.Model) -> Self:
        """The entries about one saved thing."""
        return self.filter(subject_type=thing._meta.label_lower, subject_id=thing.pk)

    def on_case(self, case_id: int) -> Self:
        """The entries that belong to one case's story, whatever their own subject is."""
        return self.filter(case_id=case_id)


class Event(models.Model):
    """One line of the journal. Never changed, never deleted; facts hold ids and codes, no personal content.

    The subject is a plain (type, id) pair, not a foreign key: an entry must outlive what it describes, or it is
    no evidence. `number` counts without gaps in each office, `digest` chains each line to the one before (K1).
    """

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="events")
    number = models.PositiveBigIntegerField()
    name = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    case_id = models.BigIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "number"], name="event_numbered_once_per_office")]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "number"], name="event_by_subject"),
            models.Index(fields=["case_id", "at", "id"], name="event_by_case"),
            models.Index(fields=["office", "-at", "-id"], name="event_by_office_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class ChainHead(models.Model):
    """The newest line of an office's journal. Its row lock keeps the chain in one order."""

    office = models.OneToOneField("offices.Office", models.PROTECT, related_name="chain_head")
    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:12]}"


class Operation(models.Model):
    """A form that was sent, by its key, with the answer it got, so that a second delivery gets the same (V2)."""

    key = models.UUIDField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    route = models.CharField(max_length=100)
    path = models.CharField(max_length=500)
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "user"], name="operation_once_per_person")]
        indexes = [models.Index(fields=["at"], name="operation_by_age")]

    def __str__(self) -> str:
        return f"{self.key} {self.path}"


class UndoQuerySet(models.QuerySet["Undo"]):
    def visible_to(self, member: "Membership") -> Self:
        """What a person did themselves, in this office."""
        return self.filter(office_id=member.office_id, by_id=member.user_id)

    def recent(self, at: datetime) -> Self:
        return self.filter(expires_at__gt=at).order_by("-at", "-pk")


class Undo(models.Model):
    """How to take one act back: the inverse by name, and what it needs. Expires; a bulk act is one row (E68)."""

    office = models.ForeignKey("offices.Office", models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    inverse = models.CharField(max_length=60)
    label = models.CharField(_("what was done"), max_length=200)
    payload: "models.JSONField[Any]" = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = UndoQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["office", "by", "-at"], name="undo_by_person")]

    def __str__(self) -> str:
        return self.label


class TimerSlot(models.Model):
    """One turn of something that runs by itself: whoever makes the row has the turn (R16)."""

    name = models.CharField(max_length=60)
    slot = models.DateTimeField()
    taken_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "slot"], name="timer_slot_taken_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.slot:%Y-%m-%d %H:%M}"


class Heartbeat(models.Model):
    """When a part of the system last said that it lives: web, worker, timer."""

    part = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.part
