"""What the pages of campaigns show, counted by the database."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case as Alternative
from django.db.models import CharField, Count, Max, Q, Value, When
from django.db.models.functions import Cast, Concat, Lower

from wardbook.correspondence.alike import Kind, differences
from wardbook.correspondence.models import (
    BulkReply,
    BulkReplyPerson,
    Campaign,
    Letter,
    Message,
    MessageQuerySet,
)
from wardbook.offices.models import Membership

PAGE = 50
APART = 20
MARGIN = 50
"""Lines as long as this are not ended by their writer."""
_BLANK = re.compile(r"\n[ \t]*\n")
_ON_ITS_WAY = ("held", "queued", "leased")
_NOT_GONE = ("stopped", "failed")


@dataclass
class Counts:
    """How many people, and how many of them what."""

    people: int
    messages: int
    waiting: int
    apart: int
    outside: int
    again: int
    by_other_ways: int
    """Of the people: those who wrote a letter or on social media."""
    mailed: int
    lettered: int

    @property
    def answered(self) -> int:
        return self.mailed + self.lettered

    @property
    def to_answer(self) -> int:
        return max(self.people - self.answered, 0)

    @property
    def to_email(self) -> int:
        return max(self.people - self.by_other_ways - self.mailed, 0)


@dataclass
class SetApart:
    """One sender's letter beside the one that all share."""

    message: Message
    pieces: list[tuple[bool, str]] = field(default_factory=list)


def members_of(member: Membership, campaign: Campaign) -> MessageQuerySet:
    """The messages of a campaign that this person sees."""
    messages = Message.objects.visible_to(member).filter(campaign=campaign)
    return messages.exclude(state=Message.State.DISMISSED)


def _who(of: str = "") -> Any:
    """Who wrote a message: the address or handle, and each letter somebody else's."""
    alone = Concat(Value("#"), Cast(f"{of}pk", CharField()))
    return Alternative(When(**{f"{of}from_address": ""}, then=alone), default=Lower(f"{of}from_address"))


def counts_of(member: Membership, campaign: Campaign) -> Counts:
    """Three queries, however many wrote; one more where somebody wrote on paper."""
    who = _who()
    found = members_of(member, campaign).aggregate(
        people=Count(who, distinct=True),
        messages=Count("pk"),
        waiting=Count("pk", filter=Q(state=Message.State.WAITING)),
        apart=Count("pk", filter=Q(is_set_apart=True)),
        outside=Count(who, distinct=True, filter=Q(contact__area="out")),
        by_other_ways=Count(who, distinct=True, filter=~Q(medium=Message.Medium.EMAIL)),
    )
    twice = members_of(member, campaign).order_by().values(who=who).annotate(times=Count("pk")).filter(times__gt=1)
    gone = BulkReplyPerson.objects.filter(bulk__campaign=campaign, message__isnull=False)
    gone = gone.exclude(message__state__in=_NOT_GONE)
    mailed = gone.aggregate(people=Count(Lower("address"), distinct=True))["people"]
    lettered = 0
    if found["by_other_ways"] and campaign.case_id:
        writers = by_other_ways(members_of(member, campaign)).values("contact")
        letters = Letter.objects.filter(case=campaign.case_id, contact__in=writers)
        letters = letters.exclude(state=Letter.State.STOPPED)
        lettered = letters.aggregate(people=Count("contact", distinct=True))["people"]
    return Counts(**found, again=twice.count(), mailed=mailed, lettered=lettered)


def by_other_ways(messages: MessageQuerySet) -> MessageQuerySet:
    """Those that no answer by email reaches."""
    return messages.exclude(medium=Message.Medium.EMAIL)


def list_of(member: Membership, *, ended: bool) -> list[Campaign]:
    """Campaigns with `people` and `newest`, those with the newest mail first."""
    seen = Campaign.objects.visible_to(member)
    seen = seen.filter(ended_at__isnull=False) if ended else seen.open()
    found: Any = seen.annotate(
        people=Count(_who("messages__"), distinct=True),
        waiting=Count("messages", filter=Q(messages__state=Message.State.WAITING)),
        newest=Max("messages__at"),
    )
    return list(found.select_related("case").order_by("is_accepted", "-newest", "-pk")[:200])


def set_apart(member: Membership, campaign: Campaign) -> list[SetApart]:
    """Those who wrote something of their own, oldest first, with what they added marked."""
    apart = members_of(member, campaign).filter(is_set_apart=True).select_related("contact")
    return [SetApart(one, pieces_of(campaign, one)) for one in apart.order_by("at", "pk")[:APART]]


def paragraphs_of(text: str) -> list[str]:
    """A text for reading: lines that a mail program broke at its margin run on, short ones stay lines."""
    blocks = [block.strip("\n").split("\n") for block in _BLANK.split(text)]
    return [
        (" " if all(len(line) >= MARGIN for line in lines[:-1]) else "\n").join(line.strip() for line in lines)
        for lines in blocks
        if any(lines)
    ]


def pieces_of(campaign: Campaign, message: Message) -> list[tuple[bool, str]]:
    """The letter in pieces: (whether the sender added it, text)."""
    spans = differences(campaign.sample, message.text[:20_000])
    return [(span.kind is Kind.ADDED, span.text) for span in spans if span.kind is not Kind.LEFT_OUT]


def progress_of(bulk: BulkReply) -> dict[str, int]:
    """How many have what, in one query: gone, here, uncertain, failed, bounced, stopped, unwritten, left_out."""
    rows: Any = bulk.people.order_by().values("left_out", "message__state").annotate(count=Count("pk"))
    found = dict.fromkeys(
        ("sent", "here", "uncertain", "failed", "bounced", "stopped", "unwritten", "left_out", "all"), 0
    )
    for row in rows:
        state = row["message__state"]
        name = "left_out" if row["left_out"] else "unwritten" if state is None else state
        name = "here" if name in _ON_ITS_WAY else name
        if name == "unwritten" and bulk.state == BulkReply.State.STOPPED:
            name = "stopped"
        found[name] = found.get(name, 0) + row["count"]
        if not row["left_out"]:
            found["all"] += row["count"]
    # What came back had gone out.
    found["gone"] = found["sent"] + found["bounced"] + found["uncertain"]
    return found


def people_in(bulk: BulkReply, show: str) -> Any:
    """The rows of an answer, of one kind or all. Who was not written to yet waits, unless the answer was stopped."""
    rows = bulk.people.select_related("contact", "message", "received").order_by("pk")
    unwritten = Q(message=None, left_out="")
    waiting, never = Q(message__state__in=_ON_ITS_WAY), Q(message__state__in=_NOT_GONE)
    if bulk.state == BulkReply.State.STOPPED:
        never |= unwritten
    else:
        waiting |= unwritten
    shown = {
        "sent": Q(message__state="sent"),
        "here": waiting,
        "uncertain": Q(message__state="uncertain"),
        "bounced": Q(message__state="bounced"),
        "not": never,
        "left": ~Q(left_out=""),
    }
    return rows.filter(shown[show]) if show in shown else rows
