"""What the pages of campaigns show, counted by the database."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Q
from django.db.models.functions import Lower

from wardbook.correspondence.alike import Kind, differences
from wardbook.correspondence.models import BulkReply, BulkReplyPerson, Campaign, Message, MessageQuerySet
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
    answered: int

    @property
    def to_answer(self) -> int:
        return max(self.people - self.answered, 0)


@dataclass
class Letter:
    """One sender's letter beside the one that all share."""

    message: Message
    pieces: list[tuple[bool, str]] = field(default_factory=list)


def members_of(member: Membership, campaign: Campaign) -> MessageQuerySet:
    """The messages of a campaign that this person sees."""
    messages = Message.objects.visible_to(member).filter(campaign=campaign)
    return messages.exclude(state=Message.State.DISMISSED)


def counts_of(member: Membership, campaign: Campaign) -> Counts:
    """Three queries, however many wrote."""
    who = Lower("from_address")
    found = members_of(member, campaign).aggregate(
        people=Count(who, distinct=True),
        messages=Count("pk"),
        waiting=Count("pk", filter=Q(state=Message.State.WAITING)),
        apart=Count("pk", filter=Q(is_set_apart=True)),
        outside=Count(who, distinct=True, filter=Q(contact__area="out")),
    )
    twice = members_of(member, campaign).order_by().values(who=who).annotate(times=Count("pk")).filter(times__gt=1)
    gone = BulkReplyPerson.objects.filter(bulk__campaign=campaign, message__isnull=False)
    gone = gone.exclude(message__state__in=_NOT_GONE)
    answered = gone.aggregate(people=Count(Lower("address"), distinct=True))["people"]
    return Counts(**found, again=twice.count(), answered=answered)


def list_of(member: Membership, *, ended: bool) -> list[Campaign]:
    """Campaigns with `people` and `newest`, those with the newest mail first."""
    seen = Campaign.objects.visible_to(member)
    seen = seen.filter(ended_at__isnull=False) if ended else seen.open()
    found: Any = seen.annotate(
        people=Count(Lower("messages__from_address"), distinct=True),
        waiting=Count("messages", filter=Q(messages__state=Message.State.WAITING)),
        newest=Max("messages__at"),
    )
    return list(found.select_related("case").order_by("is_accepted", "-newest", "-pk")[:200])


def set_apart(member: Membership, campaign: Campaign) -> list[Letter]:
    """Those who wrote something of their own, oldest first, with what they added marked."""
    apart = members_of(member, campaign).filter(is_set_apart=True).select_related("contact")
    return [Letter(one, pieces_of(campaign, one)) for one in apart.order_by("at", "pk")[:APART]]


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
