"""Files join an entry."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from wardbook.cases import events, files
from wardbook.cases.actions import saving
from wardbook.cases.models import Activity, Case, CaseNote, Document, InternalNote
from wardbook.journal.actions import record, remember_undo

if TYPE_CHECKING:
    from wardbook.accounts.models import User

Entry = Activity | InternalNote | CaseNote

# What one case may hold (E9): far above any real case, far below a full disk.
MOST_FILES = 1_000
MOST_BYTES = 4 * 1024**3


class FileRefused(Exception):
    """One file was not taken. The message is fit to show; the others are not affected (S2.24)."""


@transaction.atomic
def add_documents(
    entry: Entry, uploads: "Sequence[UploadedFile[bytes]]", *, by: "User | None", at: datetime
) -> tuple[list[Document], list[tuple[str, str]]]:
    """Keep files with an entry. Returns (kept, [(name, why not)]): one failing does not lose the others."""
    kept: list[Document] = []
    refused: list[tuple[str, str]] = []
    if not uploads:
        return kept, refused
    case = saving.locked(entry.case) if entry.case else None
    count, size = _held(case)
    for upload in uploads:
        name = files.clean_name(upload.name or "")
        try:
            if case and (count + len(kept) >= MOST_FILES or size + (upload.size or 0) > MOST_BYTES):
                raise FileRefused(_("This case holds as many files as it can. Keep this one elsewhere."))
            document = _keep(entry, case, upload, name, by=by, at=at)
        except FileRefused as refusal:
            refused.append((name, str(refusal)))
        else:
            kept.append(document)
            size += document.size
    if case and kept:
        saving.touch(case, at)
    return kept, refused


@transaction.atomic
def remove_document(document: Document, *, by: "User", at: datetime) -> Document:
    """Take a file off its case. The bytes stay until the case is purged."""
    document = Document.objects.select_for_update().get(pk=document.pk)
    if document.deleted_at is None:
        document.deleted_at = at
        document.save(update_fields=["deleted_at"])
        record(events.DOCUMENT_REMOVED, about=document, by=by, at=at)
        label = _("“%(name)s” taken off") % {"name": document.name}
        payload = {"document": document.pk}
        remember_undo("document.return", office_id=document.office_id, by=by, at=at, label=label, payload=payload)
    return document


def _held(case: Case | None) -> tuple[int, int]:
    """How many files a case holds, and how many bytes; removed ones count, for their bytes are still there."""
    if case is None:
        return 0, 0
    held = Document.objects.filter(case=case).aggregate(count=Count("pk"), size=Sum("size"))
    return held["count"], held["size"] or 0


def _keep(
    entry: Entry,
    case: Case | None,
    upload: "UploadedFile[bytes]",
    name: str,
    *,
    by: "User | None",
    at: datetime,
) -> Document:
    if upload.size is not None and upload.size > settings.UPLOAD_MAX_BYTES:
        raise FileRefused(_("It is larger than 50 MB. Make it smaller, or share it in parts."))
    if not upload.size:
        raise FileRefused(_("It is empty."))
    try:
        stored = files.store(settings.MEDIA_ROOT, upload.chunks())
    except OSError:
        raise FileRefused(_("There was no room to keep it. Tell whoever runs Wardbook, then try again.")) from None
    declared = (upload.content_type or "")[:100]
    sniffed = files.sniff(stored.head, name, declared)
    document = Document.objects.create(
        office_id=case.office_id if case else entry.office_id,  # type: ignore[union-attr]  # only activities lack a case
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
