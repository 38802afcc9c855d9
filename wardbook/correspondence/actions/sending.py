"""How a written message gets out: taken by a worker, given to the server, sent or not (R20–R25, V4).

A worker holds a message by a lease. Every step is a conditional update that counts its rows, so that two workers, or
one that was thought dead and is not, never both act on it. What each try came to is written before the next begins.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from wardbook.cases.models import Case
from wardbook.correspondence import events
from wardbook.correspondence.actions import failing
from wardbook.correspondence.models import BulkReplyPerson, Dispatch, Message, MessageAddress
from wardbook.correspondence.models.sending import DispatchQuerySet
from wardbook.journal.actions import record
from wardbook.lib import faults, processes
from wardbook.lib.rules import RuleBroken

if TYPE_CHECKING:
    from wardbook.accounts.models import User

LEASE = timedelta(seconds=60)
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
THEN_EVERY = timedelta(hours=4)
GIVE_UP_AFTER = timedelta(hours=72)
_WAITING = (Message.State.HELD, Message.State.QUEUED)


@transaction.atomic
def take_due(worker: str, *, at: datetime, limit: int = 20, mailbox_id: int | None = None) -> list[Dispatch]:
    """Messages whose turn has come, now this worker's until its lease runs out. Order within a case is kept."""
    due = Dispatch.objects.due(at).filter(lease_until__isnull=True).in_its_turn()
    if mailbox_id is not None:
        due = due.filter(mailbox_id=mailbox_id)
    # On PostgreSQL two workers pass by each other's rows; SQLite has one writer at a time.
    rows = due.select_for_update(skip_locked=True, of=("self",))[:limit]
    taken = []
    for dispatch in rows:
        if not Message.objects.filter(pk=dispatch.pk, state__in=_WAITING).update(state=Message.State.LEASED):
            continue
        Dispatch.objects.filter(pk=dispatch.pk).update(lease_by=worker, lease_until=at + LEASE, on_the_wire_at=None)
        taken.append(dispatch.pk)
    held = Dispatch.objects.filter(pk__in=taken).select_related(
        "message__mailbox", "message__answers", "mailbox__office"
    )
    return list(held.prefetch_related("message__addresses", "message__attachments").order_by("turn_at", "pk"))


def on_the_wire(dispatch: Dispatch, worker: str, *, at: datetime, lasting: timedelta = LEASE) -> bool:
    """Note, before the server is given the text, that it may have it from now on. False if it is not ours any more.

    All that this worker holds is held on: while it waits for one server, the others' turn has not passed.
    """
    with transaction.atomic():
        ours = _ours(dispatch, worker).update(on_the_wire_at=at, attempts=F("attempts") + 1)
        if ours:
            Dispatch.objects.filter(lease_by=worker, lease_until__isnull=False).update(lease_until=at + lasting)
    faults.point("on-the-wire")
    return bool(ours)


@transaction.atomic
def settle(
    dispatch: Dispatch,
    worker: str,
    *,
    accepted: Mapping[str, str],
    refused: Mapping[str, str],
    problem: str,
    said: str,
    at: datetime,
) -> str:
    """Write down what the server said for each address, and what follows for the message. Returns its state.

    Sent once nobody is left to try and somebody got it; failed when nobody did; else tried again for the rest (R23).
    """
    message = dispatch.message
    _answer(message, accepted, MessageAddress.State.ACCEPTED)
    _answer(message, refused, MessageAddress.State.REFUSED)
    if accepted:
        _informed(dispatch, accepted, at)
    states = list(MessageAddress.objects.filter(message=message).values_list("state", flat=True))
    if MessageAddress.State.NONE in states:
        return try_again(dispatch, worker, problem=problem, said=said, at=at)
    if MessageAddress.State.ACCEPTED not in states:
        return fail(dispatch, worker, problem=Dispatch.Problem.REFUSED, said=said, at=at)
    return sent(dispatch, at=at, refused=states.count(MessageAddress.State.REFUSED))


