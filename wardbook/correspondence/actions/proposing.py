"""A campaign is made of messages, and finds out what they have in common."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from wardbook.cases.models import Case
from wardbook.correspondence import threading
from wardbook.correspondence.alike import own_words
from wardbook.correspondence.in_common import in_common
from wardbook.correspondence.models import Campaign, LikenessBand, Message
from wardbook.offices.models import Office


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
    for own, ids in _by_own_words(sample, messages).items():
        Message.objects.filter(pk__in=ids).update(campaign=campaign, own_words=own, is_set_apart=bool(own))
    LikenessBand.objects.filter(message__in=[one.pk for one in messages]).delete()
    return campaign


def name_of(messages: Sequence[Message], sample: str) -> str:
    """What a campaign is called at first: the subject that most have, else how the text begins."""
    subjects = Counter(filter(None, (threading.base_subject(one.subject).strip() for one in messages)))
    if subjects:
        return subjects.most_common(1)[0][0][:200]
    return " ".join(sample.split())[:60].strip()


def takes_by_itself(campaign: Campaign) -> bool:
    """Whether what joins goes on the policy case by itself. A closed case is not opened again by a form letter."""
    case = campaign.case
    return campaign.is_accepted and case is not None and not case.is_closed and case.deleted_at is None


def hold_case(campaign: Campaign) -> bool:
    """Hold the policy case as it is now, until the transaction ends. False where it takes nothing any more."""
    if campaign.case_id is None:
        return False
    campaign.case = Case.objects.select_for_update(of=("self",)).filter(pk=campaign.case_id).first()
    return takes_by_itself(campaign)


@transaction.atomic
def refine(campaign: Campaign) -> None:
    """Find out again what the copies have in common, and what each says of its own. For small campaigns."""
    members = list(Message.objects.filter(campaign=campaign).order_by("pk")[:200])
    if not members:
        return
    campaign.sample = in_common([one.text for one in members])
    Campaign.objects.filter(pk=campaign.pk).update(sample=campaign.sample)
    waiting = {one.pk for one in members if one.state == Message.State.WAITING}
    for own, ids in _by_own_words(campaign.sample, members).items():
        # Who was set apart and put with the rest by hand stays there.
        apart = waiting.intersection(ids) if own else set()
        Message.objects.filter(pk__in=ids).update(own_words=own, is_set_apart=False)
        Message.objects.filter(pk__in=apart).update(is_set_apart=True)


def _by_own_words(sample: str, messages: Sequence[Message]) -> dict[str, list[int]]:
    """The messages by what their sender added; most added nothing."""
    by_words: defaultdict[str, list[int]] = defaultdict(list)
    for one in messages:
        by_words[own_words(sample, one.text)].append(one.pk)
    return by_words
