"""Which case a mail is filed on, and who may never get it there (B1-B9, S1.32, CA-10)."""

from datetime import timedelta

import pytest

from wardbook.cases import actions as case_actions
from wardbook.cases.factories import MONDAY, CaseFactory
from wardbook.cases.models import Case, CaseLink, Party
from wardbook.contacts.factories import AgencyFactory, ContactFactory
from wardbook.contacts.models import Contact
from wardbook.correspondence import senders, threading, tokens
from wardbook.correspondence.actions import filing
from wardbook.correspondence.factories import MailboxFactory, SentMessageFactory
from wardbook.correspondence.models import Message, MessageAddress, PostRules
from wardbook.correspondence.tests import incoming
from wardbook.offices.factories import CaseworkerFactory, ManagerFactory, MembershipFactory
from wardbook.vocabulary.models import PartyRole, Status

pytestmark = pytest.mark.django_db


class Post:
    """A case of Mrs Evans, owned by Anna, in which the office wrote to her."""

    def __init__(self, **case):
        self.mailbox = MailboxFactory(
            address="office@glanmor.example.org", has_plus_addresses=True, trusted_server="mx.glanmor.example.org"
        )
        self.office = self.mailbox.office
        self.anna = CaseworkerFactory(office=self.office)
        self.rhian = ContactFactory(office=self.office, emails=["rhian@example.org"])
        self.case = CaseFactory(office=self.office, constituent=self.rhian, owner=self.anna, **case)
        self.sent = SentMessageFactory(mailbox=self.mailbox, office=self.office, case=self.case, subject="Your flat")
        self.sent.identifier = tokens.message_id_for(self.sent)
        self.sent.save()

    def comes(self, text="Thank you.", at=MONDAY + timedelta(days=1), **mail):
        mail.setdefault("subject", "Something else entirely")
        return incoming.take_in(self.mailbox, incoming.raw(text, **mail), at=at)

    def closed(self, day):
        case_actions.close(self.case, outcome="resolved", by=None, at=day)


def where(message):
    """(case, how, warnings) as they lie in the database."""
    message.refresh_from_db()
    return message.case, message.filed_how, message.warnings


# The order of proof.


def test_an_answer_to_our_reply_address_is_filed_although_its_subject_changed():
    post = Post()
    message = post.comes(to=tokens.reply_address(post.mailbox, post.sent))
    assert where(message) == (post.case, "token", [])
    assert (message.answers, message.contact, message.line) == (post.sent, post.rhian, "constituent")
    assert message.filed_by is None


@pytest.mark.parametrize("header", ["in_reply_to", "references"])
def test_an_answer_that_names_our_message_id_is_filed(header):
    post = Post()
    named = (
        {"in_reply_to": post.sent.identifier}
        if header == "in_reply_to"
        else {"references": ["old@elsewhere.org", post.sent.identifier.upper()]}
    )
    assert where(post.comes(**named))[:2] == (post.case, "token")


def test_the_newest_of_our_ids_in_references_decides():
    post = Post()
    other = SentMessageFactory(
        mailbox=post.mailbox, office=post.office, case=CaseFactory(office=post.office, constituent=post.rhian)
    )
    references = [post.sent.identifier, tokens.message_id_for(other)]
    assert where(post.comes(references=references))[0] == other.case


def test_a_thread_goes_on_by_the_ids_of_the_persons_own_mails():
    post = Post()
    first = post.comes(message_id="first@home.example", subject="New matter")
    filing.file_on_case(first, post.case, by=post.anna, at=MONDAY)
    assert where(post.comes(in_reply_to="first@home.example"))[:2] == (post.case, "thread")


def test_an_id_seen_only_in_somebodys_references_joins_the_thread():
    post = Post()
    second = post.comes(references=["never-seen@home.example"], subject="RE: something")
    filing.file_on_case(second, post.case, by=post.anna, at=MONDAY)
    assert where(post.comes(message_id="other@x", references=["never-seen@home.example"]))[:2] == (
        post.case,
        "thread",
    )
    # The mail itself comes late.
    assert where(post.comes(message_id="never-seen@home.example"))[:2] == (post.case, "thread")


def test_outlook_threads_by_its_index_where_it_names_no_ids():
    post = Post()
    root = "Adxx4kFJ0WqpXOqVRJqNk0aPn2xk4w"
    first = post.comes(Thread_Index=root)
    filing.file_on_case(first, post.case, by=post.anna, at=MONDAY)
    assert where(post.comes(Thread_Index=root + "AAABBBCCC"))[:2] == (post.case, "thread")


@pytest.mark.parametrize("subject", ["RE: [Case #{n}] flat", "Case {n}: flat", "AW: Achos {n}", "about #{n}"])
def test_the_number_in_the_subject_files_the_mail_of_somebody_who_takes_part(subject):
    post = Post()
    assert where(post.comes(subject=subject.format(n=post.case.number)))[:2] == (post.case, "number")


def test_a_reference_in_the_offices_own_format_counts_as_a_number():
    post = Post()
    post.office.reference_format = "GM-{year}-{number}{check}"
    post.office.save(update_fields=["reference_format"])
    case = CaseFactory(office=post.office, constituent=post.rhian)
    assert where(post.comes(subject=f"Fwd: {case.reference.lower()} please"))[:2] == (case, "number")


