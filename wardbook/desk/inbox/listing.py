"""What lies in the Inbox: its rows, how many of each kind, and what follows a row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.db.models.functions import Left
from django.utils import timezone

from wardbook.cases.models import Case
from wardbook.correspondence.models import (
    Attachment,
    Campaign,
    Delivery,
    InboxVisit,
    Mailbox,
    Message,
    MessageQuerySet,
)
from wardbook.correspondence.models.messages import untitled
from wardbook.lib.ids import as_id
from wardbook.lib.quote import one_line
from wardbook.offices.middleware import Request
from wardbook.offices.models import Membership

PAGE = 50
OPENING = 160
"""So many characters of a message stand in its row."""
MOST_COUNTED = 1_000
MOST_WAITING = 10_000
MOST_CAMPAIGNS = 20
# Said in this way so that SQLite goes by the index of what waits, not by that of everything in no campaign.
IN_NO_CAMPAIGN = ~Q(campaign_id__gt=0)
SHOWS = ("all", "mine", "nobody", "later")
LOOKS_FOR = timedelta(seconds=45)
_ROW = (
    *("id", "subject", "from_name", "from_address", "at", "auto_kind", "suggestion", "suggestion_is_sure"),
    *("suggested_case_id", "assignee_id", "later_on", "warnings", "medium", "invitation", "version", "contact__name"),
)


@dataclass(frozen=True)
class Shown:
    """Which part of the Inbox is on the screen, as it stands in the address."""

    show: str = "all"
    words: str = ""
    after: tuple[datetime, int] | None = None

    @classmethod
    def read(cls, request: Request) -> Shown:
        """Unknown values narrow nothing."""
        show = request.GET.get("show", "all")
        words = one_line(request.GET.get("q", "")[:400])[:100]
        return cls(show if show in SHOWS else "all", words, _mark(request.GET.get("after", "")))

    def query(self, **changed: str) -> str:
        """The query of this part with something changed; the place in the list is kept only where it is named."""
        now = {"show": "" if self.show == "all" else self.show, "q": self.words, **changed}
        kept = {name: value for name, value in now.items() if value}
        return f"?{urlencode(kept)}" if kept else ""


class Look(NamedTuple):
    """Somebody has an item on the screen, or had a moment ago."""

    user_id: int
    name: str
    at: datetime


class Alike(NamedTuple):
    """A campaign with how many of its messages wait in the Inbox, and when the newest came."""

    campaign: Campaign
    waiting: int
    newest: datetime


@dataclass
class Listing:
    """One page of rows, the campaigns above them, and how many there are of each kind."""

    rows: list[dict[str, Any]]
    campaigns: list[Alike]
    counts: dict[str, int]
    more: str
    unreadable: list[Delivery] = field(default_factory=list)
    silent: list[Mailbox] = field(default_factory=list)
    looks: dict[int, list[Look]] = field(default_factory=dict)


def rows_of(member: Membership, shown: Shown, at: datetime) -> MessageQuerySet:
    """The messages of this part, newest first. Those of a campaign stand behind its one row."""
    today = member.office.local_date(at)
    waiting = Message.objects.in_inbox_of(member).awaiting_triage(None if shown.show == "later" else today)
    waiting = waiting.filter(IN_NO_CAMPAIGN)
    if shown.show == "mine":
        waiting = waiting.filter(assignee_id=member.user_id)
    elif shown.show == "nobody":
        waiting = waiting.filter(assignee_id__isnull=True)
    elif shown.show == "later":
        waiting = waiting.filter(later_on__gt=today)
    for word in shown.words.split():
        waiting = waiting.filter(
            Q(subject__icontains=word) | Q(from_name__icontains=word) | Q(from_address__icontains=word)
        )
    return waiting.order_by("-at", "-pk")


def listing(request: Request, shown: Shown, at: datetime) -> Listing:
    """Everything beside the reading pane. The same number of queries however full the Inbox is."""
    member = request.member
    messages = rows_of(member, shown, at)
    if shown.after:
        messages = messages.filter(_behind(*shown.after))
    files = Exists(Attachment.objects.filter(message=OuterRef("pk"), is_inline=False))
    messages = messages.annotate(opening=Left("text", OPENING), files=files)
    found = list(messages.values(*_ROW, "assignee__name", "opening", "files")[: PAGE + 1])
    rows = found[:PAGE]
    _say_which_case(rows, member)
    looks = _say_who_looks(rows, member, at)
    counted, campaigns = counts(member, at)
    more = shown.query(after=_written(rows[-1])) if len(found) > PAGE else ""
    first_page = shown.after is None
    return Listing(
        rows=rows,
        campaigns=_campaigns(member, campaigns) if shown.show == "all" and first_page and not shown.words else [],
        counts=counted,
        looks=looks,
        more=more,
        unreadable=list(
            Delivery.objects.visible_to(member).in_quarantine().select_related("mailbox").order_by("-pk")[:20]
        )
        if first_page
        else [],
        silent=silent_mailboxes(member, at),
    )


def counts(member: Membership, at: datetime) -> tuple[dict[str, int], dict[int, tuple[int, datetime]]]:
    """How many wait in each part, and in each campaign; a campaign's messages are in no part's number.

    Of the newest only, so many that nobody counts on. In their order, which leads the database to the index of what
    waits: the way by the office, or by what is in no campaign, leads through everything that was ever filed.
    """
    today = member.office.local_date(at)
    now = Q(later_on__isnull=True) | Q(later_on__lte=today)
    alone = Q(campaign__isnull=True)
    newest = Message.objects.in_inbox_of(member).order_by("-at", "-pk")[:MOST_WAITING]
    found = newest.aggregate(
        all=Count("pk", filter=alone & now),
        mine=Count("pk", filter=alone & now & Q(assignee_id=member.user_id)),
        nobody=Count("pk", filter=alone & now & Q(assignee_id__isnull=True)),
        later=Count("pk", filter=alone & ~now),
        together=Count("campaign"),
    )
    if not found.pop("together"):
        return found, {}
    rows = Message.objects.filter(pk__in=newest.values("pk"), campaign__isnull=False).order_by().values("campaign")
    each = rows.annotate(every=Count("pk"), newest=Max("at")).values_list("campaign", "every", "newest")
    return found, {pk: (waiting, last) for pk, waiting, last in each}


def waiting_count(member: Membership, at: datetime) -> int:
    """How many wait now, counted no further than is worth saying."""
    if not member.can("inbox.read"):
        return 0
    waiting = Message.objects.in_inbox_of(member).awaiting_triage(member.office.local_date(at))
    return waiting.filter(IN_NO_CAMPAIGN).order_by("-at", "-pk")[: MOST_COUNTED + 1].count()


def following(member: Membership, shown: Shown, message: Message, at: datetime) -> int | None:
    """The item after this one in the list, else the one before it, else none."""
    rows = rows_of(member, shown, at).exclude(pk=message.pk)
    after = rows.filter(_behind(message.at, message.pk)).values_list("pk", flat=True).first()
    if after is not None:
        return after
    return rows.order_by("at", "pk").values_list("pk", flat=True).first()


def silent_mailboxes(member: Membership, at: datetime) -> list[Mailbox]:
    """Mailboxes from which no mail has come in although it should: the alarm (R29)."""
    if not member.can("inbox.read"):
        return []
    return list(Mailbox.objects.visible_to(member).silent(at))


def _campaigns(member: Membership, waiting: dict[int, tuple[int, datetime]]) -> list[Alike]:
    """Those of which something waits, the one with the newest first."""
    if not waiting:
        return []
    found = Campaign.objects.visible_to(member).open().filter(pk__in=waiting).defer("sample", "position")
    alike = [Alike(campaign, *waiting[campaign.pk]) for campaign in found]
    return sorted(alike, key=lambda one: one.newest, reverse=True)[:MOST_CAMPAIGNS]


def _say_which_case(rows: list[dict[str, Any]], member: Membership) -> None:
    """The suggested case of each row, where this person may know of it (A5)."""
    wanted = {row["suggested_case_id"] for row in rows if row["suggested_case_id"]}
    cases = Case.objects.visible_to(member).filter(pk__in=wanted).only("reference", "number", "description")
    known = {case.pk: case for case in cases} if wanted else {}
    for row in rows:
        row["case"] = known.get(row["suggested_case_id"])
        row["untitled"] = untitled(row["medium"])
        row["who"] = row["contact__name"] if row["medium"] != "email" else ""


def _say_who_looks(rows: list[dict[str, Any]], member: Membership, at: datetime) -> dict[int, list[Look]]:
    """Who has what on the screen now. The name in a row is a colleague's; the person's own looks are returned too."""
    visits = InboxVisit.objects.filter(message__in=[row["id"] for row in rows], seen_at__gt=at - LOOKS_FOR)
    looks: dict[int, list[Look]] = {}
    if rows:
        for pk, user_id, name, seen_at in visits.values_list("message_id", "user_id", "user__name", "seen_at"):
            looks.setdefault(pk, []).append(Look(user_id, name, seen_at))
    for row in rows:
        others = [look.name for look in looks.get(row["id"], ()) if look.user_id != member.user_id]
        row["looked_at_by"] = others[-1] if others else ""
    return looks


def _behind(at: datetime, pk: int) -> Q:
    return Q(at__lt=at) | Q(at=at, pk__lt=pk)


def _written(row: dict[str, Any]) -> str:
    return f"{row['at'].isoformat()}_{row['id']}"


def _mark(text: str) -> tuple[datetime, int] | None:
    moment, _, number = text[:60].rpartition("_")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    if (pk := as_id(number)) is None:
        return None
    return (at if timezone.is_aware(at) else timezone.make_aware(at)), pk
