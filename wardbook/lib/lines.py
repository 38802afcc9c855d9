"""Text as people type it, made fit to keep: no control characters, no stray spaces."""

import unicodedata

# Marks that turn the direction of text around; left open they would turn the page around with it.
_TURNING = dict.fromkeys(map(ord, "\u202a\u202b\u202d\u202e\u202c\u2066\u2067\u2068\u2069"))


def one_line(text: str) -> str:
    """The text on one line: control characters and direction overrides go, runs of space become one space."""
    plain = unicodedata.normalize("NFC", text).translate(_TURNING)
    return " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in plain).split())


def many_lines(text: str) -> str:
    """The text with its line breaks: other control characters and direction overrides go, ends are trimmed."""
    plain = unicodedata.normalize("NFC", text).translate(_TURNING)
    plain = plain.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    kept = "".join(c for c in plain if c in "\n\t" or unicodedata.category(c) != "Cc")
    return "\n".join(line.rstrip() for line in kept.split("\n")).strip("\n").rstrip()
