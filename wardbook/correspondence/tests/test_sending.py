from datetime import timedelta

import pytest

from wardbook.cases import actions as case_actions
from wardbook.cases.factories import MONDAY
from wardbook.cases.models import Activity, Case
from wardbook.correspondence import events, sealing
from wardbook.correspondence.actions import composing, sending
from wardbook.correspondence.models import Dispatch, Mailbox, MessageAddress
from wardbook.correspondence.tests.outbox import MINUTE, SOON, Post, check_that_it_waits, state
from wardbook.correspondence.tests.sink import (
    Authority,
    Rude,
    Sink,
    refusing_connections,
    silent,
    stalling_after_data,
    trickling,
)
from wardbook.journal.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(settings, tmp_path):
    settings.OUTBOX = tmp_path / "outbox"
    return Post()


# --- Sent ---------------------------------------------------------------------------------------------------------


def test_a_message_goes_out_after_its_hold_and_not_before(post, settings):
    message = post.write()
    with Sink().uses(settings) as sink:
        post.post(MONDAY + timedelta(seconds=29))
        assert sink.mails == []
        post.post(SOON)
        post.post(SOON + MINUTE)

    assert state(message) == "sent"
    ((sender, to, _raw),) = sink.mails
    assert (sender, to) == (post.mailbox.address, ["rhian@home.example"])
    assert sink.identifiers == [f"<{message.identifier}>"]
    assert message.dispatch.sent_at == SOON
    assert message.addresses.get().state == MessageAddress.State.ACCEPTED
    assert Event.objects.get(name=events.MESSAGE_SENT).facts == {"attempts": 1, "refused": 0}


def test_the_constituent_is_informed_when_it_is_sent(post, settings):
    post.write()
    with Sink().uses(settings):
        post.post()
    assert Case.objects.get().last_informed_at == SOON


def test_a_message_to_somebody_else_does_not_inform_the_constituent(post, settings):
    post.write("council@example.org")
    with Sink().uses(settings):
        post.post()
    assert Case.objects.get().last_informed_at is None


def test_many_messages_go_over_one_connection(post, settings):
    for _turn in range(30):
        post.write(case=None)
    with Sink().uses(settings) as sink:
        assert post.post() == 30
    assert (len(sink.mails), sink.sessions) == (30, 1)


def test_a_stopped_message_never_leaves(post, settings):
    composing.stop(post.write(), by=post.anna, at=MONDAY)
    with Sink().uses(settings) as sink:
        post.post()
    assert sink.mails == []


@pytest.mark.parametrize("demo", [True, False])
def test_without_a_server_and_in_the_demo_mail_becomes_a_file(post, settings, demo):
    settings.DEMO = demo
    message = post.write()
    with Sink() as sink:
        if demo:
            sink.uses(settings)
            settings.DEMO = True
            Mailbox.objects.update(smtp_host="127.0.0.1", smtp_port=sink.port, smtp_security="none")
        post.post()
        assert sink.mails == []
    (file,) = settings.OUTBOX.iterdir()
    assert message.identifier.encode() in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert state(message) == "sent"


# --- The server has trouble (R20) ---------------------------------------------------------------------------------


def test_a_server_that_refuses_connections_is_tried_after_1_5_15_60_minutes_then_4_hourly_to_72_hours(post, settings):
    message = post.write()
    with Sink() as gone:
        pass
    gone.uses(settings)
    post.post()
    check_that_it_waits(message, "unreachable")

    waits = []
    for _turn in range(40):
        dispatch = Dispatch.objects.get(pk=message.pk)
        if dispatch.ended_at:
            break
        waits.append(dispatch.turn_at - post.now)
        post.post(dispatch.turn_at)

    hours = [wait / timedelta(minutes=1) for wait in waits]
    assert hours[:4] == [1, 5, 15, 60]
    assert set(hours[4:]) == {240}
    assert sum(waits, timedelta()) <= timedelta(hours=72) < sum(waits, timedelta()) + timedelta(hours=4)
    assert state(message) == "failed"
    assert Activity.objects.planned().get().assignee == post.anna
    assert Event.objects.filter(name=events.MESSAGE_DELAYED).count() == 1


