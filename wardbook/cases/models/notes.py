"""Two kinds of note in two tables, so that no flag can turn one into the other (C1)."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from wardbook.cases.models.case import Case

if TYPE_CHECKING:
    from wardbook.offices.models import Membership


class InternalNoteQuerySet(models.QuerySet["InternalNote"]):
    def visible_to(self, member: "Membership") -> Self:
        """Office staff with access to the case; never a councillor, never anybody outside."""
        if not member.can("cases.notes.internal"):
            return self.none()
        return self.filter(Exists(Case.objects.visible_to(member).filter(pk=OuterRef("case_id"))))


class InternalNote(models.Model):
    """Staff only. There is no way from here to a message."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="internal_notes")
    text = models.TextField(_("note"), max_length=20_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="mentions")

    objects = InternalNoteQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["case", "at", "id"], name="internal_note_by_case")]
        constraints = [models.CheckConstraint(name="internal_note_says_something", condition=~models.Q(text=""))]

    def __str__(self) -> str:
        return f"Internal note {self.pk}"


class NoteRevision(models.Model):
    """What an internal note said before it was edited."""

    note = models.ForeignKey(InternalNote, models.CASCADE, related_name="revisions")
    text = models.TextField()
    replaced_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Before {self.replaced_at:%Y-%m-%d %H:%M}"


class CaseNoteQuerySet(models.QuerySet["CaseNote"]):
    def visible_to(self, member: "Membership") -> Self:
        """Everybody with access to the case, the Councillor too (S5.7)."""
        return self.filter(Exists(Case.objects.visible_to(member).filter(pk=OuterRef("case_id"))))


class CaseNote(models.Model):
    """Seen by everybody with access to the case. Never edited; a correction is another note."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="case_notes")
    text = models.TextField(_("note"), max_length=20_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = CaseNoteQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["case", "at", "id"], name="case_note_by_case")]
        constraints = [models.CheckConstraint(name="case_note_says_something", condition=~models.Q(text=""))]

    def __str__(self) -> str:
        return f"Case note {self.pk}"
