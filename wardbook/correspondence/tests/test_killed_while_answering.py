"""The worker is killed in the middle of an answer to many: everybody has one message, and nobody two (C4, V4)."""

import os
import sys
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connections

from wardbook.correspondence import posting
from wardbook.correspondence.actions import bulk
from wardbook.correspondence.models import BulkReplyPerson, Message
from wardbook.correspondence.tests.sink import Sink
from wardbook.correspondence.tests.test_answering_many import DUE, Crowd
from wardbook.lib import faults

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="forks, and looks into /proc"),
]


def work(fault=""):
    """A worker in a process of its own, which writes and sends, or is killed at the fault. How it ended."""
    connections.close_all()
    child = os.fork()
    if not child:
        code = 1
        try:
            faults.arm(fault)
            bulk.go_on(clock=lambda: DUE)
            after = DUE + timedelta(minutes=1)
            posting.post_due(clock=lambda: after, until=after + timedelta(minutes=9), seconds=20)
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_killed_again_and_again_each_person_has_one_message_and_gets_one_mail(settings, tmp_path, monkeypatch):
    settings.OUTBOX = tmp_path / "outbox"
    monkeypatch.setattr(bulk, "AT_ONCE", 4)
    crowd = Crowd(count=20)
    reply = crowd.write()
    with Sink().uses(settings) as sink:
        for fault in ("bulk-person:7", "before-bulk-commits:2", "bulk-person:1", "on-the-wire:3", "after-250:5"):
            assert work(fault) == faults.KILLED
        assert work() == 0

    assert BulkReplyPerson.objects.filter(bulk=reply, message=None).count() == 0
    assert Message.objects.outgoing().count() == 20
    got = Counter(to for _from, [to], _raw in sink.mails)
    assert max(got.values()) == 1
    states = Counter(reply.people.values_list("message__state", flat=True))
    assert states == {"sent": 18, "uncertain": 2}
    # One of the two was with the server, the other was not. The list says of both that nobody can tell.
    assert len(sink.mails) == 19
