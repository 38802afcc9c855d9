"""A kept mail becomes a message once, however it came and whatever is in it (V3, R11, R27, R28, R30)."""

import logging
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from wardbook.cases import files as case_files
from wardbook.cases.factories import MONDAY, CaseFactory
from wardbook.contacts.factories import ContactFactory
from wardbook.correspondence import mime, senders, warnings
from wardbook.correspondence.actions import keeping, reading
from wardbook.correspondence.factories import MailboxFactory
from wardbook.correspondence.models import Attachment, Delivery, KnownIdentifier, Message
from wardbook.correspondence.tests import incoming
from wardbook.journal.models import Event

pytestmark = pytest.mark.django_db
REAL_MAILS = sorted((Path(__file__).resolve().parents[4] / "shared" / "data" / "mail").glob("*.eml"))


def test_a_mail_becomes_a_message_in_the_inbox_with_all_that_it_says():
    mailbox = MailboxFactory()
    text = "The black mould is back.\n\nOn Sun, 1 Jun 2025 at 10:00, Office wrote:\n> We have written.\n"
    content = incoming.raw(
        text, subject="RE: Damp in flat", to="office@glanmor.example.org, b@example.org", Cc="c@x.org"
    )
    message = incoming.take_in(mailbox, content)
    message.refresh_from_db()
    assert (message.state, message.direction, message.case) == ("waiting", "in", None)
    assert (message.subject, message.sender) == ("RE: Damp in flat", "Rhian Evans <rhian@example.org>")
    assert message.text.strip() == "The black mould is back."
    assert "We have written." in message.quoted
    assert [(a.role, a.address) for a in message.addresses.all()] == [
        ("to", "office@glanmor.example.org"),
        ("to", "b@example.org"),
        ("cc", "c@x.org"),
    ]
    delivery = message.deliveries.get()
    assert (delivery.state, delivery.lease_by, delivery.lease_until) == ("read", "", None)
    received = Event.objects.get(name="message.received")
    assert received.facts == {"delivery": delivery.pk, "auto_kind": "", "suggestion": ""}


def test_files_are_kept_by_content_with_clean_names_and_pictures_with_their_ids(settings):
    html = b'<p>See <img src="cid:mould@x"></p>'
    content = (
        b"From: rhian@example.org\r\nTo: o@example.org\r\nSubject: files\r\nMessage-ID: <f@x>\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/html\r\n\r\n" + html + b"\r\n"
        b"--b\r\nContent-Type: image/png\r\nContent-ID: <mould@x>\r\nContent-Disposition: inline; filename=a.png\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk\r\n"
        b"--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; "
        b'filename="../../etc/bill.exe"\r\n\r\nMZ program\r\n--b--\r\n'
    )
    message = incoming.take_in(MailboxFactory(), content)
    picture, program = message.attachments.all()
    assert (picture.content_id, picture.is_inline, picture.media_type) == ("mould@x", True, "image/png")
    assert (program.name, program.is_risky) == ("bill.exe", True)
    for one in (picture, program):
        stored = case_files.path_of(settings.MEDIA_ROOT, one.storage_key).read_bytes()
        assert (len(stored), reading.raw_store.digest_of(stored)) == (one.size, one.sha256)


def test_the_same_mail_by_three_ways_is_one_message_with_three_deliveries():
    mailbox, other = MailboxFactory(), None
    other = MailboxFactory(office=mailbox.office)
    content = incoming.raw(message_id="once@example.org")
    by_list = b"Received: from lists.example.org\r\nDelivered-To: office+list@glanmor.example.org\r\n" + content
    first = incoming.take_in(mailbox, content)
    assert incoming.take_in(mailbox, by_list) == first
    assert incoming.take_in(other, content) == first
    assert sorted(first.deliveries.values_list("state", flat=True)) == ["doubled", "doubled", "read"]
    assert Message.objects.count() == 1


def test_a_change_of_uidvalidity_or_a_restored_mailbox_doubles_nothing():
    mailbox = MailboxFactory()
    box = [incoming.raw(message_id=f"{n}@example.org", subject=f"Mail {n}") for n in range(5)]
    for validity, numbers in [(1, range(5)), (2, range(10, 15)), (1, range(5)), (3, range(100, 105))]:
        for uid, content in zip(numbers, box, strict=True):
            keeping.keep(mailbox, content, at=MONDAY, via="imap", uid_validity=validity, uid=uid, folder="INBOX")
        incoming.read_everything()
    assert Message.objects.count() == 5
    assert Delivery.objects.count() == 15
    assert set(Delivery.objects.values_list("state", flat=True)) == {"read", "doubled"}


def test_a_mail_without_an_id_is_one_message_by_its_content():
    mailbox = MailboxFactory()
    content = incoming.raw(message_id=None)
    assert incoming.take_in(mailbox, content) == incoming.take_in(mailbox, b"X-Spam: no\r\n" + content)
    incoming.take_in(mailbox, incoming.raw("Something else.", message_id=None))
    assert Message.objects.count() == 2


