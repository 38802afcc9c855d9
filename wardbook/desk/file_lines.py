"""A file as the lists of files draw it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wardbook.cases import pictures
from wardbook.cases.models import Document
from wardbook.correspondence.models import Attachment, Message


def source_of(document: Document) -> str:
    """The id of the entry that a file belongs to."""
    if document.activity_id:
        return f"activity-{document.activity_id}"
    if document.internal_note_id:
        return f"note-{document.internal_note_id}"
    return f"case-note-{document.case_note_id}"


def warning_of(file: Document | Attachment) -> str:
    """What to heed about a file that came or was uploaded, in words."""
    if file.is_risky:
        return _("Could do harm when opened. Open it only if you expect it.")
    return _("It is not what its name says.") if file.is_mismatch else ""


def file_line(document: Document, slug: str) -> dict[str, Any]:
    """A document of a case, as the lists of files draw it."""
    return _line(document, reverse("cases:document", args=[slug, document.pk])) | {
        "removal": reverse("cases:document_removal", args=[slug, document.pk]),
        "at": document.uploaded_at,
        "source": source_of(document),
    }


def attachment_line(part: Attachment, slug: str) -> dict[str, Any]:
    """A file that came or went with a message, as the lists of files draw it."""
    return _line(part, reverse("correspondence:attachment", args=[slug, part.pk]))


def attachment_lines(slug: str, message: Message) -> list[dict[str, Any]]:
    """The files of a message; pictures shown within its text are not listed."""
    return [attachment_line(part, slug) for part in message.attachments.all() if not part.is_inline]


def _line(file: Document | Attachment, url: str) -> dict[str, Any]:
    return {
        "id": file.pk,
        "name": file.name,
        "url": url,
        # What is downloaded by the plain address has lost the place where it was made.
        "original": f"{url}?original=1" if file.media_type in pictures.CARRIERS else "",
        "size": file.size,
        "kind": file.media_type,
        "warning": warning_of(file),
    }
