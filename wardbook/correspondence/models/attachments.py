"""The files of messages, and who has a message on the screen."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

from wardbook.correspondence.models.messages import Message
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.offices.models import Membership


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, member: "Membership") -> Self:
        return self.filter(message__in=Message.objects.visible_to(member))


class Attachment(models.Model):
    """A file of a message. Size in bytes; `content_id` names a picture that the HTML shows."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    storage_key = models.CharField(max_length=64, unique=True, editable=False)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    declared_type = models.CharField(max_length=100, blank=True)
    is_mismatch = models.BooleanField(default=False)
    is_risky = models.BooleanField(default=False)
    is_inline = models.BooleanField(default=False)
    content_id = models.CharField(max_length=200, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class InboxVisit(models.Model):
    """Who has an item of the Inbox on the screen now."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="visits")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="inbox_visit_once")]

    def __str__(self) -> str:
        return f"{self.user} at {self.message_id}"
