"""Bytes to text, for mail as it really comes.

UTF-8 wins wherever the bytes are UTF-8, whatever was declared; Latin-1 and ASCII mean Windows-1252, GB2312 means
GB18030, Shift_JIS means CP932. A charset that nobody knows is Windows-1252. Nothing here ever fails.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# What people declare, and the larger set that they mean.
MEANT = {
    "ascii": "cp1252",
    "ansi": "cp1252",
    "ansix341968": "cp1252",
    "usascii": "cp1252",
    "iso88591": "cp1252",
    "iso8859": "cp1252",
    "latin1": "cp1252",
    "iso885911": "cp874",
    "tis620": "cp874",
    "windows874": "cp874",
    "iso88599": "cp1254",
    "latin5": "cp1254",
    "iso88598i": "iso8859_8",
    "iso88598e": "iso8859_8",
    "iso88596i": "iso8859_6",
    "iso88596e": "iso8859_6",
    "ksc56011987": "cp949",
    "ksc5601": "cp949",
    "ksx1001": "cp949",
    "euckr": "cp949",
    "korean": "cp949",
    "gb2312": "gb18030",
    "gb231280": "gb18030",
    "gbk": "gb18030",
    "xgbk": "gb18030",
    "cp936": "gb18030",
    "windows936": "gb18030",
    "euccn": "gb18030",
    "chinese": "gb18030",
    "big5": "cp950",
    "xbig5": "cp950",
    "cnbig5": "cp950",
    "big5hkscs": "big5hkscs",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "xsjis": "cp932",
    "mskanji": "cp932",
    "windows31j": "cp932",
    "xeucjp": "euc_jp",
    "iso2022jp": "iso2022_jp",
    "cp50220": "iso2022_jp",
    "cp50221": "iso2022_jp",
    "iso2022kr": "iso2022_kr",
    "hzgb2312": "hz",
    "unicode11utf7": "utf_7",
    "xunicode20utf7": "utf_7",
    "utf7": "utf_7",
    "utf8": "utf_8",
    "unicode11utf8": "utf_8",
    "utf8mb4": "utf_8",
    "cp65001": "utf_8",
    "macintosh": "mac_roman",
    "mac": "mac_roman",
    "xmacroman": "mac_roman",
    "xmaccyrillic": "mac_cyrillic",
    "koi8": "koi8_r",
    "koi8ru": "koi8_u",
    "utf16": "utf_16",
    "utf32": "utf_32",
    "unicode": "utf_16",
}
SHIFTING = frozenset({"iso2022_jp", "iso2022_kr", "hz", "utf_7", "utf_16", "utf_16_le", "utf_16_be", "utf_32"})
MULTIBYTE = frozenset({"gb18030", "cp949", "cp950", "big5hkscs", "cp932", "euc_jp", "johab", "shift_jis_2004"})
# Codecs of Python that are no charsets of mail, or that do things.
REFUSED = frozenset(
    {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem", "palmos"}
)

LONG_SEQUENCE = re.compile(rb"[\xe0-\xf4][\x80-\xbf]{2}")
UNSPOKEN = re.compile("[\ud800-\udfff\x00]+")
PLAIN = bytes(range(32, 127))
# Bytes that Windows-1252 leaves open; browsers show them as control characters, we show nothing.
OPEN_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@lru_cache(maxsize=512)
def known(declared: str) -> str:
    """Python's name of the charset that was declared, '' where nobody knows it."""
    name = declared.strip().strip("\"'").strip().lower()
    name = re.split(r"[\s;,*\"<]", name, maxsplit=1)[0]
    flat = re.sub(r"[^a-z0-9]", "", name.split(":")[0])
    if not flat or len(flat) > 40:
        return ""
    if flat in MEANT:
        return MEANT[flat]
    windows = re.fullmatch(r"(?:x?cp|x?windows|win|xwin|mswindows)(\d{3,4})", flat)
    for attempt in (f"cp{windows[1]}" if windows else "", name.split(":")[0], flat):
        try:
            found = codecs.lookup(attempt) if attempt else None
        except (LookupError, ValueError):
            continue
        if found is None or found.name in REFUSED or not getattr(found, "_is_text_encoding", True):
            continue
        python = found.name.replace("-", "_")
        return MEANT.get(re.sub(r"[^a-z0-9]", "", found.name), python)
    return ""


@lru_cache(maxsize=512)
def keeps_ascii(declared: str) -> bool:
    """Whether ASCII is itself in this charset, so that a header may be written in it: not so in UTF-16 or UTF-7."""
    return _strict(PLAIN, known(declared)) == PLAIN.decode("ascii")


def is_wide(declared: str) -> bool:
    """Whether every letter of this charset has two bytes or four, the other ones mostly zeros."""
    return known(declared).startswith(("utf_16", "utf_32"))


def decode(data: bytes, declared: str | None = None) -> str:
    """The text that these bytes are."""
    return clean(_decode(data, known(declared) if declared else ""))


def _decode(data: bytes, charset: str) -> str:
    if charset.startswith(("utf_16", "utf_32")) and not data.strip(b"\t\r\n").translate(None, PLAIN + b"\t\r\n"):
        # Not one zero, not one letter beyond ASCII: the label is wrong.
        return data.decode("ascii")
    if charset in SHIFTING:
        shifted = _strict(data, charset)
        if shifted is not None:
            return shifted
        if charset == "iso2022_jp":
            return _japanese(data)
        if charset == "hz" and not data.isascii():
            charset = "gb18030"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and len(data) % 2 == 0 and b"\x00" in data:
        return data.decode("utf-16", "replace")
    if not data.isascii() or charset not in SHIFTING:
        utf8 = _strict(data, "utf_8")
        # Two bytes of Chinese can look like one letter of UTF-8; three cannot, in practice.
        if utf8 is not None and (charset not in MULTIBYTE or data.isascii() or LONG_SEQUENCE.search(data)):
            return utf8
    if charset and charset != "cp1252":
        text = _strict(data, charset)
        if text is None and charset == "cp950":
            text = _strict(data, "big5hkscs")
        if text is not None:
            return text
        if charset == "utf_8":
            return _mostly_utf8(data)
        return data.decode(charset, "replace")
    return OPEN_1252.sub(b"", data).decode("cp1252", "replace")


def _mostly_utf8(data: bytes) -> str:
    """Declared as UTF-8 but broken: cut characters are marked; text that was never UTF-8 is Windows-1252."""
    replaced = data.decode("utf_8", "replace")
    high = sum(1 for byte in data[:20_000] if byte > 127)
    bad = replaced[:20_000].count("\ufffd")
    if high and bad * 2 > high:
        return OPEN_1252.sub(b"", data).decode("cp1252", "replace")
    return replaced


def _japanese(data: bytes) -> str:
    """ISO-2022-JP with the rows that only Windows had (circled digits, half-width kana)."""
    for charset, tried in (("iso2022_jp_ext", data), ("iso2022_jp_2004", data.replace(b"\x1b$B", b"\x1b$(Q"))):
        text = _strict(tried, charset)
        if text is not None:
            return text
    if not data.isascii():
        for charset in ("utf_8", "cp932"):
            text = _strict(data, charset)
            if text is not None:
                return text
    return data.decode("iso2022_jp_ext", "replace")


def _strict(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(charset)
    except (UnicodeError, LookupError, ValueError):
        return None


def clean(text: str) -> str:
    """Without what neither the database nor a screen can hold: NUL and halves of characters."""
    return UNSPOKEN.sub("", text) if not text.isascii() or "\x00" in text else text
