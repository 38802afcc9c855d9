"""Letters that go out on paper."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from wardbook.cases.models import Activity, Case
from wardbook.contacts.models import Contact
from wardbook.correspondence.models.mailboxes import Template
from wardbook.offices.models import Office, Representative

if TYPE_CHECKING:
    from wardbook.offices.models import Membership


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, member: "Membership") -> Self:
        letters = self.filter(office_id=member.office_id)
        if not member.can("correspondence.read"):
            return letters.none()
        on_case = Exists(Case.objects.visible_to(member).filter(pk=OuterRef("case_id")))
        loose = Q(case__isnull=True) if member.can("contacts.read") else Q(pk__in=[])
        return letters.filter(on_case | loose)

    def for_signature(self) -> Self:
        return self.filter(state=Letter.State.FOR_SIGNATURE)

    def signable_by(self, member: "Membership") -> Self:
        """Those waiting for this person: a representative does not sign in another one's name."""
        letters = self.visible_to(member).for_signature()
        if not member.can("letters.sign"):
            return letters.none()
        if member.role != "representative":
            return letters
        theirs = Q(representative__isnull=True) | Q(representative__user__isnull=True)
        return letters.filter(theirs | Q(representative__user_id=member.user_id))

    def not_gone(self) -> Self:
        """Those that somebody still has to do something about."""
        return self.exclude(state__in=[Letter.State.SENT, Letter.State.STOPPED])

    def to_print(self) -> Self:
        return self.filter(state=Letter.State.READY)


class Letter(models.Model):
    """A letter on the letterhead: written, signed if the office asks for it, printed, logged as sent (EM-5)."""

    class State(models.TextChoices):
        FOR_SIGNATURE = "for-signature", _("For signature")
        RETURNED = "returned", _("Sent back")
        READY = "ready", _("Ready to print")
        SENT = "sent", _("Sent")
        STOPPED = "stopped", _("Not sent")

    office = models.ForeignKey(Office, models.PROTECT, related_name="letters")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="letters")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="letters")
    template = models.ForeignKey(Template, models.PROTECT, null=True, blank=True, related_name="+")
    representative = models.ForeignKey(
        Representative, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signed by")
    )
    state = models.CharField(max_length=13, choices=State)
    language = models.CharField(_("language"), max_length=10, blank=True)
    addressed_to = models.TextField(_("name and address"), max_length=600)
    dated_on = models.DateField(_("date"))
    our_reference = models.CharField(max_length=40, blank=True)
    their_reference = models.CharField(_("their reference"), max_length=80, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), max_length=20_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    returned_because = models.CharField(_("what should change"), max_length=300, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    activity = models.OneToOneField(Activity, models.SET_NULL, null=True, blank=True, related_name="letter")
    storage_key = models.CharField(max_length=64, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="letter_sent_has_a_day", condition=~Q(state="sent") | Q(sent_on__isnull=False)
            )
        ]
        indexes = [
            models.Index(fields=["office", "state", "at"], name="letter_by_state"),
            models.Index(fields=["case", "at"], name="letter_by_case"),
        ]

    def __str__(self) -> str:
        return self.subject or str(_("Letter"))
