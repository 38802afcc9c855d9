"""On which line of a map something stands, so that what is wrong there is found. No database."""

import re


def line_of(lines: list[str], path: tuple[str, ...]) -> int:
    """The line on which a key stands, or the nearest table or key around it; 0 when it is nowhere."""
    table: tuple[str, ...] = ()
    best, depth = 0, 0
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if header := re.fullmatch(r"\[+([^\[\]]+)\]+\s*(#.*)?", text):
            table = tuple(_bare(part) for part in header[1].split("."))
            here = table
        elif key := re.match(r"(\"[^\"]*\"|'[^']*'|[\w\-.]+)\s*=", text):
            here = (*table, *((_bare(key[1]),) if key[1][:1] in "\"'" else key[1].split(".")))
        else:
            continue
        if len(here) > depth and path[: len(here)] == here:
            best, depth = number, len(here)
    return best


def _bare(key: str) -> str:
    return key.strip().strip("\"'")
