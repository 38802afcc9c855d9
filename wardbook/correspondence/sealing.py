"""Secrets that lie in the database and are of no use without a key that does not (K6).

The key is derived from the installation's secret key, so a copy of the database alone opens nothing. What was sealed
with an older key still opens while that key is among the fallbacks.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"wardbook: secrets of mailboxes"


class CannotOpen(Exception):
    """A sealed secret was sealed with another key, or is damaged. It has to be entered again."""


def seal(secret: str) -> str:
    """The secret as text for the database; empty stays empty."""
    return _box().encrypt(secret.encode()).decode("ascii") if secret else ""


def unseal(sealed: str) -> str:
    """The secret again. Raises CannotOpen."""
    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode("ascii")).decode()
    except (InvalidToken, UnicodeError):
        raise CannotOpen from None


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_key(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> bytes:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
