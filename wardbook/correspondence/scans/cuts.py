"""Which pages belong to which letter, as people write it: "1-2, 3, 4-6". No database."""

import re
from itertools import pairwise

from django.utils.translation import gettext as _

from wardbook.lib.rules import RuleBroken

MOST_LETTERS = 100
LONGEST = 1_000
_PART = re.compile(r"(\d{1,4})(?:\s*[-–—]\s*(\d{1,4}))?")


def read(text: str) -> list[tuple[int, int]]:
    """The first and last page of each letter, in the order of the pages. Raises RuleBroken for what is no such list.

    Commas, semicolons and line breaks part the letters. Letters do not overlap: a page belongs to one.
    """
    found: list[tuple[int, int]] = []
    for part in filter(None, (one.strip() for one in re.split(r"[,;\n]+", text[:LONGEST]))):
        fits = _PART.fullmatch(part)
        if fits is None:
            raise RuleBroken(
                _("“%(part)s” is no page and no row of pages. Write it like this: 1-2, 3, 4-6") % {"part": part[:40]}
            )
        first, last = int(fits[1]), int(fits[2] or fits[1])
        if first < 1:
            raise RuleBroken(_("Pages are counted from 1."))
        if last < first:
            raise RuleBroken(_("“%(part)s” ends before it begins.") % {"part": part})
        found.append((first, last))
    if not found:
        raise RuleBroken(_("Write which pages make a letter, like this: 1-2, 3, 4-6"))
    if len(found) > MOST_LETTERS:
        raise RuleBroken(_("At most %(n)d letters can be cut from one file.") % {"n": MOST_LETTERS})
    found.sort()
    for before, after in pairwise(found):
        if after[0] <= before[1]:
            raise RuleBroken(_("Page %(page)d is in two letters.") % {"page": after[0]})
    return found


def fit(parts: list[tuple[int, int]], pages: int, *, leave_out: bool) -> None:
    """Raise RuleBroken if a page is not there, or if one would be lost that nobody said to leave out."""
    if parts[-1][1] > pages:
        raise RuleBroken(
            _("The file ends with page %(pages)d; there is no page %(page)d.")
            % {"pages": pages, "page": parts[-1][1]}
        )
    kept = {page for first, last in parts for page in range(first, last + 1)}
    lost = [page for page in range(1, pages + 1) if page not in kept]
    if lost and not leave_out:
        told = ", ".join(str(page) for page in lost[:12]) + (" …" if len(lost) > 12 else "")
        raise RuleBroken(
            _("These pages are in no letter: %(pages)s. Add them, or tick that they are left out.") % {"pages": told}
        )


def said(part: tuple[int, int]) -> str:
    """ "3" or "4–6"."""
    first, last = part
    return str(first) if first == last else f"{first}–{last}"
