"""A short fingerprint of a long text, by which alike ones are found among thousands without comparing them all.

MinHash by one permutation (Li, Owen, Zhang 2012): each shingle falls into one of 64 boxes, each box keeps its
smallest number; an empty box borrows from the next full one (Shrivastava and Li 2014). Pure Python, because the usual
library takes more memory than the rest of the product (docs/decisions).
"""

from __future__ import annotations

import struct

from wardbook.correspondence.alike.essence import Essence

BOXES = 64
ROWS = 2
_EMPTY = 0xFFFFFFFF
_MASK = (1 << 63) - 1
_ODD = 0x9E3779B97F4A7C15


def signature(essence: Essence) -> bytes:
    """The fingerprint, 256 bytes; empty for a text that says too little to be compared."""
    if not essence.says_enough:
        return b""
    boxes = [_EMPTY] * BOXES
    for shingle in essence.shingles:
        box, number = shingle & (BOXES - 1), shingle >> 32
        if number < boxes[box]:
            boxes[box] = number
    return struct.pack(f">{BOXES}I", *_filled(boxes))


def _filled(boxes: list[int]) -> list[int]:
    """Empty boxes borrow from the next full one, changed by how far they went, so that two of them stay two."""
    full = list(boxes)
    for box in range(BOXES):
        steps = 0
        while boxes[(box + steps) % BOXES] == _EMPTY:
            steps += 1
        if steps:
            full[box] = (boxes[(box + steps) % BOXES] + steps * 0x9E3779B1) & 0xFFFFFFFF
    return full


def bands(signature: bytes) -> tuple[int, ...]:
    """32 numbers of 63 bits, the first for band 0 and so on. Texts that have one of them in common may be alike.

    Of pairs that share a half of all their text 99.99 % have one in common, of pairs that share a third 98 %, of
    pairs that share a hundredth 0.3 %. One set serves every threshold from 30 to 90 %.
    """
    if not signature:
        return ()
    boxes = struct.unpack(f">{BOXES}I", signature)
    return tuple((((boxes[at] << 32 | boxes[at + 1]) + at + 1) * _ODD >> 7) & _MASK for at in range(0, BOXES, ROWS))


def likeness(one: bytes, other: bytes) -> float:
    """About how much of all their text two have in common (Jaccard), from the fingerprints alone; off by ±0.06."""
    if not one or not other:
        return 0.0
    pairs = zip(struct.unpack(f">{BOXES}I", one), struct.unpack(f">{BOXES}I", other), strict=True)
    return sum(1 for a, b in pairs if a == b) / BOXES
