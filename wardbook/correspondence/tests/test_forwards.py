"""A colleague forwards a constituent's mail: whose it was is suggested from its words, and never taken as sure."""

from datetime import UTC, datetime

import pytest

from wardbook.cases.factories import CaseFactory
from wardbook.contacts.factories import ContactFactory
from wardbook.correspondence import senders
from wardbook.correspondence.actions import filing
from wardbook.correspondence.mime import parse
from wardbook.correspondence.mime.forwards import forwarded_in
from wardbook.correspondence.models import Message
from wardbook.correspondence.tests import incoming
from wardbook.correspondence.tests.mails import mail, multipart, part
from wardbook.correspondence.tests.post import Post

FORMS = {
    "Gmail": (
        "Fwd: Damp in flat",
        (
            "Please log this.\n\n---------- Forwarded message ---------\nFrom: Rhian Evans <rhian@example.org>\n"
            "Date: Mon, 2 Jun 2025 at 09:14\nSubject: Damp in flat\nTo: <sam@office.example>\n\nThe mould is back.\n"
        ),
    ),
    "Outlook": (
        "FW: Damp in flat",
        (
            "FYI\n\nFrom: Rhian Evans <rhian@example.org>\nSent: 02 June 2025 09:14\nTo: Sam Pugh\n"
            "Subject: Damp in flat\n\nThe mould is back.\n"
        ),
    ),
    "old Outlook": (
        "FW: Damp in flat",
        (
            "-----Original Message-----\nFrom: Rhian Evans [mailto:rhian@example.org]\n"
            "Sent: Monday, June 2, 2025 9:14 AM\n"
            "To: Sam Pugh\nSubject: Damp in flat\n\nThe mould is back.\n"
        ),
    ),
    "Apple": (
        "Fwd: Damp in flat",
        (
            "Begin forwarded message:\n\n> From: Rhian Evans <rhian@example.org>\n> Subject: Damp in flat\n"
            "> Date: 2 June 2025 at 09:14:02 BST\n> To: sam@office.example\n> \n> The mould is back.\n"
        ),
    ),
    "Thunderbird": (
        "Fwd: Damp in flat",
        (
            "\n-------- Forwarded Message --------\nSubject: \tDamp in flat\nDate: \tMon, 2 Jun 2025 09:14:02 +0100\n"
            "From: \tRhian Evans <rhian@example.org>\nTo: \tsam@office.example\n\nThe mould is back.\n"
        ),
    ),
    "German": (
        "WG: Damp in flat",
        (
            "Von: Rhian Evans <rhian@example.org>\nGesendet: Montag, 2. Juni 2025 09:14\nAn: Sam Pugh\n"
            "Betreff: Damp in flat\n\nDer Schimmel ist zurück.\n"
        ),
    ),
    "Welsh": (
        "Ymlaen: Damp in flat",
        (
            "-------- Neges a Anfonwyd Ymlaen --------\nOddi wrth: Rhian Evans <rhian@example.org>\n"
            "Dyddiad: 2 Mehefin 2025 09:14\nPwnc: Damp in flat\n\nMae'r llwydni yn ôl.\n"
        ),
    ),
}


@pytest.mark.any_engine
@pytest.mark.parametrize("form", FORMS)
def test_the_first_sender_is_read_in_the_forms_of_the_mailers(form):
    subject, text = FORMS[form]
    found = forwarded_in(parse(incoming.raw(text, subject=subject)))
    assert [(one.name, one.address, one.subject) for one in found] == [
        ("Rhian Evans", "rhian@example.org", "Damp in flat")
    ]
    assert found[0].date is not None
    assert found[0].date.date().isoformat() == "2025-06-02"


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: Damp in flat", FORMS["Outlook"][1]),
        ("Damp in flat", "From: me\nTo the council: please help.\nSubject: none\n"),
        ("Fwd: Damp in flat", "Please log this.\n"),
        ("Fwd: x", "---------- Forwarded message ---------\nhello\nFrom: a@b.example\n"),
        ("Fwd: x", "From:\nSent:\nTo:\nSubject:\n"),
    ],
)
def test_a_reply_is_no_forward_and_nothing_is_made_up(subject, text):
    assert forwarded_in(parse(incoming.raw(text, subject=subject))) == []


@pytest.mark.any_engine
def test_a_mail_that_is_attached_says_itself_who_wrote_it():
    inner = mail(
        "The mould is back.\r\n", from_="Rhian Evans <rhian@example.org>", date="Mon, 2 Jun 2025 09:14:00 +0000"
    )
    attached = part(inner, content_type="message/rfc822")
    raw = mail(**multipart(part("See attached.\r\n"), attached), from_="sam@office.example", subject="For the office")
    found = forwarded_in(parse(raw))
    assert [(one.address, one.date, one.is_attached) for one in found] == [
        ("rhian@example.org", datetime(2025, 6, 2, 9, 14, tzinfo=UTC), True)
    ]


