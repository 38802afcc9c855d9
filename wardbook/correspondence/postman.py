"""Brings mail from the mailboxes into the database: one round, or for as long as the process lives.

Bytes first: a mail is kept and committed before the server is told that we have it, so that a crash at any point
fetches it again and loses nothing; keeping it a second time changes nothing (V3).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone
from django.utils.translation import gettext

from wardbook.correspondence import sealing, tasks
from wardbook.correspondence.actions import keeping
from wardbook.correspondence.actions import mailboxes as mailbox_actions
from wardbook.correspondence.models import Delivery, Mailbox
from wardbook.correspondence.transports import imap
from wardbook.lib import faults, processes

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

POLL_SECONDS = 60.0
LOOK_ROUND_SECONDS = 20.0
USUAL_PORTS = {"tls": 993, "starttls": 143, "none": 143}


def who_am_i() -> str:
    """This process and thread, for the name on a lease."""
    return f"{processes.own_name()}#{threading.get_ident()}"[:64]


def access_to(mailbox: Mailbox) -> imap.Access:
    """What the transport needs to know. Raises imap.Trouble when the password cannot be opened."""
    try:
        secret = sealing.unseal(mailbox.secret)
    except sealing.CannotOpen:
        raise imap.Trouble("sign-in", gettext("The password was kept under another key. Enter it again.")) from None
    return imap.Access(
        host=mailbox.host,
        port=mailbox.port or USUAL_PORTS[mailbox.security],
        username=mailbox.username,
        secret=secret,
        security=mailbox.security,
        sign_in=mailbox.sign_in,
        folder=mailbox.folder,
        ca_file=settings.MAIL_CA_FILE,
    )


def try_out(mailbox: Mailbox) -> int:
    """Connect and look into the folder. Returns how many mails lie there. Raises imap.Trouble."""
    with imap.Imap(access_to(mailbox)) as there:
        return len(there.all_uids())


def fetch(mailbox: Mailbox, *, clock: Clock = timezone.now) -> int:
    """One round: take in what is new. Returns how many mails were kept.

    Whatever goes wrong is noted on the mailbox and ends the round; other mailboxes go on.
    """
    worker = who_am_i()
    if not mailbox_actions.take_turn(mailbox, worker=worker, at=clock()):
        return 0
    try:
        with imap.Imap(access_to(mailbox)) as there:
            kept = take_in(mailbox, there, clock=clock)
        mailbox_actions.note_success(mailbox, at=clock())
        return kept
    except imap.Trouble as trouble:
        mailbox_actions.note_failure(mailbox, problem=str(trouble), at=clock())
        return 0
    finally:
        mailbox_actions.end_turn(mailbox, worker=worker)


def take_in(mailbox: Mailbox, there: imap.Imap, *, clock: Clock) -> int:
    """Keep every mail above the last one we have. Raises imap.Trouble; what is committed by then stays committed."""
    mailbox.refresh_from_db(fields=["uid_validity", "last_uid"])
    validity = there.folder.uid_validity
    if mailbox.uid_validity is None and mailbox.starts_with_new:
        mailbox_actions.note_position(mailbox, uid_validity=validity, uid=there.folder.uid_next - 1)
        mailbox.refresh_from_db(fields=["uid_validity", "last_uid"])
    known = mailbox.last_uid if mailbox.uid_validity == validity else 0
    taken: list[int] = []
    for mail in there.fetch(there.uids_after(known), max_bytes=mailbox.max_bytes):
        faults.point("fetched")
        keep(mailbox, mail, uid_validity=validity, at=clock())
        faults.point("kept-not-flagged")
        taken.append(mail.uid)
        if len(taken) % imap.MOST_AT_ONCE == 0:
            _flag(mailbox, there, taken[-imap.MOST_AT_ONCE :], validity)
    rest = len(taken) % imap.MOST_AT_ONCE
    if rest:
        _flag(mailbox, there, taken[-rest:], validity)
    return len(taken)


def keep(mailbox: Mailbox, mail: imap.Fetched, *, uid_validity: int, at: datetime) -> Delivery:
    """One mail into the database, whole or as a note that it is too large."""
    where: dict[str, Any] = {"uid_validity": uid_validity, "uid": mail.uid, "folder": mailbox.folder}
    if mail.is_whole:
        return keeping.keep(mailbox, mail.raw, at=at, via=Mailbox.Source.IMAP, **where)
    return keeping.refuse_too_large(mailbox, mail.raw, size=mail.size, at=at, via=Mailbox.Source.IMAP, **where)


def _flag(mailbox: Mailbox, there: imap.Imap, uids: list[int], validity: int) -> None:
    mailbox_actions.note_position(mailbox, uid_validity=validity, uid=uids[-1])
    there.mark_taken(uids)
    faults.point("flagged")


class Round:
    """Keeps one thread for each mailbox: it fetches, then waits for news by IDLE, or a minute where there is none."""

    def __init__(self, *, clock: Clock = timezone.now) -> None:
        self.clock = clock
        self.threads: dict[int, threading.Thread] = {}
        self.stopped = threading.Event()

    def go(self) -> None:
        """Until stopped."""
        while not self.stopped.is_set():
            close_old_connections()
            try:
                self.look_round()
            except DatabaseError:
                log.exception("the postman could not reach the database")
            self.stopped.wait(LOOK_ROUND_SECONDS)

    def look_round(self) -> None:
        """Give each mailbox that has none a thread."""
        for pk in Mailbox.objects.fetched().values_list("pk", flat=True):
            thread = self.threads.get(pk)
            if thread is None or not thread.is_alive():
                self.threads[pk] = threading.Thread(target=self.attend, args=(pk,), daemon=True, name=f"mailbox-{pk}")
                self.threads[pk].start()

    def attend(self, pk: int) -> None:
        """Look after one mailbox until it is paused, retired or changed, or the process ends."""
        try:
            while not self.stopped.is_set():
                mailbox = Mailbox.objects.fetched().filter(pk=pk).first()
                if mailbox is None:
                    return
                pause = self.attend_once(mailbox)
                if self.stopped.wait(pause):
                    return
        except DatabaseError:
            log.exception("mailbox %s could not be attended to", pk)
        finally:
            connection.close()

    def attend_once(self, mailbox: Mailbox) -> float:
        """One conversation, as long as it lasts. Returns the seconds to pause."""
        at, worker = self.clock(), who_am_i()
        if mailbox.next_try_at and mailbox.next_try_at > at:
            return min(POLL_SECONDS, (mailbox.next_try_at - at).total_seconds())
        if not mailbox_actions.take_turn(mailbox, worker=worker, at=at):
            return POLL_SECONDS
        try:
            with imap.Imap(access_to(mailbox)) as there:
                self.converse(mailbox, there, worker)
        except imap.Trouble as trouble:
            mailbox_actions.note_failure(mailbox, problem=str(trouble), at=self.clock())
        finally:
            mailbox_actions.end_turn(mailbox, worker=worker)
        return 1.0

    def converse(self, mailbox: Mailbox, there: imap.Imap, worker: str) -> None:
        """Fetch, wait for news, fetch again, in one connection. Raises imap.Trouble."""
        version = mailbox.version
        while not self.stopped.is_set():
            if take_in(mailbox, there, clock=self.clock):
                tasks.read_mail.enqueue()
            mailbox_actions.note_success(mailbox, at=self.clock())
            lease = (mailbox_actions.LEASE - timedelta(seconds=30)).total_seconds()
            if there.can_idle:
                there.wait(min(lease, imap.IDLE_SECONDS), stop=self.stopped.is_set)
            elif self.stopped.wait(POLL_SECONDS):
                return
            mailbox.refresh_from_db(fields=["version", "retired_at", "is_paused"])
            if mailbox.version != version or mailbox.retired_at or mailbox.is_paused:
                return
            if not mailbox_actions.take_turn(mailbox, worker=worker, at=self.clock()):
                return
