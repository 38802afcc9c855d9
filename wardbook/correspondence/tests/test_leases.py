"""Lines that break, workers that vanish, and the order on a case (R25, R32, V4)."""

from datetime import timedelta

import pytest

from wardbook.correspondence import events
from wardbook.correspondence.actions import sending
from wardbook.correspondence.tests.outbox import MINUTE, SOON, Post, bulk, check_that_it_waits, state
from wardbook.correspondence.tests.sink import Sink
from wardbook.journal.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(settings, tmp_path):
    settings.OUTBOX = tmp_path / "outbox"
    return Post()


# --- The line breaks (R25) ----------------------------------------------------------------------------------------


def test_a_line_cut_after_the_text_means_the_same_mail_again(post, settings):
    message = post.write()
    with Sink(on_data="cut").uses(settings) as sink:
        post.post()
        check_that_it_waits(message, "unreachable")
        sink.on_data = None
        post.post(SOON + MINUTE)
    assert state(message) == "sent"
    assert sink.identifiers == [f"<{message.identifier}>"]


def test_a_line_cut_after_the_text_makes_one_of_many_uncertain(post, settings):
    message = post.write()
    bulk(post, message)
    with Sink(on_data="cut").uses(settings) as sink:
        post.post()
        sink.on_data = None
        post.post(SOON + timedelta(days=1))
    assert state(message) == "uncertain"
    assert sink.mails == []
    assert Event.objects.filter(name=events.MESSAGE_UNCERTAIN).count() == 1


# --- Leases -------------------------------------------------------------------------------------------------------


def test_what_one_worker_holds_no_other_takes(post):
    message = post.write()
    assert [one.pk for one in sending.take_due("one", at=SOON)] == [message.pk]
    assert sending.take_due("other", at=SOON) == []
    assert sending.lapse(at=SOON + timedelta(seconds=59), has_ended=lambda name: False) == 0
    assert sending.lapse(at=SOON + timedelta(seconds=61), has_ended=lambda name: False) == 1
    assert sending.take_due("other", at=SOON + timedelta(seconds=61))


def test_what_a_worker_held_that_is_gone_is_free_at_once(post):
    post.write()
    sending.take_due("one", at=SOON)
    assert sending.lapse(at=SOON, has_ended=lambda name: name == "one") == 1
    assert sending.take_due("other", at=SOON)


def test_a_worker_that_lost_its_lease_changes_nothing_but_what_is_true(post):
    message = post.write()
    (late,) = sending.take_due("one", at=SOON)
    sending.lapse(at=SOON, has_ended=lambda name: True)
    sending.take_due("other", at=SOON)

    assert not sending.on_the_wire(late, "one", at=SOON)
    assert sending.fail(late, "one", problem="refused", said="", at=SOON) == "leased"
    assert sending.try_again(late, "one", problem="later", said="", at=SOON) == "leased"
    assert sending.sent(late, at=SOON) == "sent"
    assert state(message) == "sent"


def test_one_of_many_that_was_on_the_wire_is_not_sent_again(post):
    single, one_of_many, untouched = (post.write(case=None) for _ in range(3))
    bulk(post, one_of_many)
    bulk(post, untouched)
    for dispatch in sending.take_due("gone", at=SOON):
        if dispatch.pk != untouched.pk:
            sending.on_the_wire(dispatch, "gone", at=SOON)
    sending.lapse(at=SOON, has_ended=lambda name: True)
    assert [state(one) for one in (single, one_of_many, untouched)] == ["queued", "uncertain", "queued"]


def test_messages_of_one_case_go_in_their_order(post, settings):
    first, second = post.write(), post.write()
    other = post.write(case=None)
    taken = sending.take_due("gone", at=SOON)
    assert [one.pk for one in taken] == [first.pk, other.pk]
    assert sending.take_due("other", at=SOON) == []
    sending.lapse(at=SOON, has_ended=lambda name: True)
    assert second.pk not in [one.pk for one in sending.take_due("other", at=SOON)]


def test_one_that_was_turned_away_holds_up_nothing_on_its_case(post, settings):
    post.write("later@home.example")
    second = post.write()
    rule = {"later@home.example": "451 later"}
    with Sink(on_rcpt=lambda envelope, address: rule.get(address)).uses(settings):
        post.post()
    assert state(second) == "sent"
