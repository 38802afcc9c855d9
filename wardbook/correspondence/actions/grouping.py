"""What came in is compared: each mail joins the campaign it is a copy of, or makes one with others like it.

Apart from reading: what goes wrong here leaves a message in the Inbox, where it was. Mails are compared in batches;
what becomes of each is decided in the order in which they came, as if it were alone, and all is written at the end.
One transaction a batch: a worker that is killed leaves nothing of it, and the next one begins it again.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, QuerySet

from wardbook.correspondence import events
from wardbook.correspondence.actions import filing_many, proposing
from wardbook.correspondence.actions.nearness import Near, who
from wardbook.correspondence.alike import Essence, essence, essence_of, own_words, shared, signature
from wardbook.correspondence.models import Campaign, Likeness, LikenessBand, Message, PostRules
from wardbook.journal.actions import Line, record_many
from wardbook.lib import faults
from wardbook.offices.models import Office

log = logging.getLogger(__name__)

FEWEST_SENDERS = 3
"""Two may have copied from each other; three are a campaign."""

LOOKS_BACK = timedelta(days=60)
AT_ONCE = 100
"""Mails in one transaction: few enough that nobody who writes meanwhile waits for long."""

MOST_OF_ONE_SENDER = 5
REFINED_AT = 10
"""With so many copies what they have in common is known well, whoever came first."""


class Arrived(NamedTuple):
    """A message that is being compared, with its words and their fingerprint."""

    message: Message
    mine: Essence
    mark: bytes


def group_arrived(*, clock: Callable[[], datetime], until: datetime | None = None) -> int:
    """Compare what came in and was not compared, oldest first; how many that was. Safe to run twice, and at once."""
    done = after = 0
    while messages := list(unlooked(clock()).filter(pk__gt=after)[:AT_ONCE]):
        # What somebody has in hand at this moment is passed over, and looked at in another turn.
        after = messages[-1].pk
        by_office: dict[int, list[Message]] = {}
        for message in messages:
            by_office.setdefault(message.office_id, []).append(message)
        for some in by_office.values():
            done += _without_fail(some, at=clock())
        if until is not None and clock() >= until:
            break
    return done


def unlooked(at: datetime) -> QuerySet[Message]:
    """Mail from people in the Inbox that nobody touched and nothing compared: no reply to us, nothing automatic."""
    return (
        Message.objects.incoming()
        .awaiting_triage()
        .filter(
            auto_kind="",
            medium=Message.Medium.EMAIL,
            answers=None,
            campaign=None,
            likeness=None,
            version=1,
            at__gte=at - LOOKS_BACK,
        )
        .select_related("office", "contact")
        .defer("html", "quoted", "signature")
        .order_by("pk")
    )


def forget_old(at: datetime) -> int:
    """Old mail founds no campaign: what only serves to find it is forgotten."""
    return LikenessBand.objects.filter(message__at__lt=at - LOOKS_BACK).delete()[0]


def likest_campaign(mine: Essence, known: Iterable[Campaign]) -> tuple[Campaign, float] | None:
    """The campaign that a text belongs to, with the share of text in common. Of two as like the older one."""
    shares = [(shared(mine, essence_of(campaign.sample)), campaign) for campaign in known]
    fitting = [(share, campaign) for share, campaign in shares if share * 100 >= campaign.threshold]
    if not fitting:
        return None
    share, campaign = max(fitting, key=lambda pair: (pair[0], -pair[1].pk))
    return campaign, share


def alike_in_inbox(message: Message, threshold: float) -> list[tuple[Message, float]]:
    """Messages of the Inbox that are like this one, the likest first."""
    one = _arrived(message)
    waits = Message.State.WAITING
    found = Near(message.office_id, [(message, one.mark)]).alike(message, one.mine, one.mark, threshold)
    return [pair for pair in found if pair[0].state == waits]


def _without_fail(messages: Sequence[Message], *, at: datetime) -> int:
    """Compare these of one office. One with which that fails is left alone, and stops no other."""
    try:
        # Outside of the transaction, which others wait for.
        return compare([_arrived(message) for message in messages], at=at)
    except Exception:
        if len(messages) > 1:
            log.info("%d messages could not be compared together", len(messages), exc_info=True)
            return sum(_without_fail([message], at=at) for message in messages)
        log.exception("message %s could not be compared", messages[0].pk)
        Likeness.objects.get_or_create(message=messages[0], defaults={"signature": b"", "words": 0})
        return 1


def _arrived(message: Message) -> Arrived:
    mine = essence(message.text)
    return Arrived(message, mine, signature(mine))


@transaction.atomic
def compare(arrived: Sequence[Arrived], *, at: datetime) -> int:
    """Note what messages of one office are like; let each join the open campaign it is most like, or make one with
    others. Returns how many were compared: not those that somebody has in hand or dealt with meanwhile."""
    office = arrived[0].message.office
    batch = _Batch(office, at)
    free = unlooked(at).filter(pk__in=[one.message.pk for one in arrived])
    held = {one.pk for one in free.select_related(None).only("pk").select_for_update(of=("self",), skip_locked=True)}
    mine = [one for one in arrived if one.message.pk in held]
    Likeness.objects.bulk_create(
        Likeness(message=one.message, signature=one.mark, words=len(one.mine.words)) for one in mine
    )
    batch.look_at([one for one in mine if one.mark])
    faults.point("before-grouping-commits")
    return len(mine)


class _Batch:
    """The messages of one office that are compared in one transaction."""

    def __init__(self, office: Office, at: datetime) -> None:
        self.office, self.at = office, at
        # In this order, as people do who accept a group and so open a case. Two workers take turns at an office, or
        # each would find half of a campaign.
        open_ones = Campaign.objects.select_for_update(of=("self",)).filter(office=office).open()
        self.known = list(open_ones.select_related("case").order_by("pk"))
        Office.objects.select_for_update(of=("self",), no_key=True).get(pk=office.pk)
        self.threshold = PostRules.of(office).campaign_threshold
        self.joined: dict[int, list[tuple[Message, str]]] = {}
        self.counts: dict[int, int] = {}
        self.banded: dict[int, Arrived] = {}
        self.lines: list[Line] = []
        self.has_changed = False
        """Whether the campaigns that are known are others than at the beginning."""

    def look_at(self, arrived: Sequence[Arrived]) -> None:
        """Decide what becomes of each, in their order, and write it."""
        first = {one.message.pk: likest_campaign(one.mine, self.known) for one in arrived}
        self._count({likest[0].pk for likest in first.values() if likest is not None})
        self.near = Near(
            self.office.pk, [(one.message, one.mark) for one in arrived if first[one.message.pk] is None]
        )
        for one in arrived:
            likest = likest_campaign(one.mine, self.known) if self.has_changed else first[one.message.pk]
            if likest is not None:
                self._join(one.message, *likest)
            else:
                self._with_others(one)
        for campaign in self.known:
            self._write_joined(campaign)
        self.near.keep(self.banded)
        record_many(self.lines, by=None, at=self.at)

    def _count(self, campaigns: set[int]) -> None:
        """How many there are in each: no further than it matters where there is but one."""
        members = Message.objects.filter(campaign__in=campaigns)
        if len(campaigns) == 1:
            self.counts |= dict.fromkeys(campaigns, members[: REFINED_AT + 1].count())
        elif campaigns:
            counted = members.order_by().values("campaign").annotate(count=Count("pk"))
            self.counts |= dict.fromkeys(campaigns, 0) | dict(counted.values_list("campaign", "count"))

    def _join(self, message: Message, campaign: Campaign, share: float) -> None:
        """Put it into a campaign; on its policy case too, unless the sender wrote something of their own, which
        somebody must read first."""
        own = own_words(campaign.sample, message.text)
        if campaign.pk not in self.counts:
            self._count({campaign.pk})
        self.joined.setdefault(campaign.pk, []).append((message, own))
        facts = {"message": message.pk, "share": round(share * 100)}
        self.lines.append(Line(events.CAMPAIGN_JOINED, campaign, facts))
        self.counts[campaign.pk] += 1
        if self.counts[campaign.pk] == REFINED_AT:
            self._write_joined(campaign)
            proposing.refine(campaign)
            self.has_changed = True

    def _write_joined(self, campaign: Campaign) -> None:
        """Those who added nothing with one statement, the others one by one."""
        joined = self.joined.pop(campaign.pk, [])
        plain = [message for message, own in joined if not own]
        for message, own in joined:
            if own:
                Message.objects.filter(pk=message.pk).update(campaign=campaign, own_words=own, is_set_apart=True)
        if plain and proposing.takes_by_itself(campaign) and proposing.hold_case(campaign):
            assert campaign.case is not None
            into = {"campaign": campaign, "own_words": "", "is_set_apart": False}
            self.lines += filing_many.put_on_case(plain, campaign.case, by=None, at=self.at, **into)
        elif plain:
            waiting = Message.objects.filter(pk__in=[message.pk for message in plain])
            waiting.update(campaign=campaign, own_words="", is_set_apart=False)

    def _with_others(self, one: Arrived) -> None:
        """A campaign of this message and those like it, if at least three people sent them."""
        alike = self.near.alike(one.message, one.mine, one.mark, self.threshold / 100)
        sender = who(one.message)
        if len({who(other) for other, _share in alike} | {sender}) >= FEWEST_SENDERS:
            self._found(one.message, alike)
        elif sum(who(other) == sender for other, _share in alike) < MOST_OF_ONE_SENDER:
            self.banded[one.message.pk] = one
            self.near.add(one.message, one.mark)

    def _found(self, message: Message, alike: Sequence[tuple[Message, float]]) -> None:
        ids = [one.pk for one, _share in alike]
        # Somebody may have made a campaign of them in this moment.
        taken = Message.objects.filter(pk__in=ids, campaign__isnull=False, campaign__ended_at=None).first()
        if taken is not None and taken.campaign_id is not None:
            campaign = (
                Campaign.objects.select_for_update(of=("self",)).select_related("case").get(pk=taken.campaign_id)
            )
            self.known += [] if campaign in self.known else [campaign]
            self.has_changed = True
            self._join(message, campaign, 1.0)
            return
        free = Message.objects.filter(pk__in=ids, campaign=None, state=Message.State.WAITING)
        free = free.filter(assignee=None, later_on=None).only("pk")
        held = {one.pk for one in free.select_for_update(of=("self",), skip_locked=True)}
        everybody = [message, *(one for one, _share in alike if one.pk in held)]
        texts = [one.text for one, _share in alike]
        campaign = proposing.propose(self.office, everybody, threshold=self.threshold, at=self.at, texts=texts)
        for one in everybody:
            self.banded.pop(one.pk, None)
            self.near.forget(one)
        self.counts[campaign.pk] = len(everybody)
        self.known.append(campaign)
        self.has_changed = True
        self.lines.append(Line(events.CAMPAIGN_FOUND, campaign, {"messages": len(everybody)}))
