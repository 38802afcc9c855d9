"""Rich text as Outlook packs it into a winmail.dat: its words, where it says them in no other way."""

from __future__ import annotations

import re
from typing import Any

MOST_PACKED = 60_000
"""Longer ones hold pictures and files; unpacking them would take too long. They grow to eight times that at most."""
MOST_RTF = 200_000
MOST_FONTS = 6_000
_LINE = 1_000
# Nothing in the table of fonts is shown, and each font ends at a semicolon: with one before each, no search for the
# end of one runs through all the others.
_FONT = re.compile(r"(\\f\d)")
# A link's address stands before its words. The library looks for them with a search that can take for ever.
_FIELD = re.compile(r"(\\field)\s*\{", re.IGNORECASE)


def words_of(packed: bytes) -> str:
    """The words of compressed rich text; "" where it is none, is too long, or cannot be read. Never raises."""
    if not 16 <= len(packed) <= MOST_PACKED:
        return ""
    # Loaded only where such a mail comes.
    from compressed_rtf import decompress
    from striprtf import striprtf

    library: Any = striprtf
    try:
        rtf = decompress(packed)[:MOST_RTF].decode("latin-1")
        if not rtf.lstrip().startswith("{\\rtf"):
            return ""
        rtf = _in_short_lines(_FIELD.sub(r"\1" + "\n{", rtf))
        if fonts := library.font_table_group(rtf):
            if len(fonts) > MOST_FONTS:
                return ""
            rtf = rtf.replace(fonts, _FONT.sub(r";\1", fonts), 1)
        text = library.rtf_to_text(rtf, errors="replace")
        # Signs beyond the first 65,536 are written as two halves.
        return str(text).encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
    except Exception:
        # Written by anybody: any field may be any bytes.
        return ""


def _in_short_lines(rtf: str) -> str:
    """The same with more line ends, which mean nothing in rich text: the library's searches stop at them."""
    kept: list[str] = []
    length = 0
    for index, piece in enumerate(rtf.split("\\")):
        # Not between the two signs of an escaped one, whose first half has no words behind it.
        if index and kept[-1] and (length + len(piece) > _LINE):
            kept[-1] += "\n"
            length = 0
        kept.append(piece)
        length += len(piece) + 1
    return "\\".join(kept)
