"""Fetching mail by IMAP (RFC 3501, IDLE of RFC 2177).

Raw bytes by UID, never parsed here. Every failure of the network, the server or the sign-in becomes one `Trouble`
with a sentence for the person who keeps the mailbox.
"""

from __future__ import annotations

import contextlib
import imaplib
import logging
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, NamedTuple, Self

from django.utils.translation import gettext as _
from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError, ProtocolError

# It tells of every connection; what matters comes out as Trouble.
logging.getLogger("imapclient").setLevel(logging.WARNING)

CONNECT_SECONDS = 15.0
READ_SECONDS = 60.0
# RFC 2177: a server may hang up on a client that idles for 30 minutes.
IDLE_SECONDS = 20 * 60
# What is asked for in one go: enough to be quick, little enough to be held in memory.
MOST_AT_ONCE = 100
MOST_BYTES_AT_ONCE = 8 * 1024 * 1024

_FAILURES = (IMAPClientError, OSError, imaplib.IMAP4.error, ValueError, KeyError, IndexError, AssertionError)


class Trouble(Exception):
    """The mailbox cannot be read now. The message is fit to show; `kind` says what to look at."""

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind


@dataclass(frozen=True)
class Access:
    """How to get at one folder of one mailbox. `ca_file` names further authorities to trust."""

    host: str
    port: int
    username: str
    secret: str = field(repr=False)
    security: str = "tls"
    sign_in: str = "password"
    folder: str = "INBOX"
    ca_file: str = ""


class Folder(NamedTuple):
    """What the server says of the folder: its UIDVALIDITY, and the UID that the next mail will get."""

    uid_validity: int
    uid_next: int


class Fetched(NamedTuple):
    """One mail as the server has it. Where it is larger than allowed, `raw` holds its head only."""

    uid: int
    raw: bytes
    size: int
    is_whole: bool


