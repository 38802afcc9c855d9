"""Who writes for the first time is told so once, and no machine is ever answered (B4, B10, C9)."""

import re
from datetime import timedelta

import pytest

from wardbook.cases.factories import MONDAY, CaseFactory
from wardbook.contacts.factories import ContactFactory
from wardbook.correspondence.acknowledgement_words import WORDS
from wardbook.correspondence.factories import MailboxFactory, SentMessageFactory, TemplateFactory
from wardbook.correspondence.models import AutomaticAnswer, Message, PostRules
from wardbook.correspondence.tests import incoming
from wardbook.journal.models import Event

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def office_box(**fields):
    return MailboxFactory(acknowledges=True, address="office@glanmor.example.org", **fields)


def answers():
    return Message.objects.outgoing().filter(is_automatic=True).order_by("pk")


def comes(mailbox, at=MONDAY, **mail):
    mail.setdefault("subject", "Secret subject")
    return incoming.take_in(mailbox, incoming.raw(mail.pop("text", "My secret words 4711."), **mail), at=at)


def test_whoever_writes_for_the_first_time_is_told_that_it_came():
    mailbox = office_box()
    PostRules.objects.create(office=mailbox.office, privacy_line="How we keep your data: example.org/privacy")
    message = comes(mailbox)
    answer = answers().get()
    assert [one.address for one in answer.addresses.all()] == ["rhian@example.org"]
    assert (answer.state, answer.answers, answer.by) == ("queued", message, None)
    assert answer.subject == WORDS["en"].subject
    assert WORDS["en"].later in answer.text
    assert answer.text.endswith("How we keep your data: example.org/privacy")
    assert Event.objects.get(name="message.acknowledged").facts == {"message": answer.pk}


def test_nothing_that_came_in_is_sent_back():
    comes(office_box(), sender="Rhian 4711 Evans <rhian@example.org>")
    answer = answers().get()
    for secret in ("secret", "Secret", "4711", "Rhian"):
        assert secret not in answer.subject + answer.text
    assert "Rhian" not in answer.addresses.get().name


def test_a_mailbox_that_does_not_acknowledge_answers_nobody():
    comes(MailboxFactory())
    assert not answers().exists()


@pytest.mark.parametrize("language", sorted(WORDS))
def test_each_language_has_words_of_its_own(language):
    comes(office_box(language=language))
    assert answers().get().subject == WORDS[language].subject
    assert answers().get().text.endswith(WORDS[language].privacy)
    assert re.findall(r"\{(\w+)\}", "".join(WORDS[language])) == ["reference"]


def test_the_offices_own_words_go_before_ours_and_say_only_what_everybody_may_hear():
    mailbox = office_box(language="cy")
    body = "Diolch.\n\nDear {person.formal_name},\n\nEich cyfeirnod: {case.reference}\n\n{office.name}"
    TemplateFactory(office=mailbox.office, kind="ack", language="cy", subject="Wedi cyrraedd", body=body)
    comes(mailbox)
    answer = answers().get()
    assert answer.subject == "Wedi cyrraedd"
    assert answer.text == f"Diolch.\n\n{mailbox.office.name}\n\n{WORDS['cy'].later}\n\n{WORDS['cy'].privacy}"


def test_somebody_known_and_somebody_unknown_get_the_same_words_by_the_same_way():
    mailbox = office_box()
    known = ContactFactory(office=mailbox.office, emails=["known@example.org"], title="Mrs", family_name="Evans")
    CaseFactory(office=mailbox.office, constituent=known)
    for address in ("known@example.org", "unknown@example.org"):
        comes(mailbox, sender=address)
    one, other = answers()
    assert (one.subject, one.text, one.language) == (other.subject, other.text, other.language)
    assert (one.state, one.dispatch.turn_at) == (other.state, other.dispatch.turn_at)


def test_a_stranger_who_quotes_a_case_hears_nothing_of_it():
    mailbox = office_box()
    case = CaseFactory(office=mailbox.office)
    for number, address in ((case.number, "a@evil.example"), (case.number + 99, "b@evil.example")):
        comes(mailbox, sender=address, subject=f"[Case #{number}]")
    one, other = answers()
    assert one.text == other.text
    assert case.reference not in one.text


def test_who_quotes_their_own_case_is_told_its_reference():
    mailbox = office_box()
    known = ContactFactory(office=mailbox.office, emails=["rhian@example.org"])
    case = CaseFactory(office=mailbox.office, constituent=known)
    comes(mailbox, subject=f"Case {case.number}")
    answer = answers().get()
    assert f"Your reference is {case.reference}." in answer.text
    assert answer.case == case


