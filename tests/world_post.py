"""The post of an office of the world: a mailbox, a message in the Inbox, one on a case, what hangs on them."""

import secrets

from django.utils import timezone

from wardbook.cases.factories import CaseFactory
from wardbook.correspondence import raw_store
from wardbook.correspondence.factories import (
    CampaignFactory,
    LetterFactory,
    MailboxFactory,
    MessageFactory,
    SenderIdentityFactory,
    SentMessageFactory,
    TemplateFactory,
)
from wardbook.correspondence.models import Attachment, BulkReply, BulkReplyPerson, Delivery, RawMail, TemplateRevision
from wardbook.correspondence.tests import scans


def add_post(world):
    """Every text holds the canary; what belongs to the restricted case holds it with SECRET."""
    canary, office, things = world.canary, world.office, world.things
    box = things["mailbox"] = MailboxFactory(office=office, name=f"{canary} office", source="pipe")
    things["identity"] = SenderIdentityFactory(mailbox=box)
    things["template"] = TemplateFactory(office=office, name=f"{canary} template", body=canary, version=2)
    TemplateRevision.objects.create(
        template=things["template"], version=1, body=f"{canary} before", at=timezone.now()
    )
    things["template_revision"] = 1
    common = {"office": office, "mailbox": box, "from_name": f"{canary} Writer", "at": timezone.now()}
    things["message"] = MessageFactory(subject=f"{canary} subject", text=f"{canary} words", **common)
    things["message_on_case"] = MessageFactory(case=things["case"], subject=f"{canary} filed", text=canary, **common)
    MessageFactory(case=things["restricted"], subject=f"{canary}SECRET mail", text=f"{canary}SECRET", **common)
    things["sent"] = SentMessageFactory(
        case=things["case"],
        subject=f"{canary} answer",
        text=canary,
        identity=things["identity"],
        by=world.users["manager"],
        **common,
    )
    # One that is still held back, and one that the server refused.
    for state in ("held", "failed"):
        things[state] = SentMessageFactory(
            case=things["case"],
            state=state,
            subject=f"{canary} {state}",
            text=canary,
            identity=things["identity"],
            by=world.users["manager"],
            **common,
        )
    # A letter that somebody scanned, and a mail with a picture that lies where nobody may fetch it from.
    things["by_hand"] = MessageFactory(subject=f"{canary} scanned", medium="letter", **common | {"mailbox": None})
    MessageFactory(subject=f"{canary} pictured", html="<p>x<img src=http://192.0.2.1/x.png></p>", **common)
    scanned = secrets.token_hex(24)
    raw_store.put(scanned, scans.pdf())
    things["scan"] = Attachment.objects.create(
        office=office,
        message=things["by_hand"],
        name=f"{canary}.pdf",
        storage_key=scanned,
        sha256="0" * 64,
        size=len(canary),
        media_type="application/pdf",
    )
    key = secrets.token_hex(24)
    raw_store.put(key, canary.encode())
    things["attachment"] = Attachment.objects.create(
        office=office,
        message=things["message"],
        name=f"{canary}.txt",
        storage_key=key,
        sha256="0" * 64,
        size=len(canary),
        media_type="text/plain",
    )
    raw = RawMail.objects.create(
        office=office, sha256=secrets.token_hex(32), size=9, content=canary.encode(), kept_at=timezone.now()
    )
    things["delivery"] = Delivery.objects.create(
        mailbox=box, raw=raw, via="pipe", arrived_at=timezone.now(), state="quarantined", problem=canary
    )
    things["campaign"] = CampaignFactory(office=office, name=f"{canary} campaign", sample=canary)
    CampaignFactory(office=office, name=f"{canary} other campaign", sample=canary)
    for number in range(3):
        MessageFactory(
            subject=f"{canary} copy",
            text=f"{canary} copied words",
            from_address=f"copy{number}@{office.slug}.example.org",
            campaign=things["campaign"],
            **common,
        )
    things["campaign_message"] = MessageFactory(
        campaign=things["campaign"], subject=f"{canary} copy", text=canary, is_set_apart=True, **common
    )
    add_accepted_campaign(world, common)
    things["bulk_reply"] = BulkReply.objects.create(
        office=office,
        campaign=things["campaign"],
        identity=things["identity"],
        subject=f"{canary} to all",
        body=canary,
        by=world.users["manager"],
        at=timezone.now(),
        starts_at=timezone.now(),
    )
    BulkReplyPerson.objects.create(
        bulk=things["bulk_reply"], received=things["campaign_message"], address=f"{canary}@home.example"
    )
    things["letter"] = LetterFactory(
        office=office, contact=things["contact"], case=things["case"], subject=f"{canary} letter", body=canary
    )
    things["letter_to_sign"] = LetterFactory(
        office=office,
        contact=things["contact"],
        case=things["case"],
        state="for-signature",
        subject=f"{canary} letter to sign",
        body=canary,
    )


def add_accepted_campaign(world, common):
    """A campaign with its policy case, of which no answer is on its way: it can be answered, split and joined."""
    canary, office = world.canary, world.office
    case = CaseFactory(office=office, kind="policy", description=f"{canary} policy")
    world.things["campaign_accepted"] = CampaignFactory(
        office=office, name=f"{canary} accepted campaign", sample=canary, is_accepted=True, case=case
    )
    for number in range(2):
        MessageFactory(
            subject=f"{canary} accepted copy",
            text=f"{canary} copied words",
            from_address=f"accepted{number}@{office.slug}.example.org",
            campaign=world.things["campaign_accepted"],
            case=case,
            state="filed",
            line="other",
            filed_at=timezone.now(),
            filed_how="campaign",
            **common,
        )
