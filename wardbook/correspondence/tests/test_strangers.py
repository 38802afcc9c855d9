"""Who gets into no case, whatever their mail says: named rules B1 to B9."""

import pytest

from wardbook.cases.factories import MONDAY, CaseFactory
from wardbook.cases.models import Party
from wardbook.contacts.factories import ContactFactory
from wardbook.correspondence import tokens
from wardbook.correspondence.actions import filing
from wardbook.correspondence.factories import MailboxFactory, SentMessageFactory
from wardbook.correspondence.models import Message, MessageAddress
from wardbook.correspondence.tests import incoming
from wardbook.correspondence.tests.post import Post, where

pytestmark = pytest.mark.django_db


FORGED = [
    {"in_reply_to": "{ours}"},
    {"references": ["x@y", "{ours}"]},
    {"in_reply_to": "wb.{pk}.aaaaaaaaaaaaaaaaaaaaaaaaaa@glanmor.example.org"},
    {"to": "{reply}"},
    {"to": "{other}"},
    {"subject": "[Case #{number}]"},
    {},
]


@pytest.mark.parametrize("mail", FORGED)
@pytest.mark.parametrize("who", ["colleague", "mailbox", "alias"])
def test_b1_whoever_claims_to_be_staff_is_never_taken_for_staff(mail, who):
    post = Post()
    other = SentMessageFactory(mailbox=post.mailbox, office=post.office, case=CaseFactory(office=post.office))
    post.mailbox.aliases = "info@glanmor.example.org"
    post.mailbox.save()
    addresses = {
        "colleague": post.anna.email.upper(),
        "mailbox": post.mailbox.address,
        "alias": "info+x@glanmor.example.org",
    }
    told = {
        "ours": post.sent.identifier,
        "pk": post.sent.pk,
        "number": post.case.number,
        "reply": tokens.reply_address(post.mailbox, post.sent),
        "other": tokens.reply_address(post.mailbox, other),
    }
    filled = {
        name: [one.format(**told) for one in value] if isinstance(value, list) else value.format(**told)
        for name, value in mail.items()
    }
    sent = Message.objects.outgoing().count()
    message = post.comes("Please tell her nothing.", sender=f"Anna Price <{addresses[who]}>", **filled)
    case, _how, told_of = where(message)
    assert case is None
    assert message.state == Message.State.WAITING
    assert "forged-staff" in told_of
    assert (message.contact, message.by, message.suggestion_is_sure) == (None, None, False)
    assert Message.objects.outgoing().count() == sent


@pytest.mark.parametrize("place", ["subject", "text"])
def test_b2_a_stranger_with_a_number_gets_into_no_case(place):
    post = Post()
    cases = [post.case, *(CaseFactory(office=post.office) for _turn in range(4))]
    for number in range(1, 20):
        quoted = {place: f"[Case #{number}] hello", "sender": f"stranger{number}@evil.example"}
        message = post.comes(**quoted)
        assert where(message)[0] is None
        exists = place == "subject" and number in {case.number for case in cases}
        assert ("quotes-number" in message.warnings) == exists
        assert not message.suggestion_is_sure
    assert not Message.objects.incoming().filter(case__isnull=False).exists()
    assert not Message.objects.outgoing().filter(is_automatic=True).exists()


def test_b2_a_stranger_with_an_id_of_the_persons_thread_is_a_suggestion():
    post = Post()
    first = post.comes(message_id="first@home.example")
    filing.file_on_case(first, post.case, by=post.anna, at=MONDAY)
    message = post.comes(sender="stranger@evil.example", in_reply_to="first@home.example")
    case, _how, told = where(message)
    assert (case, message.suggested_case, message.suggestion) == (None, post.case, "thread")
    assert told == ["not-on-case"]


def test_b2_naming_ids_in_advance_draws_nobodys_mail_into_ones_own_case():
    post = Post()
    own = CaseFactory(office=post.office, constituent=ContactFactory(office=post.office, emails=["eve@example.org"]))
    trap = post.comes(sender="eve@example.org", references=["later@home.example"])
    filing.file_on_case(trap, own, by=post.anna, at=MONDAY)
    message = post.comes(message_id="later@home.example")
    assert where(message)[0] is None


def test_b3_a_cc_makes_nobody_take_part_and_what_they_send_is_marked():
    post = Post()
    post.comes(in_reply_to=post.sent.identifier, Cc="eve@evil.example", message_id="with-cc@home.example")
    message = post.comes(sender="eve@evil.example", in_reply_to="with-cc@home.example")
    case, _how, told = where(message)
    assert (case, told) == (post.case, ["not-on-case"])
    # Filed by itself counts for nothing: the next one is marked too, and its number in the subject is not enough.
    again = post.comes(sender="eve@evil.example", subject=f"[Case #{post.case.number}]")
    assert where(again)[0] is None
    assert not Party.objects.filter(case=post.case).exists()
    assert not MessageAddress.objects.filter(message__direction="out", address="eve@evil.example").exists()


def test_b5_only_our_own_server_is_believed_about_the_sender():
    post = Post()
    ours = "mx.glanmor.example.org; dmarc=fail header.from=example.org"
    forged = "mx.evil.example; dmarc=pass header.from=example.org"
    failed = post.comes(Authentication_Results=[ours, forged], subject=f"Case {post.case.number}")
    case, _how, told = where(failed)
    assert (case, failed.contact) == (None, None)
    assert "unverified" in told
    # Somebody else's "fail" is no more to be believed than their "pass".
    fine = post.comes(Authentication_Results=["mx.evil.example; dmarc=fail header.from=example.org"])
    assert (fine.contact, fine.warnings) == (post.rhian, [])


