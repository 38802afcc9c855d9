"""Offices and the people in them. The tenancy wall stands here."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from wardbook.lib.fold import postcode_key
from wardbook.offices import access
from wardbook.offices.calendar import WorkingCalendar

if TYPE_CHECKING:
    from wardbook.accounts.models import User

RESERVED_SLUGS = frozenset(
    {"accounts", "me", "invitations", "healthz", "static", "media", "api", "admin", "field", "portal", "welcome"}
    | {"help", "start", "demo", "hooks", "reports"}
)


def refuse_reserved_slug(value: str) -> None:
    if value in RESERVED_SLUGS:
        raise ValidationError(_("This address is taken by Wardbook itself. Choose another."))


def refuse_unknown_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(
            _("“%(zone)s” is not a time zone. Write one like Europe/London."),
            params={"zone": value},
        )


class Office(models.Model):
    """Whom the staff work for: a member's office, a council, an agency. Nothing crosses from one to another."""

    class Profile(models.TextChoices):
        REPRESENTATIVE = "representative", _("Representative's office")
        CONSTITUENCY = "constituency", _("Constituency office (CivicTrack style)")
        COUNCIL = "council", _("Council with councillors")
        AGENCY = "agency", _("Social services agency")
        OUTREACH = "outreach", _("Outreach campaign")

    class CaseLabel(models.TextChoices):
        CASE = "case", _("Case")
        ISSUE = "issue", _("Issue")
        TICKET = "ticket", _("Ticket")

    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=30)
    slug = models.SlugField(
        _("address"),
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z][a-z0-9-]+$", _("Use small letters, digits and hyphens.")),
            refuse_reserved_slug,
        ],
    )
    profile = models.CharField(
        _("kind of office"),
        max_length=20,
        choices=Profile,
        default=Profile.REPRESENTATIVE,
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        default="Europe/London",
        validators=[refuse_unknown_zone],
    )
    country = models.CharField(_("country"), max_length=2, default="GB")
    subdivision = models.CharField(_("part of the country"), max_length=6, blank=True, default="ENG")
    language = models.CharField(_("language"), max_length=10, default="en-gb")
    reference_format = models.CharField(
        _("case reference"),
        max_length=40,
        default="{number}",
        help_text=_("{number} is the case's number, {year} the year it was opened, {check} a check letter."),
    )
    case_label = models.CharField(_("word for a case"), max_length=10, choices=CaseLabel, default=CaseLabel.CASE)
    gate = models.CharField(
        _("classification is required"),
        max_length=10,
        choices=[
            ("create", _("when a case is opened")),
            ("close", _("when a case is closed")),
        ],
        default="close",
    )
    default_follow_up_days = models.PositiveSmallIntegerField(_("first follow-up after (working days)"), default=5)
    support_address = models.EmailField(_("whom to ask for help"), blank=True)
    last_case_number = models.PositiveIntegerField(default=1000, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField()
    checklist_hidden_at = models.DateTimeField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def local_date(self, at: datetime) -> date:
        """The day it is in the office at a moment."""
        return at.astimezone(self.zone).date()

    def working_calendar(self) -> WorkingCalendar:
        """Monday to Friday less public holidays of the office's country and its own closures. One query."""
        return WorkingCalendar(
            country=self.country,
            subdivision=self.subdivision or None,
            closures={closure.day: closure.reason for closure in self.closures.all()},
        )

    def follows_up_on(self, day: date) -> date:
        """When it asks for the first time after something that began on `day`. One query."""
        return self.working_calendar().working_days_after(day, self.default_follow_up_days)


class Closure(models.Model):
    """A day on which the office is closed though it is no public holiday."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="closures")
    day = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=120)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["office", "day"], name="closure_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.reason}"


class FieldUse(models.Model):
    """Whether the office's case form hides, shows or demands a field; what the profile presets (C10)."""

    class Use(models.TextChoices):
        HIDDEN = "hidden", _("Not shown")
        SHOWN = "shown", _("Shown")
        REQUIRED = "required", _("Shown and required at the gate")

    office = models.ForeignKey(Office, models.CASCADE, related_name="field_uses")
    field = models.CharField(max_length=30)
    use = models.CharField(max_length=10, choices=Use)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "field"], name="field_use_once_per_office")]

    def __str__(self) -> str:
        return f"{self.field}: {self.use}"


