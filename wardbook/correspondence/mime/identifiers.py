"""Message-IDs as they stand in Message-ID, In-Reply-To and References: without their angle brackets, in order."""

from __future__ import annotations

import re

from wardbook.correspondence.mime.words import decode_words

BRACKETED = re.compile(r"<([^<>]{1,998})>")
BARE = re.compile(r"[^\s<>,;\"()]+@[^\s<>,;\"()]+")
MOST = 2_000


def read_identifiers(text: str) -> tuple[str, ...]:
    """Every id once, in its order. A fold within an id is none of its characters."""
    if "=?" in text:
        text = decode_words(text)
    found = [re.sub(r"\s+", "", inside) for inside in BRACKETED.findall(text)]
    if not found:
        found = BARE.findall(text)
    if not found and text.strip() and len(text.split()) == 1:
        found = [text.strip().strip("<>")]
    return tuple(dict.fromkeys(identifier for identifier in found if identifier))[:MOST]


def first_identifier(text: str) -> str | None:
    found = read_identifiers(text)
    return found[0] if found else None