def test_what_waits_for_half_an_hour_is_known_as_stuck(post, settings):
    post.write()
    with Sink() as gone:
        pass
    gone.uses(settings)
    post.post()
    assert not Dispatch.objects.stuck(MONDAY + 29 * MINUTE).exists()
    assert Dispatch.objects.stuck(MONDAY + 31 * MINUTE).exists()


def test_a_server_that_nobody_knows_is_tried_again(post, settings):
    message = post.write()
    post.mailbox.smtp_host = "nowhere.invalid"
    post.mailbox.smtp_security = "starttls"
    post.mailbox.save()
    post.post()
    check_that_it_waits(message, "unreachable")


def own_server(post, sink, security, **fields):
    Mailbox.objects.filter(pk=post.mailbox.pk).update(
        smtp_host="127.0.0.1", smtp_port=sink.port, smtp_security=security, username="", **fields
    )


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_mail_goes_over_tls_to_a_server_whose_certificate_is_right(post, settings, tmp_path, security):
    authority = Authority(tmp_path)
    settings.MAIL_CA_FILE = str(authority.file)
    message = post.write()
    context = authority.context("127.0.0.1")
    with Sink(tls=context) if security == "tls" else Sink(starttls=context) as sink:
        own_server(post, sink, security)
        post.post()
    assert state(message) == "sent"
    assert len(sink.mails) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("flaw", ["unknown authority", "another name"])
def test_a_certificate_that_is_wrong_gets_no_mail(post, settings, tmp_path, security, flaw):
    authority = Authority(tmp_path)
    settings.MAIL_CA_FILE = "" if flaw == "unknown authority" else str(authority.file)
    context = authority.context("127.0.0.1" if flaw == "unknown authority" else "elsewhere.example")
    message = post.write()
    with Sink(tls=context) if security == "tls" else Sink(starttls=context) as sink:
        own_server(post, sink, security)
        post.post()
    check_that_it_waits(message, "insecure")
    assert sink.mails == []


def test_a_server_without_starttls_gets_no_mail_in_the_clear(post, settings):
    message = post.write()
    with Sink() as sink:
        own_server(post, sink, "starttls")
        post.post()
    check_that_it_waits(message, "insecure")
    assert sink.mails == []


def test_without_tls_mail_goes_only_to_this_machine(post):
    message = post.write()
    Mailbox.objects.update(smtp_host="mail.example.org", smtp_port=25, smtp_security="none")
    post.post()
    check_that_it_waits(message, "insecure")


@pytest.mark.parametrize(("password", "expected"), [("right", "sent"), ("wrong", "queued")])
def test_the_mailbox_signs_in_with_its_sealed_password(post, password, expected):
    message = post.write()
    with Sink(users={"office": "right"}) as sink:
        own_server(post, sink, "none", smtp_username="office", smtp_secret=sealing.seal(password))
        post.post()
    assert state(message) == expected, Dispatch.objects.get().server_said
    assert sink.signed_in
    if expected == "queued":
        check_that_it_waits(message, "sign-in")


@pytest.mark.parametrize(
    ("rude", "problem"),
    [
        (silent, "stalled"),
        (trickling, "stalled"),
        (refusing_connections(421), "later"),
        (refusing_connections(554), "later"),
    ],
)
def test_a_slow_or_unwilling_server_is_left_after_its_time(post, settings, rude, problem):
    message = post.write()
    with Rude(rude) as server:
        server.uses(settings)
        post.post(seconds=0.5)
    check_that_it_waits(message, problem)


def test_a_server_that_stalls_after_the_text_may_have_it_and_is_given_it_again(post, settings):
    message = post.write()
    with Rude(stalling_after_data) as server:
        server.uses(settings)
        post.post(seconds=0.5)
    check_that_it_waits(message, "stalled")


@pytest.mark.django_db(transaction=True)
def test_one_mailbox_in_trouble_delays_no_other(settings, tmp_path):
    settings.DEMO, settings.OUTBOX = False, tmp_path
    slow, quick = Post(), Post()
    stuck, fine = slow.write(), quick.write()
    with Rude(silent) as server, Sink() as sink:
        own_server(slow, server, "none")
        own_server(quick, sink, "none")
        slow.post(seconds=1)
    assert (state(stuck), state(fine)) == ("queued", "sent")


