"""The audit names what does not hold, and says nothing where all does."""

import hashlib
import os
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from wardbook import invariants
from wardbook.accounts.factories import UserFactory
from wardbook.cases import finding
from wardbook.cases.actions import indexing
from wardbook.cases.factories import MONDAY, CaseFactory
from wardbook.cases.models import Case, CaseWords
from wardbook.correspondence.actions import keeping
from wardbook.correspondence.factories import MailboxFactory, MessageFactory, SentMessageFactory
from wardbook.correspondence.models import Attachment, Delivery, Dispatch, Message, RawMail
from wardbook.offices.factories import MembershipFactory

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(hours=2)


@pytest.fixture
def delivery():
    """A mail that was kept, and has not been read."""
    raw = b"Subject: Damp\r\n\r\nThe mould is back.\r\n"
    return keeping.keep(MailboxFactory(), raw, at=timezone.now(), via="pipe")


def flaws():
    return [*invariants.mail_that_came_in(), *invariants.mail_that_goes_out(), *invariants.files_and_rows()]


def change(row, **fields):
    type(row).objects.filter(pk=row.pk).update(**fields)


def put_file(settings, key, content=b"%PDF-1.7", *, age=0):
    path = settings.MEDIA_ROOT / key[:2] / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    then = timezone.now().timestamp() - age
    os.utime(path, (then, then))
    return path


def attachment(message, key, content=b"%PDF-1.7"):
    return Attachment.objects.create(
        office=message.office,
        message=message,
        name="letter.pdf",
        storage_key=key,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        media_type="application/pdf",
    )


def test_mail_that_lies_as_it_should_is_not_named(delivery, settings):
    sent, came = SentMessageFactory(), MessageFactory()
    put_file(settings, "ab" * 24)
    attachment(came, "ab" * 24)
    assert flaws() == []
    assert sent.dispatch


def test_a_mail_that_nobody_reads_any_more_is_named(delivery):
    change(delivery, lease_by="gone", lease_until=timezone.now() - LONG_AGO)
    assert flaws() == [f"Delivery {delivery.pk}: a worker took it and nobody reads it"]


def test_a_mail_that_is_being_read_is_not_named(delivery):
    change(delivery, lease_by="busy", lease_until=timezone.now() + timedelta(seconds=30))
    assert flaws() == []


def test_a_mail_that_waits_and_is_a_message_is_named(delivery):
    change(delivery, message=MessageFactory())
    assert flaws() == [f"Delivery {delivery.pk}: it waits to be read and is a message already"]


def test_a_settled_mail_that_a_worker_still_has_is_named(delivery):
    change(delivery, state="quarantined", lease_by="late", lease_until=timezone.now() + LONG_AGO)
    assert flaws() == [f"Delivery {delivery.pk}: it is settled, and a worker still has it"]


def test_a_mail_that_was_read_as_one_of_ours_is_named(delivery):
    change(delivery, state="read", message=SentMessageFactory())
    assert flaws() == [f"Delivery {delivery.pk}: it was read as a message that did not come in"]


def test_two_mails_that_became_the_same_message_are_named(delivery):
    message = MessageFactory(mailbox=delivery.mailbox, office=delivery.mailbox.office)
    again = keeping.keep(delivery.mailbox, b"Subject: Damp\r\n\r\nAgain\r\n", at=timezone.now(), via="pipe")
    Delivery.objects.filter(pk__in=[delivery.pk, again.pk]).update(state="read", message=message)
    assert flaws() == [f"Message {message.pk}: two deliveries say that each became it first"]


def test_altered_bytes_of_a_mail_are_named(delivery):
    change(delivery.raw, content=b"Subject: Something else\r\n\r\n")
    assert flaws() == [f"RawMail {delivery.raw_id}: its bytes were altered"]


def test_a_large_mail_whose_file_is_gone_is_named(delivery):
    RawMail.objects.filter(pk=delivery.raw_id).update(content=None, storage_key="cd" * 24)
    assert flaws() == [f"RawMail {delivery.raw_id}: its file is missing"]


