"""Where the problem is; not where the person lives."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wardbook.cases.models.case import Case
from wardbook.offices.models import Ward


class CaseLocation(models.Model):
    """One place of a case: an address, a point, or words like “behind the bus stop” (S3.26)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="locations")
    text = models.CharField(_("place"), max_length=250)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    ward = models.ForeignKey(Ward, models.PROTECT, null=True, blank=True, related_name="case_locations")
    place_key = models.CharField(max_length=160, editable=False, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="place_has_both_coordinates_or_none",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            )
        ]
        indexes = [
            models.Index(fields=["ward", "case"], name="location_by_ward"),
            models.Index(fields=["place_key"], name="location_by_place"),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.text, self.postcode) if part)
