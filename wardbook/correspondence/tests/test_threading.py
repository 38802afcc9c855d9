"""Which case a mail is filed on, and who takes part in it (S1.32)."""

from datetime import timedelta

import pytest

from wardbook.cases import actions as case_actions
from wardbook.cases.factories import MONDAY, CaseFactory
from wardbook.cases.models import Party
from wardbook.contacts.factories import AgencyFactory, ContactFactory
from wardbook.correspondence import senders, threading, tokens
from wardbook.correspondence.actions import filing
from wardbook.correspondence.factories import MailboxFactory, SentMessageFactory
from wardbook.correspondence.models import Message
from wardbook.correspondence.tests import incoming
from wardbook.correspondence.tests.post import Post, where
from wardbook.vocabulary.models import PartyRole

pytestmark = pytest.mark.django_db


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


# Who takes part.


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