def test_a_bare_number_in_a_subject_or_one_in_the_text_means_nothing():
    post = Post()
    number = post.case.number
    for mail in [{"subject": f"{number} Mill Lane"}, {"text": f"[Case #{number}]"}]:
        message = post.comes(**mail)
        assert where(message)[0] is None
        assert message.suggestion == threading.SENDER


def test_two_quoted_cases_of_the_sender_are_for_a_person_to_decide():
    post = Post()
    other = CaseFactory(office=post.office, constituent=post.rhian)
    message = post.comes(subject=f"Case {post.case.number} and case {other.number}")
    assert where(message)[0] is None
    assert message.suggested_case in (post.case, other)


def test_a_sender_alone_is_never_enough_and_is_a_suggestion_with_its_reason():
    post = Post()
    newer = CaseFactory(office=post.office, constituent=post.rhian, last_activity_at=MONDAY + timedelta(days=3))
    message = post.comes(subject="A question")
    assert (message.case, message.suggested_case, message.suggestion) == (None, newer, "sender")
    alike = post.comes(subject="RE: Damp in flat, council not replying")
    assert (alike.case, alike.suggestion, alike.suggestion_is_sure) == (None, "subject", False)


def test_mail_for_a_case_in_the_bin_waits():
    post = Post()
    case_actions.delete(post.case, by=post.anna, at=MONDAY)
    message = post.comes(in_reply_to=post.sent.identifier)
    assert (message.case, message.suggested_case) == (None, None)


def test_a_token_of_another_office_opens_nothing():
    post, other = Post(), MailboxFactory()
    message = incoming.take_in(other, incoming.raw(in_reply_to=post.sent.identifier))
    assert (message.case, message.suggested_case, message.answers) == (None, None, None)


def test_an_answer_to_an_acknowledgement_follows_the_mail_that_it_acknowledged():
    post = Post()
    first = post.comes(sender="new@example.org")
    told = SentMessageFactory(mailbox=post.mailbox, office=post.office, is_automatic=True, answers=first, by=None)
    told.identifier = tokens.message_id_for(told)
    told.save()
    filing.file_on_case(first, post.case, by=post.anna, at=MONDAY)
    assert where(post.comes(sender="new@example.org", in_reply_to=told.identifier))[:2] == (post.case, "token")


# Who may not.


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


# Who does.


def test_a_stranger_with_our_token_is_filed_and_marked():
    post = Post()
    message = post.comes(sender="husband@example.org", in_reply_to=post.sent.identifier)
    assert where(message) == (post.case, "token", ["not-on-case"])
    assert post.case.parties.count() == 0


def test_everybody_with_a_part_in_the_case_joins_the_thread():
    post = Post()
    agency = AgencyFactory(office=post.office, emails=["housing@council.example"])
    role = PartyRole.objects.create(office=post.office, name="Agency", for_agency=True)
    case_actions.add_party(post.case, role=role, contact=agency, by=post.anna, at=MONDAY)
    message = post.comes(sender="housing@council.example", subject=f"Case {post.case.number}")
    assert where(message) == (post.case, "number", [])
    assert message.line == Message.Line.AGENCY
    party = Party.objects.get(case=post.case)
    case_actions.end_party(party, by=post.anna, at=MONDAY)
    assert where(post.comes(sender="housing@council.example", subject=f"Case {post.case.number}"))[0] is None


def test_whom_a_colleague_wrote_to_takes_part_and_whom_only_a_machine_answered_does_not():
    post = Post()
    for address, automatic in [("officer@council.example", False), ("eve@evil.example", True)]:
        SentMessageFactory(
            mailbox=post.mailbox, office=post.office, case=post.case, to=address, is_automatic=automatic
        )
        message = post.comes(sender=address, subject=f"Case {post.case.number}")
        assert (where(message)[0] == post.case) != automatic


def test_a_shared_address_chooses_nobody():
    post = Post()
    tom = ContactFactory(office=post.office, emails=["Rhian@Example.org"])
    message = post.comes(subject="Hello")
    assert message.contact is None
    assert "shared-address" in message.warnings
    assert senders.people_with(post.office.pk, message.from_address) == (post.rhian, tom)
    # Both are behind the address, so the case of either may be answered from it.
    assert where(post.comes(in_reply_to=post.sent.identifier))[0] == post.case


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


# What it means for the case.


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


def test_a_suggestion_tells_nobody_of_a_case_that_they_may_not_see():
    post = Post(is_restricted=True)
    message = post.comes(sender="stranger@evil.example", subject=f"[Case #{post.case.number}]")
    assert message.suggested_case == post.case
    manager, other = ManagerFactory(office=post.office), MembershipFactory(office=post.office)

    def shown(member):
        row = Message.objects.visible_to(member).with_suggestions_for(member).get(pk=message.pk)
        return row.shown_case, row.shown_reference, row.shown_description

    assert shown(manager) == (post.case.number, post.case.reference, post.case.description)
    assert shown(other) == (None, None, None)


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


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("RE: AW: Fwd: Damp", "Damp"),
        ("Re[2]: [Glanmor] Damp", "Damp"),
        ("WG: SV: Ynglŷn: tai", "Ynglŷn: tai"),
        ("RE:", "RE:"),
        ("Re: " * 40 + "Damp", "Re: " * 28 + "Damp"),
    ],
)
def test_a_subject_is_known_without_what_replies_put_before_it(subject, base):
    assert threading.base_subject(subject) == base
