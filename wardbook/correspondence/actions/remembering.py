"""How campaigns and their messages lie, written down so that an act on them can be taken back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from wardbook.cases.actions.saving import plain
from wardbook.correspondence.actions import filing
from wardbook.correspondence.models import Campaign, Message
from wardbook.journal.actions import remember_undo

if TYPE_CHECKING:
    from wardbook.accounts.models import User

PLACED = (*filing.KEPT, "campaign_id", "own_words", "is_set_apart")
SETTABLE = ("name", "organiser", "threshold", "position", "position_on")
MOST_UNDONE = 2_000


def message_state(message: Message) -> dict[str, Any]:
    return {name: plain(getattr(message, name)) for name in PLACED}


def campaign_state(campaign: Campaign) -> dict[str, Any]:
    return {name: plain(getattr(campaign, name)) for name in (*SETTABLE, "is_accepted", "case_id", "ended_at")}


def remember(
    office_id: int,
    campaigns: Iterable[tuple[Campaign, dict[str, Any]]],
    messages: Sequence[tuple[Message, dict[str, Any]]],
    *,
    by: "User | None",
    at: datetime,
    label: str,
) -> None:
    """Keep how to set these back. Not where there are too many to write down."""
    if len(messages) > MOST_UNDONE:
        return
    versions = dict(Message.objects.filter(pk__in=[one.pk for one, _was in messages]).values_list("pk", "version"))
    payload = {
        "campaigns": [[one.pk, one.version, was] for one, was in campaigns],
        "messages": [[one.pk, versions[one.pk], was] for one, was in messages],
    }
    remember_undo("campaign.place", office_id=office_id, by=by, at=at, label=label, payload=payload)
