"""What a mail that was filed means for its case: reopened, linked, waiting over, come back (S1.32, CA-10, R31)."""

from datetime import timedelta

import pytest

from wardbook.cases import actions as case_actions
from wardbook.cases.factories import MONDAY
from wardbook.cases.models import Case, CaseLink
from wardbook.contacts.factories import AgencyFactory
from wardbook.contacts.models import Contact
from wardbook.correspondence import tokens
from wardbook.correspondence.factories import SentMessageFactory
from wardbook.correspondence.models import Message, PostRules
from wardbook.correspondence.tests import incoming
from wardbook.correspondence.tests.post import Post, where
from wardbook.offices.factories import CaseworkerFactory
from wardbook.vocabulary.models import Status

pytestmark = pytest.mark.django_db


def test_a_reply_within_the_offices_days_opens_the_case_again():
    post = Post()
    post.closed(MONDAY)
    message = post.comes(in_reply_to=post.sent.identifier, at=MONDAY + timedelta(days=28))
    post.case.refresh_from_db()
    assert where(message)[0] == post.case
    assert not post.case.is_closed
    assert post.case.reopen_count == 1


def test_a_reply_after_them_opens_a_new_case_that_is_linked():
    post = Post()
    post.closed(MONDAY)
    message = post.comes(
        in_reply_to=post.sent.identifier, subject="RE: The damp is back", at=MONDAY + timedelta(days=29)
    )
    case, how, told = where(message)
    post.case.refresh_from_db()
    assert post.case.is_closed
    assert case not in (None, post.case)
    assert (case.description, case.constituent, case.owner) == ("The damp is back", post.rhian, post.anna)
    link = CaseLink.objects.get(case=case)
    assert (link.to, link.why) == (post.case, "late-reply")
    assert (how, told) == ("token", ["late-reply"])


def test_how_long_is_the_offices_choice():
    post = Post()
    PostRules.objects.create(office=post.office, reopen_days=0)
    post.closed(MONDAY)
    post.comes(in_reply_to=post.sent.identifier, at=MONDAY + timedelta(days=1))
    post.case.refresh_from_db()
    assert post.case.is_closed


@pytest.mark.parametrize("days", [1, 200])
def test_automatic_replies_and_bounces_open_nothing(days):
    post = Post()
    post.closed(MONDAY)
    cases = Case.objects.count()
    at = MONDAY + timedelta(days=days)
    away = post.comes(in_reply_to=post.sent.identifier, Auto_Submitted="auto-replied", at=at)
    bounce = post.comes(
        sender="MAILER-DAEMON@example.org",
        in_reply_to=post.sent.identifier,
        subject="Undelivered Mail Returned to Sender",
        Auto_Submitted="auto-replied",
        at=at,
    )
    post.case.refresh_from_db()
    assert post.case.is_closed
    assert Case.objects.count() == cases
    assert where(away)[0] == where(bounce)[0] == post.case
    assert (away.auto_kind, bounce.auto_kind) == ("auto-reply", "bounce")
    assert "not-on-case" not in bounce.warnings


def test_a_stranger_opens_no_closed_case():
    post = Post()
    post.closed(MONDAY)
    message = post.comes(sender="husband@example.org", in_reply_to=post.sent.identifier)
    post.case.refresh_from_db()
    assert post.case.is_closed
    assert (message.case, message.suggested_case) == (None, post.case)


def test_the_answer_of_whom_we_waited_for_gives_the_turn_back_to_us():
    post = Post()
    case_actions.wait_on(post.case, "constituent", by=post.anna, at=MONDAY)
    post.comes(in_reply_to=post.sent.identifier, sender="husband@example.org")
    post.case.refresh_from_db()
    assert post.case.waiting_on == "constituent"
    post.comes(in_reply_to=post.sent.identifier, Auto_Submitted="auto-replied")
    post.case.refresh_from_db()
    assert post.case.waiting_on == "constituent"
    post.comes(in_reply_to=post.sent.identifier)
    post.case.refresh_from_db()
    assert post.case.waiting_on == "us"


