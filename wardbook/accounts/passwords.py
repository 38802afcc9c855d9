"""Which passwords are refused: too long to read, too easy to guess. No rules about kinds of letters (H11)."""

import re
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wardbook.accounts.models import LONGEST_PASSWORD, User

FEWEST_DIFFERENT_LETTERS = 5
PRODUCT_WORDS = frozenset({"wardbook", "casework", "caseworker", "constituency", "constituent", "councillor"})


class LengthCapValidator:
    """Refuses what would cost the server more to hash than it is worth (F6)."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) > LONGEST_PASSWORD:
            raise ValidationError(
                _("Use at most %(count)d characters.") % {"count": LONGEST_PASSWORD}, code="password_too_long"
            )

    def get_help_text(self) -> str:
        return _("At most %(count)d characters.") % {"count": LONGEST_PASSWORD}


class EasyToGuessValidator:
    """Refuses one word stretched with digits, the same few letters over and over, and runs of the keyboard."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(set(password)) < FEWEST_DIFFERENT_LETTERS or is_run(password) or is_stretched(password):
            raise ValidationError(
                _("This password is easy to guess. Use three or four words that do not belong together."),
                code="password_easy",
            )

    def get_help_text(self) -> str:
        return _("Three or four words that do not belong together make a good password.")


def core(password: str) -> str:
    """The letters of a password without the digits and signs that people put around a word."""
    return re.sub(r"[\W\d_]+", "", password.casefold())


def is_made_of(password: str, known: frozenset[str]) -> bool:
    """Whether a password is nothing but these words, digits, signs and a letter or three."""
    letters = rest = core(password)
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != letters and len(rest) <= 3


def is_stretched(password: str) -> bool:
    """Whether there is just one well-known word in it: "Password2024!!"."""
    letters = core(password)
    return letters in _common() or is_made_of(password, PRODUCT_WORDS)


def is_run(password: str) -> bool:
    """Whether it is one walk along the alphabet, the digits or the keyboard, forwards or backwards."""
    walks = (
        "abcdefghijklmnopqrstuvwxyz" * 2,
        "0123456789" * 4,
        "1234567890" * 4,
        "qwertyuiopasdfghjklzxcvbnm",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    )
    text = password.casefold()
    return any(text in walk or text[::-1] in walk for walk in walks)


@cache
def _common() -> frozenset[str]:
    # Django ships the 20,000 most used passwords, folded to lower case.
    return frozenset(word for word in CommonPasswordValidator().passwords if word.isalpha())
