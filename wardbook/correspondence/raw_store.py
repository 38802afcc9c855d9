"""Where the bytes of mails and attachments lie, under a name that is the same when they are stored again.

A crash between storing and committing leaves a file that the next try finds and uses, so that nothing is orphaned
and nothing is written twice. The name tells nothing to whoever has the same bytes in another office (E10).
"""

import hashlib
import os
import secrets
from pathlib import Path

from django.conf import settings

from wardbook.cases import files


def key_of(*parts: object) -> str:
    """A storage key made of what identifies the bytes: office, digest, place in its mail."""
    told = "\0".join(str(part) for part in ("correspondence", *parts))
    return hashlib.sha256(f"{settings.SECRET_KEY}\0{told}".encode()).hexdigest()[:48]


def digest_of(content: bytes) -> str:
    """The SHA-256 of bytes, as rows keep it."""
    return hashlib.sha256(content).hexdigest()


def put(key: str, content: bytes) -> None:
    """Have these bytes under the key, durable before it returns. Raises OSError (disk full), leaving nothing."""
    path = files.path_of(settings.MEDIA_ROOT, key)
    if path.exists() and path.stat().st_size == len(content):
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{key}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _sync_folder(path.parent)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def get(key: str) -> bytes:
    """The bytes under a key. Raises OSError when they are not there."""
    return files.path_of(settings.MEDIA_ROOT, key).read_bytes()


def _sync_folder(folder: Path) -> None:
    """The name of a file is as durable as its folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
