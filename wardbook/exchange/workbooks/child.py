"""What opens a workbook: started by `opening` as a process of its own, with little memory, time and no way to write
elsewhere. Nothing of Wardbook is loaded here, no setting and no secret, so a file that breaks it finds nothing.

`python -I child.py FILE FOLDER JSON`: what is asked is `{"delimiter": …, "dates": […]}`; the rows of the first sheet
are written to rows.csv in FOLDER, values only, and one line of JSON says how it went.
"""

from __future__ import annotations

import csv
import json
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

MEMORY = 1_024 * 1024 * 1024
SECONDS = 15
MOST_UNPACKED = 100 * 1024 * 1024
MOST_ENTRIES = 1_000
LARGEST_RESULT = 100 * 1024 * 1024
ISO = "iso"


class No(Exception):
    """Why it cannot be read: a word that `opening` has a sentence for."""


def limit() -> None:
    """Little of everything, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_RESULT, LARGEST_RESULT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def look(path: Path) -> None:
    """Refuse what is no workbook, and what unpacks to more than a list of cases or people ever does."""
    try:
        with zipfile.ZipFile(path) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise No("other") from None
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise No("other")
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise No("large")


def write(path: Path, folder: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """The rows of the first sheet that can be seen and has any."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(path)
        for sheet in book.sheets_metadata:
            if sheet.visible != calamine.SheetVisibleEnum.Visible or sheet.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            found = book.get_sheet_by_name(sheet.name)
            if not found.height:
                continue
            with (folder / "rows.csv").open("w", encoding="utf-8-sig", newline="") as file:
                rows = csv.writer(file, delimiter=asked["delimiter"])
                for row in found.iter_rows():
                    rows.writerow([text(cell, asked["dates"]) for cell in row])
            return {"sheet": sheet.name}
    except calamine.CalamineError:
        raise No("broken") from None
    raise No("empty")


def text(cell: object, dates: list[str]) -> str:
    """A value as a person reads it; a day as the map that reads the rows writes days."""
    if isinstance(cell, str):
        return cell.replace("\0", "")
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        # As many digits as Excel keeps: 0.3 and not 0.30000000000000004.
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(cell, ".15g")
    if isinstance(cell, date):
        return day(cell, dates)
    if isinstance(cell, time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, int | timedelta) else ""


def day(value: date, dates: list[str]) -> str:
    """A day in the first format that tells all of it, and of a day without a time no more."""
    with_time = [one for one in dates if one == ISO or "%H" in one or "%I" in one]
    fit = with_time if isinstance(value, datetime) else [one for one in dates if one == ISO or one not in with_time]
    pattern = next(iter(fit or dates), ISO)
    return value.isoformat() if pattern == ISO else value.strftime(pattern)


def main() -> None:
    limit()
    path, folder, asked = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
    answer: dict[str, Any]
    try:
        look(path)
        answer = write(path, folder, asked)
    except No as reason:
        answer = {"problem": str(reason)}
    except (MemoryError, OSError):
        answer = {"problem": "large"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
