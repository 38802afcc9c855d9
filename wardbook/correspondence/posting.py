"""Takes what is due to the mail servers: one connection for all that waits for a server, one thread for each mailbox.

A server in trouble is left alone until the next turn, and delays nobody else's mail (R20, R24).
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from wardbook.correspondence import mime_out, sealing
from wardbook.correspondence.actions import sending
from wardbook.correspondence.models import Dispatch, Mailbox, MessageAddress
from wardbook.correspondence.transports import smtp
from wardbook.lib import faults, processes

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

AT_ONCE = 20
MAILBOXES_AT_ONCE = 4
# Connections that break one after another are the server's trouble, not the messages'.
MOST_BREAKS = 3
USUAL_PORTS = {"tls": 465, "starttls": 587, "none": 25}
_HERE = ("localhost", "127.0.0.1", "::1")


def post_due(*, clock: Clock, until: datetime, seconds: float = smtp.SECONDS) -> int:
    """Hand over what is due until nothing is, or until this time. Returns how many messages were tried."""
    sending.lapse(at=clock())
    due = Dispatch.objects.due(clock()).filter(lease_until__isnull=True)
    mailboxes = list(due.order_by("mailbox_id").values_list("mailbox_id", flat=True).distinct())
    worker = processes.own_name()
    if len(mailboxes) < 2:
        return sum(_post_mailbox(pk, worker, clock, until, seconds) for pk in mailboxes)

    def post(pk: int) -> int:
        try:
            return _post_mailbox(pk, f"{worker}#{pk}", clock, until, seconds)
        except Exception:
            log.exception("mail of mailbox %s could not be sent", pk)
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(MAILBOXES_AT_ONCE, thread_name_prefix="post") as threads:
        return sum(threads.map(post, mailboxes))


def server_of(mailbox: Mailbox) -> smtp.Server | None:
    """Where mail of a mailbox is handed in: its own server, else the installation's. None: into the outbox folder, as
    in the demo, where nothing leaves. Raises smtp.Trouble for a server that must not be used as it is set up."""
    if settings.DEMO:
        return None
    helo = urlsplit(settings.SITE_URL).hostname or "localhost"
    if not mailbox.smtp_host:
        shared = settings.SMTP
        if shared is None:
            return None
        security = "tls" if shared.ssl else "starttls" if shared.tls else "none"
        return smtp.Server(
            shared.host, shared.port, security, shared.user, shared.password, "password", settings.MAIL_CA_FILE, helo
        )
    if mailbox.smtp_security == Mailbox.Security.NONE and mailbox.smtp_host not in _HERE:
        raise smtp.Trouble(Dispatch.Problem.INSECURE, "Without TLS mail goes only to a server on this machine.")
    try:
        # One account for both ways, unless sending has its own.
        secret = sealing.unseal(mailbox.smtp_secret if mailbox.smtp_username else mailbox.secret)
    except sealing.CannotOpen:
        raise smtp.Trouble(
            Dispatch.Problem.SIGN_IN, "The password was kept under another key. Enter it again."
        ) from None
    return smtp.Server(
        mailbox.smtp_host,
        mailbox.smtp_port or USUAL_PORTS[mailbox.smtp_security],
        mailbox.smtp_security,
        mailbox.smtp_username or mailbox.username,
        secret,
        mailbox.sign_in,
        settings.MAIL_CA_FILE,
        helo,
    )


def _post_mailbox(mailbox_id: int, worker: str, clock: Clock, until: datetime, seconds: float) -> int:
    """All that is due of one mailbox, over one connection. A server in trouble ends the turn for this mailbox."""
    tried = 0
    with contextlib.ExitStack() as open_things:
        line: smtp.Smtp | None = None
        breaks = 0
        while clock() < until:
            faults.point("before-lease")
            batch = sending.take_due(worker, at=clock(), limit=AT_ONCE, mailbox_id=mailbox_id)
            faults.point("after-lease")
            if not batch:
                break
            for number, dispatch in enumerate(batch):
                tried += 1
                try:
                    server = server_of(dispatch.mailbox)
                    if server is None:
                        _put_into_outbox(dispatch, worker, clock)
                        continue
                    if line is None or not line.is_open:
                        if line is not None:
                            breaks += 1
                        if breaks > MOST_BREAKS:
                            raise smtp.Trouble(Dispatch.Problem.LATER, "The mail server hung up again and again.")
                        line = open_things.enter_context(smtp.Smtp(server, seconds=seconds))
                    _post(dispatch, worker, line, clock)
                except smtp.Trouble as trouble:
                    log.warning("mail of mailbox %s has to wait: %s", mailbox_id, trouble.problem)
                    _all_later(batch[number:], worker, trouble, clock)
                    return tried
    return tried


def _all_later(batch: Sequence[Dispatch], worker: str, trouble: smtp.Trouble, clock: Clock) -> None:
    for dispatch in batch:
        sending.try_again(dispatch, worker, problem=trouble.problem, said=trouble.said, at=clock())


def _post(dispatch: Dispatch, worker: str, line: smtp.Smtp, clock: Clock) -> None:
    message = dispatch.message
    try:
        outgoing = mime_out.build(message)
    except (OSError, ValueError) as broken:
        log.exception("message %s cannot be built", message.pk)
        sending.fail(dispatch, worker, problem=Dispatch.Problem.REFUSED, said=str(broken)[:300], at=clock())
        return
    rows = [row for row in message.addresses.all() if row.state == MessageAddress.State.NONE]
    stored = {mime_out.envelope_recipient(row.address): row.address for row in rows}
    lasting = timedelta(seconds=line.seconds + len(outgoing.data) / smtp.BYTES_A_SECOND + 15)
    outcome = line.send(
        outgoing.sender,
        list(stored),
        outgoing.data,
        needs_utf8=outgoing.needs_utf8,
        before_text=lambda: sending.on_the_wire(dispatch, worker, at=clock(), lasting=lasting),
    )
    faults.point("after-250")
    if outcome.in_doubt:
        sending.doubt(dispatch, worker, problem=outcome.problem, said=outcome.said, at=clock())
        return
    if outcome.accepted or outcome.refused or outcome.later:
        sending.settle(
            dispatch,
            worker,
            accepted={stored[address]: said for address, said in outcome.accepted.items()},
            refused={stored[address]: said for address, said in outcome.refused.items()},
            problem=outcome.problem,
            said=outcome.said,
            at=clock(),
        )
    faults.point("after-sent")


def _put_into_outbox(dispatch: Dispatch, worker: str, clock: Clock) -> None:
    """Without a mail server a message becomes a file, under one name however often it is tried."""
    if not sending.on_the_wire(dispatch, worker, at=clock()):
        return
    message = dispatch.message
    folder = Path(settings.OUTBOX)
    try:
        data = mime_out.build(message).data
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _private(folder / f"{message.at:%Y%m%d-%H%M%S}-{message.pk}.eml") as descriptor:
            os.write(descriptor, data)
    except (OSError, ValueError) as broken:
        log.exception("message %s cannot be put into the outbox", message.pk)
        problem = Dispatch.Problem.UNREACHABLE
        sending.try_again(dispatch, worker, problem=problem, said=str(broken)[:300], at=clock())
        return
    accepted = {row.address: "outbox" for row in message.addresses.all()}
    sending.settle(dispatch, worker, accepted=accepted, refused={}, problem="", said="", at=clock())


@contextlib.contextmanager
def _private(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