def test_reading_a_delivery_again_gives_the_message_that_it_is():
    mailbox = MailboxFactory()
    delivery = keeping.keep(mailbox, incoming.raw(), at=MONDAY, via="pipe")
    first = reading.read(delivery, at=MONDAY)
    assert reading.read(Delivery.objects.get(pk=delivery.pk), at=MONDAY) == first
    assert Message.objects.count() == 1


def poisonous(monkeypatch, mark=b"POISON"):
    parse = mime.parse

    def fail(raw):
        if mark in raw:
            raise ValueError("poison")
        return parse(raw)

    monkeypatch.setattr(reading.mime, "parse", fail)


def test_a_poisonous_mail_is_put_aside_whole_after_two_tries_and_the_next_ones_go_on(monkeypatch, caplog):
    caplog.set_level(logging.CRITICAL)
    poisonous(monkeypatch)
    mailbox = MailboxFactory()
    bad = keeping.keep(mailbox, incoming.raw("POISON"), at=MONDAY, via="pipe")
    good = keeping.keep(mailbox, incoming.raw("Fine."), at=MONDAY, via="pipe")
    incoming.read_everything()
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.attempts, bad.problem) == ("quarantined", 2, "ValueError")
    assert b"POISON" in keeping.bytes_of(bad.raw)
    assert good.state == "read"
    assert list(Delivery.objects.in_quarantine()) == [bad]
    assert Event.objects.filter(name="message.quarantined").count() == 1


def test_what_was_put_aside_can_be_read_again_after_an_upgrade(monkeypatch, caplog):
    caplog.set_level(logging.CRITICAL)
    mailbox = MailboxFactory()
    delivery = keeping.keep(mailbox, incoming.raw("POISON"), at=MONDAY, via="pipe")
    with monkeypatch.context() as patched:
        poisonous(patched)
        incoming.read_everything()
    reading.read_again(delivery, by=None, at=MONDAY)
    incoming.read_everything()
    delivery.refresh_from_db()
    assert delivery.state == "read"


def test_the_command_reads_all_that_was_put_aside_once_more(monkeypatch, caplog):
    caplog.set_level(logging.CRITICAL)
    mailbox = MailboxFactory()
    waiting, settled = (keeping.keep(mailbox, incoming.raw(f"POISON {n}"), at=MONDAY, via="pipe") for n in range(2))
    with monkeypatch.context() as patched:
        poisonous(patched)
        incoming.read_everything()
    Delivery.objects.filter(pk=settled.pk).update(settled_at=MONDAY)
    said = StringIO()
    call_command("read_mail", "--again", stdout=said)
    assert said.getvalue().splitlines() == ["1 taken out of quarantine.", "1 read."]
    waiting.refresh_from_db()
    settled.refresh_from_db()
    assert (waiting.state, settled.state) == ("read", "quarantined")
    assert Event.objects.filter(name="delivery.read_again").count() == 1


def test_a_mail_that_ends_its_worker_twice_is_put_aside_and_its_neighbours_are_not():
    mailbox = MailboxFactory()
    bad, good = (keeping.keep(mailbox, incoming.raw(text), at=MONDAY, via="pipe") for text in ("Killer", "Fine"))
    at = MONDAY
    for turn in range(2):
        taken = reading.take_unread(f"worker-{turn}", at=at)
        # Whatever may have ended a worker comes last; the worker dies in the middle of it.
        assert taken[0] == (bad if turn == 0 else good)
        assert reading._begin(taken[taken.index(bad)], at=at)
        at += reading.LEASE + timedelta(seconds=1)
    assert reading.take_unread("worker-3", at=at) == [good]
    bad.refresh_from_db()
    assert (bad.state, bad.attempts) == ("quarantined", 2)
    good.refresh_from_db()
    assert good.attempts == 0


def test_nobody_is_given_what_another_worker_is_reading():
    mailbox = MailboxFactory()
    for number in range(3):
        keeping.keep(mailbox, incoming.raw(f"Mail {number}"), at=MONDAY, via="pipe")
    first = reading.take_unread("one", at=MONDAY, limit=2)
    second = reading.take_unread("two", at=MONDAY)
    assert len(first) == 2
    assert len(second) == 1
    assert not {row.pk for row in first} & {row.pk for row in second}
    assert reading.LEASE.total_seconds() < 30
    assert len(reading.take_unread("three", at=MONDAY + reading.LEASE + timedelta(seconds=1))) == 3


def test_without_room_a_mail_waits_and_no_try_is_counted(monkeypatch):
    def full(_key, _content):
        raise OSError(28, "No space left on device")

    mailbox = MailboxFactory()
    content = incoming.raw(files=[("a.txt", b"x" * 10, "text/plain")])
    delivery = keeping.keep(mailbox, content, at=MONDAY, via="pipe")
    with monkeypatch.context() as patched:
        patched.setattr(reading.raw_store, "put", full)
        for _turn in range(3):
            delivery.refresh_from_db()
            with pytest.raises(OSError, match="No space"):
                reading.read(delivery, at=MONDAY)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("kept", 0)
    assert not Message.objects.exists()
    assert reading.read(delivery, at=MONDAY).attachments.count() == 1


