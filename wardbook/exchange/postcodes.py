"""A table of postcodes, row by row: what each says, or why it says nothing."""

from typing import NamedTuple

from wardbook.contacts.actions import Lies
from wardbook.exchange.reading import Row
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
        return f"Row {self.row:,}, {self.column}: found {quoted(self.found)}, expected {self.expected}."


def read(row: Row, columns: list[str]) -> Lies | Problem:
    """One row of the table as what it says of a postcode, or as what is wrong with it."""
    cells = {name: one_line(cell) for name, cell in zip(columns, row.cells, strict=False)}
    if len(row.cells) > len(columns) and any(cell.strip() for cell in row.cells[len(columns) :]):
        return Problem(row.number, "the row", f"{len(row.cells)} cells", f"{len(columns)} cells")
    postcode, ward = cells.get("postcode", ""), cells.get("ward", "")
    key = postcode_key(postcode)
    if not (2 <= len(key) <= 12 and key.isascii() and key.isalnum() and any(c.isdigit() for c in key)):
        return Problem(row.number, "postcode", postcode, "a postcode or the beginning of one, like GM1 4AB or GM1")
    said = cells.get("in_area", "").casefold()
    if said not in YES | NO:
        return Problem(row.number, "in_area", cells["in_area"], "yes or no")
    if len(ward) > 120:
        return Problem(row.number, "ward", ward, "at most 120 letters")
    elsewhere = cells.get("elsewhere", "")
    if len(elsewhere) > 160:
        return Problem(row.number, "elsewhere", elsewhere, "at most 160 letters")
    if said in YES and elsewhere:
        return Problem(row.number, "elsewhere", elsewhere, "nothing, for a postcode that is ours")
    return Lies(postcode, ward, said in YES, elsewhere)
