"""Mails that were kept become messages: each once, where it belongs, whatever is in it and whatever is killed."""

import errno
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from wardbook.cases import files
from wardbook.correspondence import events, invitations, mime, raw_store, senders, threading, tokens, warnings
from wardbook.correspondence.actions import acknowledging, arriving, keeping
from wardbook.correspondence.mime.forwards import Forwarded
from wardbook.correspondence.mime.model import ParsedMail
from wardbook.correspondence.models import (
    Attachment,
    Delivery,
    KnownIdentifier,
    Message,
    MessageAddress,
)
from wardbook.correspondence.senders import Sender
from wardbook.correspondence.threading import Match
from wardbook.journal.actions import record
from wardbook.lib import faults
from wardbook.lib.rules import RuleBroken

if TYPE_CHECKING:
    from wardbook.accounts.models import User

log = logging.getLogger(__name__)


class ReadElsewhere(Exception):
    """Another worker made this delivery into a message first."""


LEASE = timedelta(seconds=20)
"""How long a worker may be silent before its mails are given to another: R30 asks for less than 30 s."""

MOST_TRIES = 2
SECOND_CHANCE = timedelta(minutes=1)
"""After which a mail that was in hand when its worker ended twice is tried once more: most are innocent."""

_ENDED_WORKER = "The worker ended while reading it."
_ONCE_MORE = "Tried once more."
AT_ONCE = 20
MOST_FILES = 300
MOST_ADDRESSES = 500
LONGEST_TEXT = 500_000
LONGEST_HTML = 2_000_000
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM})


def take_unread(worker: str, *, at: datetime, limit: int = AT_ONCE) -> list[Delivery]:
    """Mails to be read, oldest first, that nobody else reads now. `worker` names one process and thread.

    One that ended its worker twice is put aside here, so that it never does so a third time (R11, R30).
    """
    faults.point("before-lease")
    # Fresh ones first: what may have ended a worker keeps nobody waiting.
    wanted = list(Delivery.objects.free(at).order_by("attempts", "pk").values_list("pk", flat=True)[:limit])
    if not wanted:
        return []
    # The database decides between two workers: whoever comes second finds the lease taken.
    Delivery.objects.free(at).filter(pk__in=wanted).order_by().update(lease_by=worker, lease_until=at + LEASE)
    faults.point("after-lease")
    mine = Delivery.objects.unread().filter(pk__in=wanted, lease_by=worker).select_related("raw", "mailbox__office")
    taken = []
    for delivery in mine.order_by("attempts", "pk"):
        if delivery.attempts >= MOST_TRIES + (delivery.problem == _ONCE_MORE):
            quarantine(delivery, problem=_ENDED_WORKER, at=at)
        else:
            taken.append(delivery)
    return taken


def read_all(worker: str, *, clock: Callable[[], datetime], until: datetime | None = None) -> int:
    """Read whatever waits, and return how many mails that were. Ends early when there is no room to store."""
    done = 0
    give_second_chance(at=clock())
    while deliveries := take_unread(worker, at=clock()):
        known: dict[int, senders.Ours] = {}
        for delivery in deliveries:
            office_id = delivery.mailbox.office_id
            if office_id not in known:
                known[office_id] = senders.Ours(office_id)
            read(delivery, at=clock(), ours=known[office_id])
            done += 1
        if until is not None and clock() >= until:
            break
    return done


def read(delivery: Delivery, *, at: datetime, ours: senders.Ours | None = None) -> Message | None:
    """Make a kept mail into a message, or into one more delivery of a message. None when it could not be read.

    Nothing in a mail raises here: at the second try it is put in quarantine, whole, and the next mail goes on. Raises
    OSError or DatabaseError only when there is no room or no database; the mail then waits as before. `ours` is what
    was looked up for a whole batch.
    """
    if not _begin(delivery, at=at):
        delivery.refresh_from_db()
        return delivery.message
    try:
        mail = mime.parse(keeping.bytes_of(delivery.raw))
        faults.point("parsed")
        message = _take_in(delivery, mail, ours or senders.Ours(delivery.mailbox.office_id), at=at)
        faults.point("read")
        return message
    except ReadElsewhere:
        delivery.refresh_from_db()
        return delivery.message
    except (OperationalError, InterfaceError):
        _let_go(delivery, counts=False)
        raise
    except Exception as reason:
        if isinstance(reason, OSError) and reason.errno in NO_ROOM:
            _let_go(delivery, counts=False)
            raise
        log.exception("delivery %s could not be read", delivery.pk)
        problem = type(reason).__name__
        if delivery.attempts >= MOST_TRIES:
            quarantine(delivery, problem=problem, at=at)
        else:
            _let_go(delivery, problem=problem)
        return None


@transaction.atomic
def quarantine(delivery: Delivery, *, problem: str, at: datetime) -> None:
    """Put a mail aside, whole: people see it in the Inbox and can open it as it came."""
    held = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.KEPT)
    state = Delivery.State.QUARANTINED
    if held.update(state=state, problem=problem[:300], read_at=at, lease_until=None, lease_by=""):
        delivery.refresh_from_db(fields=["state", "problem", "read_at", "lease_until", "lease_by"])
        record(events.MESSAGE_QUARANTINED, about=delivery.mailbox, by=None, at=at, delivery=delivery.pk)


