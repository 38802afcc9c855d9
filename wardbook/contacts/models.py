"""People and organisations the office knows, with or without a case."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from wardbook.contacts.finding import beginnings
from wardbook.lib.fold import fold, postcode_key, words
from wardbook.offices.models import Office, Ward
from wardbook.vocabulary.models import NoteCode

if TYPE_CHECKING:
    from wardbook.offices.models import Membership


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, member: "Membership") -> Self:
        """The only door to contacts. Roles without contacts.read see those on no list at all."""
        if not member.can("contacts.read"):
            return self.filter(
                office_id=member.office_id,
                created_by_id=member.user_id,
                deleted_at__isnull=True,
            )
        return self.filter(office_id=member.office_id, deleted_at__isnull=True)

    def matching(self, office_id: int, text: str) -> Self:
        """Those who match every word typed: names in any order, accents and case ignored, part of a telephone
        number, a postcode, an email address. Only the longest word, which the fewest have as a rule, is looked up
        whole; whether its people have the others is asked of each."""
        found = self.filter(office_id=office_id)
        typed = beginnings(text)
        longest = max(typed, key=len, default="")
        for word in typed:
            if word == longest:
                keys = ContactKey.objects.filter(ContactKey.begins(word), office_id=office_id)
                found = found.filter(pk__in=keys.values("contact_id"))
            else:
                found = found.having(word)
        return found

    def having(self, word: str) -> Self:
        """Those with a key that begins so, asked one by one: for sets that are small already."""
        return self.filter(Exists(ContactKey.objects.filter(ContactKey.begins(word), contact=OuterRef("pk"))))

    def same_household(self, contact: "Contact") -> Self:
        """The others at exactly the same home address (R2.2, E10)."""
        keys = [a.household_key for a in contact.addresses.all() if a.household_key and a.kind == Address.Kind.HOME]
        return (
            self.filter(
                office_id=contact.office_id,
                addresses__household_key__in=keys,
                addresses__kind=Address.Kind.HOME,
            )
            .exclude(pk=contact.pk)
            .distinct()
        )

    def for_list(self) -> Self:
        return self.select_related("ward").prefetch_related("points", "addresses")


class Contact(models.Model):
    """A person or organisation the office knows."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        ORGANISATION = "organisation", _("Organisation")

    class Area(models.TextChoices):
        IN = "in", _("Lives in the area")
        OUT = "out", _("Lives outside the area")
        UNKNOWN = "unknown", _("Area not known")

    office = models.ForeignKey(Office, models.PROTECT, related_name="contacts")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PERSON)
    is_agency = models.BooleanField(_("a body we approach for people"), default=False)
    title = models.CharField(_("title"), max_length=30, blank=True)
    given_name = models.CharField(_("first name"), max_length=80, blank=True)
    family_name = models.CharField(_("last name"), max_length=80, blank=True)
    organisation_name = models.CharField(_("organisation"), max_length=160, blank=True)
    name = models.CharField(max_length=200, editable=False)
    sort_name = models.CharField(max_length=200, editable=False)
    language = models.CharField(_("language"), max_length=10, blank=True)
    ward = models.ForeignKey(Ward, models.PROTECT, null=True, blank=True, related_name="contacts")
    area = models.CharField(_("area"), max_length=7, choices=Area, default=Area.UNKNOWN)
    do_not_call = models.BooleanField(_("do not call"), default=False)
    do_not_mail = models.BooleanField(_("do not send letters"), default=False)
    do_not_email = models.BooleanField(_("do not email"), default=False)
    flags_source = models.CharField(_("who said so, and when"), max_length=160, blank=True)
    needs = models.CharField(_("needs"), max_length=300, blank=True)
    safe_contact = models.CharField(_("safe ways to reach them"), max_length=300, blank=True)
    deceased_on = models.DateField(_("died on"), null=True, blank=True)
    warning = models.CharField(_("warning for the office"), max_length=300, blank=True)
    warning_reason = models.CharField(_("why the warning is there"), max_length=200, blank=True)
    warning_review_on = models.DateField(_("review the warning on"), null=True, blank=True)
    casework_hotline = models.CharField(_("casework line"), max_length=160, blank=True)
    usual_days = models.PositiveSmallIntegerField(_("usually answers in (working days)"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    deleted_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=120, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="contact_has_a_name", condition=~Q(name="")),
            models.UniqueConstraint(
                fields=["office", "source", "source_id"],
                condition=~Q(source_id=""),
                name="contact_source_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "sort_name", "id"],
                name="contact_by_name",
                condition=Q(deleted_at=None),
            ),
            models.Index(
                fields=["office", "sort_name", "id"],
                name="contact_agencies_by_name",
                condition=Q(is_agency=True, deleted_at=None),
            ),
            # Of everybody, those in the bin too: in these orders their cases are listed.
            models.Index(fields=["office", "sort_name", "id"], name="contact_all_by_name"),
            models.Index(fields=["office", "given_name", "id"], name="contact_by_given_name"),
            models.Index(fields=["office", "family_name", "id"], name="contact_by_family_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def name_itself(self) -> None:
        """Derive `name` and `sort_name` from the parts. Callers save."""
        if self.kind == self.Kind.ORGANISATION:
            self.name = self.organisation_name.strip()
            self.sort_name = fold(self.name)[:200]
        else:
            self.name = " ".join(part for part in (self.given_name.strip(), self.family_name.strip()) if part)
            self.sort_name = fold(f"{self.family_name.strip()} {self.given_name.strip()}".strip())[:200]

    @property
    def formal_name(self) -> str:
        """How a letter or a button names them: "Mrs Evans", or the whole name without a title."""
        if self.kind == self.Kind.PERSON and self.title and self.family_name:
            return f"{self.title} {self.family_name}"
        return self.name

    @property
    def initials(self) -> str:
        return "".join(word[:1] for word in self.name.split()[:2]).upper()


class ContactPoint(models.Model):
    """One way to reach a contact: a telephone number, an email address, a social handle, a web address."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Telephone")
        EMAIL = "email", _("Email")
        SOCIAL = "social", _("Social media")
        WEB = "web", _("Website")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="points")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    value = models.CharField(_("number or address"), max_length=254)
    normal = models.CharField(max_length=254, editable=False)
    label = models.CharField(_("label"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["kind", "normal"], name="contact_point_by_value")]

    def __str__(self) -> str:
        return self.value


class Address(models.Model):
    """A home or mailing address. `household_key` is equal for people at exactly the same address."""

    class Kind(models.TextChoices):
        HOME = "home", _("Home")
        MAILING = "mailing", _("For letters")
        OFFICE = "office", _("Office")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="addresses")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.HOME)
    lines = models.CharField(_("address"), max_length=250, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    postcode_key = models.CharField(max_length=12, editable=False, blank=True)
    household_key = models.CharField(max_length=160, editable=False, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["household_key"], name="address_by_household"),
            models.Index(fields=["postcode_key"], name="address_by_postcode"),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.lines, self.postcode) if part)

    def normalise(self) -> None:
        """Derive the keys. Callers save."""
        self.postcode_key = postcode_key(self.postcode)[:12]
        street = " ".join(words(self.lines))
        self.household_key = f"{self.postcode_key}|{street}"[:160] if self.postcode_key and street else ""


class ContactKey(models.Model):
    """One word by which a contact is found. Kept by contacts.actions whenever a contact changes."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="keys", db_index=False)
    key = models.CharField(max_length=80)

    class Meta:
        indexes = [
            models.Index(fields=["office", "key", "contact"], name="contact_key_lookup"),
            # Whether one contact has a key with some beginning, in one step.
            models.Index(fields=["contact", "key"], name="contact_key_of_contact"),
        ]

    def __str__(self) -> str:
        return self.key

    @staticmethod
    def begins(word: str) -> Q:
        """Keys that begin so, as a range of the index."""
        return Q(key__gte=word, key__lt=f"{word}\U0010ffff")


class ContactNoteQuerySet(models.QuerySet["ContactNote"]):
    def visible_to(self, member: "Membership") -> Self:
        return self.filter(contact__in=Contact.objects.visible_to(member))


class ContactNote(models.Model):
    """Something worth knowing about a contact, with no workflow (S2.3)."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="notes")
    noted_on = models.DateField(_("date"))
    code = models.ForeignKey(NoteCode, models.PROTECT, null=True, blank=True, verbose_name=_("about"))
    description = models.CharField(_("in one line"), max_length=200)
    text = models.TextField(_("note"), max_length=20_000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    case_id = models.BigIntegerField(null=True, blank=True, editable=False)

    objects = ContactNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-noted_on", "-pk"]

    def __str__(self) -> str:
        return self.description
