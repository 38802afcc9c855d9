"""The worker is killed at every named point while it sends to a real server (R3, R25, R32, V4)."""

import os
import random
import signal
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connections

from wardbook.correspondence import posting
from wardbook.correspondence.actions import sending
from wardbook.correspondence.models import Dispatch, Message
from wardbook.correspondence.tests.outbox import MINUTE, SOON, Post, bulk, state
from wardbook.correspondence.tests.sink import Sink
from wardbook.lib import faults

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="forks, and looks into /proc"),
]

POINTS = ["before-lease", "after-lease", "on-the-wire", "after-250", "after-sent"]


@pytest.fixture
def post(settings, tmp_path):
    settings.OUTBOX = tmp_path / "outbox"
    return Post()


def start_worker(fault=""):
    """A worker in a process of its own, which sends what is due and ends, or is killed at the fault. Its number."""
    connections.close_all()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        faults.arm(fault)
        posting.post_due(clock=lambda: SOON + MINUTE, until=SOON + 10 * MINUTE, seconds=20)
        code = 0
    finally:
        os._exit(code)


def end_of(child):
    _pid, status = os.waitpid(child, 0)
    return status


def work(fault=""):
    return os.waitstatus_to_exitcode(end_of(start_worker(fault)))


def copies(sink):
    return Counter(sink.identifiers)


@pytest.mark.parametrize("fault", POINTS)
def test_a_kill_at_any_point_loses_nothing_and_repeats_only_what_the_server_had(post, settings, fault):
    messages = [post.write(case=None) for _turn in range(5)]
    with Sink().uses(settings) as sink:
        assert work(f"{fault}:1") == faults.KILLED
        assert work() == 0

    assert [state(message) for message in messages] == ["sent"] * 5
    assert set(sink.identifiers) == {f"<{message.identifier}>" for message in messages}
    repeated = sum(copies(sink).values()) - 5
    assert repeated == (1 if fault == "after-250" else 0)
    if repeated:
        same = [raw for _sender, _to, raw in sink.mails if sink.mails[0][2] == raw]
        assert len(same) == 2, "the second copy differs from the first"


def test_what_was_killed_is_taken_up_by_the_next_worker_without_waiting(post, settings):
    message = post.write()
    with Sink().uses(settings):
        work("after-lease")
        assert state(message) == "leased"
        work()
    assert state(message) == "sent"


def test_so_many_kills_between_the_servers_yes_and_ours_make_no_more_second_copies(post, settings):
    # R25 counts to a hundred: each night (`make nightly`). Each push, and each engine, sees the same in a fifth.
    most = int(os.environ.get("KILLS", "20"))
    messages = [post.write(case=None) for _turn in range(most + 20)]
    kills = 0
    with Sink().uses(settings) as sink:
        while kills < most:
            assert work("after-250:1") == faults.KILLED
            kills += 1
        assert work() == 0

    assert Message.objects.filter(state="sent").count() == len(messages)
    assert set(sink.identifiers) == {f"<{message.identifier}>" for message in messages}
    assert len(sink.mails) <= len(messages) + kills


def test_of_a_bulk_reply_nobody_gets_a_second_copy(post, settings):
    messages = [post.write(f"person{turn}@home.example", case=None) for turn in range(12)]
    for message in messages:
        bulk(post, message)
    with Sink().uses(settings) as sink:
        for fault in ("after-250:2", "on-the-wire:3", "after-lease:1"):
            assert work(fault) == faults.KILLED
        assert work() == 0

    assert max(copies(sink).values()) == 1
    states = Counter(state(message) for message in messages)
    assert states == {"sent": 10, "uncertain": 2}
    # One of the two was with the server, the other was not: nobody can tell, so neither is sent by itself.
    assert len(sink.mails) == 11


def test_killed_fifty_times_at_any_moment_with_two_workers_nothing_is_lost(post, settings):
    messages = [post.write(case=None) for _turn in range(150)]
    chance = random.Random(4711)
    kills = 0
    with Sink(on_data=lambda envelope: time.sleep(0.002)).uses(settings) as sink:
        while kills < 50 and Message.objects.exclude(state="sent").exists():
            children = [start_worker(), start_worker()]
            time.sleep(chance.uniform(0.01, 0.2))
            for child in children:
                os.kill(child, signal.SIGKILL)
                kills += os.WIFSIGNALED(end_of(child))
        assert work() == 0

    assert kills
    assert Message.objects.filter(state="sent").count() == len(messages)
    assert set(sink.identifiers) == {f"<{message.identifier}>" for message in messages}
    assert len(sink.mails) <= len(messages) + kills


def test_two_workers_at_once_send_each_message_once(post, settings):
    messages = [post.write(case=None) for _turn in range(60)]
    with Sink().uses(settings) as sink:
        for child in [start_worker(), start_worker()]:
            assert os.waitstatus_to_exitcode(end_of(child)) == 0
    assert copies(sink) == {f"<{message.identifier}>": 1 for message in messages}


def test_the_order_on_each_case_survives_kills(post, settings):
    others = Post()
    for turn in range(15):
        post.write(subject=f"{turn:03}", at=SOON - MINUTE + timedelta(milliseconds=turn))
        others.write(subject=f"{turn:03}", at=SOON - MINUTE + timedelta(milliseconds=turn))
    with Sink().uses(settings) as sink:
        for turn in range(12):
            work(("after-lease:1", "on-the-wire:2", "after-250:2")[turn % 3])
        while Message.objects.exclude(state="sent").exists():
            work()

    seen: dict[str, list[str]] = {}
    for mail in sink.parsed:
        subject = str(mail["Subject"])
        line = seen.setdefault(subject.partition("[")[2] + str(mail["From"]), [])
        if subject[:3] not in line:
            line.append(subject[:3])
    assert [line == sorted(line) for line in seen.values()] == [True, True]
    assert all(len(line) == 15 for line in seen.values())


def test_a_lease_of_another_machine_runs_out(post, settings):
    message = post.write()
    sending.take_due("another-machine/1/2", at=SOON)
    with Sink().uses(settings):
        posting.post_due(clock=lambda: SOON, until=SOON + MINUTE)
        assert state(message) == "leased"
        later = Dispatch.objects.get().lease_until + timedelta(seconds=1)
        posting.post_due(clock=lambda: later, until=later + MINUTE)
    assert state(message) == "sent"