@pytest.fixture
def post(db):
    return Post()


def forwarded(post, form="Gmail", sender=None):
    subject, text = FORMS[form]
    return post.comes(text, subject=subject, sender=sender or f"{post.anna.name} <{post.anna.email}>")


def test_a_colleagues_forward_suggests_the_case_of_the_first_sender(post):
    message = forwarded(post)

    assert (message.state, message.case, message.contact) == (Message.State.WAITING, None, None)
    assert (message.suggested_case, message.suggestion, message.suggestion_is_sure) == (post.case, "forward", False)
    assert message.forwarded == {
        "name": "Rhian Evans",
        "address": "rhian@example.org",
        "written_at": message.forwarded["written_at"],
        "read_from": "text",
    }
    assert message.forwarded["written_at"].startswith("2025-06-02")
    assert "The mould is back." in message.text
    assert senders.people_of(message) == (post.rhian,)


def test_whoever_forges_a_colleague_gains_a_suggestion_and_nothing_else(post):
    message = forwarded(post)
    # It came from outside in Anna's name: that is said, nobody is acknowledged, and nothing is filed by itself.
    assert "forged-staff" in message.warnings
    assert not Message.objects.outgoing().filter(answers=message).exists()
    assert message.case is None


@pytest.mark.parametrize(
    ("results", "is_marked"),
    [
        (["mx.glanmor.example.org; dmarc=pass header.from={domain}"], False),
        (["mx.glanmor.example.org; dkim=pass header.d={domain}; spf=none"], False),
        (["mx.glanmor.example.org; dmarc=pass header.from=evil.example"], True),
        (["mx.glanmor.example.org; dkim=pass header.d=evil.example"], True),
        (["mx.evil.example; dmarc=pass header.from={domain}"], True),
        (["mx.glanmor.example.org; none", "mx.glanmor.example.org; dmarc=pass header.from={domain}"], True),
        (["mx.glanmor.example.org; (((", "mx.glanmor.example.org; dmarc=pass header.from={domain}"], True),
    ],
)
def test_a_colleague_whom_our_own_server_vouches_for_is_not_called_forged(post, results, is_marked):
    domain = post.anna.email.rpartition("@")[2]
    message = post.comes(
        FORMS["Gmail"][1],
        subject="Fwd: Damp in flat",
        sender=post.anna.email,
        Authentication_Results=[one.format(domain=domain) for one in results],
    )
    assert ("forged-staff" in message.warnings) == is_marked
    # Vouched for or not: a suggestion, nothing filed in a colleague's name, nobody answered.
    assert (message.suggested_case, message.state, message.contact) == (post.case, Message.State.WAITING, None)
    assert not Message.objects.outgoing().filter(answers=message).exists()


def test_what_a_stranger_forwards_is_a_strangers_mail(post):
    message = forwarded(post, sender="Tom <tom@example.net>")
    assert message.forwarded is None
    assert message.suggested_case != post.case
    assert senders.writer_of(message).address == "tom@example.net"


def test_a_colleague_who_forwards_a_colleague_forwards_nobodys_mail(post):
    text = FORMS["Gmail"][1].replace("rhian@example.org", post.mailbox.address)
    message = post.comes(text, subject="Fwd: Damp", sender=post.anna.email)
    assert message.forwarded is None


def test_an_address_that_two_people_share_suggests_no_case(post):
    ContactFactory(office=post.office, emails=["rhian@example.org"])
    message = forwarded(post)
    assert message.suggested_case is None
    assert message.forwarded["address"] == "rhian@example.org"


def test_a_person_who_looked_makes_the_first_sender_known(post):
    text = FORMS["Gmail"][1].replace("rhian@example.org", "owain@example.org").replace("Rhian Evans", "Owain Haddad")
    message = post.comes(text, subject="Fwd: Visa", sender=post.anna.email)

    case = filing.open_case_from(message, description="Visa", make_contact=True, by=post.anna, at=message.at)

    assert (case.constituent.name, case.constituent.points.get().value) == ("Owain Haddad", "owain@example.org")
    message.refresh_from_db()
    assert (message.contact, message.line) == (case.constituent, "constituent")


def test_a_colleague_does_not_take_part_in_a_case_by_forwarding_to_it(post):
    message = forwarded(post)
    filing.file_on_case(message, post.case, contact=post.rhian, by=post.anna, at=message.at)

    other = CaseFactory(office=post.office)
    later = post.comes("Any news?", subject=f"Case {other.number}", sender=post.anna.email)

    assert later.state == Message.State.WAITING
