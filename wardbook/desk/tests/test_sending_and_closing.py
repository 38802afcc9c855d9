"""An answer that ends the case: sent and closed by one press, by the same gate as any closing (ux 1.7, S4.13)."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from wardbook.cases import actions as case_actions
from wardbook.cases.factories import FollowUpFactory
from wardbook.cases.models import Activity, Case
from wardbook.correspondence.factories import LetterFactory, MessageFactory, SentMessageFactory
from wardbook.correspondence.models import Message
from wardbook.desk.tests import test_emails_of_a_case as of_emails
from wardbook.desk.tests.test_emails_of_a_case import emails, filled, page
from wardbook.journal.actions import take_back
from wardbook.journal.models import Undo
from wardbook.lib.rules import RuleBroken
from wardbook.lib.testing import post
from wardbook.offices.models import FieldUse
from wardbook.vocabulary.models import PolicyArea

pytestmark = pytest.mark.django_db
member, case = of_emails.member, of_emails.case


def answered(case, **changed):
    """What the page sends once it has asked how the case ended."""
    held = {"then": "close", "version": case.version, "was": "", "outcome": "resolved", "note": "Repaired."}
    return filled(case, **held | changed)


def last_undo():
    return Undo.objects.order_by("-pk").first()


def test_the_composer_offers_it_only_on_an_open_case(signed_in, case):
    assert 'value="close"' in page(signed_in, case, "?write=email")
    case_actions.close(case, outcome="resolved", by=None, at=timezone.now())
    assert 'value="close"' not in page(signed_in, case, "?write=email")


def test_it_asks_first_how_the_case_ended_and_keeps_every_word(signed_in, case):
    shown = post(signed_in, emails(case), filled(case, then="close"))
    assert shown.status_code == 200
    said = shown.content.decode()
    assert "How did it end?" in said
    assert "The council will come on Monday." in said
    assert not Message.objects.exists()
    assert not Case.objects.get().is_closed


def test_a_file_waits_while_it_is_asked(signed_in, case):
    asked = post(signed_in, emails(case), filled(case, then="close", uploads=[SimpleUploadedFile("a.txt", b"what")]))
    said = asked.content.decode()
    (key,) = re.findall(r'name="uploads_waiting" value="(\w+)"', said)
    assert post(signed_in, emails(case), answered(case, uploads_waiting=key)).status_code == 303
    assert [part.name for part in Message.objects.get().attachments.all()] == ["a.txt"]


def test_both_happen_at_once_and_are_taken_back_as_one(signed_in, case, member):
    answer = post(signed_in, emails(case), answered(case))
    assert answer.status_code == 303, answer.content.decode()
    message, closed = Message.objects.get(), Case.objects.get()
    assert (message.state, message.case) == ("held", case)
    assert (closed.is_closed, closed.outcome, closed.outcome_note) == (True, "resolved", "Repaired.")
    said = signed_in.get(answer["Location"]).content.decode()
    assert "goes out in 30 seconds." in said
    assert "is closed." in said

    take_back(last_undo(), by=member.user, at=timezone.now())
    message.refresh_from_db()
    closed.refresh_from_db()
    assert (message.state, closed.is_closed, closed.outcome) == ("stopped", False, "")


def test_once_the_email_has_gone_neither_is_undone_and_the_way_back_is_said(signed_in, case, member):
    post(signed_in, emails(case), answered(case))
    Message.objects.update(state="sent")
    with pytest.raises(RuleBroken, match="reopen it"):
        take_back(last_undo(), by=member.user, at=timezone.now())
    assert Case.objects.get().is_closed


def test_the_gate_asks_and_nothing_is_sent_before_it_is_answered(signed_in, case):
    FieldUse.objects.filter(office=case.office, field="policy_area").delete()
    FieldUse.objects.create(office=case.office, field="policy_area", use="required")
    refused = post(signed_in, emails(case), answered(case))
    assert refused.status_code == 422
    said = refused.content.decode()
    assert "the office asks for it before a case closes" in said
    assert "The council will come on Monday." in said
    assert not Message.objects.exists()

    area = PolicyArea.objects.filter(office=case.office).first()
    sent = post(signed_in, emails(case), answered(case, policy_area=area.pk))
    assert (sent.status_code, Message.objects.count(), Case.objects.get().is_closed) == (303, 1, True)


def test_a_guard_of_the_email_holds_the_closing_too(signed_in, case):
    asked = post(signed_in, emails(case), answered(case, to=[], to_other="press@example.com"))
    assert asked.status_code == 422
    said = asked.content.decode()
    assert "press@example.com is not on this case." in said
    assert 'value="Repaired."' in said
    assert not Case.objects.get().is_closed


def test_a_case_changed_meanwhile_is_looked_at_again(signed_in, case):
    Case.objects.update(version=case.version + 1)
    stale = post(signed_in, emails(case), answered(case))
    assert stale.status_code == 422
    assert "Somebody changed this case meanwhile" in stale.content.decode()
    assert not Message.objects.exists()


def test_a_case_that_a_colleague_closed_meanwhile_gets_its_email(signed_in, case):
    case_actions.close(case, outcome="resolved", by=None, at=timezone.now())
    sent = post(signed_in, emails(case), answered(case))
    assert sent.status_code == 303
    assert "was closed already." in signed_in.get(sent["Location"]).content.decode()
    assert Message.objects.count() == 1


def test_planned_steps_end_with_it_but_not_the_reminder_of_this_email(signed_in, case):
    FollowUpFactory(office=case.office, case=case, subject="Ring the council")
    soon = (timezone.now() + timedelta(days=9)).date().isoformat()
    assert post(signed_in, emails(case), answered(case, follow_up_on=soon)).status_code == 303
    states = dict(Activity.objects.values_list("subject", "state"))
    assert states["Ring the council"] == "cancelled"
    assert states["Chase: Your flat"] == "planned"


def test_send_and_next_leads_to_the_next_case_and_nowhere_else(signed_in, case):
    onward = reverse("desk:case", args=[case.office.slug, 99]) + "?status=open"
    sent = post(signed_in, emails(case), filled(case, then=onward))
    assert (sent.status_code, sent["Location"]) == (303, onward)
    for elsewhere in ("https://evil.example/", "//evil.example/", "/other/cases/1/", "\\evil"):
        sent = post(signed_in, emails(case), filled(case, then=elsewhere))
        assert sent["Location"].startswith(reverse("desk:case", args=[case.office.slug, case.number]))


def test_closing_names_what_has_not_left_the_office(signed_in, case):
    box = case.office.mailboxes.get()
    told = {"office": case.office, "mailbox": box, "case": case, "contact": case.constituent}
    SentMessageFactory(**told, state="failed", subject="Lost on the way", at=timezone.now())
    SentMessageFactory(**told, state="queued", subject="On its way", at=timezone.now())
    MessageFactory(**told, subject="What she wrote")
    LetterFactory(office=case.office, case=case, contact=case.constituent, state="for-signature")
    closure = reverse("cases:closure", args=[case.office.slug, case.number])
    said = signed_in.get(closure).content.decode()
    assert "Lost on the way” to " in said
    assert "On its way” to " in said
    assert "For signature" in said
    assert "What she wrote" not in said

    # The same rule for many at once, each line with its case; what is closed already is left as it is.
    bulk, chosen = reverse("desk:bulk_closure", args=[case.office.slug]), {"case": [case.number]}
    several = post(signed_in, bulk, chosen).content.decode()
    assert f'<span class="num">{case.reference}</span>' in several
    for words in ("Lost on the way” to ", "On its way” to ", "For signature", "Closing the cases stops none of it."):
        assert words in several

    SentMessageFactory(**told, subject="Again", at=timezone.now() + timedelta(minutes=1))
    assert "Lost on the way" not in signed_in.get(closure).content.decode()
    case_actions.close(case, outcome="resolved", by=None, at=timezone.now())
    assert "On its way" not in post(signed_in, bulk, chosen).content.decode()


def stop(signed_in, message):
    return post(signed_in, reverse("correspondence:stopping", args=[message.office.slug, message.pk]), {})


def test_stopping_it_on_the_timeline_opens_the_case_again_like_undo(signed_in, case, member):
    FollowUpFactory(office=case.office, case=case, subject="Ring the council")
    post(signed_in, emails(case), answered(case))
    answer = stop(signed_in, Message.objects.get())
    assert (Message.objects.get().state, Case.objects.get().is_closed) == ("stopped", False)
    assert Activity.objects.get().state == "planned"
    assert "the case is open again" in signed_in.get(answer["Location"]).content.decode()
    with pytest.raises(RuleBroken, match="already undone"):
        take_back(last_undo(), by=member.user, at=timezone.now())


def test_of_two_emails_the_last_to_be_stopped_opens_the_case(signed_in, case, member):
    post(
        signed_in,
        emails(case),
        answered(case, to_other="council@example.com", confirmed="outsider:council@example.com"),
    )
    first, second = Message.objects.order_by("pk")
    answer = stop(signed_in, first)
    assert Case.objects.get().is_closed
    assert "stays closed: reopen it" in signed_in.get(answer["Location"]).content.decode()
    stop(signed_in, second)
    assert not Case.objects.get().is_closed


def test_a_case_changed_since_stays_closed_and_it_is_said(signed_in, case, member):
    post(signed_in, emails(case), answered(case))
    Case.objects.update(outcome="withdrawn")
    answer = stop(signed_in, Message.objects.get())
    assert (Message.objects.get().state, Case.objects.get().is_closed) == ("stopped", True)
    assert "stays closed: reopen it" in signed_in.get(answer["Location"]).content.decode()
