"""A long queue outlives restarts: each mail goes out, in the order of its case, and none twice but by a kill (R32).

`LONG_QUEUE=10000` makes it as long as R32 asks; `make nightly` does. The rows are made without the act that writes an
email, which is tested elsewhere.
"""

import copy
import os
import sys
from collections import Counter, defaultdict
from datetime import timedelta

import pytest

from wardbook.cases.factories import CaseFactory
from wardbook.correspondence.models import Dispatch, Message, MessageAddress
from wardbook.correspondence.tests.outbox import SOON, Post
from wardbook.correspondence.tests.sink import Sink
from wardbook.correspondence.tests.test_killed_while_sending import work
from wardbook.lib import faults

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="forks, and looks into /proc"),
]

SIZE = int(os.environ.get("LONG_QUEUE", "120"))
A_CASE = 12
"""Messages of one case, spread over the queue."""

KILLS = ["after-lease:1", "after-250:9", "on-the-wire:7", "before-lease:2", "after-sent:5", "after-250:3"]


def queue(post, size):
    """So many emails that wait, of many cases in turn; their subjects say the case and the place in it."""
    first = post.write()
    cases = [post.case, *CaseFactory.create_batch(size // A_CASE - 1, office=post.office, constituent=post.rhian)]
    rows = []
    for number in range(1, size):
        row = copy.copy(first)
        row.pk, row.case = None, cases[number % len(cases)]
        row.identifier = first.identifier.replace("@", f".{number}@")
        rows.append(row)
    Message.objects.bulk_create(rows, batch_size=500)
    address = first.addresses.get()
    MessageAddress.objects.bulk_create(
        [MessageAddress(message=row, role=address.role, name=address.name, address=address.address) for row in rows],
        batch_size=500,
    )
    turn_at, mailbox = SOON, first.dispatch.mailbox_id
    plans = [
        Dispatch(message=row, mailbox_id=mailbox, turn_at=at, first_turn_at=at)
        for number, row in enumerate(rows)
        for at in [turn_at + timedelta(microseconds=number // 3)]
    ]
    Dispatch.objects.bulk_create(plans, batch_size=500)
    return [first, *rows]


def test_a_long_queue_goes_out_whole_and_in_order_whatever_is_killed(settings, tmp_path):
    settings.OUTBOX = tmp_path / "outbox"
    post = Post()
    messages = queue(post, SIZE)
    with Sink().uses(settings) as sink:
        for fault in KILLS:
            assert work(fault) == faults.KILLED
        assert work() == 0

    assert dict(Counter(Message.objects.outgoing().values_list("state", flat=True))) == {"sent": SIZE}
    named = {f"<{message.identifier}>": message for message in messages}
    arrived = sink.identifiers
    assert set(arrived) == set(named)
    # A second copy only of what the server had and we had not noted: V4.
    assert len(arrived) - SIZE == sum(fault.startswith("after-250") for fault in KILLS)
    went = defaultdict(list)
    for name in dict.fromkeys(arrived):
        went[named[name].case_id].append(named[name].pk)
    wrote = defaultdict(list)
    for message in messages:
        wrote[message.case_id].append(message.pk)
    assert went == wrote
