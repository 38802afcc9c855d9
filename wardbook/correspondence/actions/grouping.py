"""Each mail that came in is compared: it joins the campaign it is a copy of, or makes one with others like it.

Quick, and apart from reading: what goes wrong here leaves a message in the Inbox, where it was.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import transaction
from django.db.models import Count, QuerySet

from wardbook.correspondence import events, threading
from wardbook.correspondence.actions import filing
from wardbook.correspondence.alike import Essence, bands, essence, own_words, shared, signature
from wardbook.correspondence.in_common import in_common
from wardbook.correspondence.models import Campaign, Likeness, LikenessBand, Message, PostRules
from wardbook.correspondence.writing import address_key
from wardbook.journal.actions import record
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Office

log = logging.getLogger(__name__)

FEWEST_SENDERS = 3
"""Two may have copied from each other; three are a campaign."""

LOOKS_BACK = timedelta(days=60)
AT_ONCE = 50
MOST_CANDIDATES = 40
MOST_OF_ONE_SENDER = 5
REFINED_AT = 10
"""With so many copies what they have in common is known well, whoever came first."""


@lru_cache(maxsize=512)
def essence_of(text: str) -> Essence:
    """The essence of a text that is compared again and again."""
    return essence(text)


def group_arrived(*, clock: Callable[[], datetime], until: datetime | None = None) -> int:
    """Compare what came in and was not compared, oldest first; how many that was. Safe to run twice, and at once."""
    done = 0
    while messages := list(unlooked(clock())[:AT_ONCE]):
        by_office: dict[int, list[Campaign]] = {}
        for message in messages:
            if message.office_id not in by_office:
                by_office[message.office_id] = list(Campaign.objects.filter(office_id=message.office_id).open())
            known = by_office[message.office_id]
            founded = _without_fail(message, known, at=clock())
            if founded is not None:
                known.append(founded)
            done += 1
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
        .select_related("office")
        .order_by("pk")
    )


def _without_fail(message: Message, known: Sequence[Campaign], *, at: datetime) -> Campaign | None:
    try:
        return compare(message, known, at=at)
    except Exception:
        log.exception("message %s could not be compared", message.pk)
        Likeness.objects.get_or_create(message=message, defaults={"signature": b"", "words": 0})
        return None


@transaction.atomic
def compare(message: Message, known: Sequence[Campaign], *, at: datetime) -> Campaign | None:
    """Note what a message is like, and let it join the open campaign it is most like. Returns a new campaign, if the
    message makes one with others."""
    mine = essence(message.text)
    mark = signature(mine)
    _likeness, is_new = Likeness.objects.get_or_create(
        message=message, defaults={"signature": mark, "words": len(mine.words)}
    )
    if not is_new or not mark:
        return None
    likest = likest_campaign(mine, known)
    if likest is not None and join(message, *likest, at=at):
        return None
    return _with_others(message, mine, mark, at=at)


def likest_campaign(mine: Essence, known: Iterable[Campaign]) -> tuple[Campaign, float] | None:
    """The campaign that a text belongs to, with the share of text in common."""
    shares = [(shared(mine, essence_of(campaign.sample)), campaign) for campaign in known]
    fitting = [(share, campaign) for share, campaign in shares if share * 100 >= campaign.threshold]
    if not fitting:
        return None
    share, campaign = max(fitting, key=lambda pair: pair[0])
    return campaign, share


@transaction.atomic
def join(message: Message, campaign: Campaign, share: float, *, at: datetime) -> bool:
    """Put a message of the Inbox into a campaign; on its policy case too, unless the sender wrote something of their
    own, which somebody must read first. False if the campaign has ended or the message was dealt with meanwhile."""
    held = Campaign.objects.select_for_update(of=("self",)).select_related("case").filter(pk=campaign.pk)
    current = held.open().first()
    if current is None:
        return False
    own = own_words(current.sample, message.text)
    free = Message.objects.filter(pk=message.pk, state=Message.State.WAITING, campaign=None)
    if not free.update(campaign=current, own_words=own, is_set_apart=bool(own)):
        return False
    record(events.CAMPAIGN_JOINED, about=current, by=None, at=at, message=message.pk, share=round(share * 100))
    if not own and takes_by_itself(current):
        assert current.case is not None
        try:
            with transaction.atomic():
                filing.file_on_case(message, current.case, by=None, at=at, how=threading.CAMPAIGN)
        except RuleBroken:
            # The case went away in this moment: the message waits in the campaign's row.
            log.info("message %s was not filed on case %s", message.pk, current.case_id)
    if Message.objects.filter(campaign=current)[: REFINED_AT + 1].count() == REFINED_AT:
        refine(current)
    return True


def takes_by_itself(campaign: Campaign) -> bool:
    """Whether what joins goes on the policy case by itself. A closed case is not opened again by a form letter."""
    case = campaign.case
    return campaign.is_accepted and case is not None and not case.is_closed and case.deleted_at is None


@transaction.atomic
def refine(campaign: Campaign) -> None:
    """Find out again what the copies have in common, and what each says of its own. For small campaigns."""
    members = list(Message.objects.filter(campaign=campaign).order_by("pk")[:200])
    if not members:
        return
    campaign.sample = in_common([one.text for one in members])
    Campaign.objects.filter(pk=campaign.pk).update(sample=campaign.sample)
    for one in members:
        own = own_words(campaign.sample, one.text)
        # Who was set apart and put with the rest by hand stays there.
        apart = bool(own) and one.state == Message.State.WAITING
        Message.objects.filter(pk=one.pk).update(own_words=own, is_set_apart=apart)


def forget_old(at: datetime) -> int:
    """Old mail founds no campaign: what only serves to find it is forgotten."""
    return LikenessBand.objects.filter(message__at__lt=at - LOOKS_BACK).delete()[0]


def _with_others(message: Message, mine: Essence, mark: bytes, *, at: datetime) -> Campaign | None:
    """A campaign of this message and those like it, if at least three people sent them."""
    threshold = PostRules.of(message.office).campaign_threshold
    alike = _alike(message, mine, mark, threshold / 100)
    same_sender = sum(_who(one) == _who(message) for one, _share in alike)
    if same_sender < MOST_OF_ONE_SENDER:
        LikenessBand.objects.bulk_create(
            LikenessBand(office_id=message.office_id, band=band, value=value, message=message)
            for band, value in enumerate(bands(mark))
        )
    if len({_who(one) for one, _share in alike} | {_who(message)}) < FEWEST_SENDERS:
        return None
    return _found(message, alike, threshold, at=at)


def _found(message: Message, alike: list[tuple[Message, float]], threshold: int, *, at: datetime) -> Campaign | None:
    # Two workers may come to the same thought: the second finds the messages taken.
    Office.objects.select_for_update(of=("self",), no_key=True).get(pk=message.office_id)
    taken = Message.objects.filter(pk__in=[one.pk for one, _share in alike], campaign__ended_at=None)
    other = taken.exclude(campaign=None).select_related("campaign").first()
    if other is not None and other.campaign is not None:
        if join(message, other.campaign, 1.0, at=at):
            LikenessBand.objects.filter(message=message).delete()
        return None
    free = [
        one
        for one, _share in alike
        if one.state == Message.State.WAITING and one.assignee_id is None and one.later_on is None
    ]
    everybody = [message, *free]
    campaign = propose(message.office, everybody, threshold=threshold, at=at, texts=[one.text for one, _ in alike])
    record(events.CAMPAIGN_FOUND, about=campaign, by=None, at=at, messages=len(everybody))
    return campaign


def propose(
    office: Office, messages: Sequence[Message], *, threshold: int, at: datetime, texts: Sequence[str] = ()
) -> Campaign:
    """A campaign of these messages of the Inbox, which nobody has accepted yet. The caller records."""
    sample = in_common([*(one.text for one in messages), *texts])
    campaign = Campaign.objects.create(
        office=office,
        name=name_of(messages, sample),
        sample=sample,
        threshold=threshold,
        started_at=min(one.at for one in messages),
    )
    for one in messages:
        own = own_words(sample, one.text)
        Message.objects.filter(pk=one.pk).update(campaign=campaign, own_words=own, is_set_apart=bool(own))
    LikenessBand.objects.filter(message__in=messages).delete()
    return campaign


def name_of(messages: Sequence[Message], sample: str) -> str:
    """What a campaign is called at first: the subject that most have, else how the text begins."""
    subjects = Counter(filter(None, (threading.base_subject(one.subject).strip() for one in messages)))
    if subjects:
        return subjects.most_common(1)[0][0][:200]
    return " ".join(sample.split())[:60].strip()


def alike_in_inbox(message: Message, threshold: float) -> list[tuple[Message, float]]:
    """Messages of the Inbox that are like this one, the likest first."""
    mine = essence(message.text)
    mark = signature(mine)
    waits = Message.State.WAITING
    return [pair for pair in _alike(message, mine, mark, threshold) if pair[0].state == waits] if mark else []


def _alike(message: Message, mine: Essence, mark: bytes, threshold: float) -> list[tuple[Message, float]]:
    """Messages in no campaign that share so much with this one, with the share. Two queries."""
    values = bands(mark)
    # A number says of which band it is; naming both lets the database go by its index, 32 × 32 quick looks.
    same = LikenessBand.objects.filter(office_id=message.office_id, band__in=range(len(values)), value__in=values)
    hits = (
        same.exclude(message=message)
        .order_by()
        .values("message")
        .annotate(hits=Count("pk"))
        .order_by("-hits", "-message")
    )
    ids = [row["message"] for row in hits[:MOST_CANDIDATES]]
    found = Message.objects.filter(pk__in=ids, campaign=None, office_id=message.office_id)
    pairs = [(one, shared(mine, essence_of(one.text))) for one in found]
    return sorted((pair for pair in pairs if pair[1] >= threshold), key=lambda pair: (-pair[1], pair[0].pk))


def _who(message: Message) -> str:
    """Who sent it, to tell people apart. Platforms send for many from one address and name them in Reply-To."""
    return address_key(message.reply_to or message.from_address)