# --- The server says no to one message (R21–R23) ------------------------------------------------------------------


@pytest.mark.parametrize("code", ["421 x", "450 x", "451 x", "452 x"])
@pytest.mark.parametrize("step", ["on_mail", "on_rcpt", "on_data"])
def test_not_now_is_tried_again_and_holds_up_no_other(post, settings, code, step):
    first, other = post.write("later@home.example"), post.write("now@home.example")

    def rule(envelope, address=""):
        there = address or (envelope.rcpt_tos or [""])[0]
        wanted = there == "later@home.example" or (step == "on_mail" and not seen)
        seen.append(there)
        return code if wanted else None

    seen = []
    with Sink(**{step: rule}).uses(settings) as sink:
        post.post()
        assert [to for _sender, to, _raw in sink.mails] == [["now@home.example"]]
        check_that_it_waits(first, "later")
        assert state(other) == "sent"
        setattr(sink, step, None)
        post.post(SOON + MINUTE)
    assert state(first) == "sent"


@pytest.mark.parametrize("code", ["550 no such user", "552 full", "553 bad name", "554 refused"])
@pytest.mark.parametrize("step", ["on_mail", "on_rcpt", "on_data"])
def test_never_fails_at_once_and_becomes_work_of_the_sender(post, settings, code, step):
    message = post.write()
    with Sink(**{step: code}).uses(settings) as sink:
        post.post()
        post.post(SOON + timedelta(days=1))
    assert sink.mails == []
    assert state(message) == "failed"
    work = Activity.objects.planned().get()
    assert (work.subject, work.case, work.assignee) == ("Email to Mrs Evans was not sent", post.case, post.anna)
    assert code in work.details
    assert Event.objects.get(name=events.MESSAGE_FAILED).facts["problem"] == "refused"
    assert Case.objects.get().last_informed_at is None


def test_each_address_has_its_own_answer(post, settings):
    message = post.write("rhian@home.example", cc=["gone@home.example", "later@home.example"])
    answers = {"gone@home.example": "550 gone", "later@home.example": "451 later"}
    with Sink(on_rcpt=lambda envelope, address: answers.get(address)).uses(settings) as sink:
        post.post()
        assert state(message) == "queued"
        answers.pop("later@home.example")
        post.post(SOON + MINUTE)

    assert [to for _sender, to, _raw in sink.mails] == [["rhian@home.example"], ["later@home.example"]]
    assert len(set(sink.identifiers)) == 1
    assert state(message) == "sent"
    assert {row.address: row.state for row in message.addresses.all()} == {
        "rhian@home.example": "accepted",
        "gone@home.example": "refused",
        "later@home.example": "accepted",
    }
    assert "gone@home.example" in Activity.objects.planned().get().details


def test_work_about_a_closed_case_lies_beside_it(post, settings):
    message = post.write()
    case_actions.close(post.case, outcome="resolved", by=post.anna, at=MONDAY)
    with Sink(on_data="550 no").uses(settings):
        post.post()
    assert state(message) == "failed"
    work = Activity.objects.planned().get()
    assert (work.case, work.contact, work.assignee) == (None, post.rhian, post.anna)


def test_a_failed_message_is_tried_again_when_somebody_says_so(post, settings):
    message = post.write()
    with Sink(on_rcpt="550 no").uses(settings) as sink:
        post.post()
        sending.retry(message, by=post.anna, at=SOON + MINUTE)
        sink.on_rcpt = None
        post.post(SOON + MINUTE)
    assert state(message) == "sent"
    assert sink.identifiers == [f"<{message.identifier}>"]


def test_letters_beyond_ascii_before_the_at_need_a_server_that_knows_them(post, settings):
    known, unknown = post.write("siân@home.example"), post.write("ifan@tŷ.example")
    with Sink(enable_SMTPUTF8=True).uses(settings) as sink:
        post.post()
    assert (state(known), state(unknown)) == ("sent", "sent")
    assert sorted(to[0] for _sender, to, _raw in sink.mails) == ["ifan@xn--t-foa.example", "siân@home.example"]
    third = post.write("siân@home.example", at=SOON)
    with Sink(enable_SMTPUTF8=False).uses(settings):
        post.post(SOON + MINUTE)
    assert state(third) == "failed"
