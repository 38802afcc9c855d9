"""Whatever is killed and however often mail comes: each is a message once, or lies whole in quarantine (V3, R3).

The worker is a process that this one forks, and ends as `kill -9` ends it.
"""

import os
import random
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from wardbook.cases.factories import MONDAY, CaseFactory
from wardbook.contacts.factories import ContactFactory
from wardbook.correspondence import tokens
from wardbook.correspondence.actions import keeping, reading
from wardbook.correspondence.factories import MailboxFactory, SentMessageFactory
from wardbook.correspondence.models import Attachment, Delivery, Message, RawMail
from wardbook.correspondence.tests import incoming
from wardbook.journal import verifying
from wardbook.journal.models import Event
from wardbook.lib import faults

LONGER_THAN_A_LEASE = reading.LEASE + timedelta(seconds=1)
# Kills, and orders of events, that each engine is put to: one engine's are enough to search with.
TURNS, EXAMPLES = (50, 60) if connection.vendor == "sqlite" else (15, 20)
KEEPING = ["raw-file-stored", "before-keeping-commits"]
READING = ["before-lease", "after-lease", "parsed", "mid-reading", "before-reading-commits", "read"]


def some_mails(count, sent=None):
    """Mails with and without files, some large, some answering what we sent, some answering each other."""
    made = []
    for number in range(count):
        files = [("scan.pdf", b"%PDF-1.4 " + bytes([number]) * 2000, "application/pdf")] if number % 3 == 0 else []
        if number % 10 == 7:
            files.append(("large.bin", bytes([number]) * 300_000, "application/octet-stream"))
        answered = sent.identifier if sent and number % 4 == 1 else f"m{number - 1}@x" if number % 4 == 2 else ""
        made.append(
            incoming.raw(
                f"Mail {number}", message_id=f"m{number}@x", subject=f"S {number}", in_reply_to=answered, files=files
            )
        )
    return made


def deliver(mailbox, contents, validity=1):
    for uid, content in enumerate(contents, start=1):
        keeping.keep(mailbox, content, at=MONDAY, via="imap", folder="INBOX", uid_validity=validity, uid=uid)


