"""Cases that belong together without being one."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wardbook.cases.models.case import Case

if TYPE_CHECKING:
    from wardbook.offices.models import Membership


class CaseLinkQuerySet(models.QuerySet["CaseLink"]):
    def visible_to(self, member: "Membership") -> Self:
        """A link is seen by who sees both its cases: it tells that the other one exists."""
        cases = Case.objects.visible_to(member)
        return self.filter(case__in=cases, to__in=cases)

    def of(self, case: Case) -> Self:
        return self.filter(Q(case=case) | Q(to=case)).select_related("case__status", "to__status")


class CaseLink(models.Model):
    """Two cases that have to do with each other: `case` is the later one, which came of `to` (CA-16)."""

    class Why(models.TextChoices):
        RELATED = "related", _("Related")
        SPLIT = "split", _("A second matter of the same message")
        LATE_REPLY = "late-reply", _("A reply long after the other was closed")

    case = models.ForeignKey(Case, models.CASCADE, related_name="links_to")
    to = models.ForeignKey(Case, models.CASCADE, related_name="links_from")
    why = models.CharField(max_length=10, choices=Why, default=Why.RELATED)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = CaseLinkQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "to"], name="case_linked_once"),
            models.CheckConstraint(name="case_linked_to_another", condition=~Q(case=F("to"))),
        ]

    def other(self, case: Case) -> Case:
        """The case at the far end."""
        return self.to if self.case_id == case.pk else self.case

    def words_on(self, case: Case) -> str:
        """What the other one is to this one, as its page says it."""
        if self.why == self.Why.LATE_REPLY:
            is_later = self.case_id == case.pk
            return gettext("Closed before; this one follows it") if is_later else gettext("Follows this one")
        return str(self.get_why_display())

    def __str__(self) -> str:
        return f"{self.case} – {self.to}"
