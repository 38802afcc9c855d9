"""What a link in a mail really leads to, and how it is shown so that nobody is misled."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, unquote

LONGEST_ADDRESS = 8_000
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,30}):", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]{0,250}[a-z0-9_])?\.?|\[[0-9a-f:.]{2,45}\]")
_MAILBOX = re.compile(r"[^\s@<>\"'(),:;\\\[\]]{1,64}@[^\s@<>\"'(),:;\\\[\]/?#]{1,255}")
_NUMBER = re.compile(r"\+?[0-9().\- ]{3,30}")

# Reads the other way round whatever follows it: "gpj.exe" for "exe.jpg" (CVE-2021-42574). No letter writer needs it.
_OVERRIDES = "\u202d\u202e"
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_NEVER_SHOWN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f" + _OVERRIDES + "\ud800-\udfff\ufeff\ufff9-\uffff\U000e0000-\U000e007f]"
)
_BIDI_MARKS = re.compile(f"[{_BIDI}]")
_INVISIBLE = re.compile(f"[\u00ad\u034f\u180e\u200b-\u200d\u2060-\u2064{_BIDI}]")

# Bounded, and each piece begins where the one before ended, so that no text makes it slow.
_IN_TEXT = re.compile(
    r"(?P<web>\bhttps?://[^\s<>\"'`]{1,2000})"
    r"|(?P<www>(?<![\w@./-])www\.[^\s<>\"'`]{3,2000})"
    r"|(?P<tel>\btel:\+?[0-9().-]{3,30})"
    r"|(?P<mailto>(?:\bmailto:)?(?<![\w.%+-])[\w.%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8})",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"(?<![\w@./-])(?:https?://)?((?:[^\W_][\w-]{0,62}\.){1,8}[^\W\d_]{2,24})(?![\w@-])", re.IGNORECASE
)
_CLAIMED_MAILBOX = re.compile(r"(?<![\w.%+-])[\w.%+-]{1,64}@((?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24})(?![\w-])")
_FILES = frozenset(
    "pdf doc docx odt rtf txt xls xlsx ods csv ppt pptx jpg jpeg png gif webp heic zip eml ics htm html".split()
)


class Found(NamedTuple):
    """A link that stands in plain text: where, and the safe address it leads to."""

    start: int
    end: int
    address: str


def visible(text: str) -> str:
    """The text without what is never shown: control characters, halves of characters, overrides of direction."""
    return _NEVER_SHOWN.sub("", text)


def plain_words(text: str) -> str:
    """The text of a link: without any mark that could turn or hide a part of it."""
    return _BIDI_MARKS.sub("", visible(text))


def safe_address(raw: str) -> str | None:
    """The address of a link in one safe spelling, or None if it may not be a link.

    Only http, https, mailto and tel. Browsers read `https:\\evil` and `http://bank@evil` their own way; what comes
    out here is ASCII, names its host plainly and means the same to every browser. Twice is once.
    """
    address = re.sub(r"[\t\r\n]", "", visible(raw)).strip()
    if len(address) > LONGEST_ADDRESS or not (scheme := _SCHEME.match(address)):
        return None
    rest = address[scheme.end() :]
    match scheme[1].lower():
        case "http" | "https" as web:
            return _web(web, rest)
        case "mailto":
            mailbox = unquote(rest.split("?")[0]).strip()
            return f"mailto:{quote(mailbox, safe='@+')}" if _MAILBOX.fullmatch(mailbox) else None
        case "tel":
            number = unquote(rest).split(";")[0].strip()
            return "tel:" + re.sub(r"[^+0-9]", "", number) if _NUMBER.fullmatch(number) else None
    return None


def _web(scheme: str, rest: str) -> str | None:
    rest = rest.lstrip("/\\")
    end = min((at for mark in "/\\?#" if (at := rest.find(mark)) >= 0), default=len(rest))
    authority, path = rest[:end], rest[end:]
    host = unquote(authority.rpartition("@")[2]).lower()
    port = re.search(r":([0-9]{0,5})\Z", host)
    if port and not host.endswith("]"):
        host = host[: port.start()]
    plain = _ascii_host(host)
    if plain is None:
        return None
    number = f":{port[1]}" if port and port[1] else ""
    path = path if path.startswith(("/", "?", "#")) else "/" + path[1:] if path else ""
    return f"{scheme}://{plain}{number}{quote(path, safe='%/:?#@!$&()*+,;=~[]')}"


def _ascii_host(host: str) -> str | None:
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return None
    return host if _HOST.fullmatch(host) and ".." not in host else None


def host_of(address: str) -> str:
    """The host of an address that `safe_address` gave, in ASCII; of a mailto its mailbox; of a tel nothing."""
    if address.startswith("mailto:"):
        return unquote(address.removeprefix("mailto:")).lower()
    hit = re.match(r"https?://(\[[^\]]*\]|[^/:?#]*)", address)
    return hit[1].rstrip(".") if hit else ""


def label(text: str, address: str) -> str:
    """What to add to a link whose text does not say where it leads, or "" if there is nothing to warn of.

    It names the real host if the text looks like another one, if the host is written with letters that look like
    others, and if it is a bare number. It is not added again where it stands already.
    """
    host = host_of(address)
    if not host:
        return ""
    note = f" [→ {host}]"
    text = _INVISIBLE.sub("", text)
    if text.endswith(note):
        return ""
    odd = not host.startswith("[") and (
        any(part.startswith("xn--") for part in host.split(".")) or bool(re.fullmatch(r"[0-9.x]+", host))
    )
    if odd or host.startswith("["):
        return note if host not in text.lower() else ""
    return note if any(not _same(claim, host) for claim in _claims(text)) else ""


def _claims(text: str) -> Iterator[str]:
    """The hosts that a text speaks of."""
    short = text[:2_000]
    for hit in _CLAIMED_MAILBOX.finditer(short):
        yield hit[0].lower()
    for hit in _CLAIM.finditer(short):
        name = hit[1].lower()
        if name.rsplit(".", 1)[1] not in _FILES:
            yield name


def _same(claim: str, host: str) -> bool:
    if "@" in claim and "@" in host:
        return claim == host
    claim, host = (name.rpartition("@")[2].removeprefix("www.") for name in (claim, host))
    ascii_claim = _ascii_host(claim) or claim
    return host == ascii_claim or host.endswith("." + ascii_claim) or ascii_claim.endswith("." + host)


def find_links(text: str, most: int) -> Iterator[Found]:
    """The first `most` links of a plain text, in order."""
    count = 0
    for hit in _IN_TEXT.finditer(text):
        if count >= most:
            return
        words = _without_end_of_sentence(hit[0])
        kind = hit.lastgroup
        prefix = {"www": "http://", "mailto": "" if words.lower().startswith("mailto:") else "mailto:"}
        address = safe_address(prefix.get(kind or "", "") + words)
        if address:
            count += 1
            yield Found(hit.start(), hit.start() + len(words), address)


def _without_end_of_sentence(words: str) -> str:
    """Without the full stop or the bracket that belongs to the sentence around the link."""
    while words:
        last = words[-1]
        unpaired = last in ")]}" and words.count(last) > words.count({")": "(", "]": "[", "}": "{"}[last])
        if last not in ".,;:!?*_»”’…" and not unpaired:
            break
        words = words[:-1]
    return words


# Bounded, because a number of a million digits is work, and Python refuses to read one of 5,000.
_ENTITY = re.compile(r"&(?:#0*[0-9]{1,7};?|#[xX]0*[0-9a-fA-F]{1,6};?|[a-zA-Z][a-zA-Z0-9]{1,31};?)")


def entities(text: str) -> str:
    """The text with its entities read."""
    return _ENTITY.sub(lambda hit: html.unescape(hit[0]), text) if "&" in text else text


def attribute_value(raw: str) -> str:
    """What an attribute says. `&copy=1` inside an address is no entity, as browsers have it."""
    return _ENTITY.sub(lambda hit: html.unescape(hit[0]) if _ends(hit[0]) else hit[0], raw) if "&" in raw else raw


def _ends(entity: str) -> bool:
    return entity.startswith("&#") or entity.endswith(";")


def unquoted(text: str) -> str:
    """The text with its percent signs read."""
    return unquote(text)
