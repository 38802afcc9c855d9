"""Opening a workbook without trusting it: another process does, with limits, and only its rows come back, as CSV."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wardbook.exchange.dates import ISO
from wardbook.exchange.mapping import Map
from wardbook.exchange.reading import Unreadable
from wardbook.lib import confined
from wardbook.lib.quote import quoted

_CHILD = Path(__file__).with_name("child.py")
_BEGINNING = b"PK\x03\x04"
_PROBLEMS: dict[str, Promise] = {
    "broken": _("%(name)s cannot be opened: it is damaged, or locked with a password. Save it as CSV (UTF-8)."),
    "large": _("%(name)s is too large to be opened here. Save the sheet as CSV (UTF-8) and try again."),
    "empty": _("%(name)s has no sheet with anything in it."),
}


@contextmanager
def as_rows(path: Path, using: Map | None) -> Iterator[Path]:
    """A file of rows as it is; of a workbook the rows of its first sheet, in a file of the same name that goes again.

    Raises Unreadable.
    """
    if not _may_be_workbook(path):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        found = _written(path, folder, using)
        yield found.rename(found.with_name(path.name)) if found else path


def replace_by_rows(path: Path, using: Map | None) -> None:
    """The same for good, for a file that is ours. Raises Unreadable and OSError."""
    if _may_be_workbook(path):
        with tempfile.TemporaryDirectory() as folder:
            if found := _written(path, folder, using):
                shutil.move(found, path)


def _may_be_workbook(path: Path) -> bool:
    # What cannot be read at all is said by whoever reads it as rows.
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(_BEGINNING)) == _BEGINNING
    except (OSError, ValueError):
        return False


def _written(path: Path, folder: str, using: Map | None) -> Path | None:
    """The rows, or None where it is no workbook at all."""
    delimiter, dates = (using.delimiter or ",", using.formats) if using else (",", (ISO,))
    problem = _problem(path, folder, delimiter, dates)
    if problem == "other":
        return None
    if problem:
        said = _PROBLEMS.get(problem, _PROBLEMS["broken"])
        raise Unreadable(str(said) % {"name": quoted(path.name, 80)})
    return Path(folder) / "rows.csv"


def _problem(path: Path, folder: str, delimiter: str, dates: Sequence[str]) -> str:
    try:
        answer = confined.ask(_CHILD, path, folder, {"delimiter": delimiter, "dates": list(dates)})
    except confined.NoAnswer as nothing:
        # A signal: more of the processor, or of the memory, than it may take.
        return "large" if nothing.by else "broken"
    return str(answer.get("problem", ""))
