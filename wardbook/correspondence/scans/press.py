"""Looking into a scan without trusting it: another process does, with limits, and only its results come back."""

import signal
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wardbook.lib import confined

PDF = "application/pdf"
PICTURES = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "image/tiff", "image/bmp", "image/x-ms-bmp"}
)
SHOWN = frozenset({PDF}) | PICTURES

MOST_PAGES = 1_000

_CHILD = Path(__file__).with_name("child.py")
_PROBLEMS: dict[str, Promise] = {
    "locked": _("It is locked with a password. Save it without one, then upload it again."),
    "broken": _("It cannot be opened. Perhaps it is damaged; scan it again."),
    "large": _("Its pages are too large to be opened. Scan it again with a lower resolution."),
    "long": _("It takes too long to open. Scan it again, in smaller parts."),
    "pages": _("It has more than 1,000 pages. Scan it in parts."),
}


class CannotOpen(Exception):
    """A scan that could not be opened. Its words are fit to show."""

    def __init__(self, problem: str) -> None:
        super().__init__(str(_PROBLEMS.get(problem, _PROBLEMS["broken"])))
        self.problem = problem


class Pages(NamedTuple):
    """Some pages as JPEG pictures, and how many there are in all."""

    pictures: list[bytes]
    of: int


def pages_in(path: Path) -> int:
    """How many pages a PDF has. Raises CannotOpen."""
    with tempfile.TemporaryDirectory() as folder:
        pages = int(_ask(path, folder, {"do": "count"})["pages"])
    if pages > MOST_PAGES:
        raise CannotOpen("pages")
    return pages


def cut(path: Path, parts: Sequence[tuple[int, int]]) -> list[bytes]:
    """A PDF for each row of pages (first, last), counted from 1. Raises CannotOpen."""
    with tempfile.TemporaryDirectory() as folder:
        _ask(path, folder, {"do": "cut", "parts": [list(part) for part in parts]})
        return [(Path(folder) / f"{number}.pdf").read_bytes() for number in range(len(parts))]


def pictures(path: Path, media_type: str, *, first: int = 0, most: int = 8) -> Pages:
    """Pages of a scan as pictures made anew, from page `first` (counted from 0). Raises CannotOpen."""
    with tempfile.TemporaryDirectory() as folder:
        asked = {"do": "show", "kind": media_type, "from": first, "most": most}
        told = _ask(path, folder, asked)
        made = [(Path(folder) / f"{number}.jpg").read_bytes() for number in range(int(told["shown"]))]
    return Pages(made, int(told["pages"]))


def _ask(path: Path, folder: str, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = confined.ask(_CHILD, path, folder, asked)
    except confined.NoAnswer as nothing:
        # It took more of the processor than it may.
        raise CannotOpen("long" if nothing.by in (signal.SIGXCPU, signal.SIGKILL) else "broken") from None
    if "problem" in answer:
        raise CannotOpen(str(answer["problem"]))
    return answer
