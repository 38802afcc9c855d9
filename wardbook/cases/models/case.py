"""One matter the office follows until it is closed."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wardbook.cases.models.choices import Outcome, Priority, WaitingOn
from wardbook.cases.models.questions import CaseQuerySet
from wardbook.contacts.models import Contact
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Office, Representative, Team
from wardbook.vocabulary.models import (
    CaseCode,
    CaseType,
    Category,
    ContactType,
    PolicyArea,
    ServiceType,
    Status,
    SubType,
    Tag,
)

COUNTED_BY = [
    *("office", "status", "is_restricted", "owner", "deleted_at", "closed_at", "last_activity_at", "priority"),
    *("kind", "owner_team", "policy_area", "category", "service_type", "case_type", "sub_type", "contact_type"),
    *("case_code", "representative", "constituent", "waiting_on", "waiting_since", "opened_on", "closed_on"),
    *("deadline_on", "next_step_on", "created_by", "number", "reference_key", "description"),
]

# What is asked of a case whose id is known already: whether it may be seen, and what its status is.
GLANCED_AT = ["id", "office", "status", "is_restricted", "owner", "deleted_at", "closed_at"]
# The same columns as those counted by; closed_at stands early because it is asked first.
_ASKED_FIRST = ["office", "closed_at", "is_restricted"]
OPEN_COUNTED_BY = [*_ASKED_FIRST, *(name for name in COUNTED_BY if name not in _ASKED_FIRST)]


class Case(models.Model):
    """One matter the office has taken up. Its constituent may be unknown or nobody (C16)."""

    class Kind(models.TextChoices):
        CASEWORK = "casework", _("Casework")
        POLICY = "policy", _("Policy")
        INTERNAL = "internal", _("Internal")
        INVITATION = "invitation", _("Invitation")

    office = models.ForeignKey(Office, models.PROTECT, related_name="cases")
    number = models.PositiveIntegerField(editable=False)
    reference = models.CharField(max_length=40, editable=False)
    reference_key = models.CharField(max_length=40, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.CASEWORK)
    description = models.CharField(_("what it is about"), max_length=200)
    notes = models.TextField(_("details"), max_length=20_000, blank=True)
    constituent = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("constituent"),
    )
    is_anonymous = models.BooleanField(_("the person does not want to be named"), default=False)
    requester = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="raised_cases",
        verbose_name=_("raised by"),
    )
    representative = models.ForeignKey(
        Representative,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("representative"),
    )
    status = models.ForeignKey(Status, models.PROTECT, related_name="cases", verbose_name=_("status"))
    status_class = models.CharField(max_length=6, choices=Status.Class, editable=False)
    review_on = models.DateField(_("look at it again on"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.NONE)
    case_type = models.ForeignKey(
        CaseType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("case type"),
    )
    sub_type = models.ForeignKey(
        SubType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("sub-type"),
    )
    case_code = models.ForeignKey(
        CaseCode,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("case code"),
    )
    policy_area = models.ForeignKey(
        PolicyArea,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("policy area"),
    )
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("category"),
    )
    service_type = models.ForeignKey(
        ServiceType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("service type"),
    )
    contact_type = models.ForeignKey(
        ContactType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("how it came"),
    )
    tags: "models.ManyToManyField[Tag, CaseTag]" = models.ManyToManyField(
        Tag, through="CaseTag", related_name="cases"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_cases",
        verbose_name=_("who does it"),
    )
    owner_team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_cases",
        verbose_name=_("team"),
    )
    assigned_at = models.DateTimeField(null=True, blank=True)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    waiting_on = models.CharField(_("waiting on"), max_length=12, choices=WaitingOn, blank=True)
    waiting_agency = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="awaited_cases",
        verbose_name=_("which agency"),
    )
    waiting_since = models.DateField(null=True, blank=True)
    deadline_on = models.DateField(_("must be done by"), null=True, blank=True)
    deadline_reason = models.CharField(_("what happens then"), max_length=120, blank=True)
    is_restricted = models.BooleanField(_("restricted"), default=False)
    opened_on = models.DateField(_("opened on"))
    closed_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    first_closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("how it ended"), max_length=10, choices=Outcome, blank=True)
    outcome_note = models.CharField(_("in a line"), max_length=300, blank=True)
    reopen_count = models.PositiveSmallIntegerField(default=0)
    reopened_at = models.DateTimeField(null=True, blank=True)
    next_step_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    last_activity_at = models.DateTimeField()
    last_informed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=120, blank=True)
    batch_id = models.BigIntegerField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "number"], name="case_number_once_per_office"),
            models.UniqueConstraint(
                fields=["office", "source", "source_id"],
                condition=~Q(source_id=""),
                name="case_source_once",
            ),
            models.CheckConstraint(
                name="case_closed_with_outcome_and_date",
                condition=Q(
                    status_class="closed",
                    closed_at__isnull=False,
                    closed_on__isnull=False,
                )
                & ~Q(outcome="")
                | ~Q(status_class="closed") & Q(closed_at__isnull=True, closed_on__isnull=True, outcome=""),
            ),
            models.CheckConstraint(
                name="case_waits_since_a_day",
                condition=Q(waiting_on="", waiting_since__isnull=True)
                | ~Q(waiting_on="") & Q(waiting_since__isnull=False),
            ),
            models.CheckConstraint(name="case_says_what_it_is_about", condition=~Q(description="")),
            models.CheckConstraint(
                name="case_names_a_policy_area_with_its_category",
                condition=Q(category__isnull=True) | Q(policy_area__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "-last_activity_at", "-id"],
                name="case_open_newest",
                condition=Q(closed_at__isnull=True, deleted_at__isnull=True),
            ),
            models.Index(
                fields=["office", "-last_activity_at", "-id"],
                name="case_newest",
            ),
            # Holds every column a list is narrowed by, so that counting reads this and not the cases (100,000
            # in 10 ms instead of 100). With deleted_at in it SQLite knows that it needs nothing else.
            models.Index(fields=COUNTED_BY, name="case_facets", condition=Q(deleted_at__isnull=True)),
            # The same of open cases, so that a list of them in any order reads a tenth of that, and no case but the
            # fifty it shows (2 ms instead of 14).
            models.Index(
                fields=OPEN_COUNTED_BY,
                name="case_open_facets",
                condition=Q(closed_at__isnull=True, deleted_at__isnull=True),
            ),
            # Cases found by a word, a tag, a ward or a colleague are counted from this, thousands of ids at a time,
            # and not from their rows, which are wide (half the time and less).
            models.Index(fields=GLANCED_AT, name="case_glanced_at", condition=Q(deleted_at__isnull=True)),
            models.Index(
                fields=["office", "status", "-last_activity_at", "-id"],
                name="case_by_status",
                condition=Q(deleted_at__isnull=True),
            ),
            models.Index(
                fields=["office", "owner", "-last_activity_at"],
                name="case_open_by_owner",
                condition=Q(closed_at__isnull=True, deleted_at__isnull=True),
            ),
            models.Index(
                fields=["office", "next_step_on", "id"],
                name="case_open_by_next_step",
                condition=Q(closed_at__isnull=True, deleted_at__isnull=True),
            ),
            models.Index(
                fields=["office", "category", "-last_activity_at"],
                name="case_by_category",
            ),
            models.Index(
                fields=["office", "policy_area", "-last_activity_at"],
                name="case_by_policy_area",
            ),
            models.Index(fields=["office", "opened_on", "id"], name="case_by_opening"),
            models.Index(fields=["office", "reference_key"], name="case_by_reference"),
            models.Index(fields=["constituent", "-opened_on"], name="case_by_constituent"),
            # The cases of a ward's people are counted, and people in the order of their names walked through to their
            # cases, from this alone.
            models.Index(
                fields=["constituent", "office", "status", "is_restricted", "owner", "deleted_at", "closed_at"],
                name="case_facets_by_constituent",
                condition=Q(deleted_at__isnull=True),
            ),
            models.Index(
                fields=["batch_id"],
                name="case_by_batch",
                condition=Q(batch_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def who(self) -> str:
        """Whom the case is about, in a word for lists."""
        if self.constituent:
            return self.constituent.name
        return str(_("Anonymous")) if self.is_anonymous else ""

    def age(self, today: date) -> int:
        """Days from the open date to today, or to the day it was closed (S2.8)."""
        return max(0, ((self.closed_on or today) - self.opened_on).days)

    # Rules. They change fields or refuse; they do not save.

    def close(self, *, status: Status, outcome: str, note: str, at: datetime, today: date) -> None:
        if self.is_closed:
            raise RuleBroken(_("This case is already closed."))
        if not outcome:
            raise RuleBroken(_("Say how the case ended."))
        self._stand(status)
        self.outcome, self.outcome_note = outcome, note
        self.closed_at, self.closed_on = at, today
        self.first_closed_at = self.first_closed_at or at
        self.waiting_on, self.waiting_agency, self.waiting_since, self.next_step_on = (
            "",
            None,
            None,
            None,
        )
        self.review_on = None

    def reopen(self, *, status: Status, at: datetime) -> None:
        if not self.is_closed:
            raise RuleBroken(_("This case is open."))
        self._stand(status)
        self.outcome, self.outcome_note, self.closed_at, self.closed_on = (
            "",
            "",
            None,
            None,
        )
        self.reopen_count += 1
        self.reopened_at = at

    def stand(self, status: Status, *, review_on: date | None) -> None:
        """Take a status that is neither closing nor reopening."""
        if self.is_closed or status.status_class == Status.Class.CLOSED:
            raise RuleBroken(_("Closing and reopening say how and why: use “Close case” or “Reopen”."))
        self._stand(status)
        self.review_on = review_on if status.status_class == Status.Class.PAUSED else None

    def _stand(self, status: Status) -> None:
        if status.office_id != self.office_id:
            raise RuleBroken(_("Choose one of the office's statuses."))
        self.status, self.status_class = status, status.status_class

    def wait_on(self, who: str, *, agency: Contact | None, today: date) -> None:
        """Say who must act next; the day counts from when that changed."""
        if self.is_closed:
            raise RuleBroken(_("A closed case waits for nobody."))
        if (who, agency and agency.pk) == (self.waiting_on, self.waiting_agency_id):
            return
        self.waiting_on, self.waiting_agency = (
            who,
            agency if who == WaitingOn.AGENCY else None,
        )
        self.waiting_since = today if who else None


class CaseTag(models.Model):
    """A tag on a case. Office and opening day are repeated here so that counting tags needs no join."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="case_tags")
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="case_tags")
    opened_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "tag"], name="tag_once_per_case")]
        indexes = [
            models.Index(fields=["office", "tag", "case"], name="case_tag_by_tag"),
            models.Index(fields=["office", "tag", "opened_on"], name="case_tag_by_tag_and_day"),
        ]

    def __str__(self) -> str:
        return f"{self.tag} on {self.case}"
