"""An office that writes emails and sends them, with a clock that stands where it is put."""

from datetime import timedelta

from wardbook.cases.factories import MONDAY, CaseFactory, activity_type_of
from wardbook.contacts.factories import ContactFactory
from wardbook.correspondence import events, posting, writing
from wardbook.correspondence.actions import composing
from wardbook.correspondence.actions.composing import Recipient
from wardbook.correspondence.factories import CampaignFactory, MailboxFactory, MessageFactory, SenderIdentityFactory
from wardbook.correspondence.models import BulkReply, BulkReplyPerson, Dispatch
from wardbook.journal.models import Event
from wardbook.offices.factories import CaseworkerFactory, OfficeFactory

MINUTE = timedelta(minutes=1)
SOON = MONDAY + timedelta(seconds=31)


class Post:
    """An office that writes to Mrs Evans, and a clock that stands where it is put."""

    def __init__(self):
        self.office = OfficeFactory()
        activity_type_of(self.office, "task")
        self.anna = CaseworkerFactory(office=self.office)
        self.rhian = ContactFactory(
            office=self.office, title="Mrs", family_name="Evans", emails=["rhian@home.example"]
        )
        self.case = CaseFactory(office=self.office, constituent=self.rhian, owner=self.anna)
        self.mailbox = MailboxFactory(office=self.office)
        self.identity = SenderIdentityFactory(mailbox=self.mailbox)
        self.now = SOON

    def write(self, *addresses, cc=(), **given):
        values = {
            "office": self.office,
            "case": self.case,
            "identity": self.identity,
            "subject": "Damp",
            "body": "Dear Mrs Evans",
        }
        everybody = addresses or ("rhian@home.example",)
        confirmed = {f"outsider:{writing.address_key(address)}" for address in (*everybody, *cc)}
        values |= {"to": [Recipient("", one) for one in everybody], "cc": [Recipient("", one) for one in cc]}
        values |= {"by": self.anna, "at": MONDAY, "confirmed": confirmed}
        return composing.write(**values | given)[0]

    def post(self, at=None, seconds=5.0):
        self.now = at or self.now
        return posting.post_due(clock=lambda: self.now, until=self.now + MINUTE, seconds=seconds)


def state(message):
    message.refresh_from_db()
    return message.state


def check_that_it_waits(message, problem):
    assert state(message) == "queued"
    dispatch = Dispatch.objects.get(pk=message.pk)
    assert (dispatch.problem, dispatch.attempts, dispatch.turn_at) == (problem, 1, SOON + MINUTE)
    assert Event.objects.get(name=events.MESSAGE_DELAYED).facts["problem"] == problem


def bulk(post, message):
    campaign = CampaignFactory(office=post.office)
    reply = BulkReply.objects.create(
        office=post.office,
        campaign=campaign,
        identity=post.identity,
        subject="x",
        body="x",
        by=post.anna,
        at=MONDAY,
        starts_at=MONDAY,
    )
    received = MessageFactory(office=post.office)
    BulkReplyPerson.objects.create(
        bulk=reply, received=received, address=message.addresses.get().address, message=message
    )
