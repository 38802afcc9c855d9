"""Content transfer encodings: how bytes travelled as letters. Damage costs the damaged bytes, not the rest."""

from __future__ import annotations

import binascii
import re

ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
NOT_BASE64 = bytes(set(range(256)) - set(ALPHABET))
URL_SAFE = bytes.maketrans(b"-_", b"+/")
# A line end that is none, behind spaces that something added on the way.
SOFT_BREAK = re.compile(rb"=[ \t]+(?=\r?\n)")
Q_ESCAPE = re.compile(rb"=([0-9A-Fa-f]{2})")
UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.MULTILINE)
UU_END = re.compile(rb"^(?:end|====)[ \t]*\r?$", re.MULTILINE)
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Of a body so much is looked at to tell whether it is base64 at all; and fewer bytes could be text by chance.
MOST_LOOKED_AT = 4_000
LEAST_SAID = 9
COMMENTS = re.compile(r"^(?:\s{0,20}\([^()]{0,200}\)){1,5}")
NAMES = {
    "base64": "base64",
    "base-64": "base64",
    "b64": "base64",
    "b": "base64",
    "quoted-printable": "qp",
    "quoted_printable": "qp",
    "quotedprintable": "qp",
    "quoted": "qp",
    "qp": "qp",
    "q": "qp",
    "uuencode": "uu",
    "x-uuencode": "uu",
    "uue": "uu",
    "x-uue": "uu",
}


def encoding_of(header: str) -> str:
    """base64, qp, uu or '' (as it is)."""
    bare = COMMENTS.sub("", header[:1_000])
    word = re.split(r"[\s;,(]", bare.strip().strip("\"'").lower(), maxsplit=1)[0]
    return NAMES.get(word, "")


def decode_transfer(data: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return body_from_base64(data)
    if encoding == "qp":
        return binascii.a2b_qp(SOFT_BREAK.sub(b"=", data))
    if encoding == "uu":
        found = unpack_uu(data)
        return found[0][1] if found else _bare_uu(data)
    return data


def body_from_base64(data: bytes) -> bytes:
    """A body in base64; one that plainly is not in it (a mailer's lie) comes back as it is."""
    strange = len(data.translate(None, ALPHABET + b" \t\r\n"))
    if strange * 10 > len(data) or _is_words(data[:MOST_LOOKED_AT]):
        return data
    letters = b"".join(data.split())
    if len(letters) < 100 and len(letters.rstrip(b"=")) % 4 == 1 and not _is_text(letters):
        # No bytes make such a number of letters: it is a word.
        return data
    if strange:
        # A footer that a list put below: the letters end where the first line is none of base64.
        kept: list[bytes] = []
        for line in data.split(b"\n"):
            if line.strip().translate(None, ALPHABET):
                if kept:
                    break
                continue
            kept.append(line)
        if sum(map(len, kept)) * 2 > len(data):
            data = b"\n".join(kept)
    return from_base64(data)


def _is_words(data: bytes) -> bool:
    """Whether these are words with spaces between them: lines of base64 have none."""
    words, lines = data.split(), data.splitlines()
    return len(words) >= 2 * sum(1 for line in lines if line.strip()) and sum(map(len, words)) <= 20 * len(words)


def _is_text(letters: bytes) -> bool:
    """Whether base64 with a letter too many says something: a word of one's own language hardly ever does."""
    said = from_base64(letters)
    return len(said) >= LEAST_SAID and _is_utf8(said) and not CONTROL.search(said)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def from_base64(data: bytes) -> bytes:
    """Base64 with missing padding, stray characters, or several runs one after the other."""
    if b"-" in data or b"_" in data:
        data = data.translate(URL_SAFE)
    data = data.translate(None, NOT_BASE64)
    runs = [data] if b"=" not in data.rstrip(b"=") else re.split(rb"=+", data)
    return b"".join(_one_run(run.rstrip(b"=")) for run in runs)


def _one_run(run: bytes) -> bytes:
    if len(run) % 4 == 1:
        run = run[:-1]
    try:
        return binascii.a2b_base64(run + b"=" * (-len(run) % 4))
    except binascii.Error:
        return b""


def from_q(text: str) -> bytes:
    """The Q encoding of headers; characters that should have been encoded and were not are taken as UTF-8."""
    data = text.replace("_", " ").encode("utf-8", "surrogateescape")
    return Q_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), data)


def unpack_uu(data: bytes) -> list[tuple[str, bytes, int, int]]:
    """Files uuencoded within a text: name, bytes, where it starts and ends."""
    found = []
    position = 0
    end: re.Match[bytes] | None = None
    while begin := UU_BEGIN.search(data, position):
        if end is None or end.start() < begin.end():
            end = UU_END.search(data, begin.end())
        if end is None:
            break
        if later := UU_BEGIN.search(data, begin.end(), end.start()):
            # No line of a file begins so: the file is the one that begins last. Each byte is looked at once.
            position = later.start()
            continue
        lines = data[begin.end() : end.start()].split(b"\n")
        if begin[0].startswith(b"begin-base64"):
            payload = from_base64(b"".join(lines))
        else:
            payload = b"".join(map(_uu_line, lines))
        if not payload and any(line.strip() not in (b"", b"`") for line in lines):
            position = begin.end()
            continue
        found.append((begin[1].decode("utf-8", "replace").strip(), payload, begin.start(), end.end()))
        position = end.end()
    return found


def _bare_uu(data: bytes) -> bytes:
    """A body of uuencoded lines alone, without begin and end; one that plainly is none comes back as it is."""
    lines = [line for line in data.replace(b"\r", b"").split(b"\n") if line]
    if lines and lines[-1].strip() == b"end":
        lines.pop()
    if not lines or any(not _fits(line) for line in lines):
        return data
    return b"".join(map(_uu_line, lines)) or data


def _fits(line: bytes) -> bool:
    """Whether a line is about as long as its first letter says."""
    said = (((line[0] - 32) & 63) * 4 + 2) // 3
    return 32 <= line[0] <= 96 and max(line) <= 96 and said <= len(line) - 1 <= said + 4


def _uu_line(line: bytes) -> bytes:
    line = line.rstrip(b"\r")
    if not line:
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Written by an encoder that padded the line: take what its length says.
        length = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:length])
        except binascii.Error:
            return b""
