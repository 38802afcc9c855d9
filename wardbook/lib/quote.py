"""What a person typed, made fit to be repeated in a sentence."""

LONGEST = 40


def quoted(text: str, longest: int = LONGEST) -> str:
    """The text between quotation marks, on one line, shortened, without control or direction characters."""
    # Right-to-left overrides and line breaks would let the text rearrange the sentence around it.
    seen = " ".join("".join(c if c.isprintable() else " " for c in text[: longest * 4]).split())
    if len(seen) > longest:
        seen = seen[: longest - 1].rstrip() + "…"
    return f"“{seen}”"
