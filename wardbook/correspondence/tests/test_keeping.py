"""A mail is kept byte for byte before anybody reads it, once for each place it lies at (V3, R27, R28)."""

import hashlib

import pytest

from wardbook.cases import files
from wardbook.cases.factories import MONDAY
from wardbook.correspondence.actions import keeping
from wardbook.correspondence.factories import MailboxFactory
from wardbook.correspondence.models import Delivery, Message, RawMail
from wardbook.correspondence.tests import incoming
from wardbook.journal.models import Event

pytestmark = pytest.mark.django_db


def keep(mailbox, content, **where):
    return keeping.keep(mailbox, content, at=MONDAY, via="imap", **where)


def test_a_small_mail_lies_in_its_row_byte_for_byte():
    mailbox = MailboxFactory()
    content = b"Subject: caf\xe9\r\n\r\n\x00\xff\r\n"
    delivery = keep(mailbox, content, uid_validity=1, uid=7, folder="INBOX")
    delivery.refresh_from_db()
    assert keeping.bytes_of(delivery.raw) == content
    assert delivery.raw.sha256 == hashlib.sha256(content).hexdigest()
    assert delivery.state == Delivery.State.KEPT


def test_a_large_mail_lies_in_a_file_and_a_second_copy_uses_the_same_one(settings):
    mailbox = MailboxFactory()
    content = b"Subject: large\r\n\r\n" + b"x" * 300_000
    first = keep(mailbox, content, uid_validity=1, uid=7)
    second = keep(mailbox, content, uid_validity=1, uid=8)
    assert first.raw == second.raw
    assert first.raw.content is None
    path = files.path_of(settings.MEDIA_ROOT, first.raw.storage_key)
    assert path.read_bytes() == content == keeping.bytes_of(first.raw)
    assert len(list(settings.MEDIA_ROOT.glob("??/*"))) == 1


def test_two_offices_with_the_same_large_mail_share_nothing():
    content = b"Subject: large\r\n\r\n" + b"x" * 300_000
    one, other = keep(MailboxFactory(), content, uid_validity=1, uid=1), keep(MailboxFactory(), content)
    assert one.raw != other.raw
    assert one.raw.storage_key != other.raw.storage_key


def test_the_same_place_is_kept_once_however_often_it_is_fetched():
    mailbox = MailboxFactory()
    first = keep(mailbox, incoming.raw(), uid_validity=1, uid=7, folder="INBOX")
    again = keep(mailbox, incoming.raw(), uid_validity=1, uid=7, folder="INBOX")
    assert again == first
    assert Delivery.objects.count() == RawMail.objects.count() == 1


def test_the_same_number_in_another_folder_or_after_a_change_of_uidvalidity_is_another_delivery():
    mailbox = MailboxFactory()
    for validity, folder in [(1, "INBOX"), (2, "INBOX"), (1, "Junk")]:
        keep(mailbox, incoming.raw(), uid_validity=validity, uid=7, folder=folder)
    assert Delivery.objects.count() == 3


def test_mail_from_a_pipe_has_no_number_and_is_kept_each_time():
    mailbox = MailboxFactory()
    content = incoming.raw()
    for _turn in range(2):
        keeping.keep(mailbox, content, at=MONDAY, via="pipe", envelope_from="rhian@example.org")
    assert Delivery.objects.count() == 2
    assert RawMail.objects.count() == 1


def test_two_fetchers_at_once_keep_one(monkeypatch):
    mailbox = MailboxFactory()
    first = keep(mailbox, incoming.raw(), uid_validity=1, uid=7)
    answers = iter([None, first])
    monkeypatch.setattr(keeping, "_known", lambda *_: next(answers))
    assert keep(mailbox, incoming.raw(), uid_validity=1, uid=7) == first
    assert Delivery.objects.count() == 1


def test_a_mail_that_is_too_large_is_noted_with_its_beginning_and_its_size():
    mailbox = MailboxFactory()
    head = b"Subject: huge\r\n\r\n" + b"x" * 100_000
    delivery = keeping.refuse_too_large(mailbox, head, size=90_000_000, at=MONDAY, via="imap", uid_validity=1, uid=7)
    again = keeping.refuse_too_large(mailbox, head, size=90_000_000, at=MONDAY, via="imap", uid_validity=1, uid=7)
    assert again == delivery
    assert (delivery.state, delivery.problem) == (Delivery.State.REFUSED, "90000000 bytes")
    assert keeping.bytes_of(delivery.raw) == head[: keeping.MOST_OF_TOO_LARGE]
    assert Event.objects.get(name="message.refused").facts == {"delivery": delivery.pk, "size": 90_000_000}
    assert incoming.read_everything() == 0
    assert not Message.objects.exists()


def test_without_room_nothing_is_kept_and_nothing_half(settings, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("wardbook.correspondence.raw_store.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep(MailboxFactory(), b"x" * 300_000, uid_validity=1, uid=7)
    assert not Delivery.objects.exists()
    assert not list(settings.MEDIA_ROOT.glob("??/*"))
    assert not list(settings.MEDIA_ROOT.glob("??/.*"))