def test_only_the_agency_that_we_wait_for_ends_the_waiting():
    post = Post()
    council, other = (AgencyFactory(office=post.office, emails=[f"{n}@council.example"]) for n in "ab")
    case_actions.wait_on(post.case, "agency", agency=council, by=post.anna, at=MONDAY)
    sent = {"in_reply_to": post.sent.identifier}
    post.comes(sender="b@council.example", **sent)
    post.comes(**sent)
    post.case.refresh_from_db()
    assert post.case.waiting_agency == council
    post.comes(sender="a@council.example", **sent)
    post.case.refresh_from_db()
    assert post.case.waiting_on == "us"
    assert other != council


def test_a_late_reply_to_a_restricted_case_stays_among_those_who_saw_it():
    post = Post(is_restricted=True)
    other = CaseworkerFactory(office=post.office)
    post.closed(MONDAY)
    message = post.comes(in_reply_to=post.sent.identifier, at=MONDAY + timedelta(days=60))
    case = where(message)[0]
    assert case.is_restricted
    assert not Message.objects.visible_to(other.memberships.get()).filter(pk=message.pk).exists()
    assert Message.objects.visible_to(post.anna.memberships.get()).filter(pk=message.pk).exists()


def test_replies_on_a_case_that_nobody_has_are_found_for_triage():
    post = Post()
    case_actions.assign(post.case, owner=None, by=post.anna, at=MONDAY)
    message = post.comes(in_reply_to=post.sent.identifier)
    assert list(Message.objects.for_nobody()) == [message]
    case_actions.assign(post.case, owner=post.anna, by=post.anna, at=MONDAY)
    assert not Message.objects.for_nobody().exists()


def test_coming_in_makes_nobody_known():
    post = Post()
    post.comes(sender="new@example.org", Cc="one@example.org, two@example.org")
    assert Contact.objects.filter(office=post.office).count() == 1


def test_an_office_that_has_lost_its_lists_still_gets_its_mail():
    post = Post()
    post.closed(MONDAY)
    Status.objects.filter(office=post.office, status_class="open").update(retired_at=MONDAY)
    message = post.comes(in_reply_to=post.sent.identifier)
    message.refresh_from_db()
    assert (message.case, message.suggested_case, message.suggestion_is_sure) == (None, post.case, True)


def bounce_of(post, sent):
    return (
        b"From: MAILER-DAEMON@mx.example.org\r\nTo: office@glanmor.example.org\r\nReturn-Path: <>\r\n"
        b"Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <dsn@mx>\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        b"Final-Recipient: rfc822; rhian@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        b"Diagnostic-Code: smtp; 550 no such user\r\n\r\n"
        b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <"
        + sent.identifier.encode()
        + b">\r\n\r\n--b--\r\n"
    )


def test_r31_a_bounce_is_shown_on_what_came_back_and_lies_beside_it():
    post = Post()
    message = incoming.take_in(post.mailbox, bounce_of(post, post.sent))
    post.sent.refresh_from_db()
    assert post.sent.state == Message.State.BOUNCED
    assert post.sent.addresses.get().state == "bounced"
    assert where(message) == (post.case, "token", [])
    assert (message.auto_kind, message.answers) == ("bounce", post.sent)
    assert not Message.objects.outgoing().filter(is_automatic=True).exists()


def test_r31_a_bounce_of_an_acknowledgement_is_nobodys_work():
    post = Post()
    told = SentMessageFactory(mailbox=post.mailbox, office=post.office, is_automatic=True, by=None)
    told.identifier = tokens.message_id_for(told)
    told.save()
    message = incoming.take_in(post.mailbox, bounce_of(post, told))
    message.refresh_from_db()
    assert (message.state, message.dismissed_as) == ("dismissed", "automatic")
