"""A case whose person the office wrote to, and mail that comes to it: for the tests of intake."""

from datetime import timedelta

from wardbook.cases import actions as case_actions
from wardbook.cases.factories import MONDAY, CaseFactory
from wardbook.contacts.factories import ContactFactory
from wardbook.correspondence import tokens
from wardbook.correspondence.factories import MailboxFactory, SentMessageFactory
from wardbook.correspondence.tests import incoming
from wardbook.offices.factories import CaseworkerFactory


class Post:
    """A case of Mrs Evans, owned by Anna, in which the office wrote to her."""

    def __init__(self, **case):
        self.mailbox = MailboxFactory(
            address="office@glanmor.example.org", has_plus_addresses=True, trusted_server="mx.glanmor.example.org"
        )
        self.office = self.mailbox.office
        self.anna = CaseworkerFactory(office=self.office)
        self.rhian = ContactFactory(office=self.office, emails=["rhian@example.org"])
        self.case = CaseFactory(office=self.office, constituent=self.rhian, owner=self.anna, **case)
        self.sent = SentMessageFactory(mailbox=self.mailbox, office=self.office, case=self.case, subject="Your flat")
        self.sent.identifier = tokens.message_id_for(self.sent)
        self.sent.save()

    def comes(self, text="Thank you.", at=MONDAY + timedelta(days=1), **mail):
        mail.setdefault("subject", "Something else entirely")
        return incoming.take_in(self.mailbox, incoming.raw(text, **mail), at=at)

    def closed(self, day):
        case_actions.close(self.case, outcome="resolved", by=None, at=day)


def where(message):
    """(case, how, warnings) as they lie in the database."""
    message.refresh_from_db()
    return message.case, message.filed_how, message.warnings
