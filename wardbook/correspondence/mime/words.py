"""Encoded words in headers (RFC 2047), in all the broken forms that mailers write them."""

from __future__ import annotations

import re

from wardbook.correspondence.mime.charsets import clean, decode, known
from wardbook.correspondence.mime.transfer import from_base64, from_q

# A header longer than this is read up to here: nobody writes such a subject.
LONGEST = 100_000
START = re.compile(r"=\?(?!=)")
WORD = re.compile(r"([^?\s]{1,80})\?([BbQq])\?(.*?)\?=(.*)\Z", re.DOTALL)
# A word whose end is missing, at the end of the header.
CUT_WORD = re.compile(r"([^?\s]{1,80})\?([BbQq])\?([^?\s]+)\??\Z", re.DOTALL)
FOLD = re.compile(r"\r?\n[ \t]+|[\r\n]+")


def decode_words(text: str) -> str:
    """Text with its encoded words read; folds become single spaces."""
    text = text[:LONGEST]
    if "=?" not in text:
        return clean(unfold(text))
    pieces = START.split(text)
    out: list[str] = [unfold(pieces[0])]
    pending: list[tuple[str, str, str]] = []
    for piece in pieces[1:]:
        found = WORD.match(piece) or CUT_WORD.match(piece)
        if found is None:
            _flush(pending, out)
            out.append("=?" + unfold(piece))
            continue
        charset, encoding, payload = found[1], found[2].upper(), found[3]
        rest = found[4] if found.re is WORD else ""
        pending.append((charset.split("*")[0].lower(), encoding, payload))
        # White space between two words is no text; anything else is.
        if rest.strip():
            _flush(pending, out)
            out.append(unfold(rest))
        elif piece is pieces[-1]:
            _flush(pending, out)
    _flush(pending, out)
    return clean("".join(out))


def _flush(pending: list[tuple[str, str, str]], out: list[str]) -> None:
    """Write the words gathered so far: those of one charset together, as some mailers cut within a character."""
    start = 0
    while start < len(pending):
        charset = pending[start][0]
        end = start
        while end < len(pending) and known(pending[end][0]) == known(charset):
            end += 1
        out.append(decode(_bytes(pending[start:end]), charset))
        start = end
    pending.clear()


def _bytes(words: list[tuple[str, str, str]]) -> bytes:
    done: list[bytes] = []
    base64 = ""
    for _, encoding, payload in words:
        if encoding == "B":
            # A word cut within four letters goes on in the next one.
            base64 += re.sub(r"\s+", "", payload)
            if len(base64) % 4 == 0 or base64.endswith("="):
                done.append(from_base64(base64.encode("ascii", "ignore")))
                base64 = ""
        else:
            if base64:
                done.append(from_base64(base64.encode("ascii", "ignore")))
                base64 = ""
            done.append(from_q(_joined(payload)))
    if base64:
        done.append(from_base64(base64.encode("ascii", "ignore")))
    return b"".join(done)


def _joined(payload: str) -> str:
    """A word that was folded in its middle: the fold is no text unless the mailer left its spaces bare."""
    if "\n" not in payload and "\r" not in payload:
        return payload
    bare = " " in FOLD.sub("", payload)
    return FOLD.sub(" " if bare else "", payload)


def unfold(text: str) -> str:
    return FOLD.sub(" ", text)
