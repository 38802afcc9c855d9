"""What a mail server gave us, byte for byte, before anybody reads it."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wardbook.correspondence.models.mailboxes import Mailbox
from wardbook.correspondence.models.messages import Message
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.offices.models import Membership


class RawMail(models.Model):
    """The bytes of one mail, kept for ever: in the row while small, else as a file under its key. `size` in bytes."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    content = models.BinaryField(null=True, editable=False)
    storage_key = models.CharField(max_length=64, blank=True, editable=False)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "sha256"], name="raw_mail_once_per_office"),
            models.CheckConstraint(
                name="raw_mail_lies_in_one_place",
                condition=Q(content__isnull=False, storage_key="") | Q(content__isnull=True) & ~Q(storage_key=""),
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, member: "Membership") -> Self:
        if not member.can("inbox.read"):
            return self.none()
        return self.filter(mailbox__office_id=member.office_id)

    def unread(self) -> Self:
        """Kept, and not yet made into a message: the worker's list, oldest first."""
        return self.filter(state=Delivery.State.KEPT).order_by("pk")

    def free(self, at: datetime) -> Self:
        """Those that nobody is reading now."""
        return self.unread().filter(Q(lease_until__isnull=True) | Q(lease_until__lt=at))

    def in_quarantine(self) -> Self:
        return self.filter(state__in=[Delivery.State.QUARANTINED, Delivery.State.REFUSED], settled_at__isnull=True)


class Delivery(models.Model):
    """One mail as one mailbox got it. It ends as a message, as a second copy of one, refused, or in quarantine (V3).

    `uid_validity` and `uid` are the IMAP server's; a pipe or a webhook has neither.
    """

    class State(models.TextChoices):
        KEPT = "kept", _("Kept, not read yet")
        READ = "read", _("Became a message")
        DOUBLED = "doubled", _("A second copy of a message")
        REFUSED = "refused", _("Too large to take in")
        QUARANTINED = "quarantined", _("Could not be read")

    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="deliveries")
    raw = models.ForeignKey(RawMail, models.PROTECT, related_name="deliveries")
    via = models.CharField(max_length=8, choices=Mailbox.Source)
    uid_validity = models.PositiveBigIntegerField(null=True)
    uid = models.PositiveBigIntegerField(null=True)
    folder = models.CharField(max_length=200, blank=True)
    envelope_from = models.CharField(max_length=320, blank=True)
    envelope_to = models.CharField(max_length=320, blank=True)
    arrived_at = models.DateTimeField()
    state = models.CharField(max_length=11, choices=State, default=State.KEPT)
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="deliveries")
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_by = models.CharField(max_length=64, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "folder", "uid_validity", "uid"],
                condition=Q(uid__isnull=False),
                name="delivery_once_per_uid",
            ),
            models.CheckConstraint(
                name="delivery_read_has_a_message",
                condition=~Q(state__in=["read", "doubled"]) | Q(message__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "id"], name="delivery_to_read", condition=Q(state="kept")),
            models.Index(fields=["mailbox", "-arrived_at"], name="delivery_newest"),
            models.Index(fields=["mailbox", "raw"], name="delivery_by_raw"),
        ]

    def __str__(self) -> str:
        return f"{self.mailbox} {self.uid or self.pk}"
