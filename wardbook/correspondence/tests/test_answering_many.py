"""One answer to many: each gets one message of their own, or is left out and it is said why (EM-9, C4)."""

from collections import Counter
from datetime import timedelta

import pytest

from wardbook.cases.factories import MONDAY
from wardbook.contacts.factories import ContactFactory
from wardbook.correspondence import events, posting
from wardbook.correspondence.actions import bulk, campaigns, composing
from wardbook.correspondence.audience import people_of
from wardbook.correspondence.factories import SenderIdentityFactory
from wardbook.correspondence.models import AddressTrouble, BulkReply, BulkReplyPerson, Message
from wardbook.correspondence.recipients import Recipient
from wardbook.correspondence.tests.alike_mails import HELP, copy, group, proposed
from wardbook.correspondence.tests.sink import Sink
from wardbook.journal.actions import take_back
from wardbook.journal.models import Event, Undo
from wardbook.lib.rules import RuleBroken
from wardbook.offices.factories import CaseworkerFactory, OfficeFactory
from wardbook.vocabulary import actions as vocabulary_actions

pytestmark = pytest.mark.django_db

LATER = MONDAY + timedelta(hours=2)
DUE = LATER + timedelta(seconds=61)


class Crowd:
    """An office with an accepted campaign, and somebody who answers it."""

    def __init__(self, count=6):
        self.office = OfficeFactory()
        vocabulary_actions.seed_lists(self.office, by=None, at=MONDAY)
        self.anna = CaseworkerFactory(office=self.office)
        campaign = proposed(self.office, count)
        self.box = self.office.mailboxes.get()
        self.identity = SenderIdentityFactory(mailbox=self.box)
        self.campaign = campaigns.accept(campaign, by=self.anna, at=LATER)

    def write(self, at=LATER, **given):
        self.campaign.refresh_from_db()
        values = {
            "identity": self.identity,
            "subject": "Your letter on pensions",
            "body": "Dear {person.formal_name},\n\nI agree with you.",
            "by": self.anna,
            "seen": self.campaign.version,
        }
        return bulk.write(self.campaign, at=at, **values | given)

    def go_on(self, at=DUE):
        return bulk.go_on(clock=lambda: at)

    def left_out(self, **given):
        return {one.address: str(one.left_out) for one in people_of(self.campaign, **given) if one.left_out}


@pytest.fixture
def crowd():
    return Crowd()


# --- Who gets it --------------------------------------------------------------------------------------------------


def test_each_gets_a_message_of_their_own_in_answer_to_theirs(crowd):
    reply = crowd.write()
    assert crowd.go_on(LATER + timedelta(seconds=59)) == 0
    assert crowd.go_on() == 6

    sent = list(Message.objects.outgoing().order_by("pk"))
    assert len({one.identifier for one in sent}) == 6
    for message in sent:
        (to,) = message.addresses.all()
        assert (to.role, to.address) == ("to", message.answers.from_address)
        assert message.in_reply_to == message.answers.identifier
        assert message.text == f"Dear {message.answers.from_name},\n\nI agree with you."
        assert (message.case, message.state, message.quoted) == (crowd.campaign.case, "queued", "")
    assert set(reply.people.values_list("message", flat=True)) == {one.pk for one in sent}


def test_no_bytes_of_one_name_another(crowd, settings):
    crowd.write()
    crowd.go_on()
    with Sink().uses(settings) as sink:
        posting.post_due(clock=lambda: DUE + timedelta(minutes=1), until=DUE + timedelta(minutes=9), seconds=5)
    everybody = {f"sender{turn}@home.example" for turn in range(6)}
    assert {to for _from, [to], _raw in sink.mails} == everybody
    for _from, [to], raw in sink.mails:
        assert b"\nbcc" not in raw.lower()
        assert not [other for other in everybody - {to} if other.encode() in raw]


def test_whoever_wrote_five_times_gets_one_answer_to_the_last(crowd):
    mails = [copy(crowd.office, 2, minutes=100 + turn) for turn in range(4)]
    group()
    crowd.write()
    assert crowd.go_on() == 6
    assert Message.objects.outgoing().get(addresses__address="sender2@home.example").answers == mails[-1]


def test_each_reason_to_leave_somebody_out_is_said(crowd):
    office = crowd.office
    ContactFactory(office=office, emails=["sender0@home.example"], do_not_email=True)
    AddressTrouble.objects.create(office=office, address="sender1@home.example", is_hard=True, at=MONDAY)
    far = ContactFactory(office=office, emails=["sender2@home.example"], area="out")
    Message.objects.filter(from_address="sender2@home.example").update(contact=far)
    copy(office, 7, own=HELP)
    copy(office, 8, from_address="no-reply@platform.example")
    group()
    always = {
        "sender0@home.example": "do-not-email",
        "sender1@home.example": "bounces",
        "no-reply@platform.example": "automatic",
    }
    assert crowd.left_out() == always | {"sender7@home.example": "own-words"}
    chosen = {"leaves": {"out-of-area"}, "by_hand": {"sender3@home.example"}}
    outside = {"sender2@home.example": "out-of-area", "sender3@home.example": "by-hand"}
    assert crowd.left_out(**chosen) == always | outside


