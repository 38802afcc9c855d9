"""The one writer of the journal, and the keeper of what can be taken back."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from wardbook.journal import chain, inverses, reactions
from wardbook.journal.models import ChainHead, Event, Undo
from wardbook.lib.rules import RuleBroken

if TYPE_CHECKING:
    from wardbook.accounts.models import User

UNDO_FOR = timedelta(hours=24)
MANY = "many"
"""The inverse of several acts at once: its payload lists the inverse and the payload of each."""
_gathered: ContextVar[set[int] | None] = ContextVar("gathered", default=None)


class OutsideTransaction(Exception):
    """An act tried to write the journal without a transaction, so that fact and evidence could part."""


class Line(NamedTuple):
    """One entry to be written: what happened to which thing, and the facts (ids and codes only)."""

    name: str
    about: Model
    facts: dict[str, Any] = {}


def record(name: str, *, about: Any, by: "User | None", at: datetime, **facts: Any) -> Event:
    """Write one journal entry, then let the rest of the house react to it.

    `about` is any saved model with an `office_id` (or an Office). `by` is None when the clock did it.
    Reactions run here, in the caller's transaction, so they must be quick and touch only the database.
    Raises OutsideTransaction.
    """
    return record_many([Line(name, about, facts)], by=by, at=at)[0]


def record_many(lines: Iterable[Line], *, by: "User | None", at: datetime, react: bool = True) -> list[Event]:
    """Write entries of one office with one lock of its chain, then react to each unless told not to.

    For imports and bulk acts. Raises OutsideTransaction, and ValueError if the lines are of several offices.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction
    lines = list(lines)
    if not lines:
        return []
    office_id = _office_id(lines[0].about)
    head = _locked_head(office_id)
    recorded_at = timezone.now()
    events = []
    for line in lines:
        if _office_id(line.about) != office_id:
            raise ValueError("One call writes the journal of one office.")
        event = Event(
            office_id=office_id,
            number=head.number + 1,
            name=line.name,
            subject_type=line.about._meta.label_lower,
            subject_id=line.about.pk,
            case_id=_case_id(line.about),
            by=by,
            at=at,
            recorded_at=recorded_at,
            facts=line.facts,
            previous=head.digest,
        )
        event.digest = digest_of(event, head.digest)
        head.number, head.digest = event.number, event.digest
        events.append(event)
    Event.objects.bulk_create(events, batch_size=500)
    head.save(update_fields=["number", "digest"])
    if react:
        for event in events:
            reactions.run(event)
    return events


def digest_of(event: Event, previous: str) -> str:
    """What the digest of an entry must be, given the one before it."""
    return chain.seal(
        previous,
        office_id=event.office_id,
        number=event.number,
        name=event.name,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        case_id=event.case_id,
        by_id=event.by_id,
        at=event.at,
        recorded_at=event.recorded_at,
        facts=event.facts,
    )


@transaction.atomic
def remember_undo(
    inverse: str, *, office_id: int, by: "User | None", at: datetime, label: str, payload: dict[str, Any]
) -> Undo | None:
    """Keep how an act can be taken back for a day. Acts of the clock cannot be taken back."""
    if by is None:
        return None
    undo = Undo.objects.create(
        office_id=office_id,
        by=by,
        at=at,
        expires_at=at + UNDO_FOR,
        inverse=inverse,
        label=label[:200],
        payload=payload,
    )
    gathered = _gathered.get()
    if gathered is not None:
        gathered.add(undo.pk)
    return undo


@contextmanager
def gathering() -> Iterator[set[int]]:
    """Know by which undos the acts within can be taken back, so that `as_one` makes one of them. One may lie in
    another."""
    outer, mine = _gathered.get(), set[int]()
    token = _gathered.set(mine)
    try:
        yield mine
    finally:
        _gathered.reset(token)
        if outer is not None:
            outer |= mine


@transaction.atomic
def as_one(
    gathered: Collection[int],
    *,
    label: str = "",
    inverse: str = MANY,
    **facts: Any,
) -> Undo | None:
    """Make one undo of those that were gathered, to be taken back newest first. Without a `label` it is called like
    the newest, and one alone stays as it is.

    With `facts` the payload is these, and the parts. What a savepoint took back meanwhile is not among the parts.
    """
    parts = list(Undo.objects.filter(pk__in=gathered).select_related("by").order_by("-pk"))
    if not parts:
        return None
    newest = parts[0]
    if len(parts) == 1 and inverse == MANY and not label:
        return newest
    payload: Any = []
    for part in parts:
        payload += part.payload if part.inverse == MANY else [[part.inverse, part.payload]]
    Undo.objects.filter(pk__in=[part.pk for part in parts]).delete()
    return remember_undo(
        inverse,
        office_id=newest.office_id,
        by=newest.by,
        at=newest.at,
        label=label or newest.label,
        payload={**facts, "parts": payload} if facts else payload,
    )


@transaction.atomic
def take_back(undo: Undo, *, by: "User", at: datetime) -> str:
    """Run the inverse of an act once. Returns what to say. Raises RuleBroken when it is too late."""
    undo = Undo.objects.select_for_update().get(pk=undo.pk)
    if undo.undone_at:
        raise RuleBroken(_("This was already undone."))
    if undo.expires_at <= at:
        raise RuleBroken(_("This can no longer be undone."))
    said = inverses.named(undo.inverse)(undo, by, at)
    undo.undone_at = at
    undo.save(update_fields=["undone_at"])
    return said


def _office_id(thing: Model) -> int:
    if thing._meta.label_lower == "offices.office":
        return int(thing.pk)
    return int(thing.office_id)  # type: ignore[attr-defined]  # every journaled model has an office


def _case_id(thing: Model) -> int | None:
    if thing._meta.label_lower == "cases.case":
        return int(thing.pk)
    return getattr(thing, "case_id", None)


def _locked_head(office_id: int) -> ChainHead:
    head = ChainHead.objects.select_for_update().filter(office_id=office_id).first()
    if head is None:
        ChainHead.objects.get_or_create(office_id=office_id)
        head = ChainHead.objects.select_for_update().get(office_id=office_id)
    return head
