"""The rows that could not come in: a file that a spreadsheet opens, and the few lines that a person reads."""

import csv
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO

from wardbook.exchange.coming import Problem
from wardbook.lib.csv_out import guarded

COLUMNS = ("row", "column", "found", "expected")
GROUPS = 20
EXAMPLES = 5


class ErrorFile:
    """A CSV of what keeps rows out, made with the first of them; `path` is None until then.

    Without a path of its own it takes a free name in the working folder, or in the temporary one if nothing can be
    written there; with `only_asked` nothing is written then.
    """

    def __init__(self, path: Path | None, stem: str, *, marked: bool = False, only_asked: bool = False) -> None:
        self._wanted, self._stem, self._only_asked = path, stem, only_asked
        # Excel takes a UTF-8 file without a mark for something else; most programs stumble over the mark.
        self._encoding = "utf-8-sig" if marked else "utf-8"
        self._file: IO[str] | None = None
        self.path: Path | None = None
        self.groups: Counter[tuple[str, str]] = Counter()
        self.examples: dict[tuple[str, str], list[int]] = {}
        self.rows = 0

    def __enter__(self) -> "ErrorFile":
        if self._wanted:
            # Asked for by name: a path that cannot be written is refused before anything is brought in.
            self._open(self._wanted, "w")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    def add(self, problems: Iterable[Problem]) -> None:
        """Keep what is wrong with one row."""
        self.rows += 1
        for problem in problems:
            group = (problem.column, problem.sentence)
            self.groups[group] += 1
            examples = self.examples.setdefault(group, [])
            if len(examples) < EXAMPLES:
                examples.append(problem.row)
            if self._file or not self._only_asked:
                self._write((str(problem.row), problem.column, problem.found, problem.expected))

    def said(self) -> list[str]:
        """What is wrong, by what is to be mended, the most frequent first."""
        lines = []
        for (column, sentence), count in self.groups.most_common(GROUPS):
            rows = ", ".join(f"{row:,}" for row in self.examples[column, sentence])
            where = f"{column}: " if column else ""
            more = " …" if count > EXAMPLES else ""
            lines.append(f"{where}{sentence} ({f'row {rows}' if count == 1 else f'{count:,} rows: {rows}{more}'})")
        if len(self.groups) > GROUPS:
            lines.append(f"and {len(self.groups) - GROUPS:,} more kinds of trouble")
        return lines

    def _write(self, cells: Iterable[str]) -> None:
        file = self._file or self._open_somewhere()
        csv.writer(file).writerow([guarded(cell) for cell in cells])

    def _open_somewhere(self) -> IO[str]:
        for folder in (Path.cwd(), Path(tempfile.gettempdir())):
            for number in range(1, 1000):
                name = f"{self._stem}-errors{f'-{number}' if number > 1 else ''}.csv"
                try:
                    return self._open(folder / name, "x")
                except FileExistsError:
                    continue
                except OSError:
                    break
        raise OSError("No folder for the file of errors can be written.")

    def _open(self, path: Path, mode: str) -> IO[str]:
        self._file = path.open(mode, encoding=self._encoding, newline="")
        self.path = path
        csv.writer(self._file).writerow(COLUMNS)
        return self._file
