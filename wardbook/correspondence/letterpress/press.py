"""Letters in, PDF out. What people typed goes in as data and is never read as source (D9)."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import typst

_SHEET = Path(__file__).with_name("sheet.typ")
# What the template may read: nothing beside itself. It imports nothing, so nothing is fetched either.
_ROOT = _SHEET.parent
_WITHOUT_A_FONT = re.compile(r'the text `"(?P<text>.{1,40}?)"` could not be displayed')
# A PDF says when it was made; a letter says it itself. The same letter is the same bytes.
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)


class Sheet(NamedTuple):
    """One letter in the words and the order of the paper. `paragraphs` are lists of lines."""

    language: str
    letterhead: Sequence[str]
    footer: str
    address: Sequence[str]
    date: str
    references: Sequence[tuple[str, str]]
    subject: str
    paragraphs: Sequence[Sequence[str]]
    signatory: Sequence[str]


class Unprintable(Exception):
    """A text that no font here can show. `text` is the first piece of it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def render(sheets: Sequence[Sheet], *, title: str, paper: str = "a4") -> bytes:
    """One PDF of all these letters, each on pages of its own. Raises Unprintable."""
    made = _press(sheets, title=title, paper=paper, format="pdf", pdf_standards=["ua-1"], timestamp=_NO_TIME)
    assert isinstance(made, bytes)  # only pictures come in several
    return made


def pictures(sheet: Sheet, *, title: str, paper: str = "a4", dots_per_inch: int = 96) -> list[bytes]:
    """The pages of one letter as PNG, for looking at."""
    made = _press([sheet], title=title, paper=paper, format="png", ppi=float(dots_per_inch))
    return [made] if isinstance(made, bytes) else list(made)


def _press(sheets: Sequence[Sheet], *, title: str, paper: str, **how: Any) -> bytes | list[bytes]:
    data = {"title": title, "paper": paper, "letters": [_plain(sheet) for sheet in sheets]}
    given = {"data": json.dumps(data, ensure_ascii=False)}
    try:
        return _compile(given, _own_fonts(), how)
    except typst.TypstError as problem:
        if not _WITHOUT_A_FONT.search(str(problem)):
            raise
    # Slower by the tenth of a second that it takes to look at the fonts of the machine.
    try:
        return _compile(given, _all_fonts(), how)
    except typst.TypstError as problem:
        found = _WITHOUT_A_FONT.search(str(problem))
        if not found:
            raise
        raise Unprintable(found["text"]) from None


def _compile(given: dict[str, str], fonts: typst.Fonts, how: dict[str, Any]) -> bytes | list[bytes]:
    made: bytes | list[bytes] | None = typst.compile(_SHEET, root=_ROOT, font_paths=fonts, sys_inputs=given, **how)
    assert made is not None  # None only when it is told to write a file
    return made


@cache
def _own_fonts() -> typst.Fonts:
    """The fonts that come with typst, so that a letter looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False)


@cache
def _all_fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True)


def _plain(sheet: Sheet) -> dict[str, Any]:
    language, _dash, region = sheet.language.replace("_", "-").partition("-")
    known = bool(re.fullmatch(r"[a-z]{2,3}", language.lower()))
    return sheet._asdict() | {
        "lang": language.lower() if known else "en",
        "region": region.upper() if re.fullmatch(r"[a-zA-Z]{2}", region) else "",
    }