def test_an_attachment_whose_file_is_gone_or_altered_is_named(settings):
    message = MessageFactory()
    lost, altered = attachment(message, "ab" * 24), attachment(message, "cd" * 24)
    put_file(settings, "cd" * 24, b"%PDF-2.0")
    assert flaws() == [f"Attachment {lost.pk}: its file is missing", f"Attachment {altered.pk}: its file was altered"]


def test_a_file_of_nothing_is_named_after_an_hour(settings):
    path = put_file(settings, "ef" * 24, age=60)
    assert flaws() == []
    then = timezone.now().timestamp() - 2 * invariants.ORPHAN_AFTER
    os.utime(path, (then, then))
    assert flaws() == [f"File {path.name} belongs to no document and no mail"]


@pytest.mark.parametrize(
    ("state", "plan", "flaw"),
    [
        ("leased", {}, "it is going out, and no worker has it"),
        ("leased", {"lease_until": MONDAY}, "a worker took it and nobody sends it"),
        ("queued", {"lease_until": MONDAY}, "a worker has it, and the message is not going out"),
        ("queued", {"ended_at": MONDAY}, "its plan is over, and it still waits"),
        ("sent", {"sent_at": None}, "it was sent at no time"),
    ],
)
def test_a_message_and_a_plan_that_disagree_are_named(state, plan, flaw):
    message = SentMessageFactory(state=state)
    change(message.dispatch, **plan)
    assert flaws() == [f"Dispatch {message.pk}: {flaw}"]


def test_a_message_without_a_plan_is_named():
    message = SentMessageFactory(state="queued")
    Dispatch.objects.all().delete()
    assert flaws() == [f"Message {message.pk}: it should go out and has no plan"]


def test_every_table_of_the_post_is_walked_for_references_across_offices():
    models = apps.get_app_config("correspondence").get_models()
    assert [model.__name__ for model in models if not invariants.path_to_office(model)] == []


@pytest.mark.parametrize("field", ["case", "mailbox", "contact", "campaign", "suggested_case", "answers", "identity"])
def test_a_message_that_refers_to_another_office_is_named(field, both):
    ours, theirs = both
    message = Message.objects.filter(office=ours.office, direction="out").first()
    related = Message._meta.get_field(field).related_model
    stranger = related._default_manager.filter(office=theirs.office).values_list("pk", flat=True).first()
    assert stranger is not None
    change(message, **{f"{field}_id": stranger})
    flaw = f"correspondence.Message {message.pk}: its {field} belongs to another office"
    assert flaw in list(invariants.references_across_offices())


def test_a_mail_given_to_a_stranger_is_named():
    message, stranger = MessageFactory(), UserFactory()
    MembershipFactory(user=stranger)
    change(message, assignee=stranger)
    said = f"person {stranger.pk} has work of office {message.office_id} but was never in it"
    assert list(invariants.strangers_on_cases()) == [f"correspondence.Message: {said}"]


def test_words_that_are_out_of_step_are_named_and_reindex_puts_them_right(capsys):
    case, lost = CaseFactory(description="Broken lift"), CaseFactory(description="Damp")
    Case.objects.filter(pk=case.pk).update(description="Broken door")
    CaseWords.objects.filter(pk=lost.pk).delete()
    assert len(list(invariants.words_of_cases())) == 2

    call_command("reindex")

    assert capsys.readouterr().out.startswith("2 cases")
    assert list(invariants.words_of_cases()) == []
    beginnings = list(finding.beginnings(case.office_id, ["door"]))
    assert [CaseWords.objects.get(words__begins=beginning).case_id for beginning in beginnings] == [case.pk]
    assert indexing.index_all() == 0


@pytest.mark.only_on("sqlite")  # PostgreSQL keeps its index itself
def test_an_index_that_lost_a_word_is_named():
    case = CaseFactory(description="Broken lift")
    assert list(invariants.words_of_cases()) == []
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER cases_words_changed")
    Case.objects.filter(pk=case.pk).update(description="Broken door")
    CaseWords.objects.filter(pk=case.pk).update(words=finding.keys(case.office_id, "Broken door"))

    assert [flaw for flaw in invariants.words_of_cases() if "index" in flaw]
