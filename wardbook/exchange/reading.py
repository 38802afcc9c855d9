"""Files of rows, read without trusting them: any encoding or delimiter that is named or can be told from the
file, one row in memory at a time, and a sentence that names the line for whatever is no such file."""

import codecs
import csv
import hashlib
import io
import stat
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from wardbook.exchange.near import near
from wardbook.lib.quote import quoted

LONGEST_ROW = 1_048_576
MOST_COLUMNS = 1_000
MOST_SAID = 10
DELIMITERS = ",;\t|"
DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}

# A mark at the beginning is the surest sign there is; the longest first, for one begins with another.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_TEXT = (
    (b"PK\x03\x04", _later("an Excel workbook or another zip file")),
    (b"\xd0\xcf\x11\xe0", _later("an old Excel workbook")),
    (b"%PDF", _later("a PDF")),
    (b"\x1f\x8b", _later("a gzip file")),
    (b"SQLite format 3", _later("an SQLite database")),
)
# Encodings of Python that no file of rows is written in, some of which run away with memory.
_NO_ENCODINGS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7", "undefined"})


class Unreadable(Exception):
    """The file cannot be read as rows. The message is fit to show the user; nothing was brought in."""


class Row(NamedTuple):
    """One row: its number as a spreadsheet counts (the names stand in row 1), and its cells."""

    number: int
    cells: list[str]


