"""What a file is called, what it is, and where its bytes lie. No database."""

import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import puremagic

# What a browser may run, or a desktop start: kept and downloadable, with a warning (E2).
RISKY_EXTENSIONS = frozenset(
    """apk app bat cmd com cpl dll docm dotm exe gadget hta htm html jar js jse lnk mht mhtml msc msi msp mst ps1
    pht phtml php pif potm ppsm pptm py reg scr sct sh shtml svg swf vb vbe vbs wsc wsf wsh xhtml xlsm xltm xml
    htaccess""".split()
)
RISKY_TYPES = frozenset(
    {
        "application/x-dosexec",
        "application/x-executable",
        "application/x-sharedlib",
        "application/x-sh",
        "application/javascript",
        "application/xhtml+xml",
        "application/xml",
        "image/svg+xml",
        "message/rfc822",
        "text/html",
        "text/javascript",
        "text/xml",
    }
)
# Programs of Windows, Linux, macOS and Java, and scripts, however the sniffer calls them.
RISKY_BEGINNINGS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!")
_ZIPPED = {"docx", "xlsx", "pptx", "odt", "ods", "odp", "epub", "zip"}
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_LONGEST_NAME = 120


class Sniffed(NamedTuple):
    """What the bytes are, whatever the name says."""

    media_type: str
    is_mismatch: bool
    is_risky: bool


class Stored(NamedTuple):
    """Bytes that lie in the store."""

    key: str
    sha256: str
    size: int
    head: bytes


def clean_name(name: str) -> str:
    """A name fit to show and to offer for download: no folders, no control, zero-width or direction characters,
    no leading dots, at most 120 characters with its extension kept (E1, D8)."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/")).rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    name = re.sub(r'[<>:"|?*%]', "_", name)
    name = " ".join(name.split()).strip(". ")
    if not name or _RESERVED.match(name):
        name = f"file {name}".strip()
    stem, dot, extension = name.rpartition(".")
    if dot and len(extension) <= 10 and stem:
        return f"{stem[: _LONGEST_NAME - len(extension) - 1].rstrip('. ')}.{extension}"
    return name[:_LONGEST_NAME]


def sniff(head: bytes, name: str, declared: str) -> Sniffed:
    """The type by content. A mismatch is content that contradicts the name or what the sender declared (E3)."""
    extension = Path(name).suffix.lower().lstrip(".")
    media_type = _by_content(head, extension)
    by_name = _by_name(extension)
    contradicts = (
        bool(by_name) and _family(by_name) != _family(media_type) and media_type != "application/octet-stream"
    )
    parts = {part.lower() for part in name.split(".")[1:]}
    starts = head.startswith(RISKY_BEGINNINGS) or "executable" in media_type
    risky = starts or media_type in RISKY_TYPES or bool(parts & RISKY_EXTENSIONS)
    return Sniffed(media_type, contradicts, risky)


def new_key() -> str:
    """A name on disk that nobody can guess."""
    return secrets.token_hex(24)


def store(root: Path, chunks: Iterable[bytes], key: str = "") -> Stored:
    """Write bytes under a random key and make them durable before answering. Raises OSError (disk full)."""
    key = key or new_key()
    path = path_of(root, key)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                if len(head) < 8192:
                    head += chunk[: 8192 - len(head)]
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Stored(key, digest.hexdigest(), size, head)


def path_of(root: Path, key: str) -> Path:
    """Where the bytes of a key lie. Raises ValueError for anything that is not a key."""
    if not re.fullmatch(r"[0-9a-f]{48}", key):
        raise ValueError("Not a storage key.")
    return root / key[:2] / key


def remove(root: Path, key: str) -> None:
    """Remove the bytes of a key, if they are still there."""
    path_of(root, key).unlink(missing_ok=True)


def _by_content(head: bytes, extension: str) -> str:
    if not head:
        return "inode/x-empty"
    lowered = head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for mark, media_type in (
        (b"<!doctype html", "text/html"),
        (b"<html", "text/html"),
        (b"<svg", "image/svg+xml"),
        (b"<script", "text/html"),
        (b"#!", "application/x-sh"),
    ):
        if lowered.startswith(mark):
            return media_type
    if lowered.startswith(b"<?xml"):
        return "image/svg+xml" if b"<svg" in head.lower() else "text/xml"
    try:
        found = puremagic.from_string(head, mime=True)
    except (puremagic.PureError, ValueError):
        found = ""
    if found.startswith("application/") and "zip" in found and extension in _ZIPPED:
        return _by_name(extension) or found
    return found or ("text/plain" if _is_text(head) else "application/octet-stream")


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as problem:
        return problem.start > len(head) - 4
    return True


def _by_name(extension: str) -> str:
    import mimetypes

    return mimetypes.guess_type(f"x.{extension}", strict=False)[0] or ""


def _family(media_type: str) -> str:
    kind, _slash, exact = media_type.partition("/")
    if kind == "text" or exact in ("json", "csv", "rtf"):
        return "text"
    return kind if kind in ("image", "audio", "video") else exact.removeprefix("x-")
