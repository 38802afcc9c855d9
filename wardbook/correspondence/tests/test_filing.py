"""The decisions on what came in: each can be taken back, and the first of two people wins (ux.md 1.5)."""

import threading as threads
from datetime import timedelta

import pytest
from django.db import connection

from wardbook.cases import actions as case_actions
from wardbook.cases.factories import MONDAY, CaseFactory
from wardbook.cases.models import Case, CaseLink
from wardbook.contacts.factories import ContactFactory
from wardbook.contacts.models import Contact
from wardbook.correspondence.actions import filing
from wardbook.correspondence.factories import MailboxFactory, MessageFactory
from wardbook.correspondence.models import Message, MessageOnCase
from wardbook.journal.actions import take_back
from wardbook.journal.models import Event, Undo
from wardbook.lib.rules import RuleBroken
from wardbook.offices.factories import CaseworkerFactory, MembershipFactory
from wardbook.vocabulary.models import ContactType

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(minutes=3)
TUESDAY = MONDAY + timedelta(days=1)


class Inbox:
    """A message of Rhian Evans in the Inbox, a case of hers, and two caseworkers."""

    def __init__(self, **message):
        self.mailbox = MailboxFactory()
        self.office = self.mailbox.office
        self.anna = CaseworkerFactory(office=self.office, name="Anna Price")
        self.sam = CaseworkerFactory(office=self.office, name="Sam Reed")
        self.rhian = ContactFactory(office=self.office, emails=["rhian@example.org"])
        self.case = CaseFactory(office=self.office, constituent=self.rhian)
        ContactType.objects.create(office=self.office, name="Email", code="email")
        self.message = MessageFactory(office=self.office, mailbox=self.mailbox, **message)

    def undo(self, at=LATER):
        return take_back(Undo.objects.filter(undone_at__isnull=True).latest("pk"), by=self.anna, at=at)


def state(message):
    message.refresh_from_db()
    return message.state, message.case_id, message.later_on, message.assignee_id, message.dismissed_as


WAITING = ("waiting", None, None, None, "")


def test_filing_puts_it_on_the_case_and_undo_puts_it_back():
    inbox = Inbox(warnings=["quotes-number", "reply-to"])
    filed = filing.file_on_case(inbox.message, inbox.case, by=inbox.anna, at=MONDAY)
    assert (filed.state, filed.case, filed.filed_by, filed.filed_how) == ("filed", inbox.case, inbox.anna, "hand")
    assert filed.warnings == ["reply-to"]
    line = Event.objects.get(name="message.filed")
    assert (line.case_id, line.facts, line.by) == (inbox.case.pk, {"case": inbox.case.pk, "how": "hand"}, inbox.anna)
    inbox.undo()
    assert state(inbox.message) == WAITING
    assert inbox.message.warnings == ["quotes-number", "reply-to"]
    assert Event.objects.filter(name="message.returned").count() == 1


def test_the_second_of_two_is_told_who_was_first():
    inbox = Inbox()
    filing.file_on_case(inbox.message, inbox.case, by=inbox.sam, at=MONDAY)
    other = CaseFactory(office=inbox.office)
    with pytest.raises(RuleBroken, match=f"Sam added this to {inbox.case.reference} a moment ago"):
        filing.file_on_case(inbox.message, other, by=inbox.anna, at=LATER)
    with pytest.raises(RuleBroken, match=f"Sam added this to {inbox.case.reference} a moment ago"):
        filing.file_on_case(inbox.message, inbox.case, by=inbox.anna, at=LATER)
    with pytest.raises(RuleBroken, match=f"Sam added this to {inbox.case.reference}[.]"):
        filing.dismiss(inbox.message, reason="spam", by=inbox.anna, at=TUESDAY)
    with pytest.raises(RuleBroken, match="Sam added this"):
        filing.open_case_from(inbox.message, by=inbox.anna, at=LATER)
    assert state(inbox.message)[:2] == ("filed", inbox.case.pk)
    assert Case.objects.count() == 2


def test_doing_the_same_twice_is_doing_it_once():
    inbox = Inbox()
    for _turn in range(2):
        filing.file_on_case(inbox.message, inbox.case, by=inbox.anna, at=MONDAY)
    assert Event.objects.filter(name="message.filed").count() == 1