def known_encoding(name: str) -> str:
    """Python's name of a text encoding, or "" if there is none of that name."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    is_text = getattr(found, "_is_text_encoding", True)
    return found.name if is_text and found.name not in _NO_ENCODINGS else ""


class Table:
    """An open file of rows: its columns, then as often as wanted its rows. Raises Unreadable.

    `wanted` are the names of columns that are looked for: they tell which delimiter it is. The file is opened
    once, so that what was checked is what is read.
    """

    def __init__(self, path: Path, *, encoding: str = "", delimiter: str = "", wanted: Collection[str] = ()) -> None:
        self.path = path
        self._file = _opened(path)
        try:
            head = self._file.read(64)
            if not head:
                raise Unreadable(_("%(name)s is empty.") % {"name": quoted(path.name, 80)})
            for beginning, what in _NOT_TEXT:
                if head.startswith(beginning):
                    raise Unreadable(
                        _("%(name)s is %(what)s, not a CSV file. Save it as CSV (UTF-8) and try again.")
                        % {"name": quoted(path.name, 80), "what": what}
                    )
            marked = next((name for mark, name in _MARKS if head.startswith(mark)), "")
            self.was_told = bool(marked or encoding)
            self.encoding = marked or encoding or "utf-8"
            self.delimiter = delimiter or self._likely_delimiter(wanted)
            self.columns = self._read_columns()
            self._refuse_missing(wanted)
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        self._file.close()

    def sha256(self) -> str:
        """The digest of the whole file."""
        digest = hashlib.sha256()
        self._file.seek(0)
        while piece := self._file.read(1 << 20):
            digest.update(piece)
        return digest.hexdigest()

    def count(self) -> int:
        """The number of rows below the names, after every line has been looked at. Raises Unreadable."""
        rows = 0
        troubles: list[str] = []
        for row in self._rows(troubles):
            rows += any(row.cells)
        if troubles:
            raise Unreadable("\n".join(troubles[:MOST_SAID]))
        if not rows:
            raise Unreadable(
                _("%(name)s names columns and has no rows below them.") % {"name": quoted(self.path.name, 80)}
            )
        return rows

    def rows(self) -> Iterator[Row]:
        """The rows below the names that have anything in them. Raises Unreadable."""
        for row in self._rows(None):
            if any(row.cells):
                yield row

    def _rows(self, troubles: list[str] | None) -> Iterator[Row]:
        """Every row; what is wrong with the quotes of one row is collected, so that all can be said at once."""
        number = 0
        seen_names = False
        lines = self._lines()
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        while True:
            lines.begin_row()
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as trouble:
                said = lines.sentence(trouble)
                if troubles is None or lines.is_lost(trouble):
                    raise Unreadable("\n".join([*(troubles or [])[:MOST_SAID], said])) from trouble
                troubles.append(said)
                if len(troubles) >= MOST_SAID:
                    return
                continue
            if seen_names:
                yield Row(number, cells)
            else:
                seen_names = any(cell.strip() for cell in cells)

    def _lines(self) -> "_Lines":
        self._file.seek(0)
        return _Lines(self._file, self.encoding, self.was_told)

    def _likely_delimiter(self, wanted: Collection[str]) -> str:
        """The delimiter that finds most of the wanted names; else the one that makes most columns."""
        best, most = ",", (-1, -1)
        for delimiter in DELIMITERS:
            try:
                names = self._first_row(delimiter)
            except csv.Error:
                continue
            score = (len(set(wanted).intersection(names)), len(names))
            if score > most:
                best, most = delimiter, score
        return best

    def _first_row(self, delimiter: str) -> list[str]:
        lines = self._lines()
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        while True:
            lines.begin_row()
            cells = [cell.strip() for cell in next(reader, [""])]
            if any(cells) or lines.is_over:
                return cells

    def _read_columns(self) -> list[str]:
        try:
            columns = self._first_row(self.delimiter)
        except csv.Error as trouble:
            raise Unreadable(_("The first line cannot be read: %(trouble)s.") % {"trouble": trouble}) from trouble
        if not any(columns):
            raise Unreadable(_("%(name)s has nothing but empty lines.") % {"name": quoted(self.path.name, 80)})
        if len(columns) > MOST_COLUMNS:
            raise Unreadable(
                _("The first line names %(count)s columns; at most %(most_columns)s can be read.")
                % {"count": f"{len(columns):,}", "most_columns": f"{MOST_COLUMNS:,}"}
            )
        return columns

    def _refuse_missing(self, wanted: Collection[str]) -> None:
        for name in wanted:
            places = [str(place) for place, column in enumerate(self.columns, start=1) if column == name]
            if len(places) > 1:
                raise Unreadable(
                    _(
                        "The column %(name)s stands %(count)s times in the first line (columns %(places)s). "
                        "Rename all but one."
                    )
                    % {"name": quoted(name), "count": len(places), "places": ", ".join(places[:5])}
                )
        missing = [name for name in wanted if name not in self.columns]
        if not missing:
            return
        says = [f"The file has no column {quoted(name)}{near(name, self.columns)}." for name in missing[:MOST_SAID]]
        if len(missing) > MOST_SAID:
            says.append(_("%(most_said)s more are missing.") % {"most_said": len(missing) - MOST_SAID})
        found = ", ".join(quoted(name) for name in self.columns[:40])
        more = f" and {len(self.columns) - 40} more" if len(self.columns) > 40 else ""
        delimiter = DELIMITER_NAMES.get(self.delimiter, quoted(self.delimiter))
        says.append(
            _("Its first line, read with %(delimiter)s between the cells, names: %(found)s%(more)s.")
            % {"delimiter": delimiter, "found": found, "more": more}
        )
        raise Unreadable("\n".join(says))


class _Lines:
    """Lines of text with a bound on what one row may hold, so that no file can fill the memory."""

    def __init__(self, file: io.FileIO, encoding: str, was_told: bool) -> None:
        self._encoding, self._was_told = encoding, was_told
        # A reader of its own on the same open file, which stays open for the next time it is read.
        raw = io.FileIO(file.fileno(), closefd=False)
        self._text = io.TextIOWrapper(io.BufferedReader(raw), encoding=encoding, errors="strict", newline="")
        self.number = 0
        self.is_over = False
        self._began = 1
        self._size = 0

    def begin_row(self) -> None:
        self._began, self._size = self.number + 1, 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        try:
            line = self._text.readline(LONGEST_ROW + 1)
        except UnicodeError as trouble:
            raise Unreadable(self._undecodable(trouble)) from trouble
        if not line:
            self.is_over = True
            raise StopIteration
        self.number += 1
        self._size += len(line)
        if "\0" in line:
            raise Unreadable(self._nul(self.number))
        if self._size > LONGEST_ROW:
            if self._began == self.number:
                raise Unreadable(
                    _("Line %(number)s is longer than %(longest_row)s characters.")
                    % {"number": f"{self.number:,}", "longest_row": f"{LONGEST_ROW:,}"}
                )
            raise Unreadable(
                self._unclosed(_("within %(longest_row)s characters") % {"longest_row": f"{LONGEST_ROW:,}"})
            )
        return line

    def is_lost(self, trouble: csv.Error) -> bool:
        """Whether nothing after the row can be trusted: it swallowed what follows it."""
        return "end of data" in str(trouble) or "field limit" in str(trouble)

    def sentence(self, trouble: csv.Error) -> str:
        """What a csv.Error means for whoever has to mend the file."""
        if "field limit" in str(trouble):
            if self._began == self.number:
                return _("Line %(number)s has a cell longer than %(field_size_limit)s characters.") % {
                    "number": f"{self.number:,}",
                    "field_size_limit": f"{csv.field_size_limit():,}",
                }
            return self._unclosed(
                _("within %(field_size_limit)s characters") % {"field_size_limit": f"{csv.field_size_limit():,}"}
            )
        if "end of data" in str(trouble):
            return self._unclosed(_("before the end of the file"))
        return _(
            "Line %(number)s has a quotation mark in the middle of a quoted cell. "
            "Inside a quoted cell every quotation mark is written twice."
        ) % {"number": f"{self.number:,}"}

    def _nul(self, line: int) -> str:
        return _(
            "Line %(line)s holds a NUL byte, which text has not. If the file is UTF-16, "
            'write encoding = "utf-16-le" into the map; else save it as CSV (UTF-8) again.'
        ) % {"line": f"{line:,}"}

    def _unclosed(self, where: str) -> str:
        return _("The quotation mark in the row that begins on line %(began)s is not closed %(where)s.") % {
            "began": f"{self._began:,}",
            "where": where,
        }

    def _undecodable(self, trouble: UnicodeError) -> str:
        name = "UTF-8" if self._encoding in ("utf-8", "utf-8-sig") else self._encoding
        where = _("Line %(line)s") % {"line": f"{self.number + 1:,}"}
        if isinstance(trouble, UnicodeDecodeError):
            line = self.number + 1 + trouble.object[: trouble.start].count(b"\n")
            if b"\0" in trouble.object and not self._encoding.startswith(("utf-16", "utf-32")):
                return self._nul(self.number + 1)
            byte = trouble.object[trouble.start : trouble.start + 1].hex().upper()
            where = _("Line %(line)s, with the byte 0x%(byte)s,") % {"line": f"{line:,}", "byte": byte}
        if self._was_told:
            return _(
                "%(where)s is not %(name)s, as which the file is to be read. Correct the encoding in the map."
            ) % {"where": where, "name": name}
        return _(
            '%(where)s is not %(name)s. If the file comes from Excel on Windows, write encoding = "cp1252" '
            "into the map, or give --encoding cp1252; else save it as CSV (UTF-8) again."
        ) % {"where": where, "name": name}


def _opened(path: Path) -> io.FileIO:
    name = quoted(str(path), 120)
    try:
        # Before it is opened: opening a pipe waits for whoever writes into it.
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise Unreadable(_("%(name)s is a folder, not a CSV file.") % {"name": name})
        if not stat.S_ISREG(mode):
            raise Unreadable(
                _("%(name)s is not a file that can be read twice. Save it as a file first.") % {"name": name}
            )
        return io.FileIO(path)
    except FileNotFoundError:
        raise Unreadable(_("There is no file %(name)s.") % {"name": name}) from None
    except PermissionError:
        raise Unreadable(
            _("The file %(name)s may not be read. Give yourself the right to, and try again.") % {"name": name}
        ) from None
    except (OSError, ValueError) as trouble:
        reason = getattr(trouble, "strerror", None) or _("its name cannot be used")
        raise Unreadable(
            _("The file %(name)s cannot be opened: %(reason)s.") % {"name": name, "reason": reason}
        ) from None
