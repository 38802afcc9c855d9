"""Files. Each belongs to exactly one entry and is listed on its case (C6)."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from wardbook.cases.models.activities import Activity
from wardbook.cases.models.case import Case
from wardbook.cases.models.notes import CaseNote, InternalNote
from wardbook.contacts.models import Contact
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.offices.models import Membership


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, member: "Membership") -> Self:
        """Files of entries the member may see; those on an internal note only for staff."""
        documents = self.filter(office_id=member.office_id, deleted_at__isnull=True)
        case = Case.objects.visible_to(member).filter(pk=OuterRef("case_id"))
        loose = Q(case__isnull=True) if member.can("contacts.read") else Q(pk__in=[])
        documents = documents.filter(Exists(case) | loose)
        if not member.can("cases.notes.internal"):
            documents = documents.filter(internal_note__isnull=True)
        return documents


class Document(models.Model):
    """One file: its display name, its bytes by digest under a random key, and what the bytes are."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="documents")
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="documents")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="documents")
    activity = models.ForeignKey(Activity, models.CASCADE, null=True, blank=True, related_name="documents")
    internal_note = models.ForeignKey(InternalNote, models.CASCADE, null=True, blank=True, related_name="documents")
    case_note = models.ForeignKey(CaseNote, models.CASCADE, null=True, blank=True, related_name="documents")
    name = models.CharField(_("name"), max_length=200)
    storage_key = models.CharField(max_length=64, unique=True, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    declared_type = models.CharField(max_length=100, blank=True)
    is_mismatch = models.BooleanField(default=False)
    is_risky = models.BooleanField(default=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["uploaded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="document_belongs_to_one_entry",
                condition=Q(
                    activity__isnull=False,
                    internal_note__isnull=True,
                    case_note__isnull=True,
                )
                | Q(
                    activity__isnull=True,
                    internal_note__isnull=False,
                    case_note__isnull=True,
                )
                | Q(
                    activity__isnull=True,
                    internal_note__isnull=True,
                    case_note__isnull=False,
                ),
            )
        ]
        indexes = [models.Index(fields=["case", "uploaded_at"], name="document_by_case")]

    def __str__(self) -> str:
        return self.name
