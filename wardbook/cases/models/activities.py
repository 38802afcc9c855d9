"""One interaction or piece of work, in or out of a case; done, or planned for a day."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from wardbook.cases.models.case import Case
from wardbook.contacts.models import Contact
from wardbook.lib.folded import FoldedField
from wardbook.offices.models import Office, Team
from wardbook.vocabulary.models import (
    ActivityType,
    Category,
    ContactType,
    PolicyArea,
    Tag,
)

if TYPE_CHECKING:
    from wardbook.offices.models import Membership


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, member: "Membership") -> Self:
        """Activities of cases the member may see, and those without a case if they may read contacts."""
        if not (member.can("activities.read") or member.can("cases.read")):
            return self.none()
        activities = self.filter(office_id=member.office_id, deleted_at__isnull=True)
        case = Case.objects.visible_to(member).filter(pk=OuterRef("case_id"))
        own = (
            Q(case__isnull=True)
            if member.can("activities.read")
            else Q(case__isnull=True, created_by_id=member.user_id)
        )
        return activities.filter(own | Exists(case))

    def planned(self) -> Self:
        return self.filter(state=Activity.State.PLANNED)

    def done(self) -> Self:
        return self.filter(state=Activity.State.DONE)

    def overdue(self, today: date) -> Self:
        return self.planned().filter(due_on__lt=today)

    def given_to(self, user_id: int) -> Self:
        return self.filter(assignee_id=user_id)

    def for_list(self) -> Self:
        return self.select_related("case__constituent", "contact", "type", "assignee", "team")


class Activity(models.Model):
    """A call, meeting, letter, visit or task; a planned one with a day is a follow-up."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    class Direction(models.TextChoices):
        IN = "in", _("From them")
        OUT = "out", _("From us")
        NONE = "none", _("Neither")

    office = models.ForeignKey(Office, models.PROTECT, related_name="activities")
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="activities")
    contact = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("with whom"),
    )
    type = models.ForeignKey(
        ActivityType,
        models.PROTECT,
        related_name="activities",
        verbose_name=_("action"),
    )
    contact_type = models.ForeignKey(
        ContactType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("how"),
    )
    direction = models.CharField(max_length=4, choices=Direction, default=Direction.NONE)
    state = models.CharField(max_length=9, choices=State, default=State.DONE)
    subject = models.CharField(_("in one line"), max_length=200)
    # Some letters fold to two.
    subject_folded = FoldedField(of="subject", max_length=400)
    details = models.TextField(_("details"), max_length=20_000, blank=True)
    outcome = models.CharField(_("what came of it"), max_length=300, blank=True)
    happened_at = models.DateTimeField(_("when"), null=True, blank=True)
    written_on = models.DateField(_("date on the letter"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    place = models.CharField(_("where"), max_length=160, blank=True)
    due_on = models.DateField(_("on"), null=True, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("who does it"),
    )
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="activities")
    follows = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="followed_by")
    policy_area = models.ForeignKey(PolicyArea, models.PROTECT, null=True, blank=True, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    tags: "models.ManyToManyField[Tag, models.Model]" = models.ManyToManyField(Tag, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    seen_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "activities"
        constraints = [
            models.CheckConstraint(
                name="activity_done_has_a_time",
                condition=~Q(state="done") | Q(happened_at__isnull=False),
            ),
            models.CheckConstraint(
                name="activity_planned_is_not_finished",
                condition=~Q(state="planned") | Q(finished_at__isnull=True),
            ),
            models.CheckConstraint(
                name="activity_is_on_a_case_or_with_somebody",
                condition=Q(case__isnull=False) | Q(contact__isnull=False) | Q(created_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "happened_at", "id"], name="activity_by_case"),
            models.Index(fields=["contact", "-happened_at"], name="activity_by_contact"),
            models.Index(
                fields=["office", "assignee", "due_on"],
                name="activity_planned_by_person",
                condition=Q(state="planned"),
            ),
            models.Index(
                fields=["office", "due_on", "id"],
                name="activity_planned",
                condition=Q(state="planned"),
            ),
            models.Index(fields=["office", "-happened_at", "-id"], name="activity_newest"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.PLANNED
