"""Messages in no campaign that may be like some others: found by their fingerprints, then compared word by word."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Protocol

from django.db.models import Q

from wardbook.correspondence.alike import Essence, bands, essence_of, shared
from wardbook.correspondence.models import LikenessBand, Message
from wardbook.correspondence.writing import address_key

MOST_CANDIDATES = 40


class Marked(Protocol):
    """Whatever has a fingerprint."""

    @property
    def mark(self) -> bytes: ...


class Near:
    """What may be like the messages of a batch, in one office, looked up for all of them in two queries.

    Knows also what the batch itself adds before it is written.
    """

    def __init__(self, office_id: int, messages: Sequence[tuple[Message, bytes]]) -> None:
        self.office_id = office_id
        self._by_band: dict[tuple[int, int], set[int]] = {}
        self._bands: dict[int, list[tuple[int, int]]] = {}
        # None for what has joined a campaign.
        self._messages: dict[int, Message | None] = {}
        self._look_up([mark for _message, mark in messages])
        likely = {pk for message, mark in messages for pk in self._likely(message, mark)}
        self._load(likely)

    def alike(self, message: Message, mine: Essence, mark: bytes, threshold: float) -> list[tuple[Message, float]]:
        """Messages in no campaign that share so much with this one, with the share; the likest first."""
        self._look_up([mark])
        likely = self._likely(message, mark)
        self._load(set(likely))
        found = [one for pk in likely if (one := self._messages[pk]) is not None]
        pairs = [(one, shared(mine, essence_of(one.text))) for one in found]
        return sorted((pair for pair in pairs if pair[1] >= threshold), key=lambda pair: (-pair[1], pair[0].pk))

    def add(self, message: Message, mark: bytes) -> None:
        """Have a message of the batch found by those after it."""
        self._messages[message.pk] = message
        for pair in enumerate(bands(mark)):
            self._note(pair, message.pk)

    def forget(self, message: Message) -> None:
        """It is in a campaign now."""
        self._messages[message.pk] = None
        for pair in self._bands.pop(message.pk, ()):
            self._by_band[pair].discard(message.pk)

    def keep(self, added: Mapping[int, Marked]) -> None:
        """Write down the fingerprints of what is still in no campaign, so that later mail finds it."""
        LikenessBand.objects.bulk_create(
            (
                LikenessBand(office_id=self.office_id, band=band, value=value, message_id=pk)
                for pk, one in added.items()
                for band, value in enumerate(bands(one.mark))
            ),
            batch_size=240,
        )

    def _look_up(self, marks: Sequence[bytes]) -> None:
        """Who has a band in common with one of these. Each band by itself, so that the index answers."""
        wanted: dict[int, set[int]] = {}
        for mark in marks:
            for band, value in enumerate(bands(mark)):
                if (band, value) not in self._by_band:
                    self._by_band[band, value] = set()
                    wanted.setdefault(band, set()).add(value)
        if wanted:
            same = reduce(or_, (Q(band=band, value__in=sorted(values)) for band, values in wanted.items()))
            rows = LikenessBand.objects.filter(same, office_id=self.office_id)
            for band, value, pk in rows.values_list("band", "value", "message_id"):
                self._note((band, value), pk)

    def _note(self, pair: tuple[int, int], pk: int) -> None:
        self._by_band.setdefault(pair, set()).add(pk)
        self._bands.setdefault(pk, []).append(pair)

    def _likely(self, message: Message, mark: bytes) -> list[int]:
        """Those with the most bands in common, of equal ones the latest."""
        hits: Counter[int] = Counter()
        for pair in enumerate(bands(mark)):
            hits.update(self._by_band.get(pair, ()))
        del hits[message.pk]
        return sorted(hits, key=lambda pk: (-hits[pk], -pk))[:MOST_CANDIDATES]

    def _load(self, wanted: set[int]) -> None:
        missing = wanted - self._messages.keys()
        if missing:
            self._messages |= dict.fromkeys(missing)
            rows = Message.objects.filter(pk__in=missing, campaign=None, office_id=self.office_id)
            self._messages |= {one.pk: one for one in rows.defer("html", "quoted", "signature")}


def who(message: Message) -> str:
    """Who sent it, to tell people apart. Platforms send for many from one address and name them in Reply-To."""
    return address_key(message.reply_to or message.from_address)
