"""By which words a contact is found, and what was typed as beginnings of such words. No database."""

from collections.abc import Iterable

from wardbook.lib.fold import digits, fold, postcode_key, words

_SHORTEST_NUMBER, _LOCAL = 4, 8


def beginnings(typed: str) -> list[str]:
    """What was typed, as beginnings of keys, all of which must match: a telephone number as one run of digits,
    a postcode as one word, an email address as it stands, else word by word."""
    number = digits(typed)
    if len(number) >= _SHORTEST_NUMBER and not any(c.isalpha() for c in typed):
        # 00 stands for +, but four digits may be the end of any number.
        return [number.removeprefix("00") if len(number) > _LOCAL else number]
    if "@" in typed:
        return [fold(part) for part in typed.split()]
    parts = typed.split()
    if len(parts) == 2 and all(any(c.isdigit() for c in part) for part in parts) and parts[0][:1].isalpha():
        return [postcode_key(typed).lower()]
    return words(typed)


def keys(
    *, names: Iterable[str], phones: Iterable[str], others: Iterable[str], addresses: Iterable[tuple[str, str]]
) -> set[str]:
    """Every key of a contact: the words of its names and address lines, postcodes, email addresses and handles
    with their parts, and each tail of a telephone number of four digits or more. `addresses` are pairs of
    (lines, postcode); `phones` both as typed and as normalised."""
    found = set(words(" ".join(names)))
    for lines, postcode in addresses:
        found.update(words(lines))
        found.update(words(postcode))
        found.add(postcode_key(postcode).lower())
    for phone in phones:
        number = digits(phone)
        found.update(number[start:] for start in range(max(1, len(number) - _SHORTEST_NUMBER + 1)))
    for other in others:
        found.add(fold(other))
        found.update(words(other))
    return {key[:80] for key in found if key}