def test_who_was_answered_is_not_answered_again_unless_they_wrote_again(crowd):
    first = Message.objects.get(from_address="sender0@home.example")
    composing.write(
        office=crowd.office,
        case=crowd.campaign.case,
        identity=crowd.identity,
        to=[Recipient("", "sender0@home.example")],
        subject="Hello",
        body="By hand",
        in_answer_to=first,
        confirmed={"outsider:sender0@home.example"},
        by=crowd.anna,
        at=LATER,
    )
    assert crowd.left_out() == {"sender0@home.example": "answered"}
    copy(crowd.office, 0, at=LATER + timedelta(minutes=5))
    group(LATER)
    assert crowd.left_out() == {"sender0@home.example": "answered"}
    again = people_of(crowd.campaign, only_again=True)
    assert [(one.address, one.left_out) for one in again] == [("sender0@home.example", "")]


def test_nobody_gets_a_text_with_a_gap(crowd):
    copy(crowd.office, 7, from_name="")
    group()
    reply = crowd.write()
    assert reply.people.get(address="sender7@home.example").left_out == "no-value"
    crowd.go_on()
    assert not Message.objects.outgoing().filter(text__contains="{").exists()


def test_the_writers_own_name_in_the_text_is_no_gap(crowd):
    reply = crowd.write(body="Dear {person.formal_name},\n\nI agree.\n\n{me.name}")
    assert set(reply.people.values_list("left_out", flat=True)) == {""}
    crowd.go_on()
    sent = Message.objects.outgoing().first()
    assert sent.text.endswith(crowd.anna.name)


# --- Held, stopped, done ------------------------------------------------------------------------------------------


def test_it_can_be_stopped_before_it_starts_and_undo_does_the_same(crowd):
    reply = crowd.write()
    said = take_back(Undo.objects.get(inverse="bulk_reply.stop"), by=crowd.anna, at=LATER)
    assert said.startswith("Not sent")
    assert crowd.go_on() == 0
    reply.refresh_from_db()
    assert reply.state == BulkReply.State.STOPPED
    with pytest.raises(RuleBroken, match="nothing left to stop"):
        bulk.stop(reply, by=crowd.anna, at=LATER)


def test_what_is_still_queued_is_stopped_too_and_those_can_be_answered_later(crowd, settings):
    reply = crowd.write()
    starts = LATER + bulk.HOLD
    BulkReply.objects.update(state="sending")
    bulk.write_some(reply, at=starts, limit=4)
    with Sink().uses(settings) as sink:
        # Two have had their turn; the others take theirs a moment later.
        posting.post_due(clock=lambda: starts + timedelta(milliseconds=50), until=DUE, seconds=5)
    gone = len(sink.mails)
    assert gone == 2
    bulk.stop(reply, by=crowd.anna, at=DUE)

    states = Counter(Message.objects.outgoing().values_list("state", flat=True))
    assert states == {"sent": gone, "stopped": 4 - gone}
    assert crowd.go_on(DUE + timedelta(minutes=1)) == 0
    assert Event.objects.get(name=events.BULK_REPLY_STOPPED).facts == {"written": gone, "stopped": 4 - gone}
    crowd.write(at=DUE + timedelta(minutes=5))
    assert BulkReplyPerson.objects.filter(left_out="", bulk__state="held").count() == 6 - gone


def test_it_is_done_when_all_are_gone(crowd, settings):
    reply = crowd.write()
    crowd.go_on()
    reply.refresh_from_db()
    assert reply.state == BulkReply.State.SENDING
    with Sink().uses(settings) as sink:
        posting.post_due(clock=lambda: DUE + timedelta(minutes=1), until=DUE + timedelta(minutes=9), seconds=5)
    crowd.go_on(DUE + timedelta(minutes=2))
    reply.refresh_from_db()
    assert (reply.state, len(sink.mails)) == (BulkReply.State.DONE, 6)
    assert Event.objects.get(name=events.BULK_REPLY_FINISHED).facts == {"people": 6}


def test_of_two_who_press_at_once_one_writes(crowd):
    seen = crowd.campaign.version
    crowd.write()
    with pytest.raises(RuleBroken, match="is answering this campaign now"):
        crowd.write(seen=seen)
    with pytest.raises(RuleBroken, match="is answering this campaign now"):
        crowd.write()
    assert BulkReply.objects.count() == 1


def test_a_group_that_nobody_accepted_is_not_answered(crowd):
    crowd.campaign.is_accepted = False
    with pytest.raises(RuleBroken, match="Accept the group"):
        bulk.refuse(crowd.campaign, crowd.identity, crowd.anna)
