"""The nouns of mail and letters, each in its own file."""

from wardbook.correspondence.models.alike import BulkReply, BulkReplyPerson, Likeness, LikenessBand
from wardbook.correspondence.models.attachments import Attachment, InboxVisit
from wardbook.correspondence.models.campaigns import Campaign
from wardbook.correspondence.models.deliveries import Delivery, RawMail
from wardbook.correspondence.models.letters import Letter
from wardbook.correspondence.models.mailboxes import Mailbox, SenderIdentity, Template, TemplateRevision
from wardbook.correspondence.models.messages import (
    KnownIdentifier,
    Message,
    MessageAddress,
    MessageOnCase,
    MessageQuerySet,
)
from wardbook.correspondence.models.rules import PostRules
from wardbook.correspondence.models.sending import AddressTrouble, AutomaticAnswer, Dispatch

__all__ = [
    "AddressTrouble",
    "Attachment",
    "AutomaticAnswer",
    "BulkReply",
    "BulkReplyPerson",
    "Campaign",
    "Delivery",
    "Dispatch",
    "InboxVisit",
    "KnownIdentifier",
    "Letter",
    "Likeness",
    "LikenessBand",
    "Mailbox",
    "Message",
    "MessageAddress",
    "MessageOnCase",
    "MessageQuerySet",
    "PostRules",
    "RawMail",
    "SenderIdentity",
    "Template",
    "TemplateRevision",
]