@transaction.atomic
def sent(dispatch: Dispatch, *, at: datetime, refused: int = 0) -> str:
    """The server has it. True whoever holds the lease by now, so a second worker finds nothing left to do."""
    possible = [Message.State.LEASED, Message.State.QUEUED, Message.State.UNCERTAIN]
    if not Message.objects.filter(pk=dispatch.pk, state__in=possible).update(state=Message.State.SENT):
        return _state(dispatch)
    Dispatch.objects.filter(pk=dispatch.pk).update(
        sent_at=at, ended_at=at, lease_until=None, lease_by="", problem="", server_said=""
    )
    attempts = Dispatch.objects.values_list("attempts", flat=True).get(pk=dispatch.pk)
    message = dispatch.message
    message.state = Message.State.SENT
    record(events.MESSAGE_SENT, about=message, by=None, at=at, attempts=attempts, refused=refused)
    if refused:
        failing.give_work(message, at=at, addresses=_of(message, MessageAddress.State.REFUSED))
    return Message.State.SENT


@transaction.atomic
def try_again(dispatch: Dispatch, worker: str, *, problem: str, said: str, at: datetime) -> str:
    """Put it back for a later try: after 1, 5, 15 and 60 minutes, then every four hours; given up after 72 hours."""
    row = _ours(dispatch, worker).first()
    if row is None:
        return _state(dispatch)
    # A try that ended before the text was given counts too.
    attempts = row.attempts if row.on_the_wire_at else row.attempts + 1
    turn_at = at + (RETRY_AFTER[attempts - 1] if attempts <= len(RETRY_AFTER) else THEN_EVERY)
    if turn_at > row.first_turn_at + GIVE_UP_AFTER:
        return fail(dispatch, worker, problem=problem, said=said, at=at)
    if not Message.objects.filter(pk=row.pk, state=Message.State.LEASED).update(state=Message.State.QUEUED):
        return _state(dispatch)
    _ours(dispatch, worker).update(
        attempts=attempts,
        turn_at=turn_at,
        problem=problem,
        server_said=said[:300],
        lease_until=None,
        lease_by="",
        on_the_wire_at=None,
    )
    if row.problem != problem:
        record(events.MESSAGE_DELAYED, about=dispatch.message, by=None, at=at, problem=problem, attempts=attempts)
    return Message.State.QUEUED


@transaction.atomic
def fail(dispatch: Dispatch, worker: str, *, problem: str, said: str, at: datetime) -> str:
    """It will not go out. Its sender is given the work (R22)."""
    return _end(dispatch, worker, Message.State.FAILED, problem=problem, said=said, at=at)


@transaction.atomic
def doubt(dispatch: Dispatch, worker: str, *, problem: str, said: str, at: datetime) -> str:
    """The line broke after the text was given. One person's mail is tried again under the same Message-ID, for a
    second copy is better than none; one of thousands becomes uncertain and is not sent again by itself (V4)."""
    if _is_bulk(dispatch.message):
        return _end(dispatch, worker, Message.State.UNCERTAIN, problem=problem, said=said, at=at)
    return try_again(dispatch, worker, problem=problem, said=said, at=at)


def release(dispatch: Dispatch, worker: str) -> None:
    """Give back what was taken and not tried: its turn is as before."""
    with transaction.atomic():
        if _ours(dispatch, worker).filter(on_the_wire_at__isnull=True).update(lease_until=None, lease_by=""):
            Message.objects.filter(pk=dispatch.pk, state=Message.State.LEASED).update(state=Message.State.QUEUED)


def lapse(*, at: datetime, has_ended: Callable[[str], bool] = processes.has_ended) -> int:
    """Take back what a worker held that did not come back: its lease ran out, or its process is known to be gone."""
    count = 0
    leased = Dispatch.objects.filter(lease_until__isnull=False).select_related("message")
    for dispatch in leased.order_by("first_turn_at", "pk"):
        if dispatch.lease_until is not None and dispatch.lease_until > at and not has_ended(dispatch.lease_by):
            continue
        count += _take_back(dispatch, at)
    return count


