"""Text made comparable: case, accents and punctuation do not matter when people search."""

import re
import unicodedata

_APOSTROPHES = re.compile(r"['’‘`´]")
_NOT_WORD = re.compile(r"[^\w]+", re.UNICODE)
_NOT_DIGIT = re.compile(r"\D+")
# Letters that Unicode does not decompose, as people type them without a special keyboard.
_PLAIN = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"})


def fold(text: str) -> str:
    """Lower case without accents or apostrophes: "O'Brien, Tŷ" becomes "obrien, ty"."""
    decomposed = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_PLAIN)


def words(text: str) -> list[str]:
    """The folded words of a text, in order, each once."""
    return list(dict.fromkeys(word for word in _NOT_WORD.split(fold(text)) if word))


def digits(text: str) -> str:
    """Only the digits: "+44 1632 960 021" becomes "441632960021"."""
    return _NOT_DIGIT.sub("", unicodedata.normalize("NFKC", text))


def postcode_key(text: str) -> str:
    """A postcode as it is compared: "gm1 4ab" becomes "GM14AB"."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).upper()
