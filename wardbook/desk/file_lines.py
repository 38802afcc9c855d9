"""A file as the lists of files draw it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wardbook.cases import pictures
from wardbook.cases.models import Document


def source_of(document: Document) -> str:
    """The id of the entry that a file belongs to."""
    if document.activity_id:
        return f"activity-{document.activity_id}"
    if document.internal_note_id:
        return f"note-{document.internal_note_id}"
    return f"case-note-{document.case_note_id}"


def warning_of(file: Any) -> str:
    """What to heed about a file that came or was uploaded, in words."""
    if file.is_risky:
        return _("Could do harm when opened. Open it only if you expect it.")
    return _("It is not what its name says.") if file.is_mismatch else ""


def file_line(document: Document, slug: str) -> dict[str, Any]:
    """A file as the lists of files draw it, with what to heed about it in words."""
    url = reverse("cases:document", args=[slug, document.pk])
    return {
        "id": document.pk,
        "name": document.name,
        "url": url,
        "removal": reverse("cases:document_removal", args=[slug, document.pk]),
        # What is downloaded by the plain address has lost the place where it was made.
        "original": f"{url}?original=1" if document.media_type in pictures.CARRIERS else "",
        "size": document.size,
        "kind": document.media_type,
        "warning": warning_of(document),
        "at": document.uploaded_at,
        "source": source_of(document),
    }
