"""Files join an entry."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.cases import events, files
from wardbook.cases.models import Activity, CaseNote, Document, InternalNote
from wardbook.journal.actions import record

if TYPE_CHECKING:
    from wardbook.accounts.models import User

LARGEST = 50 * 1024 * 1024


class FileRefused(Exception):
    """One file was not taken. The message is fit to show; the others are not affected (S2.24)."""


@transaction.atomic
def add_documents(
    entry: Activity | InternalNote | CaseNote,
    uploads: list[UploadedFile],
    *,
    by: "User | None",
    at: datetime,
) -> tuple[list[Document], list[tuple[str, str]]]:
    """Keep files with an entry. Returns (kept, [(name, why not)]): one failing does not lose the others."""
    kept: list[Document] = []
    refused: list[tuple[str, str]] = []
    for upload in uploads:
        name = files.clean_name(upload.name or "")
        try:
            kept.append(_keep(entry, upload, name, by=by, at=at))
        except FileRefused as refusal:
            refused.append((name, str(refusal)))
    return kept, refused


def _keep(
    entry: Activity | InternalNote | CaseNote,
    upload: UploadedFile,
    name: str,
    *,
    by: "User | None",
    at: datetime,
) -> Document:
    if upload.size is not None and upload.size > LARGEST:
        raise FileRefused(_("It is larger than 50 MB. Make it smaller, or share it in parts."))
    if not upload.size:
        raise FileRefused(_("It is empty."))
    try:
        stored = files.store(settings.MEDIA_ROOT, upload.chunks())
    except OSError:
        raise FileRefused(_("There was no room to keep it. Tell whoever runs Wardbook, then try again.")) from None
    declared = (upload.content_type or "")[:100]
    sniffed = files.sniff(stored.head, name, declared)
    case = entry.case
    office_id = case.office_id if case else entry.office_id  # type: ignore[union-attr]  # only activities lack a case
    document = Document.objects.create(
        office_id=office_id,
        case=case,
        contact=entry.contact if isinstance(entry, Activity) else None,
        activity=entry if isinstance(entry, Activity) else None,
        internal_note=entry if isinstance(entry, InternalNote) else None,
        case_note=entry if isinstance(entry, CaseNote) else None,
        name=name,
        storage_key=stored.key,
        sha256=stored.sha256,
        size=stored.size,
        media_type=sniffed.media_type[:100],
        declared_type=declared,
        is_mismatch=sniffed.is_mismatch,
        is_risky=sniffed.is_risky,
        uploaded_by=by,
        uploaded_at=at,
    )
    record(events.DOCUMENT_ADDED, about=document, by=by, at=at, size=stored.size)
    return document


@transaction.atomic
def remove_document(document: Document, *, by: "User", at: datetime) -> Document:
    """Take a file off its case. The bytes stay until the case is purged."""
    if document.deleted_at is None:
        document.deleted_at = at
        document.save(update_fields=["deleted_at"])
        record(events.DOCUMENT_REMOVED, about=document, by=by, at=at)
    return document