class Imap:
    """One conversation with one folder: `with Imap(access) as imap: …`. Every method raises Trouble."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self._client: IMAPClient | None = None
        self.folder = Folder(0, 1)

    def __enter__(self) -> Self:
        try:
            self._connect()
            self.folder = self._select()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._client is not None:
            with contextlib.suppress(*_FAILURES):
                self._client.shutdown()
            self._client = None

    @property
    def client(self) -> Any:
        assert self._client is not None, "not connected"
        return self._client

    @property
    def can_idle(self) -> bool:
        with _told("lost"):
            return bool(self.client.has_capability("IDLE"))

    def uids_after(self, uid: int) -> list[int]:
        """UIDs above this one, ascending. A server answers `n:*` with its last mail even if that is older."""
        with _told("lost"):
            return sorted(found for found in self.client.search(["UID", f"{uid + 1}:*"]) if found > uid)

    def all_uids(self) -> list[int]:
        with _told("lost"):
            return sorted(self.client.search(["ALL"]))

    def fetch(self, uids: Sequence[int], *, max_bytes: int) -> Iterator[Fetched]:
        """Those mails that are still there, in the order asked for, without marking them as seen."""
        for start in range(0, len(uids), MOST_AT_ONCE):
            asked = uids[start : start + MOST_AT_ONCE]
            with _told("lost"):
                sizes = {uid: int(found[b"RFC822.SIZE"]) for uid, found in self._ask(asked, "RFC822.SIZE").items()}
            here = [uid for uid in asked if uid in sizes]
            for group in _in_groups(here, sizes, max_bytes):
                too_large = sizes[group[0]] > max_bytes
                item = "BODY.PEEK[HEADER]" if too_large else "BODY.PEEK[]"
                with _told("lost"):
                    bodies = self._ask(group, item)
                key = b"BODY[HEADER]" if too_large else b"BODY[]"
                for uid in group:
                    raw = bodies.get(uid, {}).get(key)
                    if raw is not None:
                        yield Fetched(uid, bytes(raw), sizes[uid], is_whole=not too_large)

    def mark_taken(self, uids: Sequence[int]) -> None:
        """Set the flag that says we have them. Only after they are committed."""
        with _told("lost"):
            for start in range(0, len(uids), MOST_AT_ONCE):
                self.client.add_flags(uids[start : start + MOST_AT_ONCE], [rb"\Seen"], silent=True)

    def wait(self, seconds: float, *, stop: Callable[[], bool] = lambda: False, step: float = 2.0) -> bool:
        """IDLE until something happens in the folder (True), the time is over, or `stop` says so (False)."""
        with _told("lost"):
            self.client.idle()
            try:
                left = min(seconds, IDLE_SECONDS)
                while left > 0 and not stop():
                    if any(_is_news(answer) for answer in self.client.idle_check(timeout=min(step, left))):
                        return True
                    left -= step
            finally:
                with contextlib.suppress(*_FAILURES):
                    self.client.idle_done()
        return False

    def _ask(self, uids: Sequence[int], item: str) -> dict[int, dict[bytes, Any]]:
        return dict(self.client.fetch(uids, [item]))

    def _connect(self) -> None:
        access = self.access
        context = _context(access)
        timeout = SocketTimeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        with _told("unreachable"):
            self._client = IMAPClient(
                access.host, access.port, ssl=access.security == "tls", ssl_context=context, timeout=timeout
            )
        if access.security == "starttls":
            with _told("insecure"):
                self.client.starttls(context)
        with _told("sign-in"):
            if access.sign_in == "token":
                self.client.oauth2_login(access.username, access.secret)
            else:
                self.client.login(access.username, access.secret)

    def _select(self) -> Folder:
        with _told("folder"):
            said = self.client.select_folder(self.access.folder)
            return Folder(int(said[b"UIDVALIDITY"]), int(said.get(b"UIDNEXT", 1)))


def _context(access: Access) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if access.ca_file:
        context.load_verify_locations(access.ca_file)
    return context


def _in_groups(uids: Sequence[int], sizes: dict[int, int], max_bytes: int) -> Iterator[list[int]]:
    """Mails to fetch together, in order: one that is too large, or very large, goes alone."""
    group: list[int] = []
    held = 0
    for uid in uids:
        too_large = sizes[uid] > max_bytes
        if group and (too_large or held + sizes[uid] > MOST_BYTES_AT_ONCE):
            yield group
            group, held = [], 0
        if too_large:
            yield [uid]
        else:
            group.append(uid)
            held += sizes[uid]
    if group:
        yield group


def _is_news(answer: Any) -> bool:
    return isinstance(answer, tuple) and len(answer) > 1 and answer[1] in (b"EXISTS", b"RECENT")


@contextlib.contextmanager
def _told(kind: str) -> Iterator[None]:
    """What went wrong, in a sentence."""
    try:
        yield
    except LoginError:
        raise Trouble("sign-in", _("The mail server does not accept the user name or the password.")) from None
    except ssl.SSLCertVerificationError as error:
        why = _("The certificate of the mail server is not valid: %(why)s.") % {"why": error.verify_message}
        raise Trouble("insecure", why) from None
    except ssl.SSLError:
        raise Trouble("insecure", _("The mail server offers no safe connection at this port.")) from None
    except socket.gaierror:
        raise Trouble("unreachable", _("There is no mail server of this name.")) from None
    except TimeoutError:
        raise Trouble("unreachable", _("The mail server does not answer.")) from None
    except ConnectionRefusedError:
        raise Trouble("unreachable", _("Nothing answers at this port of the mail server.")) from None
    except ProtocolError:
        raise Trouble("garbled", _("The mail server answered something that is not IMAP.")) from None
    except _FAILURES as error:
        if kind == "unreachable" and not isinstance(error, OSError):
            raise Trouble("garbled", _("What answers there is not a mail server.")) from None
        raise Trouble(kind, _SENTENCES[kind]()) from None


_SENTENCES: dict[str, Callable[[], str]] = {
    "unreachable": lambda: _("The mail server could not be reached."),
    "insecure": lambda: _("The mail server offers no safe connection at this port."),
    "sign-in": lambda: _("The mail server does not accept the user name or the password."),
    "folder": lambda: _("There is no folder of this name in the mailbox."),
    "lost": lambda: _("The connection to the mail server was lost."),
    "garbled": lambda: _("The mail server answered something that is not IMAP."),
}
