"""Many near-identical messages, and the one answer to them."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wardbook.cases.models import Case
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.offices.models import Membership


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, member: "Membership") -> Self:
        if not member.can("campaigns.read"):
            return self.none()
        return self.filter(office_id=member.office_id)

    def open(self) -> Self:
        return self.filter(ended_at__isnull=True)


class Campaign(models.Model):
    """Messages that share most of their text, with one policy case. Later ones join by themselves.

    `threshold` is the share of common text, in percent, from which a message belongs.
    """

    office = models.ForeignKey(Office, models.PROTECT, related_name="campaigns")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="campaigns")
    name = models.CharField(_("name"), max_length=200)
    organiser = models.CharField(_("organised by"), max_length=160, blank=True)
    sample = models.TextField(editable=False)
    threshold = models.PositiveSmallIntegerField(_("how alike, in percent"), default=70)
    position = models.TextField(_("the representative's position"), max_length=5_000, blank=True)
    position_on = models.DateField(null=True, blank=True)
    is_accepted = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="campaign_threshold_between_30_and_90", condition=Q(threshold__gte=30, threshold__lte=90)
            )
        ]

    def __str__(self) -> str:
        return self.name
