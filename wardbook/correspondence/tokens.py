"""Signed names by which an answer finds its case: in the reply address, and in the Message-ID that we give.

Whoever has one was written to by us or was shown our mail. It says which message is answered, never who answers. The
key comes from SECRET_KEY, and keys used before still open what they signed.
"""

import base64
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

if TYPE_CHECKING:
    from wardbook.correspondence.models import Mailbox, Message

_SALT = "wardbook.correspondence.tokens"
# 130 bits of signature, in letters that survive a mail server that makes everything lower case.
_SIGNATURE = 26
_TOKEN = re.compile(rf"\bwb\.(\d{{1,18}})\.([a-z2-7]{{{_SIGNATURE}}})(?![a-z2-7])", re.IGNORECASE)
# With the plus before it, so that what is left of an address is still one.
_NAMED = re.compile(rf"\+?{_TOKEN.pattern}", re.IGNORECASE)
# Of one text: nobody writes more, and each costs a signature.
_MOST = 20
_LONGEST_LOCAL_PART = 64


def token_for(message_id: int) -> str:
    """The signed name of a message."""
    return f"wb.{message_id}.{_signature(message_id, settings.SECRET_KEY)}"


def message_id_for(message: "Message") -> str:
    """The Message-ID of an outgoing message that is saved, without angle brackets, as `identifier` keeps it."""
    domain = message.from_address.rpartition("@")[2].lower()
    try:
        plain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        plain = ""
    return f"{token_for(message.pk)}@{plain or 'wardbook.invalid'}"


def reply_address(mailbox: "Mailbox", message: "Message") -> str:
    """Where an answer to this message goes: name+token@host where the server takes such, else the plain address."""
    local, _at, host = mailbox.address.rpartition("@")
    tagged = f"{local}+{token_for(message.pk)}"
    if not mailbox.has_plus_addresses or len(tagged) > _LONGEST_LOCAL_PART:
        return mailbox.address
    return f"{tagged}@{host}"


def read_token(text: str) -> int | None:
    """The id of the message that the first rightly signed name in a text speaks of, or None."""
    for found, _ in zip(_TOKEN.finditer(text[:10_000]), range(_MOST), strict=False):
        message_id, signature = int(found[1]), found[2].lower()
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            if constant_time_compare(_signature(message_id, key), signature):
                return message_id
    return None


def without(text: str) -> str:
    """A text without signed names, whoever signed them: what is passed on must not say how to answer for others."""
    return _NAMED.sub("", text)


def read_tokens(texts: Iterable[str]) -> list[int]:
    """The messages that several texts speak of, each once, in their order."""
    found = (read_token(text) for text in texts)
    return list(dict.fromkeys(message_id for message_id in found if message_id is not None))


def _signature(message_id: int, key: str) -> str:
    digest = salted_hmac(_SALT, str(message_id), secret=key, algorithm="sha256").digest()
    return base64.b32encode(digest).decode("ascii").lower()[:_SIGNATURE]
