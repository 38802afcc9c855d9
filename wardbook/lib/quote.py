"""What a person typed, made fit to be kept on one line or repeated in a sentence."""

import unicodedata

LONGEST = 40
_JOINERS = "\u200c\u200d"


def one_line(text: str) -> str:
    """The text on one line, without control characters and without marks that turn the direction of what follows.

    Letters of right-to-left scripts stay; only the invisible overrides go, which would let a name rearrange
    the sentence around it (D8). Joiners stay too: some scripts are misspelt without them.
    """
    return " ".join("".join(map(_plain, text)).split())


def quoted(text: str, longest: int = LONGEST) -> str:
    """The text between quotation marks, on one line and shortened."""
    seen = one_line(text[: longest * 4])
    if len(seen) > longest:
        seen = seen[: longest - 1].rstrip() + "…"
    return f"“{seen}”"


def _plain(sign: str) -> str:
    if sign.isprintable() or sign in _JOINERS:
        return sign
    return "" if unicodedata.category(sign) == "Cf" else " "


def storable(text: str) -> str:
    """The text as every engine keeps it: PostgreSQL knows no NUL, and UTF-8 no half of a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()
