"""Telephone numbers: how they are compared, shown and dialled. No database."""

import phonenumbers

from wardbook.lib.fold import digits

SHORTEST, LONGEST = 3, 20


def normal(typed: str, country: str) -> str:
    """The number as it is compared and dialled: "07700 900 123" in GB is "+447700900123".

    What is no number of any country (an extension, a short code) stays as its digits; nothing is refused.
    """
    try:
        number = phonenumbers.parse(typed, country.upper() or None)
    except phonenumbers.NumberParseException:
        return digits(typed)
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return digits(typed)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def at_home(normal: str) -> str:
    """A number as it is dialled in its own country: "+441632960021" is "01632 960021"."""
    try:
        number = phonenumbers.parse(normal, None)
    except phonenumbers.NumberParseException:
        return normal
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def reads_as_number(typed: str) -> bool:
    """Whether a text can be a telephone number at all: digits, and what people put between and after them."""
    count = len(digits(typed))
    letters = [c for c in typed.casefold() if c.isalpha()]
    return SHORTEST <= count <= LONGEST and "".join(letters) in ("", "x", "ext", "extn", "extension")