@pytest.mark.parametrize(
    ("result", "contact"),
    [
        ("spf=fail smtp.mailfrom=example.org; dkim=none", False),
        ("spf=softfail smtp.mailfrom=evil.example; dkim=fail header.d=example.org", False),
        ("spf=fail smtp.mailfrom=list.example; dkim=pass header.d=example.org", True),
        ("spf=pass smtp.mailfrom=bounce.example.org", True),
        ("dmarc=pass header.from=example.org; spf=fail smtp.mailfrom=x.example", True),
        ("none", True),
        ("garbage ((( here", True),
    ],
)
def test_b5_a_sender_whose_domain_disowns_the_mail_is_matched_to_nobody(result, contact):
    post = Post()
    message = post.comes(Authentication_Results=f"mx.glanmor.example.org; {result}")
    assert (message.contact is not None) == contact
    assert ("unverified" in message.warnings) != contact


def test_b5_a_second_pass_written_by_the_sender_does_not_outweigh_our_fail():
    post = Post()
    ours = "mx.glanmor.example.org; dmarc=fail header.from=example.org"
    theirs = "mx.glanmor.example.org; dmarc=pass header.from=example.org"
    for order in ([ours, theirs], [theirs, ours]):
        assert "unverified" in post.comes(Authentication_Results=order).warnings


ODD_SENDERS = [
    None,
    "",
    "<>",
    "undisclosed-recipients:;",
    "rhian@example.org, eve@evil.example",
    '"rhian@example.org" <eve@evil.example>',
    "=?utf-8?q?rhian=40example=2Eorg?= <eve@evil.example>",
    "group: rhian@example.org, eve@evil.example;",
    "eve@evil.example <rhian@example.org>",
    "rhian@example.org\u202e",
]


@pytest.mark.parametrize("sender", ODD_SENDERS)
def test_b6_an_odd_sender_is_one_address_or_nobody_and_never_a_name_alone(sender):
    post = Post()
    line = b"" if sender is None else b"From: " + sender.encode() + b"\r\n"
    content = line + b"To: office@glanmor.example.org\r\nSubject: x\r\nMessage-ID: <odd@x>\r\n\r\nHello.\r\n"
    first = incoming.take_in(post.mailbox, content)
    again = incoming.take_in(MailboxFactory(), content)
    assert first.from_address == again.from_address
    assert first.from_address.count("@") <= 1
    assert first.from_address in first.sender
    if "evil" in first.from_address:
        assert first.contact is None
    if not first.from_address or (sender and sender.count("@") > 1 and "," in sender):
        assert first.contact is None


def test_b7_answers_wanted_at_another_address_are_marked_and_kept_apart():
    post = Post()
    message = post.comes(Reply_To="rhian.evans@evil.example")
    assert (message.reply_to, message.from_address) == ("rhian.evans@evil.example", "rhian@example.org")
    assert "reply-to" in message.warnings
    assert post.comes(Reply_To="Rhian <RHIAN@example.org>").warnings == []


def test_b8_header_lines_of_ours_command_nothing():
    post = Post()
    message = post.comes(
        sender="eve@evil.example",
        X_Wardbook_Case=str(post.case.number),
        X_Wardbook_Internal="yes",
        X_Wardbook_Priority="3",
        X_Our_Case=str(post.case.number),
    )
    assert where(message) == (None, "", [])


def test_b9_an_id_that_another_message_has_is_marked_and_both_are_kept():
    post = Post()
    first = post.comes("One.", message_id="same@x", sender="eve@evil.example")
    second = post.comes("Another.", message_id="same@x")
    assert first.pk != second.pk
    assert first.warnings == []
    assert second.warnings == ["same-identifier"]


def test_b9_a_forgery_with_the_name_of_our_own_message_is_kept_and_marked():
    post = Post()
    message = post.comes("Pay here.", message_id=post.sent.identifier, sender="eve@evil.example")
    assert message.is_incoming
    assert "same-identifier" in message.warnings


def test_our_own_message_that_comes_round_is_a_copy_of_what_we_sent():
    post = Post()
    content = incoming.raw(post.sent.text, sender=post.mailbox.address, message_id=post.sent.identifier)
    assert incoming.take_in(post.mailbox, content) == post.sent
    assert not Message.objects.incoming().exists()


@pytest.mark.parametrize("above", [True, False])
def test_a_second_field_with_a_sender_is_warned_of_and_nobody_is_taken_for_either(above):
    post = Post()
    ContactFactory(office=post.office, emails=["rhian@example.org"])
    ContactFactory(office=post.office, emails=["mal@example.net"])
    second = b"From: Rhian Evans <rhian@example.org>\n"
    other = incoming.raw("Tell me.", sender="Mal <mal@example.net>")
    fields, _empty, text = other.partition(b"\n\n")
    content = second + other if above else fields + b"\n" + second + b"\n" + text
    message = incoming.take_in(post.mailbox, content)
    assert "several-senders" in message.warnings
    assert (message.state, message.contact) == (Message.State.WAITING, None)
    assert not Message.objects.outgoing().filter(is_automatic=True).exists()
