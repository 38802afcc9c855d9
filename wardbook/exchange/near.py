"""What somebody may have meant."""

import difflib
from collections.abc import Iterable

from django.utils.translation import gettext as _

from wardbook.lib.quote import quoted


def near(word: str, known: Iterable[str]) -> str:
    """ ", did you mean “Status”?" ready to stand before the full stop, or nothing."""
    by_lower = {name.casefold(): name for name in known if name}
    found = difflib.get_close_matches(word.casefold()[:80], list(by_lower)[:2000], n=1, cutoff=0.6)
    return _(" (did you mean %(name)s?)") % {"name": quoted(by_lower[found[0]])} if found else ""


def choices(words: Iterable[str]) -> str:
    """ "new, open or closed"."""
    listed = list(words)
    if len(listed) == 1:
        return listed[0]
    return _("%(words)s or %(last)s") % {"words": ", ".join(listed[:-1]), "last": listed[-1]}
