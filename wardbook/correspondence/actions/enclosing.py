"""Files that go out with a message: each message holds bytes of its own, and keeps what was sent."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from wardbook.cases import files
from wardbook.cases.models import Case, Document
from wardbook.correspondence.models import Attachment, Message
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Office

# What mail servers take as a rule; said before the sending (EM-3).
MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 50
_CHUNK = 256 * 1024


class Enclosure(NamedTuple):
    """One file to go along: a name, and where its bytes come from, as often as they are asked for."""

    name: str
    size: int
    declared_type: str
    source: "UploadedFile[bytes] | Document | Attachment"

    def chunks(self) -> Iterator[bytes]:
        if isinstance(self.source, UploadedFile):
            self.source.seek(0)
            yield from self.source.chunks(_CHUNK)
            return
        with files.path_of(settings.MEDIA_ROOT, self.source.storage_key).open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk


def enclosures(
    *,
    office: Office,
    case: Case | None,
    uploads: "Sequence[UploadedFile[bytes]]" = (),
    documents: Iterable[Document] = (),
    attachments: Iterable[Attachment] = (),
) -> list[Enclosure]:
    """What shall go along. Raises RuleBroken: an empty file, too much, a file of another case or of a note."""
    found = []
    for upload in uploads:
        name = files.clean_name(upload.name or "")
        if not upload.size:
            raise RuleBroken(_("The file “%(name)s” is empty.") % {"name": name})
        found.append(Enclosure(name, upload.size, (upload.content_type or "")[:100], upload))
    for document in documents:
        _may_leave(document, office, case)
        found.append(Enclosure(files.clean_name(document.name), document.size, document.media_type, document))
    for attachment in attachments:
        # A file of a message that is on no case goes on only from the Inbox, where there is no case either.
        at_home = attachment.message.case_id == (case.pk if case else None)
        if attachment.office_id != office.pk or not at_home:
            raise RuleBroken(_("“%(name)s” is not a file of this case.") % {"name": attachment.name})
        found.append(Enclosure(files.clean_name(attachment.name), attachment.size, attachment.media_type, attachment))
    total = sum(one.size for one in found)
    if total > MOST_BYTES:
        words = _("The files are %(size)s together. An email carries %(most)s.")
        raise RuleBroken(words % {"size": filesizeformat(total), "most": filesizeformat(MOST_BYTES)})
    if len(found) > MOST_FILES:
        raise RuleBroken(_("An email carries %(most)d files. Leave some out.") % {"most": MOST_FILES})
    return found


def enclose(message: Message, given: Sequence[Enclosure]) -> None:
    """Keep files with a message that was just written. Raises RuleBroken when the disk is full."""
    for one in given:
        try:
            stored = files.store(settings.MEDIA_ROOT, one.chunks())
        except FileNotFoundError:
            raise RuleBroken(
                _("“%(name)s” cannot be opened. Take it off and try again.") % {"name": one.name}
            ) from None
        except OSError:
            raise RuleBroken(_("There was no room to keep it. Tell whoever runs Wardbook, then try again.")) from None
        sniffed = files.sniff(stored.head, one.name, one.declared_type)
        Attachment.objects.create(
            office_id=message.office_id,
            message=message,
            name=one.name,
            storage_key=stored.key,
            sha256=stored.sha256,
            size=stored.size,
            media_type=sniffed.media_type[:100],
            declared_type=one.declared_type,
            is_mismatch=sniffed.is_mismatch,
            is_risky=sniffed.is_risky,
        )


def _may_leave(document: Document, office: Office, case: Case | None) -> None:
    """Files of a note for the office never leave, whoever asks (C1)."""
    if document.internal_note_id is not None:
        raise RuleBroken(
            _("“%(name)s” belongs to a note for the office, so it cannot be sent.") % {"name": document.name}
        )
    at_home = case is not None and document.case_id == case.pk
    if document.office_id != office.pk or document.deleted_at is not None or not at_home:
        raise RuleBroken(_("“%(name)s” is not a file of this case.") % {"name": document.name})
