"""What stands in the cells of a row, made into text as a rule says. No database."""

from collections.abc import Callable, Sequence

from wardbook.lib.csv_out import unguarded
from wardbook.lib.quote import one_line

Pieces = Sequence[tuple[str, str]]
Reads = Callable[[list[str]], str]


def line(cell: str) -> str:
    """A cell on one line, without control characters and without the apostrophe of an export."""
    if cell[:1] == "'":
        cell = unguarded(cell)
    # Most cells are plain, and looking at each sign of each costs more than all the rest of an import.
    return " ".join(cell.split()) if cell.isascii() and cell.isprintable() else one_line(cell)


def text(cell: str) -> str:
    """A cell with its line breaks."""
    if cell[:1] == "'":
        cell = unguarded(cell)
    return "\n".join(line(part) for part in cell.splitlines()).strip("\n")


def reader(pieces: Pieces, places: dict[str, int], *, whole: bool = False, lines: bool = False) -> Reads:
    """A function from the cells of a row to the text that the pieces make of them.

    Text before an empty column goes with it, and so does text after the last one. `whole`: the text is empty if
    any column is. `lines`: line breaks are kept, and a line of the template whose columns are all empty is left out.
    """
    if len(pieces) == 2 and not pieces[0][0] and not pieces[1][0]:
        place = places[pieces[0][1]]
        read = text if lines else line
        return lambda cells: read(cells[place])
    if lines:
        each = [_joined(part, places, whole=False) for part in _by_line(pieces)]
        return lambda cells: "\n".join(one for make in each if (one := make(cells)))
    return _joined(pieces, places, whole=whole)


def _joined(pieces: Pieces, places: dict[str, int], *, whole: bool) -> Reads:
    bound = [(before, places[column]) for before, column in pieces[:-1]]
    last = pieces[-1][0]

    def read(cells: list[str]) -> str:
        parts: list[str] = []
        found = "" if bound else last
        for number, (before, place) in enumerate(bound):
            found = line(cells[place])
            if found:
                # A separator with nothing before it separates nothing.
                parts.append(before + found if parts or not number else found)
            elif whole:
                return ""
        if found:
            # Also where there is no column at all: a line of words in a template of several lines.
            parts.append(last)
        return " ".join("".join(parts).split())

    return read


def _by_line(pieces: Pieces) -> list[list[tuple[str, str]]]:
    lines: list[list[tuple[str, str]]] = [[]]
    for before, column in pieces:
        *ended, begun = before.split("\n")
        for end in ended:
            lines[-1].append((end, ""))
            lines.append([])
        if column:
            lines[-1].append((begun, column))
        else:
            lines[-1].append((begun, ""))
    return lines
