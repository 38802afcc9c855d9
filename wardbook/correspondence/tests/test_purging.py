"""A case that is removed for good takes its post along, and nothing of another case."""

from datetime import timedelta

import pytest
from django.conf import settings

from wardbook.cases import actions as case_actions
from wardbook.cases import files
from wardbook.cases.factories import MONDAY, CaseFactory
from wardbook.correspondence import raw_store
from wardbook.correspondence.factories import LetterFactory, MailboxFactory, MessageFactory, SentMessageFactory
from wardbook.correspondence.models import Attachment, Delivery, Letter, Message, MessageOnCase, RawMail

pytestmark = pytest.mark.django_db

LATER = MONDAY + timedelta(days=31)


@pytest.fixture
def case():
    case = CaseFactory()
    box = MailboxFactory(office=case.office)
    came = MessageFactory(office=case.office, mailbox=box, case=case)
    SentMessageFactory(office=case.office, mailbox=box, case=case, answers=came)
    LetterFactory(office=case.office, case=case)
    raw = RawMail.objects.create(office=case.office, sha256="a" * 64, size=3, content=b"raw", kept_at=MONDAY)
    Delivery.objects.create(mailbox=box, raw=raw, via="imap", arrived_at=MONDAY, state="read", message=came)
    raw_store.put("b" * 48, b"photo")
    Attachment.objects.create(
        office=case.office,
        message=came,
        name="a.jpg",
        storage_key="b" * 48,
        sha256="c" * 64,
        size=5,
        media_type="image/jpeg",
    )
    return case


def purge(case):
    case.deleted_at = MONDAY
    case.save(update_fields=["deleted_at"])
    case_actions.purge(case, at=LATER)


def test_everything_of_the_case_goes(case, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        purge(case)
    for model in (Message, Letter, Delivery, RawMail, Attachment):
        assert not model.objects.exists(), model
    assert not files.path_of(settings.MEDIA_ROOT, "b" * 48).exists()


def test_a_mail_that_speaks_of_another_matter_stays_with_that_case(case):
    other = CaseFactory(office=case.office)
    came = Message.objects.incoming().get()
    MessageOnCase.objects.create(
        office=case.office, message=came, case=other, by=other.created_by or _somebody(), at=MONDAY
    )
    purge(case)
    assert Message.objects.get().case == other
    assert Delivery.objects.count() == 1


def test_the_post_of_other_cases_stays(case):
    other = CaseFactory(office=case.office)
    MessageFactory(office=case.office, mailbox=case.office.mailboxes.get(), case=other)
    purge(case)
    assert Message.objects.get().case == other


def _somebody():
    from wardbook.accounts.factories import UserFactory

    return UserFactory()
