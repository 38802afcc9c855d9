"""The smallest valid mailbox, message, campaign and letter."""

import uuid
from typing import Any

import factory
from factory.django import DjangoModelFactory

from wardbook.accounts.factories import UserFactory
from wardbook.cases.factories import MONDAY
from wardbook.contacts.factories import ContactFactory
from wardbook.correspondence.models import (
    Campaign,
    Dispatch,
    Letter,
    Mailbox,
    Message,
    MessageAddress,
    SenderIdentity,
    Template,
)
from wardbook.offices.factories import OfficeFactory


class MailboxFactory(DjangoModelFactory):
    """An IMAP mailbox that works."""

    class Meta:
        model = Mailbox

    office = factory.SubFactory(OfficeFactory)
    name = "Office of Mair Lloyd MP"
    address = factory.Sequence(lambda n: f"office{n}@glanmor.example.org")
    host = "127.0.0.1"
    port = 1143
    security = Mailbox.Security.NONE
    username = "office"
    health = Mailbox.Health.WELL
    created_at = MONDAY


class SenderIdentityFactory(DjangoModelFactory):
    class Meta:
        model = SenderIdentity

    office = factory.SelfAttribute("mailbox.office")
    mailbox = factory.SubFactory(MailboxFactory)
    name = factory.SelfAttribute("mailbox.name")
    address = factory.SelfAttribute("mailbox.address")
    is_default = True


class TemplateFactory(DjangoModelFactory):
    class Meta:
        model = Template

    office = factory.SubFactory(OfficeFactory)
    name = "We are on it"
    subject = "Your case {case.reference}"
    body = "Dear {person.formal_name},\n\nWe have written to the council.\n"
    changed_at = MONDAY


class MessageFactory(DjangoModelFactory):
    """A mail from a person, in the Inbox. `case=` files it."""

    class Meta:
        model = Message

    mailbox = factory.SubFactory(MailboxFactory, office=factory.SelfAttribute("..office"))
    office = factory.SubFactory(OfficeFactory)
    case = None
    direction = Message.Direction.IN
    state = factory.LazyAttribute(lambda row: Message.State.FILED if row.case else Message.State.WAITING)
    subject = "Damp in flat"
    from_name = "Rhian Evans"
    from_address = "rhian@example.org"
    text = "The black mould is back in the children's room."
    identifier = factory.LazyFunction(lambda: f"{uuid.uuid4()}@example.org")
    content_hash = factory.LazyFunction(lambda: uuid.uuid4().hex)
    written_at = MONDAY
    at = MONDAY


class SentMessageFactory(MessageFactory):
    """A message that went out to one person of a case. `state=` and `to=` change it."""

    class Meta:
        model = Message
        skip_postgeneration_save = True

    direction = Message.Direction.OUT
    state = Message.State.SENT
    from_name = factory.SelfAttribute("mailbox.name")
    from_address = factory.SelfAttribute("mailbox.address")
    text = "Dear Mrs Evans, we have written to the council."
    line = Message.Line.CONSTITUENT
    identity = factory.SubFactory(SenderIdentityFactory, mailbox=factory.SelfAttribute("..mailbox"))
    by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def to(self, create: bool, given: str | None, **_: Any) -> None:
        if create:
            MessageAddress.objects.create(message=self, role="to", address=given or "rhian@example.org")
            Dispatch.objects.create(
                message=self, mailbox=self.mailbox, turn_at=self.at, first_turn_at=self.at, sent_at=self.at
            )


class CampaignFactory(DjangoModelFactory):
    class Meta:
        model = Campaign

    office = factory.SubFactory(OfficeFactory)
    name = "Pension age"
    sample = "I am writing to ask you to vote against raising the pension age."
    started_at = MONDAY


class LetterFactory(DjangoModelFactory):
    """A letter that is ready to print."""

    class Meta:
        model = Letter

    office = factory.SubFactory(OfficeFactory)
    contact = factory.SubFactory(ContactFactory, office=factory.SelfAttribute("..office"))
    state = Letter.State.READY
    addressed_to = "Mrs Rhian Evans\n14 Mill Lane\nGlanmor GM1 4AB"
    dated_on = MONDAY.date()
    subject = "Damp in your flat"
    body = "Dear Mrs Evans,\n\nThe council will inspect your flat.\n"
    by = factory.SubFactory(UserFactory)
    at = MONDAY
