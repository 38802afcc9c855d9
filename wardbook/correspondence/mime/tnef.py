"""winmail.dat: what Outlook packs when it believes that the other side is Outlook too."""

from __future__ import annotations

import mimetypes
import struct
from dataclasses import dataclass
from typing import Any

from wardbook.correspondence.mime import rtf
from wardbook.correspondence.mime.charsets import decode
from wardbook.correspondence.mime.model import Part

TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef", "application/x-tnef"})
SIGNATURE = b"\x78\x9f\x3e\x22"
# The library copies the rest of the file for every object in it: many objects in a large file would take minutes.
MOST_OBJECTS = 4_000
MOST_COPIED = 3_000_000_000


@dataclass(frozen=True, slots=True)
class Unpacked:
    parts: tuple[Part, ...] = ()
    text: str = ""
    html: str = ""


def unpack(data: bytes) -> Unpacked | None:
    """What is in it; None where it cannot be opened."""
    if not data.startswith(SIGNATURE) or not _is_modest(data):
        return None
    # Loaded only where such a file comes: it reads a table of 1,400 properties.
    from tnefparse import TNEF

    try:
        tnef = TNEF(data, do_checksum=False)
        parts = []
        for attached in tnef.attachments:
            payload = bytes(attached.data or b"")
            name = str(attached.long_filename() or attached.name or "").strip("\0 ")
            if not payload and not name:
                continue
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            parts.append(Part(name or "file.dat", kind, payload))
        text, html = _text(tnef.body), _text(tnef.htmlbody)
        if not text.strip() and not html.strip():
            text = _rich_words(tnef)
        return Unpacked(tuple(parts), text, html)
    except Exception:
        # Written by anybody: any field may be any bytes. The caller keeps the file as it came.
        return None


def _is_modest(data: bytes) -> bool:
    position, objects = 6, 0
    while position + 12 < len(data):
        (length,) = struct.unpack_from("<I", data, position + 5)
        position += length + 11
        objects += 1
        if objects > MOST_OBJECTS or objects * len(data) > MOST_COPIED:
            return False
    return True


def _rich_words(tnef: Any) -> str:
    """What the mail says only in rich text. Not by the library's `rtfbody`, which unpacks it however long it is."""
    packed = tnef._rtfbody
    # The library takes the last byte off where that is a zero.
    return rtf.words_of(packed + b"\0") if isinstance(packed, bytes) else ""


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return decode(value.rstrip(b"\0"))
    return value.rstrip("\0") if isinstance(value, str) else ""
