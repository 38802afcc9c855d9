"""People on a case: parties with roles, co-assignees, named readers and those kept out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wardbook.cases.models.case import Case
from wardbook.contacts.models import Contact
from wardbook.vocabulary.models import PartyRole


class Party(models.Model):
    """A contact or a colleague attached to a case with a role, from when to when (S3.14)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="parties")
    role = models.ForeignKey(PartyRole, models.PROTECT, related_name="parties", verbose_name=_("role"))
    contact = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parties",
        verbose_name=_("person or agency"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("colleague"),
    )
    their_reference = models.CharField(_("their reference"), max_length=80, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "parties"
        constraints = [
            models.CheckConstraint(
                name="party_is_one_contact_or_one_colleague",
                condition=Q(contact__isnull=False, user__isnull=True) | Q(contact__isnull=True, user__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["case", "role", "contact"],
                condition=Q(until__isnull=True),
                name="party_in_a_role_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact or self.user} ({self.role})"


class CoAssignment(models.Model):
    """Somebody who works on a case beside its owner (S2.15)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="co_assignments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="co_assignments")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="co_assigned_once")]

    def __str__(self) -> str:
        return f"{self.user} on {self.case}"


class CaseAccess(models.Model):
    """A person let in to a restricted case, or kept out of one (conflict of interest, E28)."""

    class Grant(models.TextChoices):
        READER = "reader", _("May see it")
        KEPT_OUT = "kept_out", _("Is kept out")

    case = models.ForeignKey(Case, models.CASCADE, related_name="accesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="case_accesses")
    grant = models.CharField(max_length=8, choices=Grant)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="case_access_once_per_person")]
        indexes = [models.Index(fields=["user", "grant", "case"], name="case_access_by_user")]

    def __str__(self) -> str:
        return f"{self.user} {self.grant} {self.case}"
