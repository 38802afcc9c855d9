"""One answer to many: held for a minute, then a message of its own for each, stopped at any time (EM-9, C4, V4).

The rows are the truth: who has no message yet is still to be written to. A worker that is killed leaves nobody with
two messages, for a person and their message are committed together; the next worker goes on.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from wardbook.correspondence import audience, events, filling, writing
from wardbook.correspondence.actions import composing, guarding
from wardbook.correspondence.audience import Person
from wardbook.correspondence.models import (
    BulkReply,
    BulkReplyPerson,
    Campaign,
    Dispatch,
    Message,
    SenderIdentity,
    Template,
)
from wardbook.correspondence.recipients import Recipient
from wardbook.journal.actions import Line, record, record_many, remember_undo
from wardbook.lib import faults
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Membership

if TYPE_CHECKING:
    from wardbook.accounts.models import User

HOLD = timedelta(seconds=60)
AT_ONCE = 25
"""Messages written in one transaction."""

PER_SECOND = 25
"""How fast they take their turn, so that mail that somebody else writes meanwhile is not kept waiting."""

UNDER_WAY = (BulkReply.State.HELD, BulkReply.State.SENDING)
_HERE = (Message.State.HELD, Message.State.QUEUED)


@transaction.atomic
def write(
    campaign: Campaign,
    *,
    identity: SenderIdentity,
    subject: str,
    body: str,
    by: "User",
    at: datetime,
    seen: int,
    template: Template | None = None,
    leaves: Collection[str] = frozenset({BulkReplyPerson.LeftOut.OWN_WORDS}),
    by_hand: Collection[str] = frozenset(),
    only_again: bool = False,
) -> BulkReply:
    """Write one answer to the people of a campaign. It is held for 60 s.

    `seen` is the version of the campaign on the page: of two people who press at once, one writes. Raises RuleBroken.
    """
    refuse(campaign, identity, by)
    subject, body = words(subject, body)
    people = audience.people_of(campaign, leaves=leaves, by_hand=by_hand, only_again=only_again)
    audience.leave_out_gaps(people, campaign, f"{subject}\n{body}", at, me=_me(campaign, by))
    got = sum(person.left_out == "" for person in people)
    if not got:
        raise RuleBroken(_("Nobody is left to write to."))
    current = Campaign.objects.filter(pk=campaign.pk, version=seen, ended_at=None)
    if not current.update(version=F("version") + 1):
        raise RuleBroken(_who_was_first(campaign))
    try:
        with transaction.atomic():
            bulk = BulkReply.objects.create(
                office_id=campaign.office_id,
                campaign=campaign,
                template=template,
                identity=identity,
                subject=subject,
                body=body,
                by=by,
                at=at,
                starts_at=at + HOLD,
            )
    except IntegrityError:
        raise RuleBroken(_who_was_first(campaign)) from None
    BulkReplyPerson.objects.bulk_create(
        (
            BulkReplyPerson(
                bulk=bulk,
                received=person.received,
                contact=person.contact,
                address=person.address,
                left_out=person.left_out,
            )
            for person in people
        ),
        batch_size=100,
    )
    record(events.BULK_REPLY_WRITTEN, about=bulk, by=by, at=at, people=got, left_out=len(people) - got)
    label = _("Answer to %(count)d people of %(name)s") % {"count": got, "name": campaign.name}
    remember_undo("bulk_reply.stop", office_id=bulk.office_id, by=by, at=at, label=label, payload={"bulk": bulk.pk})
    return bulk


def refuse(campaign: Campaign, identity: SenderIdentity, by: "User") -> None:
    """Raise RuleBroken where no answer to this campaign may be written now."""
    guarding.refuse_identity(identity, campaign.office, by)
    if campaign.ended_at is not None:
        raise RuleBroken(_("This campaign has ended."))
    if not campaign.is_accepted or campaign.case is None:
        raise RuleBroken(_("Accept the group as a campaign first."))
    if campaign.case.deleted_at is not None:
        raise RuleBroken(_("This case is in the bin."))


def words(subject: str, body: str) -> tuple[str, str]:
    """Subject and text as they are kept. Raises RuleBroken for none, too much, or a token that nothing fills."""
    subject, body = writing.one_line(subject, composing.LONGEST_SUBJECT + 1), writing.body_text(body)
    if not subject:
        raise RuleBroken(_("Write a subject."))
    if len(subject) > composing.LONGEST_SUBJECT:
        raise RuleBroken(_("The subject is longer than %(most)d characters.") % {"most": composing.LONGEST_SUBJECT})
    if not body:
        raise RuleBroken(_("Write something first."))
    if len(body) > composing.LONGEST_BODY:
        raise RuleBroken(_("The text is too long for an email. Send it as a file."))
    if slips := filling.slips_in(f"{subject}\n{body}"):
        raise RuleBroken(_("Nothing is put in for {%(token)s}. Correct it or take it out.") % {"token": slips[0]})
    return subject, body


@transaction.atomic
def test(
    campaign: Campaign, person: Person, *, identity: SenderIdentity, subject: str, body: str, by: "User", at: datetime
) -> Message:
    """Send one of these answers to oneself, as that person would get it. Raises RuleBroken."""
    refuse(campaign, identity, by)
    subject, body = words(subject, body)
    facts = _facts(person, campaign, by, at)
    message = composing.put_down(
        mailbox=identity.mailbox,
        identity=identity,
        to=Recipient(by.name, writing.clean_address(by.email)),
        subject=writing.one_line(_("Test: %(subject)s") % {"subject": filling.fill(subject, facts).text}, 200),
        body=filling.fill(body, facts).text,
        turn_at=at,
        state=Message.State.QUEUED,
        by=by,
        at=at,
    )
    record(events.MESSAGE_WRITTEN, about=message, by=by, at=at, case=None, line="", to=1)
    return message


def go_on(*, clock: Callable[[], datetime], until: datetime | None = None) -> int:
    """Begin what was held long enough, write what is to be written, finish what is done. How many were written."""
    done = 0
    BulkReply.objects.filter(state=BulkReply.State.HELD, starts_at__lte=clock()).update(state=BulkReply.State.SENDING)
    for bulk in BulkReply.objects.filter(state=BulkReply.State.SENDING).order_by("starts_at", "pk"):
        while written := write_some(bulk, at=clock(), limit=AT_ONCE):
            done += written
            if until is not None and clock() >= until:
                return done
        finish(bulk, at=clock())
    return done


@transaction.atomic
def write_some(bulk: BulkReply, *, at: datetime, limit: int) -> int:
    """The next messages of an answer. Whoever stops it waits for this, and then finds them all."""
    held = BulkReply.objects.select_for_update(of=("self",)).select_related(
        "campaign__office", "campaign__case", "identity__mailbox__office", "by"
    )
    current = held.filter(pk=bulk.pk, state=BulkReply.State.SENDING).first()
    if current is None:
        return 0
    waiting = BulkReplyPerson.objects.filter(bulk=bulk, message=None, left_out="").order_by("pk")
    people = list(waiting.select_related("received", "contact")[:limit])
    if not people:
        return 0
    before = BulkReplyPerson.objects.filter(bulk=bulk, message__isnull=False).count()
    lines = []
    for place, row in enumerate(people, before):
        message = _message_for(row, current, max(at, current.starts_at + timedelta(seconds=place / PER_SECOND)), at)
        if not BulkReplyPerson.objects.filter(pk=row.pk, message=None).update(message=message):
            raise IntegrityError("This person has a message already.")
        faults.point("bulk-person")
        facts = {"case": message.case_id, "line": message.line, "to": 1}
        lines.append(Line(events.MESSAGE_WRITTEN, message, facts))
    record_many(lines, by=current.by, at=at)
    faults.point("before-bulk-commits")
    return len(people)


@transaction.atomic
def finish(bulk: BulkReply, *, at: datetime) -> bool:
    """It is done when everybody has a message and none of them is still here."""
    people = BulkReplyPerson.objects.filter(bulk=bulk)
    if people.filter(message=None, left_out="").exists():
        return False
    if people.filter(message__state__in=[*_HERE, Message.State.LEASED]).exists():
        return False
    going = BulkReply.objects.filter(pk=bulk.pk, state=BulkReply.State.SENDING)
    if not going.update(state=BulkReply.State.DONE, finished_at=at):
        return False
    count = people.filter(message__isnull=False).count()
    record(events.BULK_REPLY_FINISHED, about=bulk, by=None, at=at, people=count)
    return True


@transaction.atomic
def stop(bulk: BulkReply, *, by: "User", at: datetime) -> int:
    """Nothing more of it goes out: what is not written is not, what waits to go out stays. How many had a message
    that is no longer here. Raises RuleBroken when there is nothing left to stop."""
    running = BulkReply.objects.filter(pk=bulk.pk, state__in=UNDER_WAY)
    if not running.update(state=BulkReply.State.STOPPED, stopped_at=at):
        raise RuleBroken(_("There is nothing left to stop."))
    here = Message.objects.filter(bulk_person__bulk=bulk, state__in=_HERE)
    wanted = list(here.order_by("pk").values_list("pk", flat=True))
    stopped = 0
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        Message.objects.filter(pk__in=some, state__in=_HERE).update(state=Message.State.STOPPED)
        # The worker may have taken one in this moment: only those that are stopped count.
        now = Message.objects.filter(pk__in=some, state=Message.State.STOPPED)
        rows = list(now.order_by("pk").only("pk", "office_id", "case_id"))
        Dispatch.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=at)
        record_many([Line(events.MESSAGE_STOPPED, row) for row in rows], by=by, at=at)
        stopped += len(rows)
    gone = BulkReplyPerson.objects.filter(bulk=bulk, message__isnull=False).exclude(
        message__state=Message.State.STOPPED
    )
    count = gone.count()
    record(events.BULK_REPLY_STOPPED, about=bulk, by=by, at=at, written=count, stopped=stopped)
    return count


def _message_for(row: BulkReplyPerson, bulk: BulkReply, turn_at: datetime, at: datetime) -> Message:
    """This person's message: to them alone, in answer to theirs (C4)."""
    campaign = bulk.campaign
    person = Person(row.received, row.address, row.contact)
    facts = _facts(person, campaign, bulk.by, bulk.at)
    name = row.contact.name if row.contact else row.received.from_name
    return composing.put_down(
        mailbox=bulk.identity.mailbox,
        identity=bulk.identity,
        case=campaign.case,
        line=Message.Line.OTHER,
        to=Recipient(writing.one_line(name, 200), writing.clean_address(row.address), row.contact),
        subject=writing.one_line(filling.fill(bulk.subject, facts).text, composing.LONGEST_SUBJECT),
        body=filling.fill(bulk.body, facts).text,
        in_answer_to=row.received,
        turn_at=turn_at,
        state=Message.State.QUEUED,
        by=bulk.by,
        at=at,
    )


def _facts(person: Person, campaign: Campaign, by: "User", at: datetime) -> filling.Facts:
    return audience.facts_of(person, campaign, at, me=_me(campaign, by))


def _me(campaign: Campaign, by: "User") -> Membership | None:
    """Who writes, as a member of the campaign's office."""
    return Membership.objects.filter(office_id=campaign.office_id, user=by).select_related("user").first()


def _who_was_first(campaign: Campaign) -> str:
    """Why this one is not written: a colleague pressed first, or changed the campaign."""
    other = BulkReply.objects.filter(campaign=campaign, state__in=UNDER_WAY).select_related("by").first()
    if other is not None:
        return _("%(name)s is answering this campaign now.") % {"name": other.by}
    return _("Somebody changed this campaign meanwhile. Look at it again.")
