"""Pictures that a received mail names in the outside world: fetched by us, only when a person asks for them (C8).

The sender learns that somebody of the office asked, and not who, from where, or with what. What was fetched is kept
for a day in a folder of its own, under a name that nobody can guess, so that a second look asks nobody.
"""

import hashlib
import logging
import os
import secrets
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from wardbook.correspondence import framing
from wardbook.correspondence.models import Message
from wardbook.lib import fetching

log = logging.getLogger(__name__)

MOST_PICTURES = 60
MOST_BYTES = 20_000_000
"""Of all pictures of one mail together."""
SECONDS = 8.0
AT_ONCE = 6
KEPT = timedelta(days=1)
ACCEPT = "image/png,image/jpeg,image/gif,image/webp"
# What every fetch of this kind looks like, whatever the office: no version, no name.
AGENT = "Mozilla/5.0 (compatible; mail pictures on request)"
_NEVER = frozenset({"text/html", "image/svg+xml", "text/xml", "application/xml", "application/xhtml+xml"})


def pictures(message: Message, addresses: Iterable[str]) -> dict[str, str]:
    """Those of a mail's addresses behind which there is a raster picture, each as `data:`.

    The addresses are those that cleaning found in this very message (`CleanedMail.pictures`), nothing a browser sent.
    """
    wanted = list(dict.fromkeys(addresses))[:MOST_PICTURES]
    found: dict[str, str] = {}
    room = MOST_BYTES
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="pictures")
    ends = time.monotonic() + SECONDS
    try:
        asked = {pool.submit(_picture, message, address, ends): address for address in wanted}
        done, _late = wait(asked, timeout=SECONDS + 0.5)
    finally:
        # Whoever hangs in a name server is left behind; it ends by itself.
        pool.shutdown(wait=False, cancel_futures=True)
    for future in sorted(done, key=lambda one: wanted.index(asked[one])):
        content = future.result()
        if content is None or len(content) > room:
            continue
        if (shown := framing.as_data(content)) is not None:
            found[asked[future]] = shown
            room -= len(content)
    return found


def sweep(*, at: datetime) -> int:
    """Throw away what was fetched more than a day ago; how many."""
    gone = 0
    for path in _root().glob("*/*"):
        try:
            if path.stat().st_mtime < (at - KEPT).timestamp():
                path.unlink()
                gone += 1
        except OSError:
            continue
    return gone


def _picture(message: Message, address: str, ends: float) -> bytes | None:
    """One picture, from the folder or from outside. Never raises: a picture that is not there is not shown."""
    path = _path(message, address)
    try:
        if path.is_file():
            return path.read_bytes()
        fetched = fetching.fetch(
            address,
            most_bytes=framing.LARGEST_PICTURE,
            seconds=ends - time.monotonic(),
            accept=ACCEPT,
            agent=AGENT,
        )
        if fetched.media_type in _NEVER or framing.as_data(fetched.content) is None:
            log.info("message %s: what was to be a picture is none", message.pk)
            return None
        _keep(path, fetched.content)
    except fetching.NotFetched as reason:
        log.info("message %s: a picture was not fetched (%s)", message.pk, reason)
        return None
    except OSError:
        log.warning("message %s: a picture could not be kept", message.pk)
        return None
    return fetched.content


def _root() -> Path:
    return Path(settings.DATA) / "pictures"


def _path(message: Message, address: str) -> Path:
    told = "\0".join(["outside", settings.SECRET_KEY, str(message.office_id), str(message.pk), address])
    name = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
    return _root() / name[:2] / name


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
