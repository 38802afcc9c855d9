"""Files of imports that a person brings through the browser, and the files of refused rows that they get back.

Each run has a folder of its own under a name that nobody can guess; the names in it are those of the person's files,
so that what is said about a file names it as they know it.
"""

import re
import secrets
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings

from wardbook.cases.files import clean_name

ROOT = "imports"
TABLE, MAP, ERRORS = "table", "map", "errors"


def new_folder() -> str:
    """A name for a folder; the folder is made with the first file in it."""
    return secrets.token_hex(24)


def write(folder: str, part: str, name: str, chunks: Iterable[bytes]) -> Path:
    """Keep a file. Raises OSError."""
    place = _place(folder) / part
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = place / clean_name(name)
    with path.open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
    return path


def find(folder: str, part: str) -> Path | None:
    """The file of a folder, if there is one and it is still there."""
    if not folder:
        return None
    place = _place(folder) / part
    return next(iter(sorted(place.iterdir())), None) if place.is_dir() else None


def errors_path(folder: str, stem: str) -> Path:
    """Where the refused rows of a file go; its folder is there afterwards. Raises OSError."""
    place = _place(folder) / ERRORS
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place / clean_name(f"{stem}-errors.csv")


def remove(folder: str, *parts: str) -> None:
    """Remove files of a folder: these parts, or all of it."""
    place = _place(folder)
    for gone in [place / part for part in parts] or [place]:
        shutil.rmtree(gone, ignore_errors=True)


def older_than(moment: datetime) -> list[str]:
    """Every folder in which nothing was kept since."""
    root = settings.MEDIA_ROOT / ROOT
    if not root.is_dir():
        return []
    return [place.name for place in root.iterdir() if place.is_dir() and place.stat().st_mtime < moment.timestamp()]


def _place(folder: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{48}", folder):
        raise ValueError("Not the name of a folder of imports.")
    place: Path = settings.MEDIA_ROOT / ROOT / folder
    return place
