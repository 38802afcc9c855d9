"""Mail comes in from a real IMAP server, each once, whatever breaks on the way (R16, R26, R27, R29, V3)."""

import threading
import time
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.db import connections
from django.utils import timezone

from wardbook.bench.dovecot import PASSWORD, Dovecot
from wardbook.correspondence import postman, sealing
from wardbook.correspondence.actions import mailboxes as mailbox_actions
from wardbook.correspondence.factories import MailboxFactory
from wardbook.correspondence.models import Delivery, Mailbox
from wardbook.correspondence.tests.killed import KILLED, run_and_kill
from wardbook.correspondence.tests.wires import Cutting, Saying
from wardbook.correspondence.transports import imap
from wardbook.journal.models import Event

pytestmark = [pytest.mark.dovecot, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def server():
    with Dovecot() as running:
        yield running


@pytest.fixture
def box(server, request):
    """A mailbox of its own on the server."""
    user = f"user{abs(hash(request.node.nodeid)) % 10**9}"
    made = MailboxFactory(port=server.port, username=user, secret=sealing.seal(PASSWORD))
    server.box(user)
    return made


def mail(number, size=200):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "rhian@example.org", "office@example.org", f"Mail {number}"
    message["Message-ID"] = f"<{number}.{time.monotonic_ns()}@example.org>"
    message.set_content(f"Number {number}. " + "x" * size)
    return message.as_bytes()


def seen(server, user):
    """How many mails of the mailbox carry the flag that says we have them."""
    return sum(1 for path in (server.box(user) / "cur").iterdir() if "S" in path.name.partition(":2,")[2])


def test_what_lies_there_comes_in_once_and_is_flagged(server, box):
    server.deliver(box.username, *[mail(number) for number in range(7)])
    assert postman.fetch(box) == 7
    assert postman.fetch(box) == 0
    assert Delivery.objects.count() == 7
    assert seen(server, box.username) == 7
    box.refresh_from_db()
    assert (box.health, box.last_uid) == ("well", 7)


def test_the_bytes_are_those_of_the_server(server, box):
    raw = mail(1).replace(b"Number", b"N\xffmber \x80\x1b")
    server.deliver(box.username, raw)
    postman.fetch(box)
    assert bytes(Delivery.objects.get().raw.content).replace(b"\r\n", b"\n") == raw


def test_old_mail_stays_there_if_the_office_wants_only_new(server, box):
    Mailbox.objects.filter(pk=box.pk).update(starts_with_new=True)
    box.refresh_from_db()
    server.deliver(box.username, mail(1), mail(2))
    assert postman.fetch(box) == 0
    server.deliver(box.username, mail(3))
    assert postman.fetch(box) == 1


def test_a_mail_that_is_too_large_is_noted_and_the_next_comes_in(server, box):
    Mailbox.objects.filter(pk=box.pk).update(max_bytes=5_000)
    box.refresh_from_db()
    server.deliver(box.username, mail(1, size=9_000), mail(2))
    assert postman.fetch(box) == 2
    refused, kept = Delivery.objects.order_by("uid")
    assert (refused.state, kept.state) == ("refused", "kept")
    assert b"Mail 1" in bytes(refused.raw.content)


def test_uids_that_begin_again_double_nothing(server, box):
    from wardbook.correspondence.actions import reading
    from wardbook.correspondence.models import Message

    server.deliver(box.username, mail(1), mail(2))
    postman.fetch(box)
    reading.read_all("one", clock=timezone.now)
    server.renumber(box.username)
    time.sleep(1.1)  # a UIDVALIDITY is a time in seconds
    server.deliver(box.username, mail(3))
    postman.fetch(box)
    reading.read_all("one", clock=timezone.now)
    assert Message.objects.count() == 3


@pytest.mark.parametrize("after", [20, 90, 260, 420, 700, 1_500, 3_000, 5_000, 9_000, 14_000])
def test_a_line_that_breaks_anywhere_loses_and_doubles_nothing(server, box, after):
    count = 25
    server.deliver(box.username, *[mail(number, size=400) for number in range(count)])
    with Cutting(server.port, after) as wire:
        Mailbox.objects.filter(pk=box.pk).update(port=wire.port)
        box.refresh_from_db()
        for _ in range(3):
            postman.fetch(box)
    known = Delivery.objects.count()
    assert seen(server, box.username) <= known
    Mailbox.objects.filter(pk=box.pk).update(port=server.port)
    box.refresh_from_db()
    postman.fetch(box)
    assert sorted(Delivery.objects.values_list("uid", flat=True)) == list(range(1, count + 1))


def test_two_postmen_take_turns(server, box):
    server.deliver(box.username, *[mail(number) for number in range(30)])
    failures = []

    def go():
        try:
            postman.fetch(Mailbox.objects.get(pk=box.pk))
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    both = [threading.Thread(target=go) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert failures == []
    assert Delivery.objects.count() == 30


WRONG = [
    ("secret", "wrong", "password"),
    ("folder", "Nowhere", "no folder"),
    ("port", 1, "Nothing answers"),
]


@pytest.mark.parametrize(("field", "value", "words"), WRONG)
def test_what_is_wrong_is_said_and_told_once(server, box, field, value, words):
    Mailbox.objects.filter(pk=box.pk).update(**{field: sealing.seal(value) if field == "secret" else value})
    box.refresh_from_db()
    postman.fetch(box)
    postman.fetch(box)
    box.refresh_from_db()
    assert (box.health, words in box.problem) == ("failing", True)
    assert box.next_try_at > box.tried_at
    assert Event.objects.filter(name="mailbox.failed").count() == 1


def test_recovery_is_told(server, box):
    mailbox_actions.note_failure(box, problem="No answer.", at=timezone.now() - timedelta(hours=1))
    postman.fetch(box)
    box.refresh_from_db()
    assert (box.health, box.problem, box.failing_since) == ("well", "", None)
    assert Event.objects.filter(name="mailbox.recovered").exists()


@pytest.mark.parametrize("says", [b"HTTP/1.1 200 OK\r\n\r\n", b"* OK " + b"x" * 3_000_000, b"\x00\xff\r\n", b""])
def test_what_is_no_mail_server_ends_in_a_sentence(server, box, says):
    with Saying(says=says) as other:
        Mailbox.objects.filter(pk=box.pk).update(port=other.port)
        box.refresh_from_db()
        assert postman.fetch(box) == 0
    box.refresh_from_db()
    assert (box.health, bool(box.problem)) == ("failing", True)


def test_a_server_that_never_answers_is_left(server, box, monkeypatch):
    monkeypatch.setattr(imap, "CONNECT_SECONDS", 0.3)
    monkeypatch.setattr(imap, "READ_SECONDS", 0.3)
    with Saying(holds=True) as other:
        Mailbox.objects.filter(pk=box.pk).update(port=other.port)
        box.refresh_from_db()
        assert postman.fetch(box) == 0
    box.refresh_from_db()
    assert "does not answer" in box.problem


def test_the_password_never_crosses_without_tls(server, box):
    Mailbox.objects.filter(pk=box.pk).update(security="starttls")
    box.refresh_from_db()
    assert postman.fetch(box) == 0
    box.refresh_from_db()
    assert "no safe connection" in box.problem


def test_news_wake_the_postman_and_other_mailboxes_go_on(server, box):
    dead = MailboxFactory(port=1, username="dead", secret=sealing.seal("x"))
    going = postman.Round()
    going.look_round()
    try:
        server.deliver(box.username, mail(1))
        for _ in range(100):
            if Delivery.objects.exists():
                break
            time.sleep(0.1)
        assert Delivery.objects.count() == 1
        dead.refresh_from_db()
        assert dead.health == "failing"
    finally:
        going.stopped.set()
        for thread in going.threads.values():
            thread.join(10)


@pytest.mark.parametrize("point", ["fetched:5", "before-keeping-commits:5", "kept-not-flagged:5", "flagged"])
def test_a_postman_killed_at_any_point_loses_and_doubles_nothing(server, box, point):
    count = 12
    server.deliver(box.username, *[mail(number) for number in range(count)])
    killed = run_and_kill("fetch", box.pk, point=point)
    assert killed.returncode == KILLED, killed.stderr
    assert seen(server, box.username) <= Delivery.objects.count()
    # At once, though the lease of the one that was killed has not run out.
    box.refresh_from_db()
    postman.fetch(box)
    assert sorted(Delivery.objects.values_list("uid", flat=True)) == list(range(1, count + 1))
