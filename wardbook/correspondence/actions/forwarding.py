"""What is not for this office is forwarded to whom it concerns; who wrote it may be told. One act, one way back.

The email is written and held like any other (`composing.write`). It names nothing of the thread in which the message
came, for that thread may hold names that only its own people should have (`tokens`).
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from wardbook.correspondence import events, mime, raw_store, recipients, senders, tokens, warnings, writing
from wardbook.correspondence.actions import composing, filing
from wardbook.correspondence.actions.guarding import NeedsConfirming, Reason
from wardbook.correspondence.fixed_words import fixed_in
from wardbook.correspondence.forwarding_words import WHERE
from wardbook.correspondence.models import Attachment, Message, SenderIdentity
from wardbook.correspondence.recipients import Recipient
from wardbook.journal.actions import as_one, gathering, record
from wardbook.journal.models import Event, Undo
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.accounts.models import User

__all__ = ["NeedsConfirming", "can_tell", "forward", "forwarded", "return_to_inbox", "what_goes_below"]

LARGEST_SEARCHED = 20 * 1024 * 1024
_NOT_TOLD = frozenset(
    {warnings.UNVERIFIED, warnings.FORGED_STAFF, warnings.SEVERAL_SENDERS, warnings.NO_SENDER, warnings.CODE}
)


@transaction.atomic
def forward(
    message: Message,
    *,
    identity: SenderIdentity,
    to: Sequence[Recipient],
    subject: str,
    body: str,
    by: "User",
    at: datetime,
    with_text: bool = True,
    attachments: Sequence[Attachment] = (),
    told: str = "",
    dismisses: bool = True,
    confirmed: Collection[str] = frozenset(),
) -> list[Message]:
    """Forward a message of the Inbox and dismiss it as not ours, or one that needs no answer and stays so
    (`dismisses` False). `with_text` puts its words below ours; `told` is what its sender is told, if anything.

    Taking it back stops every email and puts the message back, or does neither once one of them has gone. Raises
    RuleBroken, also if somebody was first, and NeedsConfirming for readers who are no known organisation.
    """
    with gathering() as undos:
        if dismisses:
            message = filing.dismiss(message, reason=Message.DismissalReason.NOT_OURS, by=by, at=at)
        else:
            message = _dismissed(message)
        office = message.office
        _refuse_writer(message, to)
        _refuse_files(message, attachments)
        reasons = _to_confirm(message, to, confirmed)
        try:
            written = composing.write(
                office=office,
                identity=identity,
                to=to,
                subject=tokens.without(subject),
                body=tokens.without(body),
                below=what_goes_below(message) if with_text else "",
                attachments=attachments,
                language=office.language,
                confirmed=confirmed,
                by=by,
                at=at,
            )
        except NeedsConfirming as asked:
            raise NeedsConfirming([*reasons, *asked.reasons]) from None
        if reasons:
            raise NeedsConfirming(reasons)
        answer = _tell(message, identity, written, told, confirmed, by=by, at=at) if told else None
        record(
            events.MESSAGE_FORWARDED,
            about=message,
            by=by,
            at=at,
            messages=[one.pk for one in written],
            text=with_text,
            files=len(attachments),
            told=answer.pk if answer else None,
        )
    as_one(undos, label=_("Message forwarded to %(to)s") % {"to": written[0].addresses.all()[0].address})
    return written


def can_tell(message: Message) -> bool:
    """Whether there is a person who wrote it and can be told: at an address that nobody doubts and somebody reads."""
    is_mail = message.medium == Message.Medium.EMAIL and "@" in message.from_address and not message.forwarded
    doubted = message.auto_kind or _NOT_TOLD & set(message.warnings) or mime.nobody_reads(message.from_address)
    return is_mail and not doubted


def forwarded(message: Message) -> list[Message]:
    """The emails by which a message was forwarded, oldest first, but for those that were stopped. Two queries."""
    named = [pk for facts in _forwardings(message) for pk in facts["messages"]]
    gone = Message.objects.said_to_others().filter(office_id=message.office_id, pk__in=named)
    return list(gone.select_related("by").prefetch_related("addresses").order_by("pk")) if named else []


@transaction.atomic
def return_to_inbox(message: Message, *, by: "User", at: datetime) -> list[Message]:
    """Put a message back into the Inbox. What forwarded it does not go out then, unless a part of it has gone.

    Returns the emails that were kept from going out; with any, there is no Undo: it could not send them again.
    """
    with gathering() as undos:
        stopped = [composing.stop(one, by=by, at=at) for one in _not_gone(message)]
        filing.return_to_inbox(message, by=by, at=at)
    if stopped:
        Undo.objects.filter(pk__in=undos).delete()
    return stopped


def _not_gone(message: Message) -> list[Message]:
    """What can be stopped of the emails by which a message was forwarded, and its sender told of that."""
    found: list[Message] = []
    for facts in _forwardings(message):
        told = [facts["told"]] if facts["told"] else []
        emails = Message.objects.filter(office_id=message.office_id, pk__in=[*facts["messages"], *told])
        here = list(emails.select_for_update().order_by("pk"))
        if all(one.state in (*composing.STOPPABLE, Message.State.STOPPED) for one in here):
            found += [one for one in here if one.state in composing.STOPPABLE]
    return found


def _forwardings(message: Message) -> list[dict[str, Any]]:
    told = Event.objects.about(message).filter(name=events.MESSAGE_FORWARDED)
    return list(told.order_by("number").values_list("facts", flat=True))


def what_goes_below(message: Message) -> str:
    """What somebody wrote, with their name, address and day above it, as it stands below our own words.

    What it quoted itself stays here: that may be anybody's. Nothing if it holds no words."""
    text = "\n\n".join(part for part in (message.text, message.signature) if part.strip())
    if not text.strip():
        return ""
    writer, office = senders.writer_of(message), message.office
    with translation.override(office.language):
        day = writing.long_day(office.local_date(message.written_at or message.at))
        who = f"{writer.name} <{writer.address}>" if writer.name and writer.kind == "email" else message.sender
    opening = writing.one_line(fixed_in(office.language).wrote.format(day=day, who=who), 700)
    return f"{opening}\n{writing.quote(writing.body_text(tokens.without(text)))}"