def test_any_bytes_become_a_message_or_lie_in_quarantine():
    mailbox = MailboxFactory()
    for content in (b"", b"\x00" * 500, b"\xff\xfe not a mail", b"From: \r\n\r\n", b"Subject: =?x?q?" + b"=" * 9000):
        incoming.take_in(mailbox, content)
    states = set(Delivery.objects.values_list("state", flat=True))
    assert states <= {"read", "doubled", "quarantined"}


def test_nul_and_half_characters_and_endless_names_fit_into_the_database():
    content = incoming.raw(
        "x\x00y \udcff z".replace("\udcff", "?"), subject="s" * 3000, sender=f"{'n' * 900} <r@example.org>"
    )
    message = incoming.take_in(MailboxFactory(), content)
    message.refresh_from_db()
    assert len(message.subject) <= 500
    assert len(message.from_name) <= 200
    assert "\x00" not in message.text


def test_an_invitation_is_read_from_its_calendar_file():
    calendar = (
        b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Summer fair\r\nDTSTART:20250621T130000Z\r\n"
        b"DTEND:20250621T150000Z\r\nLOCATION:Town Hall\r\nORGANIZER;CN=Jo Price:mailto:jo@fair.example.org\r\n"
        b"END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    message = incoming.take_in(MailboxFactory(), incoming.raw(files=[("invite.ics", calendar, "text/calendar")]))
    assert message.invitation == {
        "summary": "Summer fair",
        "starts": "2025-06-21T13:00:00+00:00",
        "ends": "2025-06-21T15:00:00+00:00",
        "place": "Town Hall",
        "organiser": "Jo Price <jo@fair.example.org>",
        "reply_by": "",
    }


@pytest.mark.parametrize(
    "calendar", [b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT", b"\x00\xff", b"BEGIN:VCALENDAR\r\nMETHOD:REPLY"]
)
def test_a_calendar_file_that_cannot_be_read_or_invites_to_nothing_is_only_a_file(calendar):
    message = incoming.take_in(MailboxFactory(), incoming.raw(files=[("invite.ics", calendar, "text/calendar")]))
    assert message.invitation is None
    assert message.attachments.count() == 1


def test_five_hundred_addresses_are_text_and_make_nobody_known():
    mailbox = MailboxFactory()
    people = ", ".join(f"p{n}@example.org" for n in range(600))
    message = incoming.take_in(mailbox, incoming.raw(to=people))
    assert mailbox.office.contacts.count() == 0
    assert message.addresses.count() == reading.MOST_ADDRESSES


def test_ids_of_a_thread_are_known_even_where_nobody_has_sent_that_mail():
    message = incoming.take_in(
        MailboxFactory(), incoming.raw(message_id="b@x", in_reply_to="a@x", references=["0@x", "a@x"])
    )
    known = dict(KnownIdentifier.objects.filter(message=message).values_list("identifier", "is_its_own"))
    assert known == {"b@x": True, "a@x": False, "0@x": False}


def test_reading_takes_few_questions_however_many_people_and_cases_there_are(django_assert_max_num_queries):
    mailbox = MailboxFactory()
    contact = ContactFactory(office=mailbox.office, emails=["rhian@example.org"])
    for _turn in range(5):
        CaseFactory(office=mailbox.office, constituent=contact)
    delivery = keeping.keep(mailbox, incoming.raw(references=["x@y"]), at=MONDAY, via="pipe")
    taken = reading.take_unread("worker", at=MONDAY)
    ours = senders.Ours(mailbox.office_id)
    # Begin, savepoint, look for the same, contact, thread, cases of the sender, message, addresses, identifiers,
    # journal (3 and its savepoint), delivery, release.
    with django_assert_max_num_queries(16):
        assert reading.read(taken[0], at=MONDAY, ours=ours).suggestion == "subject"
    assert delivery.pk == taken[0].pk


@pytest.mark.skipif(not REAL_MAILS, reason="the real mails are not on this machine")
def test_the_real_mails_come_in_each_once_and_the_bounces_are_known_as_such():
    mailbox = MailboxFactory()
    for path in REAL_MAILS:
        message = incoming.take_in(mailbox, path.read_bytes())
        assert message is not None, path.name
        parsed = mime.parse(path.read_bytes())
        assert message.from_address == (parsed.sender.address if parsed.sender else "")
        assert message.attachments.count() == len(parsed.files)
        # One of the eighteen others came back too: "I'm sorry to have to inform you …".
        is_bounce = path.name.startswith("bounce") or path.name == "test_mail_12.eml"
        assert (message.auto_kind == "bounce") == is_bounce, path.name
        assert warnings.IN_PART not in message.warnings, path.name
    assert Attachment.objects.exists()
    states = list(Delivery.objects.values_list("state", flat=True))
    assert len(states) == len(REAL_MAILS)
    assert set(states) <= {"read", "doubled"}
    count = Message.objects.count()
    for path in REAL_MAILS:
        incoming.take_in(mailbox, path.read_bytes())
    assert Message.objects.count() == count
