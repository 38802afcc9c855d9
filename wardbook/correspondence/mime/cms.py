"""Mails signed as a whole (S/MIME): what was signed lies within the signature. It is taken out, not verified."""

from __future__ import annotations

from wardbook.correspondence.mime.fields import KNOWN

TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
# Tags of ASN.1 (X.690), and the name of signed data (RFC 5652, 5.1).
SEQUENCE, EXPLICIT, NAME, OCTETS, IN_PIECES = 0x30, 0xA0, 0x06, 0x04, 0x24
SIGNED = bytes.fromhex("2a864886f70d010702")
END_MARK = b"\0\0"


def signed_mail(data: bytes) -> bytes | None:
    """The mail that was signed; None where none is in it: encrypted, certificates alone, a document, broken."""
    content = _signed(data)
    # A mail begins with a field; a signed document (plan.pdf.p7m) stays the file that it is.
    return content if content is not None and KNOWN.match(content) else None


def _signed(data: bytes) -> bytes | None:
    try:
        at = _within(data, 0, SEQUENCE)
        tag, start, end = _item(data, at)
        if tag != NAME or end is None or data[start:end] != SIGNED:
            return None
        at = _within(data, _within(data, end, EXPLICIT), SEQUENCE)
        # The version, the digests; then, within, the type of what was signed.
        at = _within(data, _after(data, _after(data, at)), SEQUENCE)
        return _octets(data, _within(data, _after(data, at), EXPLICIT))
    except (IndexError, ValueError):
        return None


def _item(data: bytes, at: int) -> tuple[int, int, int | None]:
    """The tag that stands here, and where its content starts and ends: None where a mark says so."""
    tag, size = data[at], data[at + 1]
    if size < 0x80:
        return tag, at + 2, at + 2 + size
    if size == 0x80:
        return tag, at + 2, None
    start = at + 2 + (size & 0x7F)
    return tag, start, start + int.from_bytes(data[at + 2 : start][:8], "big")


def _within(data: bytes, at: int, expected: int) -> int:
    tag, start, _ = _item(data, at)
    if tag != expected:
        raise ValueError
    return start


def _after(data: bytes, at: int) -> int:
    _, position, end = _item(data, at)
    if end is not None:
        return end
    depth = 1
    while depth:
        if data.startswith(END_MARK, position):
            depth -= 1
            position += len(END_MARK)
            continue
        _, start, end = _item(data, position)
        depth += end is None
        position = start if end is None else end
    return position


def _octets(data: bytes, at: int) -> bytes | None:
    """The bytes of one string, in one piece or in several."""
    tag, position, end = _item(data, at)
    if tag == OCTETS:
        return data[position:end]
    if tag != IN_PIECES:
        return None
    pieces = []
    stop = _after(data, at)
    while position < stop:
        if data.startswith(END_MARK, position):
            position += len(END_MARK)
            continue
        tag, start, end = _item(data, position)
        if tag == OCTETS and end is not None:
            pieces.append(data[start:end])
            position = end
        elif tag == IN_PIECES:
            position = start
        else:
            return None
    return b"".join(pieces)
