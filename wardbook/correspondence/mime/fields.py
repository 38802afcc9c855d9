"""The header block of a mail or of one of its parts: its fields as they stand, and their parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from wardbook.correspondence.mime.charsets import decode, known
from wardbook.correspondence.mime.words import LONGEST, decode_words

FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
# Fields that a header goes on with after a line that is none: a text rarely begins with one of these.
KNOWN = re.compile(
    rb"(?:from|sender|to|b?cc|subject|date|message-id|in-reply-to|references|mime-version|received|return-path|"
    rb"reply-to|errors-to|delivered-to|disposition-notification-to|importance|priority|precedence|auto-submitted|"
    rb"organi[sz]ation|user-agent|authentication-results|dkim-signature|thread-(?:topic|index)|accept-language|"
    rb"(?:x|content|list|resent|arc)-[!-9;-~]{1,80})[ \t]*:(?!//)",
    re.IGNORECASE,
)
# What our own mail server writes, and is believed for: always above all that came with the mail.
BELIEVED = frozenset(("authentication-results", "arc-authentication-results"))
# Lines of a folded field that are looked at for the field behind them, or fields for the one before, and how long
# a line may be.
MOST_FOLDS = 20
LONGEST_LINE = 10_000
# The rest of an address whose line was broken without an indent.
REST_OF_ADDRESS = re.compile(rb"[^\s<>:\"]{1,255}>")
# A parameter on a line of its own, its line broken without an indent.
BARE_PARAMETER = re.compile(rb"(?:(filename)|name|charset|boundary)(?:\*\d{0,3}\*?)?=[\"']?[^\s\"';]", re.IGNORECASE)
MOST_FIELDS = 20_000
# Values longer than this are no header that anybody reads.
MOST_BYTES = 8_000_000


@dataclass(slots=True)
class Fields:
    """Header fields in their order, names in lower case, values still as bytes with their folds."""

    rows: list[tuple[str, bytes]] = field(default_factory=list)
    charset: str | None = None

    def raw(self, name: str) -> bytes | None:
        return next((value for key, value in self.rows if key == name), None)

    def raws(self, name: str) -> list[bytes]:
        return [value for key, value in self.rows if key == name]

    def text(self, name: str) -> str:
        """The first field of this name, undecoded but as text: '' where there is none."""
        value = self.raw(name)
        return "" if value is None else self.as_text(value)

    def texts(self, name: str) -> list[str]:
        return [self.as_text(value) for value in self.raws(name)]

    def words(self, name: str) -> str:
        """The field as a person reads it."""
        return " ".join(decode_words(self.text(name)).split())

    def as_text(self, value: bytes) -> str:
        return decode(value[:LONGEST], self.charset).strip()

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self.rows)


def read_fields(data: bytes, start: int, end: int) -> tuple[Fields, int, bool]:
    """The fields from `start` on, where the body begins, and whether there was anything wrong.

    The header ends at the first empty line. A line of white space only is a fold (RFC 5322, 4.2) where a field that
    is known follows, at once or behind the rest of a folded one; else it ends the header too. Software that ends the
    header there takes the rest for text. So nobody can put another sender, subject or identifier below such a line,
    as of each the first counts, and no verdict about the sender counts there.
    """
    rows: list[tuple[str, list[bytes]]] = []
    wrong = doubtful = False
    of_part = True
    position = folded_to = start
    limit = min(end, start + MOST_BYTES)
    while position < limit:
        at = data.find(b"\n", position, end)
        stop = end if at < 0 else at + 1
        line = data[position:stop].rstrip(b"\r\n")
        if not line.strip():
            if rows:
                if line and not line.strip(b" \t") and stop > folded_to:
                    folded_to = _fold_end(data, stop, end, of_part=of_part)
                if line and stop <= folded_to:
                    wrong = doubtful = True
                    position = stop
                    continue
                return _joined(rows), stop, wrong
            if line == b"":
                # Empty lines before the first field are no end of the header.
                following = _skip_empty(data, stop, end)
                if not FIELD.match(data, following, end):
                    return Fields(), stop, wrong
                position = following
                continue
            position = stop
            continue
        if not rows and line[:1] in b" \t" and KNOWN.match(line.lstrip(b" \t")):
            # Something put a space before the very first field: it goes on from nothing.
            line = line.lstrip(b" \t")
            wrong = True
        if line[:1] in b" \t" and rows:
            rows[-1][1].append(line)
        elif of_type := _parameters_of(rows, line):
            wrong = True
            of_type.append(b";" + line)
        elif found := FIELD.match(line):
            if len(rows) >= MOST_FIELDS:
                return _joined(rows), position, True
            name = found[1].decode("ascii").lower()
            of_part = of_part and name.startswith("content-")
            rows.append(("x-not-believed" if doubtful and name in BELIEVED else name, [line[found.end() :]]))
        elif not rows and line.startswith((b"From ", b">From ")):
            pass
        elif rows and _is_rest_of_address(*rows[-1], line):
            wrong = True
            rows[-1][1][-1] += line
        else:
            wrong = True
            if not rows or not _goes_on(data, stop, end):
                return _joined(rows), position, True
        position = stop
    return _joined(rows), position, wrong


def _joined(rows: list[tuple[str, list[bytes]]]) -> Fields:
    return Fields([(name, b"\n".join(lines)) for name, lines in rows])


def _skip_empty(data: bytes, position: int, end: int) -> int:
    while position < end and data[position] in b"\r\n \t":
        position += 1
    return position


def _fold_end(data: bytes, position: int, end: int, *, of_part: bool) -> int:
    """Where the field begins with which the header goes on below a line of white space; -1 where it ends there.

    The header of a part has only fields about its content.
    """
    following = _behind_folds(data, position, end)
    if following < 0 or not KNOWN.match(data, following, end):
        return -1
    return -1 if of_part and data[following : following + 8].lower() != b"content-" else following


def _behind_folds(data: bytes, position: int, end: int) -> int:
    """Where the first line begins that is no rest of a folded field; -1 at an empty one or where it is far."""
    for _ in range(MOST_FOLDS):
        if data[position : min(position + 1, end)] not in (b" ", b"\t"):
            return position
        at = data.find(b"\n", position, min(end, position + LONGEST_LINE))
        if at < 0:
            return -1
        position = at + 1
    return -1


def _is_rest_of_address(name: str, lines: list[bytes], line: bytes) -> bool:
    last = lines[-1][-300:]
    is_open = name in ("from", "to", "cc", "bcc", "reply-to", "sender") and last.rfind(b"<") > last.rfind(b">")
    return is_open and REST_OF_ADDRESS.match(line) is not None


def _parameters_of(rows: list[tuple[str, list[bytes]]], line: bytes) -> list[bytes] | None:
    """The lines of the field about the content whose parameters go on here without an indent; None where none do."""
    found = BARE_PARAMETER.match(line)
    if found is None:
        return None
    name = "content-disposition" if found[1] else "content-type"
    return next((lines for key, lines in reversed(rows[-MOST_FOLDS:]) if key == name), None)


def _goes_on(data: bytes, position: int, end: int) -> bool:
    """Whether fields follow a line that is none: it was rubbish within a header, not the start of the body."""
    following = _behind_folds(data, position, end)
    if following == position:
        return (
            FIELD.match(data, position, end) is not None
            and b"://" not in data[position : position + 30].split(b"\n")[0]
        )
    return following > 0 and KNOWN.match(data, following, end) is not None


# -- values with parameters ------------------------------------------------------------------------------------------

# A value with parameters that is longer is cut: names of files have up to 255 letters.
LONGEST_VALUE = 20_000
# The value ends at a semicolon, or where a parameter begins behind a space, its semicolon forgotten.
TOKEN = re.compile(r"(?:(?!\s[A-Za-z*0-9-]{1,40}\s?=)[^;\"])*")
FORGOTTEN = re.compile(
    r";|(?<!\s)\s{1,40}(?=(?:name|filename|charset|boundary|format|delsp|type|size)(?:\*\d{0,3}\*?)?\s?=)",
    re.IGNORECASE,
)
NAME = re.compile(r"[\s;]{0,50}(?:\([^()]{0,100}\)\s{0,20})?([^=;\s\"]{1,100})\s*=\s*")
# The charset and the language before an encoded value: utf-8'en'…; some forget the second mark.
PREFIX = re.compile(r"([\w.:+-]{0,40})'([A-Za-z-]{0,20}')?")
WHOLE = -1
SECTION = re.compile(r"^(.+?)\*(\d{1,3})(\*?)$")


def read_value(text: str) -> tuple[str, dict[str, str]]:
    """`text/plain; charset=utf-8; name*0*=…` as its value and its parameters (RFC 2045, RFC 2231, and what comes)."""
    text = re.sub(r"\r?\n", "", text[:LONGEST_VALUE])
    head = TOKEN.match(text)
    value = head[0].strip() if head else ""
    position = head.end() if head else 0
    found: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    while position < len(text):
        name = NAME.match(text, position)
        if name is None:
            at = text.find(";", position + 1)
            if at < 0:
                break
            position = at
            continue
        content, position = _content(text, name.end())
        key = name[1].lower()
        section = SECTION.match(key)
        # Of what is said twice the first counts, and a value in one piece before one in several.
        if section:
            pieces.setdefault(section[1], {}).setdefault(int(section[2]), (bool(section[3]), content))
        elif key.endswith("*"):
            pieces.setdefault(key[:-1], {}).setdefault(WHOLE, (True, content))
        else:
            found.setdefault(key, content)
    for key, sections in pieces.items():
        if WHOLE in sections:
            joined = _rfc2231([sections[WHOLE]])
        else:
            joined = _rfc2231([sections[number] for number in sorted(sections)])
        if joined and (key not in found or not sections.keys().isdisjoint((0, WHOLE))):
            found[key] = joined
    value = re.sub(r"\s{0,20}\([^()]*\)", "", value[:1_000]).strip().lower()
    return re.sub(r"\s{0,20}/\s{0,20}", "/", value), found


def _content(text: str, position: int) -> tuple[str, int]:
    """One value from here, quoted or not, and where it ends."""
    if text[position : position + 1] != '"':
        stop = FORGOTTEN.search(text, position)
        end = stop.start() if stop else len(text)
        bare = text[position:end].strip()
        # A quotation mark is no part of a value that is not quoted.
        return bare.replace('"', ""), end
    out = []
    position += 1
    last = text.rfind('"')
    while position < len(text):
        letter = text[position]
        if letter == "\\" and position + 1 < len(text) and text[position + 1] in "\"\\'":
            out.append(text[position + 1])
            position += 2
            continue
        if letter == '"':
            # A quotation mark within the name, left bare: the value goes on until the one before ; or the end.
            rest = text[position + 1 : position + 4].lstrip()
            if not rest or rest[0] == ";" or position >= last or _next_parameter(text, position + 1):
                position += 1
                break
        out.append(letter)
        position += 1
    return "".join(out), position


def _next_parameter(text: str, position: int) -> bool:
    return NAME.match(text, position) is not None


def _rfc2231(sections: list[tuple[bool, str]]) -> str:
    """The pieces joined. The charset stands before the first; some write it before each, or cut within a letter."""
    charset = run = ""
    data = b""
    for index, (encoded, content) in enumerate(sections):
        if not encoded:
            data += _percent(run) + content.encode("utf-8", "surrogateescape")
            run = ""
            continue
        prefix = PREFIX.match(content)
        is_one = prefix is not None and (index == 0 or prefix[1].lower() in ("", charset))
        if prefix and is_one and (prefix[2] is not None or known(prefix[1])):
            charset = charset or prefix[1].lower()
            run += content[prefix.end() :]
        else:
            run += content
    text = decode(data + _percent(run), charset)
    return decode_words(text) if "=?" in text else text


def _percent(content: str) -> bytes:
    raw = content.encode("utf-8", "surrogateescape")
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), raw)
