"""Takes the place out of a picture's hidden data (E6). Works on the bytes; a picture is never decoded, so a flood of
pixels costs nothing (E5). No database."""

import struct
import zlib
from collections.abc import Iterator

CARRIERS = frozenset({"image/jpeg", "image/png", "image/webp", "image/tiff"})

_EXIF = b"Exif\0\0"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_GPS_TAG = 0x8825
# Bytes of one value, by TIFF type.
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}


def without_place(content: bytes, media_type: str) -> bytes:
    """The same picture without GPS data in EXIF or XMP; everything else, to the last pixel, stays.

    What says where the picture was made but cannot be read goes as a whole. Other files come back as they are.
    """
    if media_type == "image/jpeg":
        return _jpeg(content)
    if media_type == "image/png":
        return _png(content)
    if media_type == "image/webp":
        return _webp(content)
    if media_type == "image/tiff":
        changed = bytearray(content)
        _empty_gps(changed, 0, len(changed))
        return bytes(changed)
    return content


def _jpeg(content: bytes) -> bytes:
    changed = bytearray(content)
    for start, end in _segments(content):
        body = content[start:end]
        if body.startswith(_EXIF):
            if not _empty_gps(changed, start + len(_EXIF), end):
                changed[start + len(_EXIF) : end] = bytes(end - start - len(_EXIF))
        elif body.startswith(_XMP) and b"GPS" in body:
            changed[start + len(_XMP) : end] = b" " * (end - start - len(_XMP))
    # Pictures within the picture (a second lens, a preview) follow the first with hidden data of their own.
    at = content.find(_EXIF)
    while at >= 0:
        _empty_gps(changed, at + len(_EXIF), min(len(changed), at + 65_536))
        at = content.find(_EXIF, at + 1)
    return bytes(changed)


def _segments(content: bytes) -> Iterator[tuple[int, int]]:
    """Where the bodies of the segments before the pixels begin and end."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in (0xD9, 0xDA):
            return
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        if length < 2:
            return
        yield at + 4, min(at + 2 + length, len(content))
        at += 2 + length


def _png(content: bytes) -> bytes:
    """Leaves out the chunks that may carry a place, and checks the others' seals no further."""
    kept, at = bytearray(content[:8]), 8
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        end = at + 12 + length
        name, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        if name == b"eXIf":
            inside = bytearray(body)
            if _empty_gps(inside, 0, len(inside)):
                seal = zlib.crc32(name + bytes(inside))
                kept += content[at : at + 8] + inside + seal.to_bytes(4, "big")
        elif not (name in (b"iTXt", b"tEXt", b"zTXt") and (b"GPS" in body or b"XML:com.adobe.xmp" in body)):
            kept += content[at:end]
        at = end
    return bytes(kept + content[at:])


def _webp(content: bytes) -> bytes:
    changed, at = bytearray(content), 12
    while at + 8 <= len(content):
        name, length = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        start, end = at + 8, min(at + 8 + length, len(content))
        if name == b"EXIF":
            inside = start + (len(_EXIF) if content[start:end].startswith(_EXIF) else 0)
            if not _empty_gps(changed, inside, end):
                changed[inside:end] = bytes(end - inside)
        elif name == b"XMP " and b"GPS" in content[start:end]:
            changed[start:end] = b" " * (end - start)
        at = end + length % 2
    return bytes(changed)


def _empty_gps(content: bytearray, start: int, end: int) -> bool:
    """Empty the GPS directory of the TIFF data at `start`, in place. False when it is not readable TIFF data."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(bytes(content[start : start + 4]))
    if order is None:
        return False
    try:
        (first,) = struct.unpack_from(f"{order}I", content, start + 4)
        for entry in _entries(content, start + first, end, order):
            tag, _kind, _count = struct.unpack_from(f"{order}HHI", content, entry)
            if tag == _GPS_TAG:
                (offset,) = struct.unpack_from(f"{order}I", content, entry + 8)
                _wipe(content, start, start + offset, end, order)
    except (struct.error, ValueError):
        return False
    return True


def _entries(content: bytearray, directory: int, end: int, order: str) -> list[int]:
    """Where the entries of a directory begin. Raises ValueError when they are not all there."""
    (count,) = struct.unpack_from(f"{order}H", content, directory)
    if directory + 2 + 12 * count > end:
        raise ValueError("The directory reaches past its end.")
    return [directory + 2 + 12 * number for number in range(count)]


def _wipe(content: bytearray, start: int, directory: int, end: int, order: str) -> None:
    entries = _entries(content, directory, end, order)
    for entry in entries:
        _tag, kind, count = struct.unpack_from(f"{order}HHI", content, entry)
        size = _SIZES.get(kind, 1) * count
        if size > 4:
            (offset,) = struct.unpack_from(f"{order}I", content, entry + 8)
            low, high = min(start + offset, end), min(start + offset + size, end)
            content[low:high] = bytes(high - low)
        content[entry : entry + 12] = bytes(12)
    # A directory without entries: readers see that there is no place, instead of a place of zeros.
    struct.pack_into(f"{order}H", content, directory, 0)
