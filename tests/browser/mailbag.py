"""An Inbox for the tests of a browser: mails of people known and unknown, with and without a suggestion."""

from datetime import timedelta

from django.utils import timezone

from wardbook.correspondence.factories import MailboxFactory, MessageFactory, SenderIdentityFactory


def mailbox_of(office):
    """The office's one mailbox, which hands mail over and may be written under."""
    box = office.mailboxes.first()
    if box is None:
        box = MailboxFactory(office=office, source="pipe")
        SenderIdentityFactory(mailbox=box)
    return box


def mail(office, minutes=0, **fields):
    """Something that came in so many minutes ago and waits."""
    at = timezone.now() - timedelta(minutes=minutes)
    return MessageFactory(office=office, mailbox=mailbox_of(office), at=at, **fields)


def sure(case):
    """What makes a mail a sure reply to a case."""
    return {"suggested_case": case, "suggestion": "thread", "suggestion_is_sure": True}