@transaction.atomic
def _take_back(dispatch: Dispatch, at: datetime) -> bool:
    held = Dispatch.objects.filter(pk=dispatch.pk, lease_by=dispatch.lease_by, lease_until=dispatch.lease_until)
    was_given = dispatch.on_the_wire_at is not None
    too_long = at > dispatch.first_turn_at + GIVE_UP_AFTER
    if was_given and (_is_bulk(dispatch.message) or too_long):
        worker = dispatch.lease_by
        if held.exists():
            _end(dispatch, worker, Message.State.UNCERTAIN, problem="", said="", at=at)
        return True
    if not held.update(lease_until=None, lease_by="", on_the_wire_at=None):
        return False
    Message.objects.filter(pk=dispatch.pk, state=Message.State.LEASED).update(state=Message.State.QUEUED)
    return True


@transaction.atomic
def retry(message: Message, *, by: "User", at: datetime) -> Message:
    """Somebody wants it tried now: one that failed, is uncertain, or waits for its next try. Raises RuleBroken."""
    possible = [Message.State.FAILED, Message.State.UNCERTAIN, Message.State.QUEUED]
    if not Message.objects.filter(pk=message.pk, state__in=possible).update(state=Message.State.QUEUED):
        raise RuleBroken(_("This message cannot be tried again now."))
    MessageAddress.objects.filter(message=message, state=MessageAddress.State.REFUSED).update(state="", answer="")
    Dispatch.objects.filter(pk=message.pk).update(
        turn_at=at, first_turn_at=at, attempts=0, problem="", server_said="", ended_at=None, on_the_wire_at=None
    )
    message.refresh_from_db(fields=["state"])
    record(events.MESSAGE_RETRIED, about=message, by=by, at=at)
    return message


def _ours(dispatch: Dispatch, worker: str) -> DispatchQuerySet:
    return Dispatch.objects.filter(pk=dispatch.pk, lease_by=worker, lease_until__isnull=False)


def _end(dispatch: Dispatch, worker: str, state: str, *, problem: str, said: str, at: datetime) -> str:
    if not _ours(dispatch, worker).update(
        ended_at=at, lease_until=None, lease_by="", problem=problem, server_said=said[:300]
    ):
        return _state(dispatch)
    message = dispatch.message
    if not Message.objects.filter(pk=message.pk, state=Message.State.LEASED).update(state=state):
        return _state(dispatch)
    message.state = state
    if state == Message.State.FAILED:
        record(events.MESSAGE_FAILED, about=message, by=None, at=at, problem=problem)
    else:
        record(events.MESSAGE_UNCERTAIN, about=message, by=None, at=at)
    failing.give_work(message, at=at, addresses=_of(message))
    return state


def _answer(message: Message, said: Mapping[str, str], state: str) -> None:
    for address, words in said.items():
        MessageAddress.objects.filter(message=message, address=address, state=MessageAddress.State.NONE).update(
            state=state, answer=words[:300]
        )


def _informed(dispatch: Dispatch, accepted: Mapping[str, str], at: datetime) -> None:
    """The constituent knows something new as soon as the server has it, not before (S3.30)."""
    message = dispatch.message
    if message.case_id is None or message.is_automatic:
        return
    case = Case.objects.only("constituent_id", "last_informed_at").get(pk=message.case_id)
    to_them = message.line == Message.Line.CONSTITUENT or (
        case.constituent_id is not None
        and message.addresses.filter(contact_id=case.constituent_id, address__in=list(accepted)).exists()
    )
    if to_them and (case.last_informed_at is None or case.last_informed_at < at):
        Dispatch.objects.filter(pk=dispatch.pk).update(informed_was=case.last_informed_at)
        Case.objects.filter(pk=case.pk).update(last_informed_at=at)


def _is_bulk(message: Message) -> bool:
    return BulkReplyPerson.objects.filter(message=message).exists()


def _of(message: Message, state: str | None = None) -> list[str]:
    rows = MessageAddress.objects.filter(message=message)
    return list((rows.filter(state=state) if state else rows).values_list("address", flat=True))


def _state(dispatch: Dispatch) -> str:
    return str(Message.objects.values_list("state", flat=True).get(pk=dispatch.pk))
