"""How messages are found alike, and the one answer that goes to each of many."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wardbook.contacts.models import Contact
from wardbook.correspondence.models.campaigns import Campaign
from wardbook.correspondence.models.mailboxes import SenderIdentity, Template
from wardbook.correspondence.models.messages import Message
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.offices.models import Membership


class Likeness(models.Model):
    """The fingerprint of a message's own text by which near-identical ones are found. `words` is its length."""

    message = models.OneToOneField(Message, models.CASCADE, primary_key=True, related_name="likeness")
    signature = models.BinaryField(editable=False)
    words = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.words} words"


class LikenessBand(models.Model):
    """One band of a fingerprint: messages that share a band may be alike, and are then compared word by word."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    band = models.PositiveSmallIntegerField()
    value = models.BigIntegerField()
    message = models.ForeignKey(Message, models.CASCADE, related_name="bands")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "band"], name="band_once_per_message")]
        indexes = [models.Index(fields=["office", "band", "value", "message"], name="band_lookup")]

    def __str__(self) -> str:
        return f"{self.band}: {self.value}"


class BulkReplyQuerySet(models.QuerySet["BulkReply"]):
    def visible_to(self, member: "Membership") -> Self:
        return self.filter(campaign__in=Campaign.objects.visible_to(member))

    def under_way(self) -> Self:
        """Held or being sent: it can still be stopped."""
        return self.filter(state__in=[BulkReply.State.HELD, BulkReply.State.SENDING])

    def due(self, at: datetime) -> Self:
        """Those a worker should look at now."""
        return self.under_way().filter(starts_at__lte=at)


class BulkReply(models.Model):
    """One answer to the people of a campaign: held for 60 s, then one message each (EM-9)."""

    class State(models.TextChoices):
        HELD = "held", _("Starts in a moment")
        SENDING = "sending", _("Being sent")
        STOPPED = "stopped", _("Stopped")
        DONE = "done", _("Sent")

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="replies")
    template = models.ForeignKey(Template, models.PROTECT, null=True, related_name="+")
    identity = models.ForeignKey(SenderIdentity, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    state = models.CharField(max_length=8, choices=State, default=State.HELD)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    starts_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = BulkReplyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "bulk replies"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(state__in=["held", "sending"]), name="one_bulk_reply_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.subject


class BulkReplyPerson(models.Model):
    """One person of a bulk reply: written to once however often they wrote, or left out and why."""

    class LeftOut(models.TextChoices):
        NO = "", _("Gets the answer")
        OWN_WORDS = "own-words", _("Wrote something of their own")
        ANSWERED = "answered", _("Has an answer to this campaign already")
        DO_NOT_EMAIL = "do-not-email", _("Does not want email")
        BOUNCES = "bounces", _("Mail to this address comes back")
        OUT_OF_AREA = "out-of-area", _("Lives outside the area")
        AUTOMATIC = "automatic", _("Not written by a person")
        BY_HAND = "by-hand", _("Taken out by hand")
        NO_VALUE = "no-value", _("The text would have a gap for them")
        LETTER = "letter", _("Wrote a letter: answer on paper")
        SOCIAL = "social", _("Wrote on social media: answer there or on paper")

    bulk = models.ForeignKey(BulkReply, models.CASCADE, related_name="people")
    received = models.ForeignKey(Message, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    address = models.CharField(max_length=320)
    left_out = models.CharField(max_length=12, choices=LeftOut, blank=True)
    message = models.OneToOneField(Message, models.PROTECT, null=True, related_name="bulk_person")

    class Meta:
        verbose_name_plural = "bulk reply people"
        ordering = ["pk"]
        constraints = [
            # Who wrote on paper has no address here.
            models.UniqueConstraint(fields=["bulk", "address"], condition=~Q(address=""), name="bulk_person_once"),
            models.CheckConstraint(
                condition=Q(message=None) | ~Q(address=""), name="bulk_person_written_to_has_an_address"
            ),
        ]
        indexes = [
            models.Index(fields=["bulk", "id"], name="bulk_person_to_write", condition=Q(message=None, left_out=""))
        ]

    def __str__(self) -> str:
        return self.address
