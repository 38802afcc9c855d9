"""How long campaigns take: 10,000 mails grouped, and one new mail among 10,000. Processor time, in a database."""

import random
import time
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from wardbook.correspondence.actions import grouping
from wardbook.correspondence.models import Campaign, LikenessBand, Mailbox, Message
from wardbook.offices.models import Office

_WORDS = (
    "pension health bees river school housing rent bus train tax council police hospital fire water energy farm sea "
    "border climate forest library park road bridge noise waste damp mould carer nurse teacher vote law court price "
    "wage benefit child parent street light safety crime debt bank shop market village town city county nation ask "
    "write promise demand protect support oppose raise reduce repair build close open fund pay save stop change keep"
).split()
_NAMES = "Mair Alun Sian Bethan Gareth Nia Owen Rhian Huw Carys".split()


class Figures(NamedTuple):
    """Processor seconds for all, milliseconds for one more (median, 95th percentile), and how many were found."""

    mails: int
    seconds: float
    median: float
    p95: float
    campaigns: int


def campaigns(office: Office, *, mails: int = 10_000, letters: int = 40, seed: int = 1) -> Figures:
    """Measure with so many mails, four in five of them copies of some letters; all is taken back afterwards."""
    with transaction.atomic():
        figures = _measure(office, mails, letters, random.Random(seed))  # noqa: S311  a story, not a secret
        transaction.set_rollback(True)
    return figures


def _measure(office: Office, mails: int, letters: int, rng: random.Random) -> Figures:
    at = timezone.now()
    box = Mailbox.objects.create(
        office=office, name="Bench", address="bench@bench.example", source="pipe", created_at=at
    )
    texts = [_letter(rng) for _turn in range(letters)]
    made = [_mail(office, box, rng, texts, turn, at) for turn in range(mails)]
    Message.objects.bulk_create(made, batch_size=500)
    begun = time.process_time()
    grouping.group_arrived(clock=lambda: at)
    seconds = time.process_time() - begun
    more = []
    for turn in range(60):
        Message.objects.bulk_create([_mail(office, box, rng, texts, mails + turn, at)])
        one = time.process_time()
        grouping.group_arrived(clock=lambda: at)
        more.append((time.process_time() - one) * 1000)
    more.sort()
    found = Campaign.objects.filter(office=office, messages__mailbox=box).distinct().count()
    assert LikenessBand.objects.filter(message__mailbox=box).exists()
    return Figures(mails, seconds, more[len(more) // 2], more[int(len(more) * 0.95) - 1], found)


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
        identifier=f"bench-{turn}@bench.example",
        content_hash=f"bench{turn}",
        at=at - timedelta(minutes=1),
    )
