"""How long campaigns take: 10,000 mails grouped, and one new mail among 10,000."""

import random
import statistics
import time
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from wardbook.bench.measuring import Missed, late
from wardbook.correspondence.actions import grouping
from wardbook.correspondence.models import Campaign, Likeness, Mailbox, Message
from wardbook.offices.models import Office

_WORDS = (
    "pension health bees river school housing rent bus train tax council police hospital fire water energy farm sea "
    "border climate forest library park road bridge noise waste damp mould carer nurse teacher vote law court price "
    "wage benefit child parent street light safety crime debt bank shop market village town city county nation ask "
    "write promise demand protect support oppose raise reduce repair build close open fund pay save stop change keep"
).split()
_NAMES = "Mair Alun Sian Bethan Gareth Nia Owen Rhian Huw Carys".split()


ALL_IN = 30.0
"""Seconds in which all of them may be grouped."""
ONE_IN = 100.0
"""Milliseconds that one more may take."""
MORE = 60
LETTERS = 40


class Figures(NamedTuple):
    """Seconds for all, milliseconds for one more (median, 95th percentile), how many campaigns were found. `cpu…` are
    the same by the processor alone."""

    mails: int
    seconds: float
    cpu_seconds: float
    median: float
    p95: float
    cpu: float
    cpu_p95: float
    campaigns: int

    @property
    def holds(self) -> bool:
        return self.seconds <= ALL_IN and self.p95 <= ONE_IN

    @property
    def holds_by_processor(self) -> bool:
        return self.cpu_seconds <= ALL_IN and self.cpu_p95 <= ONE_IN


def campaigns(office: Office, *, mails: int = 10_000, seed: int = 1) -> Figures:
    """Measure with so many mails of an office that has none yet, four in five of them copies of some letters.

    Measured is what the worker does with mails that were read and wait in the Inbox: fingerprints, what each is like,
    the campaigns, what senders added, the journal, all of it committed. Not measured here is taking mail in (that is
    `intake`). One more is measured with all the others still waiting in the Inbox.
    """
    rng = random.Random(seed)  # noqa: S311  a story, not a secret
    at = timezone.now()
    box = Mailbox.objects.create(
        office=office, name="Bench", address=f"{office.slug}@campaigns.example", source="pipe", created_at=at
    )
    texts = [_letter(rng) for _turn in range(LETTERS)]
    made = [_mail(office, box, rng, texts, turn, at) for turn in range(mails)]
    Message.objects.bulk_create(made, batch_size=500)
    seconds, cpu_seconds = _timed(at)
    walls, processors = [], []
    for turn in range(MORE):
        Message.objects.bulk_create([_mail(office, box, rng, texts, mails + turn, at)])
        wall, processor = _timed(at)
        walls.append(wall * 1000)
        processors.append(processor * 1000)
    found = Campaign.objects.filter(office=office).count()
    if Likeness.objects.filter(message__office=office).count() != mails + MORE or not found:
        raise Missed(f"not all mails were compared, or none was a copy: {found} campaigns")
    return Figures(
        mails,
        seconds,
        cpu_seconds,
        statistics.median(walls),
        late(walls),
        statistics.median(processors),
        late(processors),
        found,
    )


def _timed(at: datetime) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    grouping.group_arrived(clock=lambda: at)
    return time.perf_counter() - wall, time.process_time() - processor


def _letter(rng: random.Random) -> str:
    return "\n\n".join(" ".join(_sentence(rng) for _turn in range(4)) for _paragraph in range(4))


def _sentence(rng: random.Random) -> str:
    return " ".join(rng.choice(_WORDS) for _turn in range(rng.randint(9, 18))).capitalize() + "."


def _mail(office: Office, box: Mailbox, rng: random.Random, texts: list[str], turn: int, at: datetime) -> Message:
    name = f"{rng.choice(_NAMES)} Person{turn}"
    body = rng.choice(texts) if rng.random() < 0.8 else _letter(rng)
    own = f"{_sentence(rng)}\n\n" if rng.random() < 0.1 else ""
    return Message(
        office=office,
        mailbox=box,
        direction=Message.Direction.IN,
        state=Message.State.WAITING,
        subject=f"Please {body.split()[0].lower()}",
        from_name=name,
        from_address=f"person{turn}@bench.example",
        text=f"Dear Member,\n\n{body}\n\n{own}Yours sincerely,\n{name}\n{turn} Mill Lane\n",
        identifier=f"{office.slug}-{turn}@bench.example",
        content_hash=f"bench{turn}",
        at=at - timedelta(minutes=1),
    )
