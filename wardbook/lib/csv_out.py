"""Cells that a spreadsheet will open: nothing in them may run as a formula, and nothing may be lost (I1)."""

import re

# What Excel, LibreOffice and Google Sheets take for the beginning of a formula, also after blanks, a quotation
# mark or a semicolon, which some of them take for the end of a cell.
_FORMULA = re.compile(r"'*[\s\";,]*[=+\-@\t\r\0＝＋－＠]")
_GUARDED = re.compile(r"'+[\s\";,]*[=+\-@\t\r\0＝＋－＠]")
_DIGITS = frozenset("0123456789.")


def guarded(cell: str) -> str:
    """The cell with an apostrophe before it if it could run as a formula. `unguarded` gives it back unchanged.

    A plain negative number stays a number.
    """
    if not _FORMULA.match(cell) or (cell[:1] == "-" and cell[1:] and _DIGITS.issuperset(cell[1:])):
        return cell
    return f"'{cell}"


def unguarded(cell: str) -> str:
    """The cell as it was before `guarded`; a cell that was never guarded stays as it is."""
    return cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell
