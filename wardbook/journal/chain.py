"""How a line of the journal is sealed to the one before. Knows no database."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any


def stamp(moment: datetime) -> str:
    """A moment as it stands in the sealed text: UTC, microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def seal(
    previous: str,
    *,
    office_id: int,
    number: int,
    name: str,
    subject_type: str,
    subject_id: int,
    case_id: int | None,
    by_id: int | None,
    at: datetime,
    recorded_at: datetime,
    facts: dict[str, Any],
) -> str:
    """The digest of a line: SHA-256 over the digest before it and everything the line says."""
    line = [
        previous,
        office_id,
        number,
        name,
        subject_type,
        subject_id,
        case_id,
        by_id,
        stamp(at),
        stamp(recorded_at),
        facts,
    ]
    text = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
