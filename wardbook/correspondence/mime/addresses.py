"""Lists of addresses in headers (RFC 5322), and what mailers write instead of them.

An address is what stands bare or in angle brackets. What stands beside it in quotation marks, in a comment or in an
encoded word is a name, however much it looks like an address: else anybody could write in anybody's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from wardbook.correspondence.mime.model import Address
from wardbook.correspondence.mime.words import decode_words, unfold

MOST = 5_000
# Nobody's name is longer; what follows is left out.
LONGEST = 2_000
# Comments within comments that are taken out of an address.
MOST_NESTED = 5
BARE = re.compile(
    r"(?:mailto:)?([^\s<>()\[\],;:\"]{1,255}@(?:\[[0-9A-Za-z.:]{3,60}\]|[^\s<>()\[\],;\"]{1,255}))", re.IGNORECASE
)
# From behind a first quotation mark: none until the last one, or one that opens.
OPENING = re.compile(r'[^"]*(?:"\Z|(?<=[\s"])"(?!\Z))')
# What follows a local part in quotation marks, and such an address as a whole.
DOMAIN = re.compile(r"@(?:\[[0-9A-Za-z.:]{3,60}\]|[A-Za-z0-9.-]{1,255})")
QUOTED_LOCAL = re.compile(rf'"(?:[^"\\]|\\.){{1,200}}"{DOMAIN.pattern}')
# Spaces around the dot of a domain (RFC 5322, 4.4): the first one, as later ones may end a sentence.
SPACED_DOT = re.compile(r"(@[A-Za-z0-9-]{1,63}) +\. ?(?=[A-Za-z0-9])")
# Characters that turn the reading direction or cannot be seen: a name made of them looks like another name.
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")


def read_addresses(text: str) -> tuple[Address, ...]:
    """All mailboxes of one header field, in order; groups are opened, empty ones give nothing."""
    return tuple(address for box in _split(unfold(text)) for address in _in_box(box))


def clean_name(name: str) -> str:
    return " ".join(UNSEEN.sub("", name).split())


def _split(text: str) -> list[list[tuple[str, str]]]:
    """The pieces of each mailbox: ('words' | 'quoted' | 'angle' | 'comment', content)."""
    boxes: list[list[tuple[str, str]]] = []
    box: list[tuple[str, str]] = []
    words: list[str] = []
    position, length = 0, len(text)
    has_at = False
    # Where a closing sign was looked for and not found: it need not be looked for again.
    closed = {'"': True, ">": True}

    def end_words() -> None:
        nonlocal has_at
        has_at = False
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
        elif letter == ":" and not has_at and not (box and box[-1][0] == "angle") and not _mail_to(words):
            # The name of a group, or of a group in a group; what follows are its members.
            words.clear()
            box.clear()
            position += 1
        elif letter == ";":
            end_box()
            position += 1
        elif letter == ",":
            # "Doe, John <john@…>" without quotation marks: the comma belongs to the name.
            if box or not words or has_at or not _name_goes_on(text, position + 1):
                end_box()
            else:
                words.append(", ")
            position += 1
        else:
            words.append(letter)
            has_at = has_at or letter == "@"
            position += 1
    end_box()
    return boxes


ENCODED = re.compile(r"=\?[^?\s]{1,80}\?[BbQq]\?[^?]{0,1000}\?=")


def _mail_to(words: list[str]) -> bool:
    return "".join(words[-10:]).strip(" [").lower().endswith("mailto")


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


def _in_box(pieces: list[tuple[str, str]]) -> Iterable[Address]:
    """The mailboxes between two commas, mostly one; each once."""
    parts = _apart(pieces)
    if len(parts) == 1:
        return _mailboxes(pieces)
    found: dict[str, Address] = {}
    for part in parts:
        for address in _mailboxes(part):
            found.setdefault(address.address.casefold(), address)
    return found.values()


def _apart(pieces: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Mailboxes with no comma between, each by its angle brackets; what follows the last belongs to it."""
    ends = [index + 1 for index, (kind, content) in enumerate(pieces) if kind == "angle" and "@" in content]
    if len(ends) < 2:
        return [pieces]
    ends = ends[:MOST]
    return [pieces[start:end] for start, end in zip([0, *ends[:-1]], [*ends[:-1], len(pieces)], strict=True)]


