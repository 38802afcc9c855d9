"""The lists of an office. A value has an identity that outlives its name (S4.15)."""

from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from wardbook.lib.fold import fold
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.offices.models import Membership


AnyValue = TypeVar("AnyValue", bound="Value")


class ValueQuerySet(models.QuerySet[AnyValue]):
    def visible_to(self, member: "Membership") -> Self:
        return self.filter(office_id=member.office_id)

    def in_use(self) -> Self:
        """The values that people may choose now: neither retired nor merged away."""
        return self.filter(retired_at__isnull=True)


class Value(models.Model):
    """One value of one list of an office."""

    # The foreign key to the value this one depends on, e.g. a category's policy area.
    parent_field: ClassVar[str] = ""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("what belongs here"), max_length=300, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    valid_from = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")

    objects = ValueQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def fingerprint(self) -> str:
        """What a form remembers of the value it shows, so that two editors notice each other (R13)."""
        said = [
            self.name,
            self.description,
            *(str(getattr(self, name, "")) for name in ("code", "family", "for_agency", "restricts")),
        ]
        return sha256("\0".join(said).encode()).hexdigest()[:16]

    def retire(self, at: datetime) -> None:
        """Nobody can choose it any more; whatever has it keeps it, and statistics count it."""
        self.retired_at = self.retired_at or at


class Status(Value):
    """Where a case stands, as the office calls it; the class is what the logic keys on (C2)."""

    class Class(models.TextChoices):
        NEW = "new", _("new")
        OPEN = "open", _("open")
        PAUSED = "paused", _("paused")
        CLOSED = "closed", _("closed")

    class Mark(models.TextChoices):
        NEW = "new", _("ring")
        ACKNOWLEDGED = "acknowledged", _("quarter")
        OPEN = "open", _("half")
        ON_HOLD = "on_hold", _("hourglass")
        CLOSED = "closed", _("full")

    status_class = models.CharField(_("kind"), max_length=6, choices=Class)
    mark = models.CharField(_("mark"), max_length=12, choices=Mark, default=Mark.OPEN)

    class Meta(Value.Meta):
        constraints = [models.UniqueConstraint("office", Lower("name"), name="status_once_per_office")]


class CaseType(Value):
    """What sort of matter a case is. Of some only those named on a case may know it (S3.35)."""

    restricts = models.BooleanField(_("its cases are restricted"), default=False)

    class Meta(Value.Meta):
        constraints = [models.UniqueConstraint("office", Lower("name"), name="case_type_once_per_office")]


class SubType(Value):
    """A finer sort, depending on the case type."""

    parent_field = "case_type"
    case_type = models.ForeignKey(CaseType, models.PROTECT, related_name="sub_types", verbose_name=_("case type"))

    class Meta(Value.Meta):
        constraints = [models.UniqueConstraint("case_type", Lower("name"), name="sub_type_once_per_case_type")]


class CaseCode(Value):
    """The office's own short code with a label."""

    code = models.CharField(_("code"), max_length=12)

    class Meta(Value.Meta):
        constraints = [models.UniqueConstraint("office", Lower("code"), name="case_code_once_per_office")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class PolicyArea(Value):
    """The broadest topic of a case."""

    class Meta(Value.Meta):
        constraints = [models.UniqueConstraint("office", Lower("name"), name="policy_area_once_per_office")]


class Category(Value):
    """The middle level, under a policy area."""

    parent_field = "policy_area"
    policy_area = models.ForeignKey(
        PolicyArea,
        models.PROTECT,
        related_name="categories",
        verbose_name=_("policy area"),
    )

    class Meta(Value.Meta):
        verbose_name_plural = "categories"
        constraints = [models.UniqueConstraint("policy_area", Lower("name"), name="category_once_per_policy_area")]


class ServiceType(Value):
    """The lowest level, under a category; with it the key of routing."""

    parent_field = "category"
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        related_name="service_types",
        verbose_name=_("category"),
    )

    class Meta(Value.Meta):
        constraints = [models.UniqueConstraint("category", Lower("name"), name="service_type_once_per_category")]


class ContactType(Value):
    """How something reached the office: phone, letter, email, surgery …"""

    code = models.SlugField(max_length=30)

    class Meta(Value.Meta):
        constraints = [
            models.UniqueConstraint("office", Lower("name"), name="contact_type_once_per_office"),
            models.UniqueConstraint(fields=["office", "code"], name="contact_type_code_once_per_office"),
        ]


class ActivityType(Value):
    """What kind of activity it was: phoned the constituent, letter sent, site visit …"""

    class Family(models.TextChoices):
        CALL = "call", _("Call")
        EMAIL = "email", _("Email")
        LETTER = "letter", _("Letter")
        MEETING = "meeting", _("Meeting")
        VISIT = "visit", _("Visit")
        TASK = "task", _("Task")
        OTHER = "other", _("Other")

    family = models.CharField(_("family"), max_length=10, choices=Family, default=Family.OTHER)

    class Meta(Value.Meta):
        constraints = [models.UniqueConstraint("office", Lower("name"), name="activity_type_once_per_office")]


class NoteCode(Value):
    """What a note on a contact is about."""

    class Meta(Value.Meta):
        constraints = [models.UniqueConstraint("office", Lower("name"), name="note_code_once_per_office")]


class PartyRole(Value):
    """The part somebody plays in a case: constituent, spouse, solicitor, agency …"""

    for_agency = models.BooleanField(_("an organisation we approach"), default=False)

    class Meta(Value.Meta):
        constraints = [models.UniqueConstraint("office", Lower("name"), name="party_role_once_per_office")]


class Tag(Value):
    """A word from the office's kept list. `key` is the word folded, so that "Pot hole" is "pothole"."""

    key = models.CharField(max_length=120, editable=False)

    class Meta(Value.Meta):
        constraints = [models.UniqueConstraint(fields=["office", "key"], name="tag_once_per_office")]

    @staticmethod
    def key_for(name: str) -> str:
        """What two tags must share to be the same: the folded word without spaces, hyphens and underscores."""
        return "".join(c for c in fold(name) if c.isalnum())[:120]


# The lists that an office keeps, by the word that stands in addresses, imports and settings.
LISTS: dict[str, type[Value]] = {
    "statuses": Status,
    "case-types": CaseType,
    "sub-types": SubType,
    "case-codes": CaseCode,
    "policy-areas": PolicyArea,
    "categories": Category,
    "service-types": ServiceType,
    "contact-types": ContactType,
    "activity-types": ActivityType,
    "note-codes": NoteCode,
    "party-roles": PartyRole,
    "tags": Tag,
}


def list_of(model: type[Value]) -> str:
    """The word for a list in addresses: Category is "categories"."""
    return next(word for word, known in LISTS.items() if known is model)