MACHINES = [
    {"Auto_Submitted": "auto-replied"},
    {"Auto_Submitted": "auto-generated"},
    {"X_Auto_Response_Suppress": "All"},
    {"Precedence": "bulk"},
    {"Precedence": "junk"},
    {"Precedence": "list"},
    {"List_Id": "<news.example.org>"},
    {"List_Unsubscribe": "<mailto:off@example.org>"},
    {"Return_Path": "<>"},
    {"X_Wardbook_Auto": "acknowledgement"},
    {"sender": "MAILER-DAEMON@example.org"},
    {"sender": "no-reply@example.org"},
    {"sender": "donotreply@example.org"},
    {"sender": "news-noreply@example.org"},
    {"sender": "office@glanmor.example.org"},
    {"sender": "office+x@glanmor.example.org"},
    {"sender": "rhian@example.org, eve@evil.example"},
    {"sender": None},
    {"subject": "Out of office: back on Monday"},
    {"subject": "Your verification code is 123456"},
    {"subject": "Please confirm your email address"},
]


@pytest.mark.parametrize("mail", MACHINES, ids=str)
def test_b10_no_machine_no_list_and_none_of_our_own_is_answered(mail):
    comes(office_box(), **mail)
    assert not answers().exists()


def test_b10_a_null_sender_of_the_envelope_is_not_answered():
    incoming.take_in(office_box(), incoming.raw(), envelope_from="<>")
    assert not answers().exists()


def test_b10_another_office_of_this_installation_is_not_answered():
    MailboxFactory(address="other@eastmarsh.example.org", aliases="info@eastmarsh.example.org")
    comes(office_box(), sender="info@eastmarsh.example.org")
    assert not answers().exists()


def test_b5_a_forged_sender_is_not_answered():
    verdict = "mx.example.org; dmarc=fail header.from=example.org"
    comes(office_box(trusted_server="mx.example.org"), Authentication_Results=verdict)
    assert not answers().exists()


def test_b10_at_most_one_a_day_and_three_in_all_until_a_person_writes_to_them():
    mailbox = office_box()
    for hour in range(0, 24 * 10, 6):
        comes(mailbox, at=MONDAY + timedelta(hours=hour), subject=f"Mail {hour}")
    assert [one.at for one in AutomaticAnswer.objects.order_by("at")] == [
        MONDAY + timedelta(hours=24 * day, seconds=5) for day in range(3)
    ]
    SentMessageFactory(mailbox=mailbox, office=mailbox.office, at=MONDAY + 11 * DAY, to="Rhian@example.org")
    comes(mailbox, at=MONDAY + 12 * DAY)
    assert answers().count() == 4


def test_b10_plus_parts_and_capitals_do_not_make_another_sender():
    mailbox = office_box()
    for address in ("rhian@example.org", "Rhian+1@example.org", "rhian+2@EXAMPLE.org"):
        comes(mailbox, sender=address)
    assert answers().count() == 1


def test_an_answer_to_what_we_wrote_is_not_acknowledged():
    mailbox = office_box()
    message = comes(mailbox, message_id="first@x")
    assert answers().count() == 1
    comes(mailbox, in_reply_to="first@x", at=MONDAY + 3 * DAY)
    assert answers().count() == 1
    assert message.state == "waiting"


def test_a_copy_of_a_mail_is_not_acknowledged_again():
    mailbox = office_box()
    other = MailboxFactory(office=mailbox.office, acknowledges=True)
    content = incoming.raw()
    incoming.take_in(mailbox, content)
    incoming.take_in(other, content, at=MONDAY + 3 * DAY)
    assert answers().count() == 1


def test_b10_two_instances_that_answer_each_other_fall_silent_at_once():
    """Each gets what the other sent, as bytes, with all that the wire carries."""
    mime_out = pytest.importorskip("wardbook.correspondence.mime_out")
    ours = office_box()
    theirs = MailboxFactory(acknowledges=True, address="casework@eastmarsh.example.net")
    # As if on another machine: neither knows that the other's address is one of its own.
    for box in (ours, theirs):
        type(box).objects.filter(pk=box.pk).update(retired_at=MONDAY)
    comes(ours, sender="casework@eastmarsh.example.net")
    at, seen = MONDAY, set()
    for _turn in range(20):
        at += timedelta(hours=25)
        for answer in answers().exclude(pk__in=seen):
            seen.add(answer.pk)
            box = theirs if answer.mailbox_id == ours.pk else ours
            incoming.take_in(box, mime_out.build(answer).data, at=at)
    assert answers().count() == 1
