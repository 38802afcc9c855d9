"""Email on the case page: what came and went is in the timeline, and the composer sends (ux 1.7, EM-1)."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from wardbook.cases import actions as case_actions
from wardbook.cases.factories import CaseFactory
from wardbook.cases.models.working import WaitingFile
from wardbook.contacts.factories import ContactFactory
from wardbook.correspondence.factories import (
    MailboxFactory,
    MessageFactory,
    SenderIdentityFactory,
    SentMessageFactory,
    TemplateFactory,
)
from wardbook.correspondence.models import Message
from wardbook.desk.timeline_post import attachments_of
from wardbook.lib.testing import post
from wardbook.offices.factories import MembershipFactory
from wardbook.vocabulary import actions as vocabulary_actions

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    member = MembershipFactory(role="caseworker", user__name="Anna Price")
    vocabulary_actions.seed_lists(member.office, by=None, at=timezone.now())
    SenderIdentityFactory(mailbox=MailboxFactory(office=member.office, source="pipe"))
    return member


@pytest.fixture
def case(member):
    rhian = ContactFactory(
        office=member.office, title="Mrs", given_name="Rhian", family_name="Evans", emails=["rhian@example.org"]
    )
    return CaseFactory(office=member.office, constituent=rhian)


def page(signed_in, case, query=""):
    return signed_in.get(reverse("desk:case", args=[case.office.slug, case.number]) + query).content.decode()


def emails(case):
    return reverse("correspondence:emails", args=[case.office.slug, case.number])


def filled(case, **changed):
    identity = case.office.sender_identities.filter(mailbox=case.office.mailboxes.first()).earliest("pk")
    return {
        "identity": identity.pk,
        "to": ["rhian@example.org"],
        "subject": "Your flat",
        "body": "Dear Mrs Evans,\n\nThe council will come on Monday.",
        "waiting_on": "keep",
    } | changed


def waiting_keys(shown):
    return re.findall(r'name="uploads_waiting" value="(\w+)"', shown)


def test_the_timeline_holds_what_came_and_what_went(signed_in, case):
    box = case.office.mailboxes.get()
    MessageFactory(office=case.office, mailbox=box, case=case, text="The mould is back.", quoted="> old words")
    SentMessageFactory(office=case.office, mailbox=box, case=case, text="We have written to the council.")
    shown = page(signed_in, case)
    assert "Email from Rhian Evans" in shown
    assert "The mould is back." in shown
    assert "Earlier text and signature" in shown
    assert "We have written to the council." in shown
    assert "Sent outside" in shown


def test_the_composer_chooses_the_constituent_and_the_usual_sender(signed_in, case):
    shown = page(signed_in, case, "?write=email")
    assert 'value="rhian@example.org"' in shown
    assert "Send email" in shown
    assert "This leaves the office" in shown
    assert "Up to 20 MB, all together" in shown
    assert shown.count("20 MB") == 1


def test_an_email_is_held_and_can_be_undone(signed_in, case):
    answer = post(signed_in, emails(case), filled(case))
    assert answer.status_code == 303, answer.content.decode()
    message = Message.objects.get()
    assert (message.state, message.case, message.line) == ("held", case, "constituent")
    assert [one.address for one in message.addresses.all()] == ["rhian@example.org"]
    shown = signed_in.get(answer["Location"]).content.decode()
    assert "Email to Mrs Evans goes out in 30 seconds." in shown
    assert "Goes out in a moment" in shown
    post(signed_in, reverse("correspondence:stopping", args=[case.office.slug, message.pk]), {})
    message.refresh_from_db()
    assert message.state == "stopped"


def test_an_address_that_is_not_on_the_case_is_asked_about_first(signed_in, case):
    data = filled(case, to=[], to_other="press@example.com")
    answer = post(signed_in, emails(case), data)
    assert answer.status_code == 422
    assert "press@example.com is not on this case." in answer.content.decode()
    assert "The council will come on Monday." in answer.content.decode()
    assert not Message.objects.exists()
    yes = post(signed_in, emails(case), data | {"confirmed": ["outsider:press@example.com"]})
    assert (yes.status_code, Message.objects.count()) == (303, 1)


def test_the_files_of_an_email_that_was_asked_about_come_back_with_its_draft(signed_in, case, member):
    data = filled(case, to=[], to_other="press@example.com")
    asked = post(signed_in, emails(case), data | {"uploads": [SimpleUploadedFile("plan.txt", b"what")]})
    keys = waiting_keys(asked.content.decode())
    assert len(keys) == 1
    draft = {"body": "Half", "uploads_waiting": keys[0]}
    scope = f"case-{case.number}-email"
    case_actions.keep_draft(
        case.office, scope=scope, body=draft, case=case, by=member.user, at=timezone.now(), seen=0
    )

    assert waiting_keys(page(signed_in, case, "?write=email")) == keys
    template = TemplateFactory(office=case.office, name="Reply", body="Dear {person.formal_name},")
    inserted = post(signed_in, emails(case), data | {"template": template.pk, "insert": "1", "uploads_waiting": keys})
    assert waiting_keys(inserted.content.decode()) == keys, "also where a template is put in without JavaScript"
    sent = data | {"confirmed": ["outsider:press@example.com"], "uploads_waiting": keys}
    assert post(signed_in, emails(case), sent).status_code == 303
    assert [part.name for part in Message.objects.get().attachments.all()] == ["plan.txt"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"to": [], "to_other": ""}, "Say to whom it goes."),
        ({"to_other": "not an address"}, "address"),
        ({"subject": ""}, "Write a subject."),
        ({"body": ""}, "Write something first."),
        ({"body": "See the attached form."}, "none is attached"),
        ({"identity": "999999"}, "Choose one from the list."),
        ({"cc": "a@b@c"}, "address"),
    ],
)
def test_what_cannot_go_is_said_and_nothing_typed_is_lost(signed_in, case, changed, words):
    answer = post(signed_in, emails(case), filled(case, **changed))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert words in shown
    assert "The council will come on Monday." in shown or "body" in changed
    assert not Message.objects.exists()


def test_a_colleague_who_answered_meanwhile_stops_it(signed_in, case):
    seen = timezone.now()
    sam = MembershipFactory(office=case.office, role="caseworker", user__name="Sam Okoro")
    box = case.office.mailboxes.get()
    SentMessageFactory(
        office=case.office, mailbox=box, case=case, by=sam.user, text="I told her on Friday.", at=timezone.now()
    )
    stamp = seen.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    plan = SimpleUploadedFile("plan.txt", b"what")
    answer = post(signed_in, emails(case), filled(case, seen=stamp, uploads=[plan]))
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert waiting_keys(shown) == [WaitingFile.objects.get().key]
    assert "Sam Okoro answered meanwhile" in shown
    assert "I told her on Friday." in shown
    assert "The council will come on Monday." in shown
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("language", "query", "subject"),
    [
        ("", "", "Your enquiry [Case 1001]"),
        ("cy", "", "Eich ymholiad [Case 1001]"),
        ("cy", "&to=service", "[Case 1001]"),
    ],
)
def test_a_fresh_email_is_called_after_its_case_and_never_by_the_offices_title(
    signed_in, case, language, query, subject
):
    type(case.constituent).objects.filter(pk=case.constituent_id).update(language=language)
    shown = page(signed_in, case, f"?write=email{query}")
    assert f'value="{subject}"' in shown
    assert f'data-usual="{subject}"' in shown


def test_a_template_is_filled_for_the_person(signed_in, case):
    template = TemplateFactory(office=case.office, body="Dear {person.formal_name}, about {case.reference}.")
    url = reverse("correspondence:template_text", args=[case.office.slug, template.pk])
    found = signed_in.get(f"{url}?case={case.number}").json()
    assert found["body"] == f"Dear Mrs Evans, about {case.reference}."
    without_js = post(signed_in, emails(case), filled(case, body="Hello.", template=template.pk, insert="1"))
    shown = without_js.content.decode()
    assert "Hello." in shown
    assert f"Dear Mrs Evans, about {case.reference}." in shown
    assert not Message.objects.exists()


def test_templates_in_the_language_of_the_person_come_first(signed_in, case):
    TemplateFactory(office=case.office, name="A letter", language="en-gb")
    TemplateFactory(office=case.office, name="Llythyr", language="cy")
    case.constituent.language = "cy"
    case.constituent.save()
    form = signed_in.get(emails(case)).context["form"]
    assert [one.name for one in form.fields["template"].queryset] == ["Llythyr", "A letter"]


def test_an_answer_goes_to_the_sender_under_its_subject(signed_in, case):
    box = case.office.mailboxes.get()
    came = MessageFactory(
        office=case.office, mailbox=box, case=case, subject="Damp", warnings=["reply-to"], reply_to="evil@example.com"
    )
    shown = page(signed_in, case, f"?write=email&answer={came.pk}")
    assert 'value="RE: Damp"' in shown
    assert "which is not where it came from" in shown
    answer = post(signed_in, emails(case), filled(case, answer_to=came.pk, quotes="on"))
    assert answer.status_code == 303
    message = Message.objects.outgoing().get()
    assert (message.answers, message.in_reply_to) == (came, came.identifier)
    assert "evil@example.com" not in str([one.address for one in message.addresses.all()])


def test_another_offices_message_cannot_be_answered(signed_in, case):
    theirs = MessageFactory(subject="Their matter")
    shown = page(signed_in, case, f"?write=email&answer={theirs.pk}")
    assert "Their matter" not in shown


def test_a_follow_up_and_whom_we_wait_for_come_with_it(signed_in, case):
    post(signed_in, emails(case), filled(case, waiting_on="constituent", follow_up_on="+1w"))
    case.refresh_from_db()
    assert case.waiting_on == "constituent"
    assert case.next_step_on is not None


def test_a_councillor_sees_no_mail_on_the_case(client, case):
    councillor = MembershipFactory(office=case.office, role="councillor")
    case.created_by = councillor.user
    case.save(update_fields=["created_by"])
    MessageFactory(office=case.office, mailbox=case.office.mailboxes.get(), case=case, text="For the office only.")
    client.force_login(councillor.user)
    shown = page(client, case)
    assert "For the office only." not in shown
    assert "Send email" not in shown


def test_a_draft_of_the_email_is_back_on_any_device(signed_in, case):
    scope = f"case-{case.number}-email"
    url = reverse("cases:draft", args=[case.office.slug, scope])
    body = {"subject": "Half written", "body": "Dear Mrs"}
    signed_in.put(
        url,
        {"version": 0, "body": body},
        content_type="application/json",
        headers={"Idempotency-Key": uuid.uuid4().hex},
    )
    shown = page(signed_in, case, "?write=email")
    assert "Half written" in shown
    assert "Dear Mrs" in shown


@pytest.mark.parametrize("template", ["9" * 5_000, "-1", "x", ""])
def test_a_template_that_is_none_is_left_out_and_nothing_typed_is_lost(signed_in, case, template):
    answer = post(signed_in, emails(case), filled(case, body="Hello.", template=template, insert="1"))
    assert (answer.status_code, "Hello." in answer.content.decode()) == (200, True)


def test_what_was_stopped_is_written_again_to_the_same_readers_with_its_files(signed_in, case):
    plan = SimpleUploadedFile("plan.txt", b"the plan", "text/plain")
    asked = {"to_other": "press@x.example", "confirmed": ["outsider:press@x.example"], "uploads": plan}
    post(signed_in, emails(case), filled(case, **asked))
    first, second = Message.objects.filter(case=case).order_by("pk")
    (line,) = attachments_of(case, MembershipFactory(office=case.office, role="caseworker"), 50)
    assert (line["name"], line["source"]) == ("plan.txt", f"message-{second.pk}")
    post(signed_in, reverse("correspondence:stopping", args=[case.office.slug, first.pk]), {})
    post(signed_in, reverse("correspondence:stopping", args=[case.office.slug, second.pk]), {})

    form = signed_in.get(emails(case), {"again": first.pk}).context["form"]
    assert form["body"].value() == "Dear Mrs Evans,\n\nThe council will come on Monday."
    assert (form["to"].value(), form["to_other"].value()) == (["rhian@example.org"], "press@x.example")
    file = form["attachments"].value()
    post(signed_in, emails(case), filled(case, attachments=file))
    assert [one.name for one in Message.objects.latest("pk").attachments.all()] == ["plan.txt"]
    # Of another case it is nobody's.
    elsewhere = CaseFactory(office=case.office)
    assert not signed_in.get(emails(elsewhere), {"again": first.pk}).context["form"]["body"].value()


def test_an_email_about_no_case_begins_on_the_page_of_who_has_an_address(signed_in, member, case):
    def shown(contact):
        return signed_in.get(reverse("contacts:contact", args=[member.office.slug, contact.pk])).content.decode()

    write = reverse("correspondence:contact_emails", args=[member.office.slug, case.constituent.pk])
    assert f'href="{write}"' in shown(case.constituent)
    assert signed_in.get(write).status_code == 200
    assert "contact-email" not in shown(ContactFactory(office=member.office, emails=[]))
