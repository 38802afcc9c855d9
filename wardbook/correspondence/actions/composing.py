"""Messages are written: guarded, put down, held for half a minute, and stopped if somebody thinks better of it.

There is no way from a note to a message: what is written comes as text and files, and nothing here reads notes (C1).
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wardbook.cases.actions import planning, saving
from wardbook.cases.actions.editing import wait_on
from wardbook.cases.models import Case, Document
from wardbook.contacts.models import Contact
from wardbook.correspondence import events, recipients, tokens, writing
from wardbook.correspondence.actions import bouncing, enclosing, guarding
from wardbook.correspondence.actions.guarding import AnsweredMeanwhile, NeedsConfirming, Reason
from wardbook.correspondence.fixed_words import fixed_in
from wardbook.correspondence.models import (
    Attachment,
    Dispatch,
    KnownIdentifier,
    Mailbox,
    Message,
    MessageAddress,
    SenderIdentity,
)
from wardbook.correspondence.recipients import Recipient
from wardbook.journal.actions import as_one, gathering, record, remember_undo
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.accounts.models import User

__all__ = [
    "AnsweredMeanwhile",
    "NeedsConfirming",
    "Reason",
    "Recipient",
    "put_down",
    "queue_automatic",
    "stop",
    "write",
]

HOLD = timedelta(seconds=30)
MOST_RECIPIENTS = 50
LONGEST_SUBJECT = 200
LONGEST_BODY = 100_000
STOPPABLE = (Message.State.HELD, Message.State.QUEUED)


@transaction.atomic
def write(
    *,
    office: Office,
    identity: SenderIdentity,
    to: Sequence[Recipient],
    subject: str,
    body: str,
    by: "User",
    at: datetime,
    case: Case | None = None,
    cc: Sequence[Recipient] = (),
    line: str = "",
    files: "Sequence[UploadedFile[bytes]]" = (),
    documents: Sequence[Document] = (),
    attachments: Sequence[Attachment] = (),
    in_answer_to: Message | None = None,
    quotes: bool = False,
    below: str = "",
    seen_at: datetime | None = None,
    confirmed: Collection[str] = frozenset(),
    language: str = "",
    waiting_on: str | None = None,
    waiting_agency: Contact | None = None,
    follow_up: planning.FollowUp | None = None,
) -> list[Message]:
    """Write an email. It is held for 30 s, in which it can be stopped or undone; then a worker sends it.

    Several `to` become one message each, none of which names the others; nothing is ever a Bcc (C4). `quotes` puts
    the message that is answered below, if everybody who gets it wrote or got that one too (C7); `below` is a text
    that a person decided to pass on, and stands there instead. `seen_at` is when the page was made; `confirmed`
    holds the keys of the reasons somebody said yes to. `line` counts only where the recipients do not say whose
    correspondence it is.

    Raises RuleBroken, NeedsConfirming with reasons, AnsweredMeanwhile with what a colleague wrote.
    """
    saving.same_office(office, case, in_answer_to, waiting_agency)
    guarding.refuse_identity(identity, office, by)
    case = saving.locked(case) if case else None
    if case is None and in_answer_to is not None:
        Message.objects.select_for_update().get(pk=in_answer_to.pk)
    subject, body = _words(subject, body)
    if len(below) > LONGEST_BODY:
        raise RuleBroken(_("The text is too long for an email. Send it as a file."))
    here = recipients.on_case(case, office.pk)
    to, cc = _addressed(to, cc, case, here, office)
    guarding.refuse_own_address(office, [*to, *cc])
    guarding.refuse_unwilling(office, [*to, *cc])
    enclosed = enclosing.enclosures(
        office=office, case=case, uploads=files, documents=documents, attachments=attachments
    )
    guarding.answered_meanwhile(
        office=office, case=case, in_answer_to=in_answer_to, seen_at=seen_at, confirmed=confirmed, by=by
    )
    guarding.ask(
        office=office,
        case=case,
        to=to,
        cc=cc,
        here=here,
        words=f"{subject}\n{body}",
        files=len(enclosed),
        confirmed=confirmed,
    )
    if right := guarding.said_to_be_right([*to, *cc], confirmed):
        bouncing.clear_addresses(office, right, by=by, at=at)
    together = uuid.uuid4() if len(to) > 1 else None
    written = []
    for recipient in to:
        message = put_down(
            mailbox=identity.mailbox,
            identity=identity,
            case=case,
            line=_line([recipient, *cc], case, here, line),
            to=recipient,
            cc=cc,
            subject=subject,
            body=body,
            language=language,
            in_answer_to=in_answer_to,
            quotes=quotes,
            below=below,
            turn_at=at + HOLD,
            state=Message.State.HELD,
            together=together,
            by=by,
            at=at,
        )
        enclosing.enclose(message, enclosed)
        record(
            events.MESSAGE_WRITTEN,
            about=message,
            by=by,
            at=at,
            case=case.pk if case else None,
            line=message.line,
            to=1 + len(cc),
        )
        written.append(message)
    with gathering() as undos:
        if case is not None:
            saving.touch(case, at)
            if waiting_on is not None:
                wait_on(case, waiting_on, agency=waiting_agency, by=by, at=at)
        if follow_up is not None:
            planned = planning.put_down(office, case=case, contact=to[0].contact, by=by, at=at, **follow_up._asdict())
            planning.undo_adding([planned], by, at, planned.subject)
        _undo_stopping(written, to, by, at)
    as_one(undos)
    return written


@transaction.atomic
def queue_automatic(
    mailbox: Mailbox,
    *,
    to: Recipient,
    subject: str,
    body: str,
    in_answer_to: Message | None,
    at: datetime,
    language: str = "",
) -> Message:
    """An automatic answer: not held, marked as automatic, quoting nothing, on the case of what it answers (B4, B10).

    Raises RuleBroken for an address that cannot be written to. Whether to answer at all is the caller's to decide.
    """
    case = in_answer_to.case if in_answer_to else None
    recipient = to._replace(name=writing.one_line(to.name, 200), address=writing.clean_address(to.address))
    message = put_down(
        mailbox=mailbox,
        identity=None,
        case=case,
        line=in_answer_to.line if in_answer_to else "",
        to=recipient,
        subject=writing.one_line(subject, LONGEST_SUBJECT),
        body=writing.body_text(body),
        language=language,
        in_answer_to=in_answer_to,
        turn_at=at,
        state=Message.State.QUEUED,
        is_automatic=True,
        marks_subject=False,
        by=None,
        at=at,
    )
    record(
        events.MESSAGE_WRITTEN,
        about=message,
        by=None,
        at=at,
        case=case.pk if case else None,
        line=message.line,
        to=1,
    )
    return message


@transaction.atomic
def stop(message: Message, *, by: "User", at: datetime) -> Message:
    """Keep a message from going out. Raises RuleBroken when it is no longer here."""
    stopped = Message.objects.filter(pk=message.pk, state__in=STOPPABLE).update(state=Message.State.STOPPED)
    if not stopped:
        raise RuleBroken(_("It is too late: the message is no longer here."))
    Dispatch.objects.filter(pk=message.pk).update(ended_at=at)
    message.refresh_from_db(fields=["state"])
    record(events.MESSAGE_STOPPED, about=message, by=by, at=at)
    return message


def put_down(
    *,
    mailbox: Mailbox,
    identity: SenderIdentity | None,
    to: Recipient,
    subject: str,
    body: str,
    turn_at: datetime,
    state: str,
    by: "User | None",
    at: datetime,
    case: Case | None = None,
    line: str = "",
    cc: Sequence[Recipient] = (),
    language: str = "",
    in_answer_to: Message | None = None,
    quotes: bool = False,
    below: str = "",
    together: uuid.UUID | None = None,
    is_automatic: bool = False,
    marks_subject: bool = True,
) -> Message:
    """One message with its addresses, its Message-ID and its turn, as part of an act that guards and records.

    Everything has been cleaned: addresses by `writing.clean_address`, lines by `writing.one_line`.
    """
    office = mailbox.office
    language = language or (to.contact.language if to.contact else "") or mailbox.language or office.language
    if case is not None and marks_subject:
        with translation.override(language):
            subject = writing.with_reference(subject, office.get_case_label_display(), case.reference)
    message = Message.objects.create(
        office=office,
        direction=Message.Direction.OUT,
        state=state,
        mailbox=mailbox,
        identity=identity,
        case=case,
        line=line,
        contact=to.contact,
        subject=subject,
        from_name=writing.one_line(identity.name if identity else mailbox.name, 120),
        from_address=identity.address if identity else mailbox.address,
        text=body,
        signature=writing.body_text(identity.signature) if identity else "",
        quoted=below or (_quotation(in_answer_to, [to, *cc], language) if quotes and in_answer_to else ""),
        language=language,
        written_at=at,
        at=at,
        # Its own one needs the row's id.
        identifier=uuid.uuid4().hex,
        in_reply_to=in_answer_to.identifier[:255] if in_answer_to else "",
        answers=in_answer_to,
        by=by,
        is_automatic=is_automatic,
        together=together,
    )
    message.identifier = tokens.message_id_for(message)
    message.reply_to = tokens.reply_address(mailbox, message)
    message.save(update_fields=["identifier", "reply_to"])
    KnownIdentifier.objects.create(
        office=office, identifier=message.identifier[:200], message=message, is_its_own=True
    )
    roles = [(MessageAddress.Role.TO, to), *((MessageAddress.Role.CC, copied) for copied in cc)]
    MessageAddress.objects.bulk_create(
        MessageAddress(message=message, role=role, name=one.name, address=one.address, contact=one.contact)
        for role, one in roles
    )
    Dispatch.objects.create(message=message, mailbox=mailbox, turn_at=turn_at, first_turn_at=turn_at)
    return message


def _words(subject: str, body: str) -> tuple[str, str]:
    subject, body = writing.one_line(subject, LONGEST_SUBJECT + 1), writing.body_text(body)
    if not subject:
        raise RuleBroken(_("Write a subject."))
    if len(subject) > LONGEST_SUBJECT:
        raise RuleBroken(_("The subject is longer than %(most)d characters.") % {"most": LONGEST_SUBJECT})
    if not body:
        raise RuleBroken(_("Write something first."))
    if len(body) > LONGEST_BODY:
        raise RuleBroken(_("The text is too long for an email. Send it as a file."))
    return subject, body


def _addressed(
    to: Sequence[Recipient], cc: Sequence[Recipient], case: Case | None, here: recipients.OnCase, office: Office
) -> tuple[list[Recipient], list[Recipient]]:
    """Recipients with clean addresses, each once, known contacts named. Raises RuleBroken."""
    if not to:
        raise RuleBroken(_("Say to whom it goes."))
    if len(to) + len(cc) > MOST_RECIPIENTS:
        raise RuleBroken(_("An email goes to at most %(most)d people.") % {"most": MOST_RECIPIENTS})
    saving.same_office(office, *(one.contact for one in [*to, *cc] if one.contact))
    clean: dict[str, list[Recipient]] = {"to": [], "cc": []}
    known: set[str] = set()
    for role, given in (("to", to), ("cc", cc)):
        for typed in given:
            one = Recipient(writing.one_line(typed.name, 200), writing.clean_address(typed.address), typed.contact)
            if one.key not in known:
                known.add(one.key)
                clean[role].append(recipients.known_as(one, case, here, office.pk))
    if len(clean["to"]) > 1 and clean["cc"]:
        raise RuleBroken(
            _("Several people get a message each, so nobody can get a copy. Write to one of them, or leave out Cc.")
        )
    return clean["to"], clean["cc"]


def _line(readers: Sequence[Recipient], case: Case | None, here: recipients.OnCase, given: str) -> str:
    """Whose correspondence it is: as its first reader says, else as the page said."""
    found = recipients.line_to(readers[0], case, here)
    if found == Message.Line.OTHER and given in Message.Line.values:
        return given
    return found


def _quotation(answered: Message, readers: Sequence[Recipient], language: str) -> str:
    """The message that is answered, in full view of its readers only if each wrote or got it (C7). What it quoted
    itself stays behind: that may be anybody's."""
    if not answered.text or not recipients.has_seen(answered, [one.address for one in readers]):
        return ""
    with translation.override(language):
        day = writing.long_day(answered.office.local_date(answered.written_at or answered.at))
    opening = fixed_in(language).wrote.format(day=day, who=answered.from_name or answered.from_address)
    return f"{opening}\n{writing.quote(writing.body_text(answered.text))}"


def _undo_stopping(written: Sequence[Message], to: Sequence[Recipient], by: "User", at: datetime) -> None:
    first = to[0].contact.formal_name if to[0].contact else to[0].name or to[0].address
    if len(written) == 1:
        label = _("Email to %(name)s") % {"name": first}
    else:
        others = len(written) - 1
        words = ngettext("Email to %(name)s and %(count)d other", "Email to %(name)s and %(count)d others", others)
        label = words % {"name": first, "count": others}
    payload = {"messages": [message.pk for message in written]}
    remember_undo("message.stop", office_id=written[0].office_id, by=by, at=at, label=label, payload=payload)