class Representative(models.Model):
    """A member, legislator, councillor or candidate whom an office serves."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="representatives")
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("title"), max_length=120, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="representations",
    )
    ended_on = models.DateField(_("served until"), null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("office", Lower("name"), name="representative_once_per_office")]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> Self:
        return self.filter(ended_at__isnull=True, user__is_active=True)

    def staff(self) -> Self:
        """Those who can be given work."""
        return self.active().filter(role__in=access.roles_with("cases.own"))

    def visible_to(self, member: "Membership") -> Self:
        return self.filter(office_id=member.office_id)


class Membership(models.Model):
    """What one person is in one office: their role, from when to when. Ended, never deleted (R2.5)."""

    class Role(models.TextChoices):
        REPRESENTATIVE = "representative", _("Representative")
        CASEWORKER = "caseworker", _("Caseworker")
        MANAGER = "manager", _("Office manager")
        VOLUNTEER = "volunteer", _("Volunteer")
        COUNCILLOR = "councillor", _("Councillor")
        TRIAGE = "triage", _("Triage officer")
        SERVICE = "service", _("Service officer")
        PROTECTION = "protection", _("Data protection lead")
        ADMIN = "admin", _("Administrator")

    office = models.ForeignKey(Office, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    home_seen_at = models.DateTimeField(null=True, blank=True)
    list_choice: "models.JSONField[dict[str, list[str]]]" = models.JSONField(default=dict, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "user"], name="membership_once_per_office")]
        indexes = [models.Index(fields=["user", "office"], name="membership_by_user")]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"

    @property
    def is_active(self) -> bool:
        return self.ended_at is None and self.user.is_active

    def can(self, capability: str) -> bool:
        """Whether the access table gives this role the capability."""
        return capability in access.capabilities(self.role)

    @property
    def scope(self) -> str:
        """Which cases the role sees: all, unrestricted, team, triage, mine, raised, none."""
        return access.case_scope(self.role)


class TeamQuerySet(models.QuerySet["Team"]):
    def active(self) -> Self:
        return self.filter(retired_at__isnull=True)

    def visible_to(self, member: Membership) -> Self:
        return self.filter(office_id=member.office_id)


class Team(models.Model):
    """People who share work; in a council the caseworker group of a service. One may be Triage."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="teams")
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("shared address"), blank=True)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leads_teams",
        verbose_name=_("lead"),
    )
    members: "models.ManyToManyField[User, TeamMember]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="TeamMember", related_name="teams"
    )
    is_triage = models.BooleanField(_("sorts what has no other team"), default=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("office", Lower("name"), name="team_name_once_per_office"),
            models.UniqueConstraint(
                fields=["office"],
                condition=Q(is_triage=True),
                name="one_triage_team_per_office",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """One person in one team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="team_members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="team_memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="in_a_team_once")]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, at: datetime) -> Self:
        return self.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at)

    def not_handed_over(self) -> Self:
        """Those whose mail has not gone out."""
        return self.filter(handed_over_at__isnull=True)

    def visible_to(self, member: Membership) -> Self:
        return self.filter(office_id=member.office_id)


class Invitation(models.Model):
    """An offer to join an office, bound to an address, good once and for 72 hours (H5)."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("email address"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Membership.Role)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # When the link was last given out, by mail or on the terminal; empty while a mail waits to be sent.
    handed_over_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["office", "used_at"], name="invitation_by_office")]

    def __str__(self) -> str:
        return self.email


class Ward(models.Model):
    """A part of the area represented: a ward, a council district. From an imported table (CO-11)."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="wards")
    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("code"), max_length=40, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("office", Lower("name"), name="ward_once_per_office")]

    def __str__(self) -> str:
        return self.name


class PostcodeQuerySet(models.QuerySet["Postcode"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(office_id=member.office_id)

    def covering(self, office: Office, postcode: str) -> "Postcode | None":
        """The longest known beginning of a postcode: the whole code, a sector, a district. One query."""
        key = postcode_key(postcode)
        beginnings = [key[:length] for length in range(len(key), 1, -1)]
        found = self.filter(office=office, key__in=beginnings).select_related("ward")
        return max(found, key=lambda row: len(row.key), default=None)


class Postcode(models.Model):
    """A postcode, or the beginning of one, and where it lies. From an imported table (CO-11)."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="postcodes")
    key = models.CharField(max_length=12)
    ward = models.ForeignKey(Ward, models.PROTECT, null=True, blank=True, related_name="postcodes")
    in_area = models.BooleanField(default=True)
    elsewhere = models.CharField(
        max_length=160,
        blank=True,
        help_text=_("Whose area it is, when it is not ours."),
    )

    objects = PostcodeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "key"], name="postcode_once_per_office")]

    def __str__(self) -> str:
        return self.key
