"""A pile of letters from the scanner becomes letters in the Inbox; one file that fails does not lose the others."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wardbook.cases import files
from wardbook.correspondence import raw_store
from wardbook.correspondence.actions import by_hand, filing
from wardbook.correspondence.actions.by_hand import File
from wardbook.correspondence.models import Attachment, Message
from wardbook.correspondence.scans import cuts, press
from wardbook.journal.actions import as_one, gathering
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.accounts.models import User

Upload = UploadedFile[bytes]


def take_in(
    office: Office,
    uploads: "Sequence[Upload]",
    *,
    received_on: date,
    parts: Sequence[tuple[int, int]] = (),
    leave_out: bool = False,
    by: "User",
    at: datetime,
) -> tuple[list[Message], list[tuple[str, str]]]:
    """Make each file a letter, or with `parts` (from `cuts.read`) each row of pages of the one PDF.

    Returns (letters, [(name, why not)]). Each letter is kept for itself; of a file that is cut all are, or none.
    They are taken back as one.
    """
    letters: list[Message] = []
    refused: list[tuple[str, str]] = []
    with gathering() as undos:
        for upload in uploads:
            name = files.clean_name(upload.name or "")
            try:
                letters += _taken(
                    office, upload, name, parts, received_on=received_on, leave_out=leave_out, by=by, at=at
                )
            except (RuleBroken, press.CannotOpen) as reason:
                refused.append((name, str(reason)))
            except OSError:
                why = _("There was no room to keep it. Tell whoever runs Wardbook, then try again.")
                refused.append((name, why))
    label = ngettext("%(n)d letter logged", "%(n)d letters logged", len(letters)) % {"n": len(letters)}
    as_one(undos, label=label)
    return letters, refused


def cut_apart(
    message: Message, parts: Sequence[tuple[int, int]], *, leave_out: bool = False, by: "User", at: datetime
) -> list[Message]:
    """Cut a letter that waits into the letters it holds. The pile itself needs no answer; its scan stays with it.

    Raises RuleBroken where it is no letter with one PDF, or where pages would be lost; CannotOpen for its scan.
    """
    part = can_be_cut(message)
    if part is None:
        raise RuleBroken(_("Only a letter with one PDF, which waits in the Inbox, can be cut."))
    scan = File(files.path_of(settings.MEDIA_ROOT, part.storage_key), part.name, press.PDF, part.size)
    received_on = message.office.local_date(message.at)
    with transaction.atomic():
        with gathering() as undos:
            letters = _cut(
                message.office, scan, press.PDF, parts, received_on=received_on, leave_out=leave_out, by=by, at=at
            )
            filing.dismiss(message, reason=Message.DismissalReason.CUT, by=by, at=at)
        label = ngettext("Scan cut into %(n)d letter", "Scan cut into %(n)d letters", len(letters))
        as_one(undos, label=label % {"n": len(letters)})
    return letters


def can_be_cut(message: Message) -> Attachment | None:
    """The one PDF of a letter that waits, if it has just that."""
    if message.medium != Message.Medium.LETTER or message.state != Message.State.WAITING:
        return None
    found = list(message.attachments.all())
    return found[0] if len(found) == 1 and found[0].media_type == press.PDF else None


@contextmanager
def on_disk(upload: "Upload", name: str) -> Iterator[File]:
    """The bytes of an upload as a file, for as long as they are looked at. Raises RuleBroken for too many or none."""
    if reason := by_hand.too_large(upload):
        raise RuleBroken(reason)
    with NamedTemporaryFile(prefix="wardbook-scan-") as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
        kept.flush()
        yield File(Path(kept.name), name, (upload.content_type or "")[:100], upload.size or 0)


def kind_of(scan: File) -> str:
    """What a scan is, by its content. Raises RuleBroken for what is no PDF and no picture."""
    with scan.path.open("rb") as content:
        kind = files.sniff(content.read(8192), scan.name, scan.declared).media_type
    if kind not in press.SHOWN:
        raise RuleBroken(_("It is no PDF and no picture (JPEG, PNG, TIFF, WebP)."))
    return kind


def _taken(
    office: Office,
    upload: "Upload",
    name: str,
    parts: Sequence[tuple[int, int]],
    *,
    received_on: date,
    leave_out: bool,
    by: "User",
    at: datetime,
) -> list[Message]:
    with on_disk(upload, name) as scan:
        kind = kind_of(scan)
        if parts:
            return _cut(office, scan, kind, parts, received_on=received_on, leave_out=leave_out, by=by, at=at)
        if kind == press.PDF:
            press.pages_in(scan.path)
        return [by_hand.log_letter(office, [scan], received_on=received_on, by=by, at=at)]


def _cut(
    office: Office,
    scan: File,
    kind: str,
    parts: Sequence[tuple[int, int]],
    *,
    received_on: date,
    leave_out: bool,
    by: "User",
    at: datetime,
) -> list[Message]:
    if kind != press.PDF:
        raise RuleBroken(_("Only a PDF can be cut into letters."))
    cuts.fit(list(parts), press.pages_in(scan.path), leave_out=leave_out)
    whole = raw_store.digest_of(scan.path.read_bytes())
    stem = scan.name.rpartition(".")[0] or scan.name
    pieces = press.cut(scan.path, parts)
    with TemporaryDirectory(prefix="wardbook-scan-") as folder, transaction.atomic():
        letters = []
        for part, content in zip(parts, pieces, strict=True):
            piece = Path(folder) / f"{part[0]}.pdf"
            piece.write_bytes(content)
            # Translators: the name of a piece of a scanned file: scan, pages 4–6
            name = _("%(name)s, pages %(pages)s") % {"name": stem[:90], "pages": cuts.said(part)}
            file = File(piece, f"{name}.pdf", press.PDF, len(content))
            pages = f"{whole}:{part[0]}-{part[1]}"
            letters.append(by_hand.log_letter(office, [file], received_on=received_on, pages=pages, by=by, at=at))
        return letters
