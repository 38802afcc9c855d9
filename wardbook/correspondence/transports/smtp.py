"""Handing mail to a server by SMTP (RFC 5321), one connection for many messages.

Two kinds of bad news: `Trouble` is about the server and so about all that waits for it; an `Outcome` is about one
message and says for each address whether it was taken. Nothing goes over a line that should be safe and is not.
"""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

# The longest that a server may keep us with one thing, whatever trickles in (R24). A large mail gets longer.
SECONDS = 45.0
BYTES_A_SECOND = 100_000
SAID = 300


class Trouble(Exception):
    """The server cannot be used now. `problem` is one of Dispatch.Problem; `said` is what it said, or the system."""

    def __init__(self, problem: str, said: str) -> None:
        super().__init__(said)
        self.problem, self.said = problem, said[:SAID]


@dataclass(frozen=True)
class Server:
    """Where to hand mail in. `security`: tls, starttls or none; `sign_in`: password or token."""

    host: str
    port: int
    security: str = "starttls"
    username: str = ""
    secret: str = field(default="", repr=False)
    sign_in: str = "password"
    ca_file: str = ""
    helo: str = "localhost"


@dataclass
class Outcome:
    """What became of one message, by address. `in_doubt`: the line broke after the text was given, so the server may
    have it. An address in none of the three was not tried."""

    accepted: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    later: dict[str, str] = field(default_factory=dict)
    in_doubt: bool = False
    problem: str = ""
    said: str = ""


def seconds_for(size: int) -> float:
    """How long a message of so many bytes may take."""
    return SECONDS + size / BYTES_A_SECOND


