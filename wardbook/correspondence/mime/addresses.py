"""Lists of addresses in headers (RFC 5322), and what mailers write instead of them."""

from __future__ import annotations

import re

from wardbook.correspondence.mime.model import Address
from wardbook.correspondence.mime.words import decode_words, unfold

MOST = 5_000
# Nobody's name is longer; what follows is left out.
LONGEST = 2_000
BARE = re.compile(r"(?:mailto:)?([^\s<>()\[\],;:\"]{1,255}@[^\s<>()\[\],;\"]{1,255})", re.IGNORECASE)
# Characters that turn the reading direction or cannot be seen: a name made of them looks like another name.
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")


def read_addresses(text: str) -> tuple[Address, ...]:
    """All mailboxes of one header field, in order; groups are opened, empty ones give nothing."""
    return tuple(address for address in map(_mailbox, _split(unfold(text))) if address is not None)


def clean_name(name: str) -> str:
    return " ".join(UNSEEN.sub("", name).split())


def _split(text: str) -> list[list[tuple[str, str]]]:
    """The pieces of each mailbox: ('words' | 'quoted' | 'angle' | 'comment', content)."""
    boxes: list[list[tuple[str, str]]] = []
    box: list[tuple[str, str]] = []
    words: list[str] = []
    position, length = 0, len(text)
    in_group = False
    # Where a closing sign was looked for and not found: it need not be looked for again.
    closed = {'"': True, ">": True}

    def end_words() -> None:
        joined = "".join(words).strip()
        if joined:
            box.append(("words", joined))
        words.clear()

    def end_box() -> None:
        end_words()
        if box:
            boxes.append(box.copy())
        box.clear()

    while position < length and len(boxes) < MOST:
        letter = text[position]
        if letter == '"' and closed['"']:
            content, after = _quoted(text, position + 1)
            if after < 0:
                closed['"'] = False
                position += 1
                continue
            end_words()
            box.append(("quoted", content))
            position = after
        elif letter == "(":
            content, position = _comment(text, position + 1)
            end_words()
            box.append(("comment", content))
        elif letter == "<":
            at = text.find(">", position) if closed[">"] else -1
            if at < 0:
                closed[">"] = False
                at = text.find(",", position)
                at = length if at < 0 else at
                end_words()
                box.append(("angle", text[position + 1 : at]))
                position = at
                continue
            end_words()
            box.append(("angle", text[position + 1 : at]))
            position = at + 1
        elif letter == "=" and text.startswith("=?", position) and (word := ENCODED.match(text, position)):
            words.append(word[0])
            position = word.end()
        elif letter == ":" and not in_group and not any(kind == "angle" for kind, _ in box) and not _mail_to(words):
            # The name of a group; what follows are its members.
            words.clear()
            box.clear()
            in_group = True
            position += 1
        elif letter == ";":
            end_box()
            in_group = False
            position += 1
        elif letter == ",":
            # "Doe, John <john@…>" without quotation marks: the comma belongs to the name.
            if box or not words or "@" in "".join(words) or not _name_goes_on(text, position + 1):
                end_box()
            else:
                words.append(", ")
            position += 1
        else:
            words.append(letter)
            position += 1
    end_box()
    return boxes


ENCODED = re.compile(r"=\?[^?\s]{1,80}\?[BbQq]\?[^?]{0,1000}\?=")


def _mail_to(words: list[str]) -> bool:
    return "".join(words).strip().lower() == "mailto" or "@" in "".join(words)


def _name_goes_on(text: str, position: int) -> bool:
    """Whether words and then an address in angle brackets follow, with no @ or comma between."""
    piece = text[position : position + 200]
    opening = piece.find("<")
    return opening > 0 and not re.search(r"[@,;:\"]", piece[:opening]) and bool(piece[:opening].strip())


def _quoted(text: str, position: int) -> tuple[str, int]:
    out = []
    while position < len(text):
        letter = text[position]
        if letter == "\\" and position + 1 < len(text):
            out.append(text[position + 1])
            position += 2
            continue
        if letter == '"':
            return "".join(out), position + 1
        out.append(letter)
        position += 1
    return "", -1


def _comment(text: str, position: int) -> tuple[str, int]:
    depth, start = 1, position
    while position < len(text) and depth:
        letter = text[position]
        if letter == "\\":
            position += 1
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
        position += 1
    end = position - 1 if depth == 0 else position
    return text[start:end], position


def _mailbox(pieces: list[tuple[str, str]]) -> Address | None:
    angles = [content for kind, content in pieces if kind == "angle"]
    spoken = [content for kind, content in pieces if kind in ("words", "quoted")]
    comments = [content for kind, content in pieces if kind == "comment"]
    if angles:
        address = _address(next((angle for angle in angles if "@" in angle), angles[-1]))
        name = _name(" ".join(spoken)[:LONGEST]) or (_name(comments[0]) if comments else "")
        if not address:
            inside = BARE.search(" ".join(spoken)[:LONGEST])
            return Address("", inside[1]) if inside else None
        return Address("" if name.casefold() == address.casefold() else name, address)
    plain = " ".join(spoken)[:LONGEST]
    found = BARE.search(plain)
    if found is not None and "=?" in found[1]:
        # An encoded word is no part of an address: it could make another one of it.
        return None
    if "=?" in plain and "<" in decode_words(plain):
        # The whole mailbox was encoded, address and all.
        inner = read_addresses(decode_words(plain).replace("=?", ""))
        if inner:
            return inner[0]
    if found is None:
        together = re.sub(r"\s*@\s*", "@", plain)
        found = BARE.search(together)
        plain = together if found else plain
    if found is None:
        return Address("", plain) if re.fullmatch(r"[A-Za-z0-9._+-]{1,64}", plain) else None
    rest = _name(re.sub(r"\[\s*\]|<\s*>", "", plain[: found.start()] + " " + plain[found.end() :]).strip())
    name = rest or (_name(comments[0]) if comments else "")
    return Address(name, _address(found[1]))


def _address(text: str) -> str:
    if "=?" in text:
        text = decode_words(text)
        if text.count("@") != 1:
            return ""
    text = re.sub(r"\s+", "", UNSEEN.sub("", text)).strip("<>'\",;")
    text = re.sub(r"^mailto:", "", text, flags=re.IGNORECASE)
    # A source route (@a,@b:user@host) says how it travelled; the mailbox is behind the colon.
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]
    return text[:1_000]


def _name(text: str) -> str:
    name = clean_name(decode_words(text)).strip()
    for mark in ('"', "'"):
        if len(name) > 1 and name[0] == name[-1] == mark:
            name = name[1:-1].strip()
    return name.strip('"<> ').strip()[:500]
