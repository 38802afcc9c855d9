"""Saved filters."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.offices.models import Membership


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, member: "Membership") -> Self:
        return self.filter(office_id=member.office_id).filter(Q(owner_id=member.user_id) | Q(is_shared=True))


class SavedView(models.Model):
    """A filter of the cases list with a name; `query` is the address after the question mark."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="saved_views")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000, blank=True)
    is_shared = models.BooleanField(_("everybody in the office sees it"), default=False)
    is_pinned = models.BooleanField(_("shown in the menu"), default=True)
    created_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["office", "owner", "name"], name="view_name_once_per_person")]

    def __str__(self) -> str:
        return self.name