def _dismissed(message: Message) -> Message:
    held = Message.objects.select_for_update(of=("self",)).select_related("office")
    message = held.get(pk=message.pk, direction=Message.Direction.IN)
    if message.state != Message.State.DISMISSED:
        raise RuleBroken(_("Somebody did something else with this message since."))
    return message


def _refuse_writer(message: Message, to: Sequence[Recipient]) -> None:
    own = {writing.address_key(one) for one in (message.from_address, senders.writer_of(message).address) if one}
    for recipient in to:
        if recipient.key in own:
            raise RuleBroken(_("%(address)s is where it came from.") % {"address": recipient.address})


def _refuse_files(message: Message, attachments: Sequence[Attachment]) -> None:
    """Only files of this message; and no mail within it that says how to answer in somebody else's name."""
    for one in attachments:
        if one.message_id != message.pk:
            raise RuleBroken(_("“%(name)s” is not a file of this message.") % {"name": one.name})
        if one.media_type.startswith(("message/", "text/")) and one.size <= LARGEST_SEARCHED:
            try:
                content = raw_store.get(one.storage_key)
            except OSError:
                continue  # said in words when it is enclosed
            if _says_how_to_answer(content, one.media_type):
                words = _("“%(name)s” holds an email of ours to somebody. Leave it out, or copy what matters.")
                raise RuleBroken(words % {"name": one.name})


def _says_how_to_answer(content: bytes, media_type: str) -> bool:
    """Whether a signed name stands in a file: as it lies there, or in what a mail within it says once it was read."""
    texts = [content.replace(b"\0", b"").decode("latin-1")]
    if media_type.startswith("message/"):
        mail = mime.parse(content)
        texts += [mail.text, mail.html]
        texts += [part.payload.decode("latin-1") for part in (*mail.attachments, *mail.inline)]
    return any(tokens.without(text) != text for text in texts)


def _to_confirm(message: Message, to: Sequence[Recipient], confirmed: Collection[str]) -> list[Reason]:
    """Readers who are neither a known organisation nor a colleague, and who had it before."""
    office: Office = message.office
    colleagues = recipients.on_case(None, office.pk).colleagues
    reasons = []
    for recipient in to:
        known = [recipient.contact] if recipient.contact else recipients.with_address(recipient.address, office.pk)
        if not any(contact.is_agency for contact in known) and recipient.key not in colleagues:
            words = _("%(address)s is not known here as an organisation. It would get what %(who)s wrote.")
            said = words % {"address": recipient.address, "who": message.from_name or message.from_address}
            reasons.append(Reason(f"outsider:{recipient.key}", "outsider", said))
    for before in forwarded(message):
        words = _("%(who)s forwarded this to %(to)s already.")
        said = words % {"who": before.by, "to": ", ".join(one.address for one in before.addresses.all())}
        reasons.append(Reason(f"again:{before.pk}", "again", said))
    return [reason for reason in reasons if reason.key not in confirmed]


def _tell(
    message: Message,
    identity: SenderIdentity,
    written: Sequence[Message],
    told: str,
    confirmed: Collection[str],
    *,
    by: "User",
    at: datetime,
) -> Message:
    if not can_tell(message):
        raise RuleBroken(_("Nobody can be told at the address from which this came."))
    where = ", ".join(str(one) for mail in written for one in mail.addresses.all())
    return composing.write(
        office=message.office,
        identity=identity,
        to=[Recipient(message.from_name, message.from_address, message.contact)],
        subject=writing.answer_to(str(message))[: composing.LONGEST_SUBJECT],
        body=told.replace(WHERE, where),
        in_answer_to=message,
        language=message.language,
        confirmed=confirmed,
        by=by,
        at=at,
    )[0]
