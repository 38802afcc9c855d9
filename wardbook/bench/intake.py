"""How many mails a second come in: from a real IMAP server into the database, read, matched and in the Inbox."""

import multiprocessing
import random
import statistics
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import NamedTuple

from django.db import connections
from django.urls import reverse
from django.utils import timezone

from wardbook.bench.dovecot import PASSWORD, Dovecot
from wardbook.bench.measuring import Figures, Missed, Reader, measure
from wardbook.correspondence import mime, postman, sealing
from wardbook.correspondence.actions import reading
from wardbook.correspondence.models import Delivery, Mailbox, Message
from wardbook.offices.models import Office

LEAST_A_SECOND = 50
WITH_FILES = 0.3
FILE = 60_000
"""Bytes of an attachment."""
PARSING = 15.0
LIST_P95 = 500.0
UNFILED = 5_000
INBOX = (100, 100, 15)
"""Milliseconds (median, 95th percentile) and queries that the Inbox may cost."""
SENTENCES = """\
The mould on the wall of the children's room is back
I have rung the council three times since March
Nobody has come to look at it
The landlord says that it is for the council to do
My daughter has asthma and misses school
Please could you find out what happens next
We have lived here for eleven years
The bus to the hospital does not run any more
My payment was stopped without a letter
I enclose what they wrote to me
The road outside the school has no crossing""".splitlines()


class Rate(NamedTuple):
    """What came in, in seconds of the clock and of one processor, and how the list of cases felt meanwhile."""

    mails: int
    fetched_in: float
    read_in: float
    processor: float
    list_p95: float | None

    @property
    def a_second(self) -> float:
        return self.mails / (self.fetched_in + self.read_in)

    @property
    def a_second_of_processor(self) -> float:
        return self.mails / self.processor


def mails(count: int, *, seed: int = 1) -> Iterator[bytes]:
    """Mails of as many people, each of its own words, three of ten with a file, one of ten in HTML too."""
    chance = random.Random(seed)  # noqa: S311  not a secret
    run = f"{timezone.now():%y%m%d%H%M%S%f}"
    for number in range(count):
        mail = EmailMessage()
        mail["From"] = f"Person {number} <person{number}.{run}@home.example>"
        mail["To"] = "office@bench.example"
        mail["Subject"] = f"{chance.choice(SENTENCES)[:60]} ({number})"
        mail["Date"] = "Mon, 2 Jun 2025 09:00:00 +0100"
        mail["Message-ID"] = f"<{run}.{number}@home.example>"
        words = "\n\n".join(f"{line}." for line in chance.sample(SENTENCES, 6))
        mail.set_content(f"Dear Mrs Lloyd,\n\n{words}\n\nNumber {chance.random()}\n\nRegards,\nPerson {number}\n")
        if chance.random() < 0.1:
            mail.add_alternative(f"<p>Dear Mrs Lloyd,</p><p>{words}</p>", subtype="html")
        if chance.random() < WITH_FILES:
            content = b"%PDF-1.7\n" + chance.randbytes(FILE)
            mail.add_attachment(content, maintype="application", subtype="pdf", filename=f"letter {number}.pdf")
        yield mail.as_bytes()


def rate(office: Office, *, count: int, meanwhile: Callable[[], object] | None = None) -> Rate:
    """Fetch and read so many mails. `meanwhile` is asked all the time while another process does it."""
    now = timezone.now()
    with Dovecot() as server:
        mailbox = Mailbox.objects.create(
            office=office,
            name="Bench",
            address=f"bench-{now:%y%m%d%H%M%S%f}@bench.example",
            host="127.0.0.1",
            port=server.port,
            security=Mailbox.Security.NONE,
            username="bench",
            secret=sealing.seal(PASSWORD),
            created_at=now,
        )
        server.deliver("bench", *mails(count))
        try:
            took, p95 = _beside(mailbox.pk, meanwhile)
        finally:
            Mailbox.objects.filter(pk=mailbox.pk).update(retired_at=timezone.now())
    became = Delivery.objects.filter(mailbox=mailbox, state=Delivery.State.READ).count()
    if became != count:
        raise Missed(f"{became} of {count} mails became messages")
    return Rate(count, *took, p95)


def _beside(pk: int, meanwhile: Callable[[], object] | None) -> tuple[tuple[float, float, float], float | None]:
    """Take in within a process of its own, as the product does, and time what is asked in this one."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    worker = context.Process(target=lambda: sender.send(_take_in(pk)))
    worker.start()
    walls = []
    while worker.is_alive() and not receiver.poll(0.05):
        if meanwhile is not None:
            began = time.perf_counter()
            meanwhile()
            walls.append((time.perf_counter() - began) * 1000)
    if not receiver.poll(1):
        raise Missed("the process that takes in mail ended without a word")
    took = receiver.recv()
    worker.join()
    return took, sorted(walls)[max(0, round(len(walls) * 0.95) - 1)] if walls else None


def _take_in(pk: int) -> tuple[float, float, float]:
    mailbox = Mailbox.objects.get(pk=pk)
    begun, processor = time.perf_counter(), time.process_time()
    postman.fetch(mailbox)
    fetched = time.perf_counter()
    reading.read_all("bench", clock=timezone.now)
    return fetched - begun, time.perf_counter() - fetched, time.process_time() - processor


def parsing(count: int = 300) -> float:
    """The median of the milliseconds that reading the bytes of one mail takes."""
    walls = []
    for raw in mails(count):
        began = time.perf_counter()
        mime.parse(raw)
        walls.append((time.perf_counter() - began) * 1000)
    return statistics.median(walls)


def inbox(office: Office, reader: Reader, *, unfiled: int, times: int) -> Figures:
    """The Inbox with so many mails in it, as a caseworker opens it."""
    waiting = Message.objects.filter(office=office, state=Message.State.WAITING)
    now, there = timezone.now(), waiting.count()
    Message.objects.bulk_create(
        [
            Message(
                office=office,
                direction=Message.Direction.IN,
                state=Message.State.WAITING,
                subject=f"{SENTENCES[number % len(SENTENCES)][:60]} ({number})",
                from_name=f"Person {number}",
                from_address=f"person{number}@home.example",
                text=". ".join(SENTENCES),
                identifier=f"{now:%y%m%d%H%M%S%f}.{number}@bench.example",
                content_hash=f"{number:064x}",
                at=now,
            )
            for number in range(max(0, unfiled - there))
        ],
        batch_size=500,
    )
    address = reverse("desk:inbox", args=[office.slug])

    def ask() -> None:
        shown = reader.get(address).count("data-row")
        if shown < min(unfiled, 50):
            raise Missed(f"{address} lists {shown} mails")

    return measure(ask, times=times)