def _mailboxes(pieces: list[tuple[str, str]]) -> tuple[Address, ...]:
    """The mailbox of these pieces or none; several only where one encoded word holds a whole list."""
    comments = [content for kind, content in pieces if kind == "comment"]
    beside = _name(comments[0]) if comments else ""
    angles = [content for kind, content in pieces if kind == "angle"]
    if angles:
        address = _address(next((angle for angle in angles if "@" in angle), angles[-1]))
        if not address:
            found = _outside(_spoken(pieces, quoted=False))
            return (Address("", found[1]),) if found else ()
        first = next(index for index, (kind, _) in enumerate(pieces) if kind == "angle")
        # What follows an address that has its name is none of it: a field whose line end was lost.
        name = _name(_spoken(pieces[:first])) or _name(_spoken(pieces[first:])) or beside
        several = _several(address)
        if several:
            return (Address(name, several[0]), *(Address("", other) for other in several[1:]))
        return (Address("" if name.casefold() == address.casefold() else name, address),)
    pieces = [(kind, _single(content[:LONGEST])) for kind, content in pieces if kind != "comment"]
    if [kind for kind, _ in pieces] == ["words"] and (several := _several(pieces[0][1])):
        return tuple(Address("", address) for address in several)
    for index, (kind, content) in enumerate(pieces):
        following = pieces[index + 1] if index + 1 < len(pieces) else ("", "")
        dotted = SPACED_DOT.sub(r"\1.", content)
        if kind == "words" and (found := _outside(dotted)):
            around = [("words", dotted[: found.start()]), ("words", dotted[found.end() :])]
            name = _spoken([*pieces[:index], *around, *pieces[index + 1 :]])
            return (Address(_bare_name(name) or beside, _address(found[1])),)
        if kind == "quoted" and content and following[0] == "words" and (domain := DOMAIN.fullmatch(following[1])):
            escaped = re.sub(r'(["\\])', r"\\\1", content)
            name = _spoken([*pieces[:index], *pieces[index + 2 :]])
            return (Address(_bare_name(name) or beside, f'"{escaped}"{domain[0]}'),)
    return _broken(pieces, beside)


def _broken(pieces: list[tuple[str, str]], beside: str) -> tuple[Address, ...]:
    """What a person would take for the address where none stands as it should; nothing where that is no one."""
    plain = _spoken(pieces)
    if BARE.search(_masked(plain)) and "=?" in plain:
        # An encoded word is no part of an address: it could make another one of it.
        return ()
    if "=?" in plain and "<" in decode_words(plain):
        # The whole list was encoded, addresses and all.
        return read_addresses(decode_words(plain).replace("=?", ""))
    if not _spoken(pieces, quoted=False) and BARE.fullmatch(plain):
        return (Address(beside, _address(plain)),)
    together = re.sub(r" ?@ ?", "@", _spoken(pieces, quoted=False))
    found = _outside(together)
    if found is None:
        return (Address("", plain),) if re.fullmatch(r"[A-Za-z0-9._+-]{1,64}", plain) else ()
    quoted = _spoken([piece for piece in pieces if piece[0] == "quoted"])
    name = _bare_name(f"{quoted} {together[: found.start()]} {together[found.end() :]}")
    return (Address(name or beside, _address(found[1])),)


def _several(text: str) -> list[str]:
    """The addresses where nothing else stands here: in one pair of brackets, or side by side without a comma."""
    if text.count("@") < 2 or "=?" in text:
        return []
    found = [BARE.fullmatch(word) for word in re.split(r"[\s,;<>]+", text)]
    addresses = [_address(word[1]) for word in found if word is not None]
    return list(dict.fromkeys(addresses)) if len(addresses) == len(found) else []


def _spoken(pieces: list[tuple[str, str]], *, quoted: bool = True) -> str:
    kinds = ("words", "quoted") if quoted else ("words",)
    return " ".join(content for kind, content in pieces if kind in kinds)[:LONGEST]


def _masked(text: str) -> str:
    return ENCODED.sub(lambda word: "\0" * len(word[0]), text)


def _outside(text: str) -> re.Match[str] | None:
    """The first address that no encoded word is a part of."""
    found = BARE.finditer(_masked(text))
    return next((one for one in found if "\0" not in one[0] and "=?" not in one[0]), None)


def _single(text: str) -> str:
    return " ".join(text.split())


def _address(text: str) -> str:
    """The address as it was meant; one with spaces before the @ keeps them: joined it would be somebody else's."""
    if "=?" in text:
        text = decode_words(text)
        if text.count("@") != 1:
            return ""
    text = _single(UNSEEN.sub("", text[:LONGEST]))
    if QUOTED_LOCAL.fullmatch(text):
        return text
    if '"' not in text:
        for _ in range(MOST_NESTED):
            text = re.sub(r"\([^()]*\)", "", text)
    text = re.sub(r" ?([@.]) ?", r"\1", text).strip("<>'\",; ")
    text = re.sub(r"^(?:mailto: ?)+", "", text, flags=re.IGNORECASE)
    # A source route (@a,@b:user@host) says how it travelled; the mailbox is behind the colon.
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2].strip()
    local, at, domain = text.rpartition("@")
    # The dot that ends a domain names the root of all of them: it is the same domain.
    return f"{local}{at}{domain.replace(' ', '').rstrip('.')}"[:1_000]


def _bare_name(text: str) -> str:
    """The name around a bare address, without the brackets that it stood in."""
    return _name(re.sub(r"\[ ?\]|< ?>", "", _single(text)))


def _name(text: str) -> str:
    name = clean_name(decode_words(text)).strip(" <>")
    if len(name) > 1 and name[0] == name[-1] == "'":
        name = name[1:-1].strip()
    # Marks around the whole go; those around a word within are the name's own: OOO "Romashka".
    while len(name) > 1 and name[0] == name[-1] == '"' and OPENING.match(name, 1):
        name = name[1:-1].strip(" <>")
    if name.count('"') % 2:
        name = name.removesuffix('"') if name.endswith('"') else name.removeprefix('"')
    return name.strip(" <>")[:500]
