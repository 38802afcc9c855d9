"""How many emails a second go to a mail server: written, held, leased, handed over by SMTP, noted as sent."""

import contextlib
import socketserver
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.test.utils import override_settings
from django.utils import timezone

from wardbook.correspondence import posting
from wardbook.correspondence.actions import composing
from wardbook.correspondence.models import Mailbox, Message
from wardbook.correspondence.recipients import Recipient
from wardbook.offices.models import Office

LEAST_A_SECOND = 50
BODY = (
    "Dear Mrs Evans,\n\nThank you for your letter about the damp in your flat. We have written to the council.\n" * 8
)


class _Conversation(socketserver.StreamRequestHandler):
    """Says yes to everything, and counts the texts that it was given whole."""

    def handle(self) -> None:
        assert isinstance(self.server, _Sink)
        self.wfile.write(b"220 bench\r\n")
        for line in self.rfile:
            command = line[:4].upper()
            if command == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() != b".\r\n":
                    pass
                self.server.taken += 1
            self.wfile.write(b"221 bye\r\n" if command == b"QUIT" else b"250 OK\r\n")
            if command == b"QUIT":
                return


class _Sink(socketserver.ThreadingTCPServer):
    daemon_threads = True
    taken = 0


@contextlib.contextmanager
def _sink() -> Iterator[_Sink]:
    with _Sink(("127.0.0.1", 0), _Conversation) as sink:
        threading.Thread(target=sink.serve_forever, daemon=True).start()
        yield sink
        sink.shutdown()


def sending_rate(office: Office, *, count: int = 500) -> float:
    """Emails a second to a server on this machine, over one connection. Raises AssertionError if one is missing."""
    now = timezone.now()
    with _sink() as sink, override_settings(DEMO=False):
        mailbox = Mailbox.objects.create(
            office=office,
            name="Bench",
            address=f"bench-{now:%H%M%S%f}@bench.example",
            smtp_host="127.0.0.1",
            smtp_port=sink.server_address[1],
            smtp_security=Mailbox.Security.NONE,
            created_at=now,
        )
        with transaction.atomic():
            for number in range(count):
                composing.put_down(
                    mailbox=mailbox,
                    identity=None,
                    to=Recipient("Rhian Evans", f"person{number}@bench.example"),
                    subject="Damp in your flat",
                    body=BODY,
                    turn_at=now,
                    state=Message.State.QUEUED,
                    by=None,
                    at=now,
                )
        begun = time.perf_counter()
        posting.post_due(clock=timezone.now, until=timezone.now() + timedelta(minutes=10))
        took = time.perf_counter() - begun
        assert sink.taken == count, f"{sink.taken} of {count} arrived"
    return count / took
