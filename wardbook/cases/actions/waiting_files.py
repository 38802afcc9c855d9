"""Files of refused forms: kept for a week beside the files of cases. Not in the journal: nothing has happened yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Sum

from wardbook.cases import files
from wardbook.cases.models.working import WaitingFile
from wardbook.lib.forms import WAITING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from wardbook.offices.models import Membership

KEPT_FOR = timedelta(days=7)
"""A draft that is left on Friday still has its files on Monday."""
MOST_FILES = 40
MOST_BYTES = 512 * 1024**2
"""Per person and office. Beyond it a file must be chosen again."""


@dataclass
class Room:
    """How much more may wait."""

    count: int
    size: int

    def takes(self, size: int) -> bool:
        """Whether one more has room; it is then taken."""
        if self.count < 1 or self.size < size:
            return False
        self.count, self.size = self.count - 1, self.size - size
        return True


def waiting_root() -> Path:
    """Apart from the files of cases, each of which belongs to a row."""
    return Path(settings.MEDIA_ROOT) / "waiting"


def room_for_waiting(member: "Membership") -> Room:
    held = WaitingFile.objects.visible_to(member).aggregate(count=Count("pk"), size=Sum("size"))
    return Room(MOST_FILES - held["count"], MOST_BYTES - (held["size"] or 0))


def let_wait(upload: Any, key: str, *, member: "Membership", at: datetime) -> WaitingFile | None:
    """Keep one file under a key. None when the disk has no room: the person then chooses it again."""
    upload.seek(0)
    try:
        stored = files.store(waiting_root(), upload.chunks(), key)
    except OSError:
        return None
    return WaitingFile.objects.create(
        office_id=member.office_id,
        user_id=member.user_id,
        key=stored.key,
        name=files.clean_name(upload.name or ""),
        size=stored.size,
        declared_type=(upload.content_type or "")[:100],
        since=at,
    )


def waiting_in(body: "Mapping[str, Any]", name: str, *, member: "Membership") -> list[WaitingFile]:
    """The files of a field that a draft names and that are still here."""
    keys = body.get(f"{name}{WAITING}")
    if not keys:
        return []
    named = keys if isinstance(keys, list) else [keys]
    return list(WaitingFile.objects.visible_to(member).filter(key__in=named[:MOST_FILES]).order_by("pk"))


def forget_waiting(rows: "QuerySet[WaitingFile]") -> int:
    """Remove rows and then their bytes: a file without a row is forgotten space, a row without its file is a lie."""
    keys = dict(rows.values_list("pk", "key"))
    WaitingFile.objects.filter(pk__in=list(keys)).delete()

    def remove() -> None:
        for key in keys.values():
            files.remove(waiting_root(), key)

    transaction.on_commit(remove)
    return len(keys)


def sweep_waiting(*, at: datetime) -> int:
    """Forget what nobody sent again within a week, and bytes whose row was never written."""
    count = forget_waiting(WaitingFile.objects.filter(since__lt=at - KEPT_FOR))
    known = set(WaitingFile.objects.values_list("key", flat=True))
    for path in waiting_root().glob("??/*"):
        if path.name not in known and path.stat().st_mtime < (at - KEPT_FOR).timestamp():
            path.unlink(missing_ok=True)
    return count
