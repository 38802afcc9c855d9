"""What a person typed, made fit to leave: lines, addresses, words that speak of a file. No database."""

import re
import unicodedata
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from wardbook.lib.rules import RuleBroken

LONGEST_ADDRESS = 254
_LONGEST_LOCAL_PART = 64
# Controls, line and paragraph separators, direction overrides, halves of characters: nothing of a line of text.
_NOT_IN_A_LINE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Joins and parts letters in the writing of whole languages and in many emoji.
_JOINERS = "\u200c\u200d"
_ATEXT = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~")
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)\Z")
_LETTERS_AND_MARKS = ("L", "M", "N")

# What people write when they mean to send a file along, in the languages of the product and of its mail.
_ENCLOSED = re.compile(
    r"\b(?:attached|attachments?|enclosed|enclosures?"  # English
    r"|atodwyd|atodaf|atodi\w*|atodiad\w*|amgaewyd|amgaeaf|amgaeir|amgaeedig|ynghlwm"  # Welsh
    r"|ceangailte|ceangal(?:tán|táin|tain)\w*|faoi iamh|iata leis"  # Irish
    r"|ci[- ]joint\w*|pi[eè]ces? jointes?|joins? à ce|veuillez trouver jointe?s?"  # French
    r"|anbei|beigefügt\w*|angehängt\w*|anhang|anhänge|anlagen?|beiliegend\w*"  # German
    r"|adjunt\w+|anexo|anexad\w+)\b",  # Spanish
    re.IGNORECASE,
)
# "attached to the wall" is no file, "no attachments" neither.
_NOT_ENCLOSED = re.compile(
    r"\b(?:(?:became|become|is|are|very|so) attached to|no attachments?|(?:semi|un)[- ]attached"
    r"|(?:sans|keine?n?) (?:pièces? jointes?|anh[aä]nge?))\b",
    re.IGNORECASE,
)


def one_line(text: str, limit: int) -> str:
    """Text for a header: one line, nothing that is no character, at most so many."""
    kept = "".join(
        c
        if c in _JOINERS or unicodedata.category(c) not in _NOT_IN_A_LINE
        else (" " if c in "\t\r\n\v\f\x85\u2028\u2029" else "")
        for c in unicodedata.normalize("NFC", text)
    )
    return " ".join(kept.split())[:limit].strip()


def body_text(text: str) -> str:
    """A text as it is kept: newlines of one kind, no controls, no blank ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n\n")
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return "\n".join(line.rstrip() for line in "".join(kept).split("\n")).strip("\n").strip()


def clean_address(typed: str) -> str:
    """One email address, as it goes on the envelope. Raises RuleBroken for anything else, also for two addresses,
    a name beside one, a quoted local part, a space or a control character within (C5)."""
    address = unicodedata.normalize("NFC", typed).strip(" ")
    local, _at, domain = address.rpartition("@")
    if not address:
        raise RuleBroken(_("Say to which address it goes."))
    if not (len(address) <= LONGEST_ADDRESS and _is_local_part(local) and _is_domain(domain)):
        raise RuleBroken(_("“%(typed)s” is not an email address.") % {"typed": one_line(typed, 80)})
    return f"{local}@{domain.lower()}"


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are one mailbox as far as anybody can tell from outside."""
    return address_key(one) == address_key(other)


def address_key(address: str) -> str:
    """An address as it is compared. The local part without regard to case, as every server of note does."""
    local, at, domain = address.strip().rpartition("@")
    try:
        domain = domain.lower().encode("idna").decode("ascii")
    except UnicodeError:
        domain = domain.lower()
    return f"{unicodedata.normalize('NFC', local).lower()}{at}{domain}"


def speaks_of_a_file(text: str) -> bool:
    """Whether the words say that something is attached, in one of six languages (EM-3). Quoted lines do not count."""
    own = "\n".join(line for line in text.split("\n") if not line.startswith(">"))
    return _ENCLOSED.search(_NOT_ENCLOSED.sub(" ", own)) is not None


def with_reference(subject: str, word: str, reference: str) -> str:
    """The subject with the case's reference, "Damp in flat [Case 2041]", once however often it is answered."""
    mark = f"[{word} {reference}]"
    if re.search(rf"\[\w+ #?{re.escape(reference)}\]", subject, re.IGNORECASE):
        return subject
    return f"{subject} {mark}".strip()


def answer_to(subject: str) -> str:
    """ "Damp" becomes "RE: Damp", and stays so."""
    return subject if re.match(r"(?i)\s*(?:re|aw|atb|ynghylch|freag|rv|réf?)\s*:", subject) else f"RE: {subject}"


def long_day(day: date) -> str:
    """A day with its month as a word, as the language in force writes it: "2 June 2025", "2 de junio de 2025"."""
    pattern = str(formats.get_format("DATE_FORMAT"))
    return formats.date_format(day, pattern.replace("M", "F").replace("N", "F"))


def quote(text: str) -> str:
    """A text with a mark before each line."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _is_local_part(local: str) -> bool:
    if not local or len(local.encode("utf-8", "replace")) > _LONGEST_LOCAL_PART:
        return False
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return False
    return all(
        c in _ATEXT or c == "." or (ord(c) > 127 and unicodedata.category(c)[0] in _LETTERS_AND_MARKS) for c in local
    )


def _is_domain(domain: str) -> bool:
    labels = domain.split(".")
    if len(labels) < 2 or not all(_LABEL.match(label) for label in labels) or labels[-1].isdigit():
        return False
    try:
        return len(domain.encode("idna")) <= 253
    except UnicodeError:
        return False
