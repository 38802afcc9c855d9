"""A table of postcodes: what each row says, or why it says nothing."""

from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wardbook.contacts.actions import Lies
from wardbook.exchange.reading import Row, Table, Unreadable
from wardbook.lib.fold import postcode_key
from wardbook.lib.quote import one_line, quoted

COLUMNS = ("postcode", "ward", "in_area", "elsewhere")
YES = frozenset({"", "yes", "y", "true", "1", "in", "ours"})
NO = frozenset({"no", "n", "false", "0", "out", "elsewhere"})


class Problem(NamedTuple):
    """What is wrong with one cell: row, column, found, expected."""

    row: int
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        return _("Row %(row)s, %(column)s: found %(found)s, expected %(expected)s.") % {
            "row": f"{self.row:,}",
            "column": self.column,
            "found": quoted(self.found),
            "expected": self.expected,
        }


def read_table(path: Path, encoding: str = "") -> tuple[list[Lies], list[str]]:
    """Each postcode once, and what is wrong with the table in sentences. Raises Unreadable for what is no table."""
    table = Table(path, encoding=encoding, wanted=["postcode"])
    rows: dict[str, tuple[int, Lies]] = {}
    problems: list[str] = []
    try:
        for row in table.rows():
            said = read(row, table.columns)
            if isinstance(said, Problem):
                problems.append(str(said))
                continue
            first, before = rows.setdefault(postcode_key(said.postcode), (row.number, said))
            if before != said:
                otherwise = _("Row %(row)s: %(postcode)s is said otherwise in row %(first)s.")
                told = {"row": f"{row.number:,}", "postcode": quoted(said.postcode), "first": f"{first:,}"}
                problems.append(otherwise % told)
    except Unreadable as wrong:
        problems.append(str(wrong))
    finally:
        table.close()
    return [said for _number, said in rows.values()], problems


def read(row: Row, columns: list[str]) -> Lies | Problem:
    """One row of the table as what it says of a postcode, or as what is wrong with it."""
    cells = {name: one_line(cell) for name, cell in zip(columns, row.cells, strict=False)}
    if len(row.cells) > len(columns) and any(cell.strip() for cell in row.cells[len(columns) :]):
        return Problem(row.number, _("the row"), _cells(len(row.cells)), _cells(len(columns)))
    postcode, ward = cells.get("postcode", ""), cells.get("ward", "")
    key = postcode_key(postcode)
    if not (2 <= len(key) <= 12 and key.isascii() and key.isalnum() and any(c.isdigit() for c in key)):
        return Problem(row.number, "postcode", postcode, _("a postcode or the beginning of one, like GM1 4AB or GM1"))
    said = cells.get("in_area", "").casefold()
    if said not in YES | NO:
        return Problem(row.number, "in_area", cells["in_area"], _("yes or no"))
    if len(ward) > 120:
        return Problem(row.number, "ward", ward, _("at most 120 letters"))
    elsewhere = cells.get("elsewhere", "")
    if len(elsewhere) > 160:
        return Problem(row.number, "elsewhere", elsewhere, _("at most 160 letters"))
    if said in YES and elsewhere:
        return Problem(row.number, "elsewhere", elsewhere, _("nothing, for a postcode that is ours"))
    return Lies(postcode, ward, said in YES, elsewhere)


def _cells(count: int) -> str:
    return ngettext("%(count)d cell", "%(count)d cells", count) % {"count": count}
