"""How a message gets out: its turn, its tries, and what came back."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from wardbook.cases.models import Activity
from wardbook.correspondence.models.mailboxes import Mailbox
from wardbook.correspondence.models.messages import Message
from wardbook.offices.models import Office

STUCK_AFTER = timedelta(minutes=30)


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    def due(self, at: datetime) -> Self:
        """What may go out now, oldest turn first: its hold is over, or its next try has come."""
        waiting = [Message.State.HELD, Message.State.QUEUED]
        return self.filter(message__state__in=waiting, turn_at__lte=at).order_by("turn_at", "pk")

    def in_its_turn(self) -> Self:
        """Without those before which an earlier one of the same case has yet to go: order per case is kept (R32).

        One that was turned away holds nobody up (R21); nor do the messages of a bulk reply, which are to many people.
        """
        earlier = Dispatch.objects.filter(
            Q(first_turn_at__lt=OuterRef("first_turn_at"))
            | Q(first_turn_at=OuterRef("first_turn_at"), pk__lt=OuterRef("pk")),
            message__case_id=OuterRef("message__case_id"),
            message__direction=Message.Direction.OUT,
            message__bulk_person__isnull=True,
            ended_at__isnull=True,
            problem="",
        )
        alone = Q(message__case__isnull=True) | Q(message__bulk_person__isnull=False)
        return self.filter(alone | ~Exists(earlier))

    def stuck(self, at: datetime) -> Self:
        """What could not be handed over for half an hour: time for somebody to know (R20)."""
        waiting = [Message.State.QUEUED, Message.State.LEASED]
        return self.filter(
            message__state__in=waiting, first_turn_at__lt=at - STUCK_AFTER, ended_at__isnull=True
        ).exclude(problem="")


class Dispatch(models.Model):
    """The plan of one outgoing message: when its turn is, who has it, how often it was tried (R20–R25).

    `reached` says how far a try got before the worker vanished: `wire` is set and committed just before the server is
    given the text, so that a message whose worker died after that point is uncertain and not sent again by itself.
    """

    class Problem(models.TextChoices):
        NONE = "", "—"
        UNREACHABLE = "unreachable", _("The mail server could not be reached")
        INSECURE = "insecure", _("The mail server offered no safe connection")
        SIGN_IN = "sign-in", _("The mail server refused the sign-in")
        LATER = "later", _("The mail server asked to come back later")
        REFUSED = "refused", _("The mail server refused it for good")
        STALLED = "stalled", _("The mail server stopped answering")

    message = models.OneToOneField(Message, models.CASCADE, primary_key=True, related_name="dispatch")
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="dispatches")
    turn_at = models.DateTimeField()
    first_turn_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_by = models.CharField(max_length=64, blank=True)
    on_the_wire_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=11, choices=Problem, blank=True)
    server_said = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # When the constituent had last been informed before this went out, should it come back.
    informed_was = models.DateTimeField(null=True, blank=True)
    # What its sender was given to do because it failed or came back: one thing, however often it does.
    work = models.ForeignKey(Activity, models.SET_NULL, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "dispatches"
        indexes = [
            models.Index(fields=["turn_at"], name="dispatch_by_turn", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["lease_until"], name="dispatch_by_lease", condition=Q(lease_until__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} at {self.turn_at:%Y-%m-%d %H:%M}"


class AutomaticAnswer(models.Model):
    """That an address was answered automatically, so that it is at most once in 24 h and three times in all (B10)."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    address = models.CharField(max_length=320)
    at = models.DateTimeField()
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["office", "address", "-at"], name="automatic_answer_by_address")]

    def __str__(self) -> str:
        return f"{self.address} {self.at:%Y-%m-%d}"


class AddressTrouble(models.Model):
    """An address from which mail comes back (R31). Hard: it is not used until somebody says that it is right."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    address = models.CharField(max_length=320)
    is_hard = models.BooleanField()
    status = models.CharField(max_length=20, blank=True)
    diagnosis = models.CharField(max_length=300, blank=True)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "address"], condition=Q(cleared_at__isnull=True), name="address_trouble_once"
            )
        ]

    def __str__(self) -> str:
        return self.address
