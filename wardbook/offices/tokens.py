"""The secret of an invitation link: made here, shown once, kept only as a hash (H5)."""

import hashlib
import secrets

BYTES = 32
SHORTEST = 40


def new_token() -> str:
    """256 random bits, fit for an address."""
    return secrets.token_urlsafe(BYTES)


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def is_plausible(token: str) -> bool:
    """Whether this could be a token at all: an empty or short one never opens anything."""
    return len(token) >= SHORTEST