class Smtp:
    """One conversation: `with Smtp(server) as smtp: smtp.send(…)`. Entering raises Trouble."""

    def __init__(self, server: Server, *, seconds: float = SECONDS) -> None:
        self.server, self.seconds = server, seconds
        self._client: smtplib.SMTP | None = None
        self._is_late = False

    def __enter__(self) -> Self:
        try:
            self._open()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def is_open(self) -> bool:
        return self._client is not None and self._client.sock is not None

    def close(self) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        if client.sock is not None and not self._is_late:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                client.sock.settimeout(2)
                client.quit()
        client.close()

    def send(
        self,
        sender: str,
        recipients: Sequence[str],
        data: bytes,
        *,
        needs_utf8: bool = False,
        before_text: Callable[[], bool] = lambda: True,
    ) -> Outcome:
        """Hand one message in. `before_text` is asked just before the server is given the text; if it says no, the
        message is left alone. Raises Trouble only for a server that hung up before that."""
        client = self._client
        assert client is not None, "not connected"
        outcome = Outcome()
        if needs_utf8 and not client.has_extn("smtputf8"):
            said = "The mail server cannot send to addresses with such letters."
            outcome.refused = dict.fromkeys(recipients, said)
            return outcome
        is_given = False
        try:
            with self._within(self.seconds + len(data) / BYTES_A_SECOND):
                taken = self._envelope(client, sender, recipients, outcome, needs_utf8)
                if not taken:
                    if self.is_open:
                        client.rset()
                    return outcome
                if not before_text():
                    client.rset()
                    return Outcome()
                is_given = True
                assert client.sock is not None
                client.sock.settimeout(seconds_for(len(data)))
                try:
                    code, words = client.data(data)
                except smtplib.SMTPDataError as refusal:
                    # Said no before it was given anything.
                    code, words = refusal.smtp_code, _bytes(refusal.smtp_error)
                _sort(outcome, taken, code, words)
                if code == 421:
                    self._drop()
                elif client.sock is not None:
                    client.sock.settimeout(self.seconds)
        except UnicodeError as unwritable:
            # An address that this server's dialect has no letters for.
            self._drop()
            outcome.refused |= dict.fromkeys(recipients, _words(unwritable))
        except (OSError, smtplib.SMTPException) as broken:
            self._drop()
            if not is_given and (outcome.refused or outcome.later):
                return outcome
            outcome.problem = "stalled" if self._is_late or isinstance(broken, TimeoutError) else "unreachable"
            outcome.said = _words(broken)
            if not is_given:
                raise Trouble(outcome.problem, outcome.said) from broken
            outcome.in_doubt = True
        return outcome

    def _envelope(
        self,
        client: smtplib.SMTP,
        sender: str,
        recipients: Sequence[str],
        outcome: Outcome,
        needs_utf8: bool,
    ) -> list[str]:
        """Say from whom and to whom; gives the addresses that were taken."""
        options = ["SMTPUTF8", "BODY=8BITMIME"] if needs_utf8 else []
        code, words = client.mail(sender, options)
        if code != 250:
            _sort(outcome, recipients, code, words)
            if code == 421:
                self._drop()
            return []
        taken = []
        for recipient in recipients:
            code, words = client.rcpt(recipient)
            if code in (250, 251, 252):
                taken.append(recipient)
                continue
            _sort(outcome, [recipient], code, words)
            if code == 421:
                # It hangs up: whatever was agreed so far is forgotten with it.
                self._drop()
                _sort(outcome, [one for one in recipients if one not in outcome.refused], code, words)
                return []
        return taken

    def _open(self) -> None:
        server = self.server
        try:
            context = ssl.create_default_context()
            if server.ca_file:
                context.load_verify_locations(server.ca_file)
            if server.security == "tls":
                client: smtplib.SMTP = smtplib.SMTP_SSL(
                    local_hostname=server.helo, timeout=self.seconds, context=context
                )
            else:
                client = smtplib.SMTP(local_hostname=server.helo, timeout=self.seconds)
            # The name that the certificate must bear; smtplib takes it only where it also connects at once.
            client._host = server.host  # type: ignore[attr-defined]  # private to smtplib
            self._client = client
            with self._within(self.seconds):
                code, words = client.connect(server.host, server.port)
                if code != 220:
                    raise Trouble("later", _line(code, words))
                client.ehlo_or_helo_if_needed()
                if server.security == "starttls":
                    self._make_safe(client, context)
                if server.username:
                    self._sign_in(client)
        except ssl.SSLError as refusal:
            raise Trouble("insecure", str(refusal)) from refusal
        except smtplib.SMTPResponseException as refusal:
            said = _line(refusal.smtp_code, _bytes(refusal.smtp_error))
            raise Trouble("later", said) from refusal
        except (OSError, smtplib.SMTPException, UnicodeError) as broken:
            late = self._is_late or isinstance(broken, TimeoutError)
            raise Trouble("stalled" if late else "unreachable", _words(broken)) from broken

    def _make_safe(self, client: smtplib.SMTP, context: ssl.SSLContext) -> None:
        if not client.has_extn("starttls"):
            raise Trouble("insecure", "The mail server does not offer STARTTLS.")
        code, words = client.starttls(context=context)
        if code != 220:
            raise Trouble("insecure", _line(code, words))
        client.ehlo()

    def _sign_in(self, client: smtplib.SMTP) -> None:
        server = self.server
        try:
            if server.sign_in == "token":
                answer = f"user={server.username}\1auth=Bearer {server.secret}\1\1"
                client.auth("XOAUTH2", lambda challenge=None: "" if challenge else answer)
            else:
                # One mechanism and one try: smtplib would go on to the next, and a second failure locks accounts.
                offered = client.esmtp_features.get("auth", "").upper().split()
                mechanism = next((one for one in ("PLAIN", "LOGIN", "CRAM-MD5") if one in offered), "")
                if not mechanism:
                    raise smtplib.SMTPNotSupportedError("The mail server offers no sign-in that we know.")
                client.user, client.password = server.username, server.secret
                client.auth(mechanism, getattr(client, f"auth_{mechanism.lower().replace('-', '_')}"))
        except smtplib.SMTPAuthenticationError as refusal:
            said = _line(refusal.smtp_code, _bytes(refusal.smtp_error))
            raise Trouble("later" if 400 <= refusal.smtp_code < 500 else "sign-in", said) from refusal
        except smtplib.SMTPNotSupportedError as refusal:
            raise Trouble("sign-in", str(refusal)) from refusal

    def _drop(self) -> None:
        """Forget a connection that is of no use any more."""
        if self._client is not None:
            self._client.close()

    @contextlib.contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """Hang up if it takes longer in all: a byte now and then would outlast every timeout of a single read."""
        watch = threading.Timer(seconds, self._hang_up)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _hang_up(self) -> None:
        self._is_late = True
        sock = self._client.sock if self._client is not None else None
        if sock is not None:
            with contextlib.suppress(OSError):
                # Not the method of an SSL socket, which would first put the encryption away under the reader's feet.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _sort(outcome: Outcome, addresses: Sequence[str], code: int, words: bytes) -> None:
    """Put addresses where the server's answer says: 2xx taken, 4xx later, else refused for good (R21–R23)."""
    said = _line(code, words)
    if 200 <= code < 300:
        outcome.accepted |= dict.fromkeys(addresses, said)
    elif 400 <= code < 500:
        outcome.later |= dict.fromkeys(addresses, said)
        outcome.problem, outcome.said = "later", said
    else:
        outcome.refused |= dict.fromkeys(addresses, said)
        outcome.problem, outcome.said = "refused", said


def _line(code: int, words: bytes) -> str:
    return f"{code} {' '.join(words.decode('utf-8', 'replace').split())}"[:SAID]


def _bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode("utf-8", "replace")


def _words(problem: BaseException) -> str:
    return " ".join(str(problem).split())[:SAID] or type(problem).__name__