def test_who_may_not_see_the_case_is_not_told_its_number():
    inbox = Inbox()
    case_actions.restrict(inbox.case, by=inbox.sam, at=MONDAY)
    filing.file_on_case(inbox.message, inbox.case, by=inbox.sam, at=MONDAY)
    with pytest.raises(RuleBroken) as told:
        filing.dismiss(inbox.message, reason="spam", by=inbox.anna, at=LATER)
    assert str(told.value) == "Sam dealt with this a moment ago."


@pytest.mark.django_db(transaction=True)
def test_two_people_at_the_same_moment_file_it_once():
    inbox = Inbox()
    cases = [inbox.case, CaseFactory(office=inbox.office, constituent=inbox.rhian)]
    gate, told = threads.Barrier(2), []

    def file(case, by):
        try:
            gate.wait(10)
            filing.file_on_case(inbox.message, case, by=by, at=MONDAY)
            told.append("filed")
        except RuleBroken as reason:
            told.append(str(reason))
        finally:
            connection.close()

    people = [threads.Thread(target=file, args=pair) for pair in zip(cases, (inbox.anna, inbox.sam), strict=True)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert told.count("filed") == 1
    assert any("a moment ago" in one for one in told)
    assert Event.objects.filter(name="message.filed").count() == 1


def test_nothing_of_another_office_and_nothing_in_the_bin_takes_a_message():
    inbox = Inbox()
    with pytest.raises(RuleBroken, match="another office"):
        filing.file_on_case(inbox.message, CaseFactory(), by=inbox.anna, at=MONDAY)
    binned = CaseFactory(office=inbox.office, deleted=True)
    with pytest.raises(RuleBroken, match="in the bin"):
        filing.file_on_case(inbox.message, binned, by=inbox.anna, at=MONDAY)
    assert state(inbox.message) == WAITING


def test_filing_by_hand_opens_a_case_that_was_closed_lately_and_undo_closes_it_again():
    inbox = Inbox(contact=None)
    case_actions.close(inbox.case, outcome="resolved", by=inbox.sam, at=MONDAY)
    filing.file_on_case(inbox.message, inbox.case, by=inbox.anna, at=TUESDAY)
    inbox.case.refresh_from_db()
    assert not inbox.case.is_closed
    inbox.undo(TUESDAY + timedelta(minutes=1))
    inbox.case.refresh_from_db()
    assert inbox.case.is_closed
    assert state(inbox.message) == WAITING


def test_filing_by_hand_on_a_case_closed_long_ago_leaves_it_closed():
    inbox = Inbox()
    case_actions.close(inbox.case, outcome="resolved", by=inbox.sam, at=MONDAY)
    filing.file_on_case(inbox.message, inbox.case, by=inbox.anna, at=MONDAY + timedelta(days=60))
    inbox.case.refresh_from_db()
    assert inbox.case.is_closed
    assert Case.objects.count() == 1


def test_what_else_waits_of_the_thread_is_then_suggested_for_the_case():
    inbox = Inbox()
    answer = MessageFactory(office=inbox.office, mailbox=inbox.mailbox, answers=inbox.message)
    filing.file_on_case(inbox.message, inbox.case, by=inbox.anna, at=MONDAY)
    answer.refresh_from_db()
    assert (answer.state, answer.suggested_case, answer.suggestion, answer.suggestion_is_sure) == (
        "waiting",
        inbox.case,
        "thread",
        True,
    )


def test_a_new_case_says_what_the_subject_says_and_is_about_who_wrote():
    inbox = Inbox(subject="RE: Fwd: Damp in my flat", from_address="new@example.org", from_name="Mrs Gwen ap Hywel")
    before = Contact.objects.count()
    case = filing.open_case_from(inbox.message, by=inbox.anna, at=MONDAY, make_contact=True, owner=inbox.sam)
    assert (case.description, case.owner, case.contact_type.code) == ("Damp in my flat", inbox.sam, "email")
    assert (case.constituent.name, case.constituent.title) == ("Gwen ap Hywel", "Mrs")
    assert [point.value for point in case.constituent.points.all()] == ["new@example.org"]
    assert Contact.objects.count() == before + 1
    inbox.message.refresh_from_db()
    assert (inbox.message.case, inbox.message.contact, inbox.message.line) == (case, case.constituent, "constituent")
    inbox.undo()
    case.refresh_from_db()
    assert case.deleted_at is not None
    assert state(inbox.message) == WAITING


def test_a_new_case_of_a_known_sender_makes_nobody_known_again():
    inbox = Inbox()
    case = filing.open_case_from(inbox.message, by=inbox.anna, at=MONDAY, make_contact=True)
    assert case.constituent == inbox.rhian


def test_a_shared_address_has_to_be_chosen_from():
    inbox = Inbox()
    tom = ContactFactory(office=inbox.office, emails=["rhian@example.org"])
    with pytest.raises(RuleBroken, match="Choose who wrote"):
        filing.open_case_from(inbox.message, by=inbox.anna, at=MONDAY, make_contact=True)
    assert state(inbox.message) == WAITING
    assert filing.open_case_from(inbox.message, by=inbox.anna, at=MONDAY, contact=tom).constituent == tom


def test_a_new_case_needs_somebody_unless_they_do_not_want_to_be_named():
    inbox = Inbox(from_address="", from_name="")
    with pytest.raises(RuleBroken, match="Say who it is about"):
        filing.open_case_from(inbox.message, by=inbox.anna, at=MONDAY, make_contact=True)
    case = filing.open_case_from(inbox.message, by=inbox.anna, at=MONDAY, is_anonymous=True, description="Gulls")
    assert (case.constituent, case.is_anonymous, case.description) == (None, True, "Gulls")


def test_an_invitation_becomes_a_case_that_says_to_what():
    inbox = Inbox(invitation={"summary": "Summer fair", "starts": "2025-06-21"}, subject="An invitation")
    case = filing.open_case_from(inbox.message, by=inbox.anna, at=MONDAY, kind=Case.Kind.INVITATION)
    assert (case.kind, case.description) == ("invitation", "Summer fair")


def test_a_restricted_new_case_is_restricted_from_the_start():
    inbox = Inbox()
    case = filing.open_case_from(inbox.message, by=inbox.anna, at=MONDAY, make_contact=True, is_restricted=True)
    seen = Message.objects.visible_to(inbox.sam.memberships.get())
    assert case.is_restricted
    assert not seen.filter(pk=inbox.message.pk).exists()


@pytest.mark.parametrize("reason", Message.DismissalReason.values)
def test_what_needs_no_answer_says_why_and_comes_back_by_undo(reason):
    inbox = Inbox()
    filing.dismiss(inbox.message, reason=reason, by=inbox.anna, at=MONDAY)
    assert state(inbox.message) == ("dismissed", None, None, None, reason)
    with pytest.raises(RuleBroken, match="Anna said a moment ago that this needs no answer"):
        filing.file_on_case(inbox.message, inbox.case, by=inbox.sam, at=LATER)
    inbox.undo()
    assert state(inbox.message) == WAITING
    with pytest.raises(ValueError, match="Not a reason"):
        filing.dismiss(inbox.message, reason="boring", by=inbox.anna, at=MONDAY)


def test_putting_off_hides_it_until_its_day():
    inbox = Inbox()
    day = TUESDAY.date()
    filing.put_off(inbox.message, until=day, by=inbox.anna, at=MONDAY)
    waiting = Message.objects.awaiting_triage
    assert not waiting(MONDAY.date()).exists()
    assert waiting(day).get() == inbox.message
    with pytest.raises(RuleBroken, match="after today"):
        filing.put_off(inbox.message, until=MONDAY.date(), by=inbox.anna, at=MONDAY)
    inbox.undo()
    assert waiting(MONDAY.date()).exists()


def test_giving_it_to_somebody_who_works_in_the_inbox():
    inbox = Inbox()
    filing.assign(inbox.message, to=inbox.sam, by=inbox.anna, at=MONDAY)
    assert state(inbox.message)[3] == inbox.sam.pk
    outsider, triage = CaseworkerFactory(), MembershipFactory(office=inbox.office, role="triage").user
    for nobody in (outsider, triage):
        with pytest.raises(RuleBroken, match="does not see the Inbox"):
            filing.assign(inbox.message, to=nobody, by=inbox.anna, at=MONDAY)
    inbox.undo()
    assert state(inbox.message) == WAITING


def test_returning_it_suggests_where_it_was():
    inbox = Inbox()
    filing.file_on_case(inbox.message, inbox.case, by=inbox.anna, at=MONDAY)
    filing.return_to_inbox(inbox.message, by=inbox.sam, at=LATER)
    assert state(inbox.message) == WAITING
    assert (inbox.message.suggested_case, inbox.message.line) == (inbox.case, "")
    take_back(Undo.objects.filter(by=inbox.sam).latest("pk"), by=inbox.sam, at=LATER)
    assert state(inbox.message)[:2] == ("filed", inbox.case.pk)


def test_moving_it_to_another_case_and_back():
    inbox = Inbox()
    filing.file_on_case(inbox.message, inbox.case, by=inbox.anna, at=MONDAY)
    other = CaseFactory(office=inbox.office, constituent=inbox.rhian)
    filing.move_to_case(inbox.message, other, by=inbox.anna, at=LATER)
    assert state(inbox.message)[:2] == ("filed", other.pk)
    assert Event.objects.get(name="message.moved").facts == {"was": inbox.case.pk, "case": other.pk}
    inbox.undo()
    assert state(inbox.message)[:2] == ("filed", inbox.case.pk)


def test_what_others_did_since_is_not_undone():
    inbox = Inbox()
    filing.assign(inbox.message, to=inbox.sam, by=inbox.anna, at=MONDAY)
    filing.dismiss(inbox.message, reason="spam", by=inbox.sam, at=LATER)
    undo = Undo.objects.get(by=inbox.anna)
    with pytest.raises(RuleBroken, match="something else with this message"):
        take_back(undo, by=inbox.anna, at=LATER)


def test_a_second_matter_becomes_a_case_of_its_own_that_shows_the_same_message():
    inbox = Inbox()
    with pytest.raises(RuleBroken, match="first case"):
        filing.split(inbox.message, by=inbox.anna, at=MONDAY, description="Blue badge")
    filing.file_on_case(inbox.message, inbox.case, by=inbox.anna, at=MONDAY)
    second = filing.split(inbox.message, by=inbox.anna, at=LATER, description="Blue badge")
    assert (second.description, second.constituent) == ("Blue badge", inbox.rhian)
    for case in (inbox.case, second):
        assert list(Message.objects.on_case(case)) == [inbox.message]
    link = CaseLink.objects.get()
    assert (link.case, link.to, link.why) == (second, inbox.case, "split")
    inbox.undo()
    second.refresh_from_db()
    assert second.deleted_at is not None
    assert not MessageOnCase.objects.exists()
    assert not CaseLink.objects.exists()
    assert state(inbox.message)[:2] == ("filed", inbox.case.pk)


def test_a_second_matter_of_a_restricted_case_is_restricted_too():
    inbox = Inbox()
    case_actions.restrict(inbox.case, by=inbox.anna, at=MONDAY)
    filing.file_on_case(inbox.message, inbox.case, by=inbox.anna, at=MONDAY)
    second = filing.split(inbox.message, by=inbox.anna, at=LATER, description="Blue badge")
    sam = inbox.sam.memberships.get()
    assert second.is_restricted
    assert not Message.objects.visible_to(sam).exists()
    assert not CaseLink.objects.visible_to(sam).exists()
    assert CaseLink.objects.visible_to(inbox.anna.memberships.get()).count() == 1


def test_a_message_on_a_second_case_is_seen_by_who_sees_that_case():
    inbox = Inbox()
    filing.file_on_case(inbox.message, inbox.case, by=inbox.anna, at=MONDAY)
    filing.split(inbox.message, by=inbox.anna, at=LATER, description="Blue badge")
    case_actions.restrict(inbox.case, by=inbox.anna, at=LATER)
    sam = inbox.sam.memberships.get()
    assert Message.objects.visible_to(sam).filter(pk=inbox.message.pk).exists()