def killed_at(fault, act):
    """Whether the act was killed at the point, in a process of its own."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        faults.arm(fault)
        try:
            act()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == faults.KILLED


def assert_each_mail_has_one_fate(mailbox, expected):
    """V3, V5 and V7 over everything that came in."""
    rows = Delivery.objects.filter(mailbox=mailbox)
    assert rows.count() == expected
    for row in rows.select_related("raw", "message"):
        assert row.state in ("read", "doubled", "quarantined"), (row.pk, row.state)
        assert (row.message is not None) == (row.state != "quarantined")
        assert reading.raw_store.digest_of(keeping.bytes_of(row.raw)) == row.raw.sha256
    messages = Message.objects.incoming()
    assert rows.filter(state="read").count() == messages.count()
    assert Event.objects.filter(name="message.received").count() == messages.count()
    assert not list(verifying.flaws(mailbox.office_id))
    kept = {path.name for path in settings.MEDIA_ROOT.glob("??/*") if not path.name.startswith(".")}
    known = {*Attachment.objects.values_list("storage_key", flat=True)}
    known |= {*RawMail.objects.exclude(storage_key="").values_list("storage_key", flat=True)}
    assert kept == known


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", KEEPING)
def test_a_fetcher_killed_while_keeping_keeps_each_mail_once_when_it_comes_back(fault):
    mailbox = MailboxFactory()
    contents = some_mails(20)
    for turn in (1, 2):
        assert killed_at(f"{fault}:{turn}", lambda: deliver(mailbox, contents))
    deliver(mailbox, contents)
    incoming.read_everything()
    assert_each_mail_has_one_fate(mailbox, 20)
    assert Message.objects.incoming().count() == 20


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", READING)
def test_a_worker_killed_at_a_named_point_loses_and_doubles_nothing(fault):
    mailbox = MailboxFactory()
    sent = SentMessageFactory(mailbox=mailbox, office=mailbox.office, case=CaseFactory(office=mailbox.office))
    sent.identifier = tokens.message_id_for(sent)
    sent.save()
    deliver(mailbox, some_mails(12, sent))
    at = MONDAY
    for turn in (1, 3, 5):
        assert killed_at(
            f"{fault}:{1 if fault.endswith('lease') else turn}", lambda now=at: incoming.read_everything(now)
        )
        at += LONGER_THAN_A_LEASE
    incoming.read_everything(at)
    at += reading.SECOND_CHANCE
    incoming.read_everything(at)
    assert_each_mail_has_one_fate(mailbox, 12)
    assert not Delivery.objects.in_quarantine().exists()
    assert Message.objects.filter(case=sent.case).incoming().count() >= 3


@pytest.mark.django_db(transaction=True)
def test_kills_at_random_points_lose_and_double_nothing():
    chance = random.Random(4711)
    mailbox = MailboxFactory()
    contents = some_mails(60)
    deliver(mailbox, contents)
    at, kills = MONDAY, 0
    for _turn in range(TURNS):
        fault = f"{chance.choice(READING[1:])}:{chance.randint(1, 15)}"
        kills += killed_at(fault, lambda now=at: incoming.read_everything(now))
        at += LONGER_THAN_A_LEASE
        if not Delivery.objects.unread().exists():
            deliver(mailbox, contents, validity=at.minute * 100 + at.second)
    for _turn in range(3):
        at += reading.SECOND_CHANCE
        incoming.read_everything(at)
    assert kills >= TURNS * 0.6
    assert_each_mail_has_one_fate(mailbox, Delivery.objects.count())
    assert not Delivery.objects.in_quarantine().exists()
    assert Message.objects.incoming().count() == 60


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_always_ends_the_worker_does_so_three_times_and_the_others_come_in(monkeypatch):
    """R11: the second time it is put aside; a minute later it has one more chance; then never again."""
    parse = reading.mime.parse

    def fatal(raw):
        if b"KILLER" in raw:
            os._exit(faults.KILLED)
        return parse(raw)

    monkeypatch.setattr(reading.mime, "parse", fatal)
    mailbox = MailboxFactory()
    deliver(mailbox, [incoming.raw("KILLER"), *some_mails(5)])
    at, deaths = MONDAY, []
    for _turn in range(12):
        deaths.append(killed_at("nowhere", lambda now=at: incoming.read_everything(now)))
        at += LONGER_THAN_A_LEASE
        if len(deaths) == 3:
            assert Message.objects.incoming().count() == 5
            assert Delivery.objects.in_quarantine().count() == 1
    assert deaths.count(True) == 3
    assert not any(deaths[-4:])
    assert Delivery.objects.in_quarantine().get().uid == 1


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("deliver"), st.integers(0, 7), st.integers(1, 3), st.integers(1, 9)),
        st.tuples(st.just("pipe"), st.integers(0, 7), st.just(0), st.just(0)),
        st.tuples(st.just("take"), st.integers(1, 4), st.just(0), st.just(0)),
        st.tuples(st.just("read"), st.integers(0, 5), st.booleans(), st.just(0)),
        st.tuples(st.just("wait"), st.integers(0, 40), st.just(0), st.just(0)),
    ),
    max_size=40,
)


class Crash(BaseException):
    """The worker is gone."""


@pytest.mark.django_db
@examples(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_v3_holds_over_any_order_of_deliveries_workers_and_crashes(steps):
    with transaction.atomic():
        _run(steps)
        transaction.set_rollback(True)


def _run(steps):
    mailbox = MailboxFactory()
    rhian = ContactFactory(office=mailbox.office, emails=["rhian@example.org"])
    case = CaseFactory(office=mailbox.office, constituent=rhian)
    sent = SentMessageFactory(mailbox=mailbox, office=mailbox.office, case=case)
    sent.identifier = tokens.message_id_for(sent)
    sent.save()
    contents = some_mails(8, sent)
    at, leased, places, pipes = MONDAY, [], set(), 0
    for number, (step, one, other, third) in enumerate(steps):
        if step == "deliver":
            places.add((other, third))
            keeping.keep(mailbox, contents[one], at=at, via="imap", uid_validity=other, uid=third, folder="INBOX")
        elif step == "pipe":
            pipes += 1
            keeping.keep(mailbox, contents[one], at=at, via="pipe")
        elif step == "take":
            leased += reading.take_unread(f"worker-{number}", at=at, limit=one)
        elif step == "read" and leased:
            _read_or_crash(leased.pop(one % len(leased)), at, crashes=bool(other))
        elif step == "wait":
            at += timedelta(seconds=one)
    for _turn in range(4):
        at += reading.SECOND_CHANCE
        incoming.read_everything(at)
    rows = Delivery.objects.filter(mailbox=mailbox)
    assert rows.count() == len(places) + pipes
    assert set(rows.values_list("state", flat=True)) <= {"read", "doubled"}
    came_in = Message.objects.incoming().filter(office=mailbox.office)
    assert came_in.count() == rows.values("message").distinct().count() == rows.values("raw").distinct().count()
    assert not came_in.filter(in_reply_to=sent.identifier).exclude(case=case).exists()
    assert not list(verifying.flaws(mailbox.office_id))


def _read_or_crash(delivery, at, *, crashes):
    if not crashes:
        reading.read(delivery, at=at)
        return
    if not reading._begin(delivery, at=at):
        return
    try:
        with transaction.atomic():
            ours = reading.senders.Ours(delivery.mailbox.office_id)
            reading._take_in(delivery, reading.mime.parse(keeping.bytes_of(delivery.raw)), ours, at=at)
            raise Crash
    except (Crash, reading.ReadElsewhere):
        pass