def give_second_chance(*, at: datetime) -> int:
    """Mails that were put aside because a worker ended twice in their hands are tried once more, and only once."""
    ended = Delivery.objects.in_quarantine().filter(attempts=MOST_TRIES, problem=_ENDED_WORKER)
    ended = ended.filter(read_at__lte=at - SECOND_CHANCE)
    return ended.update(state=Delivery.State.KEPT, problem=_ONCE_MORE, read_at=None)


@transaction.atomic
def read_again(delivery: Delivery, *, by: "User | None", at: datetime) -> None:
    """Let the worker try a mail in quarantine once more, after an upgrade that can read it.

    Raises RuleBroken for a mail that is not in quarantine (any more): too large, settled, or read by now.
    """
    held = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.QUARANTINED, settled_at__isnull=True)
    if not held.update(state=Delivery.State.KEPT, attempts=0, problem="", read_at=None):
        raise RuleBroken(_("This mail does not wait to be read again."))
    record(events.DELIVERY_READ_AGAIN, about=delivery.mailbox, by=by, at=at, delivery=delivery.pk)


def _begin(delivery: Delivery, *, at: datetime) -> bool:
    """Count the try where a killed worker cannot take it back, and renew the lease."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.KEPT, lease_by=delivery.lease_by)
    if not mine.update(attempts=F("attempts") + 1, lease_until=at + LEASE):
        return False
    delivery.attempts += 1
    return True


def _let_go(delivery: Delivery, *, problem: str = "", counts: bool = True) -> None:
    """Have somebody try again. A try that failed for want of room or of a database does not count."""
    delivery.attempts -= 0 if counts else 1
    try:
        Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.KEPT).update(
            lease_by="", lease_until=None, attempts=delivery.attempts, problem=problem[:300]
        )
    except DatabaseError:
        # The lease ends by itself.
        log.warning("delivery %s could not be let go", delivery.pk)


def _take_in(delivery: Delivery, mail: ParsedMail, ours: senders.Ours, *, at: datetime) -> Message:
    try:
        return _message_of(delivery, mail, ours, at=at)
    except IntegrityError:
        # The same mail came by another way in this moment; now it is there to be found.
        return _message_of(delivery, mail, ours, at=at)


@transaction.atomic
def _message_of(delivery: Delivery, mail: ParsedMail, ours: senders.Ours, *, at: datetime) -> Message:
    office_id = delivery.mailbox.office_id
    identifier, digest = threading.short(mail.message_id), mail.fingerprint()
    named = Message.objects.filter(office_id=office_id, direction=Message.Direction.IN, identifier=identifier)
    same = list((named if identifier else named.filter(content_hash=digest)).order_by("pk")[:20])
    for known in same:
        if known.content_hash == digest:
            return _settle(delivery, known, Delivery.State.DOUBLED, at=at)
    if (round_trip := _our_own(delivery, mail)) is not None:
        return _settle(delivery, round_trip, Delivery.State.DOUBLED, at=at)
    sender = senders.sender_of(delivery.mailbox, mail, ours, envelope_from=delivery.envelope_from)
    match = threading.find(delivery.mailbox, mail, sender, envelope_to=delivery.envelope_to)
    forward = threading.forward_of(mail, ours) if sender.is_ours else None
    if forward is not None and match.case is None:
        match = threading.of_forward(delivery.mailbox.office, forward)._replace(answers=match.answers)
    message = _new(delivery, mail, sender, match)
    if forward is not None:
        _tell_forward(message, mail, forward)
    message.identifier, message.content_hash = identifier, digest
    taken = bool(same) or tokens.read_token(mail.message_id) is not None
    message.warnings = _warnings(mail, sender, match, taken=taken)
    message.save()
    faults.point("mid-reading")
    _keep_parts(message, mail)
    record(
        events.MESSAGE_RECEIVED,
        about=message,
        by=None,
        at=at,
        delivery=delivery.pk,
        auto_kind=message.auto_kind,
        suggestion=match.how,
    )
    arriving.settle(message, mail, match, at=at)
    acknowledging.acknowledge(message, mail, sender, delivery, ours, at=at)
    return _settle(delivery, message, Delivery.State.READ, at=at)


def _settle(delivery: Delivery, message: Message, state: str, *, at: datetime) -> Message:
    """The delivery has become this message. Whoever lost the mail to another worker undoes everything."""
    held = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.KEPT)
    faults.point("before-reading-commits")
    if not held.update(state=state, message=message, read_at=at, lease_until=None, lease_by="", problem=""):
        raise ReadElsewhere
    delivery.state, delivery.message, delivery.read_at = state, message, at
    return message


def _our_own(delivery: Delivery, mail: ParsedMail) -> Message | None:
    """Our own message come round, by a Cc or a list: it carries our name and says what we said, nothing else."""
    pk = tokens.read_token(mail.message_id)
    if pk is None or mail.sender is None:
        return None
    ours = Message.objects.filter(
        pk=pk, office_id=delivery.mailbox.office_id, direction=Message.Direction.OUT
    ).first()
    if ours is None or mail.sender.address.lower() != ours.from_address.lower():
        return None
    return ours if " ".join(mail.text.split()).startswith(" ".join(ours.text.split())) else None


def _new(delivery: Delivery, mail: ParsedMail, sender: Sender, match: Match) -> Message:
    """The message as it came, in the Inbox."""
    elsewhere = [one.address for one in mail.reply_to if senders.plain(one.address) != senders.plain(sender.address)]
    text = mail.reply_text if mail.reply_text.strip() else mail.text
    return Message(
        office_id=delivery.mailbox.office_id,
        mailbox=delivery.mailbox,
        direction=Message.Direction.IN,
        state=Message.State.WAITING,
        contact=sender.contact,
        subject=_plain(mail.subject, 500),
        from_name=_plain(sender.name, 200),
        from_address=_plain(sender.address, 320),
        reply_to=_plain(elsewhere[0], 320) if elsewhere else "",
        text=_plain(text, LONGEST_TEXT),
        quoted=_plain(mail.quoted_text, LONGEST_TEXT) if text is mail.reply_text else "",
        signature=_plain(mail.signature, 20_000) if text is mail.reply_text else "",
        html=_plain(mail.html, LONGEST_HTML),
        language=(mail.language or "")[:10],
        written_at=_moment(mail.date),
        at=delivery.arrived_at,
        in_reply_to=threading.short(mail.in_reply_to or ""),
        auto_kind=mail.auto_kind if mail.auto_kind in Message.AutoKind.values else Message.AutoKind.BULK,
        invitation=invitations.invitation_in(mail.calendar),
        answers=match.answers,
        suggested_case=match.case,
        suggestion=match.how,
        suggestion_is_sure=match.is_sure,
    )


def _tell_forward(message: Message, mail: ParsedMail, forward: Forwarded) -> None:
    """A colleague forwarded it, as far as it says: all its words stand together, and whose they were is a guess."""
    message.text, message.quoted, message.signature = _plain(mail.text, LONGEST_TEXT), "", ""
    written = _moment(forward.date)
    message.forwarded = {
        "name": _plain(forward.name, 200),
        "address": _plain(forward.address, 320),
        "written_at": written.isoformat() if written else "",
        "read_from": "attachment" if forward.is_attached else "text",
    }


def _warnings(mail: ParsedMail, sender: Sender, match: Match, *, taken: bool) -> list[str]:
    """What a reader must be told, each once."""
    told = [*sender.warnings]
    if mail.auto_kind not in ("bounce", "auto-reply", "receipt"):
        told += match.warnings
    if taken:
        told.append(warnings.SAME_IDENTIFIER)
    if senders.looks_like_a_code(mail):
        told.append(warnings.CODE)
    if len(mail.files) > MOST_FILES or any(problem.startswith("unreadable") for problem in mail.problems):
        told.append(warnings.IN_PART)
    return list(dict.fromkeys(told))


def _keep_parts(message: Message, mail: ParsedMail) -> None:
    """Addresses as text, never as people (B12); the ids by which later mail finds the thread; the files."""
    people = [*(("to", one) for one in mail.to), *(("cc", one) for one in mail.cc)][:MOST_ADDRESSES]
    MessageAddress.objects.bulk_create(
        MessageAddress(message=message, role=role, name=_plain(one.name, 200), address=_plain(one.address, 320))
        for role, one in people
    )
    KnownIdentifier.objects.bulk_create(
        KnownIdentifier(office_id=message.office_id, message=message, identifier=_plain(one, 200), is_its_own=own)
        for one, own in threading.identifiers(mail)
    )
    Attachment.objects.bulk_create(_attachments(message, mail))


def _attachments(message: Message, mail: ParsedMail) -> list[Attachment]:
    kept = []
    for place, part in enumerate(mail.files[:MOST_FILES]):
        # The same when the mail is read again after a crash, so that no file is orphaned.
        key = raw_store.key_of(message.office_id, message.identifier, message.content_hash, place)
        raw_store.put(key, part.payload)
        name = files.clean_name(_plain(part.name, 500))
        sniffed = files.sniff(part.payload[:8192], name, part.type)
        kept.append(
            Attachment(
                office_id=message.office_id,
                message=message,
                name=name,
                storage_key=key,
                sha256=raw_store.digest_of(part.payload),
                size=len(part.payload),
                media_type=sniffed.media_type[:100],
                declared_type=_plain(part.type, 100),
                is_mismatch=sniffed.is_mismatch,
                is_risky=sniffed.is_risky,
                is_inline=part.inline,
                content_id=_plain(part.content_id, 200),
            )
        )
    return kept


def _plain(text: str, longest: int) -> str:
    """Text that both engines store: without NUL and half characters, not longer than its column."""
    return text[:longest].replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _moment(said: datetime | None) -> datetime | None:
    """The date that the mail gives itself, if it is one."""
    if said is None:
        return None
    try:
        return said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        return None
