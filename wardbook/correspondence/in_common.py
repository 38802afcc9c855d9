"""What many copies of one letter have in common, in the words of one of them. No database."""

from collections.abc import Sequence
from itertools import pairwise

from wardbook.correspondence.alike import Kind, differences, essence
from wardbook.correspondence.alike.body import body_of

MOST_COMPARED = 12
_GAP = "…"


def in_common(texts: Sequence[str]) -> str:
    """The text that most of these letters share. What only its writer said is left out and shown as "…"."""
    some = _spread(texts)
    best = some[_most_typical(some)]
    whole = body_of(best)
    others = [text for text in some if text is not best]
    if not others or not whole:
        return whole or best.strip()
    ours = [0] * len(whole)
    for other in others:
        at = 0
        for span in differences(other, best):
            if span.kind is Kind.LEFT_OUT:
                continue
            if span.kind is Kind.ADDED:
                for place in range(at, min(at + len(span.text), len(whole))):
                    ours[place] += 1
            at += len(span.text)
    # Kept is what at least half of the others have too.
    kept = [2 * count <= len(others) for count in ours]
    return _with_gaps(whole, kept)


def _spread(texts: Sequence[str]) -> list[str]:
    """A few of many, from the first to the last."""
    if len(texts) <= MOST_COMPARED:
        return list(texts)
    step = len(texts) / MOST_COMPARED
    return [texts[int(turn * step)] for turn in range(MOST_COMPARED)]


def _most_typical(texts: Sequence[str]) -> int:
    """The letter of which most stands in the others; of equal ones the longest."""
    known = [essence(text).shingles for text in texts]

    def typical(place: int) -> tuple[float, int]:
        mine = known[place]
        found = sum(len(mine & other) for turn, other in enumerate(known) if turn != place)
        return (round(found / max(len(mine), 1), 2), len(mine))

    return max(range(len(texts)), key=typical)


def _with_gaps(text: str, kept: Sequence[bool]) -> str:
    edges = [0, *(at for at in range(1, len(text)) if kept[at] != kept[at - 1]), len(text)]
    parts = []
    for start, end in pairwise(edges):
        piece = text[start:end]
        if kept[start]:
            parts.append(piece)
        elif piece.strip():
            parts.append(f"{_GAP}\n\n" if "\n\n" in piece else f"{_GAP} ")
    return "".join(parts).strip()
