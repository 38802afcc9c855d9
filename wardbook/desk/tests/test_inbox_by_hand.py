"""Scans and social messages on the pages of the Inbox, and mail that is read again (IN-5, IN-6)."""

import uuid

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from wardbook.cases.factories import CaseFactory
from wardbook.cases.models import Case
from wardbook.contacts.factories import ContactFactory
from wardbook.correspondence.actions import filing
from wardbook.correspondence.factories import MailboxFactory, MessageFactory
from wardbook.correspondence.models import Delivery, Message, RawMail
from wardbook.correspondence.tests import scans
from wardbook.correspondence.tests.scans import upload
from wardbook.lib.testing import HTMX, post

pytestmark = pytest.mark.django_db


def address(name, member, *parts, app="desk"):
    return reverse(f"{app}:{name}", args=[member.office.slug, *parts])


def send(client, member, *uploads, **fields):
    today = member.office.local_date(timezone.now()).isoformat()
    data = {"received_on": today, "pages": "", **fields, "uploads": list(uploads)}
    return post(client, address("inbox_scans", member), data)


def told(answer):
    return [str(one) for one in get_messages(answer.wsgi_request)]


def undo(client, answer):
    """Press Undo beside what the answer says."""
    (where,) = [one.extra_tags.removeprefix("undo:") for one in get_messages(answer.wsgi_request) if one.extra_tags]
    undone = post(client, where)
    return client.get(undone["Location"]).content.decode()


def test_a_pile_of_scans_lies_in_the_inbox_and_the_first_is_open(signed_in, member):
    answer = send(
        signed_in,
        member,
        upload(scans.pdf(), "one.pdf"),
        upload(scans.LOCKED, "two.pdf"),
        upload(scans.pdf(2), "three.pdf"),
    )

    letters = list(Message.objects.order_by("pk"))
    assert answer.status_code == 303
    assert answer["Location"] == address("inbox_item", member, letters[0].pk)
    assert len(letters) == 2
    said = told(answer)
    assert "2 letters are in the Inbox." in said
    assert any("“two.pdf” was not kept. It is locked with a password" in one for one in said)
    page = signed_in.get(address("inbox", member)).content.decode()
    assert page.count("Sender not known yet") >= 2


def test_one_pdf_is_cut_on_the_page(signed_in, member):
    assert send(signed_in, member, upload(scans.pdf(3)), pages="1-2, 3").status_code == 303
    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    ("pages", "names", "why"),
    [
        ("1-2", ["a.pdf"], "These pages are in no letter: 3"),
        ("x", ["a.pdf"], "is no page"),
        ("1-3", ["a.pdf", "b.pdf"], "one file at a time"),
        ("1-9", ["a.pdf"], "there is no page 9"),
    ],
)
def test_what_cannot_be_cut_is_said_beside_the_field_and_nothing_is_kept(signed_in, member, pages, names, why):
    answer = send(signed_in, member, *(upload(scans.pdf(3), name) for name in names), pages=pages)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert f'value="{pages}"' in answer.content.decode()
    assert not Message.objects.exists()


def test_without_a_scan_nothing_happens(signed_in, member):
    answer = send(signed_in, member)
    assert answer.status_code == 422
    assert "Choose the scans." in answer.content.decode()


def a_letter(signed_in, member):
    send(signed_in, member, upload(scans.pdf(10)))
    return Message.objects.get()


def test_the_pages_of_a_scan_are_pictures_and_the_scan_itself_is_only_a_download(signed_in, member):
    letter = a_letter(signed_in, member)
    part = letter.attachments.get()
    page = signed_in.get(address("inbox_item", member, letter.pk)).content.decode()
    look = address("pages", member, part.pk, app="correspondence")
    assert f'hx-get="{look}"' in page

    shown = signed_in.get(look, headers=HTMX)
    rest = signed_in.get(f"{look}?from=9", headers=HTMX).content.decode()
    file = signed_in.get(address("attachment", member, part.pk, app="correspondence"))

    assert shown.content.decode().count('src="data:image/jpeg;base64,') == 8
    assert "?from=9" in shown.content.decode()
    assert (rest.count("<img"), "?from=" in rest) == (2, False)
    assert file["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file["Content-Security-Policy"]


def test_a_scan_of_a_restricted_case_is_nobodys_who_is_not_named(signed_in, member):
    letter = a_letter(signed_in, member)
    other = CaseFactory(office=member.office, is_restricted=True)
    Message.objects.filter(pk=letter.pk).update(case=other, state="filed")
    look = address("pages", member, letter.attachments.get().pk, app="correspondence")
    assert signed_in.get(look).status_code == 404


def test_who_wrote_a_letter_is_said_in_the_inbox(signed_in, member):
    letter, rhian = a_letter(signed_in, member), ContactFactory(office=member.office)
    case = CaseFactory(office=member.office, constituent=rhian)
    form = address("inbox_details", member, letter.pk)
    assert "Who wrote it?" in signed_in.get(form).content.decode()

    today = member.office.local_date(timezone.now()).isoformat()
    answer = post(signed_in, form, {"person": rhian.pk, "subject": "Damp", "received_on": today})

    assert answer.status_code == 303
    letter.refresh_from_db()
    assert (letter.contact, letter.subject, letter.suggested_case) == (rhian, "Damp", case)
    assert f"Add to {case.reference}" in signed_in.get(address("inbox_item", member, letter.pk)).content.decode()
    assert "Undone" in undo(signed_in, answer)
    letter.refresh_from_db()
    assert (letter.contact, letter.subject, letter.suggested_case) == (None, "", None)
    late = post(signed_in, form, {"received_on": "2020-01-01", "written_on": "2020-01-02"})
    assert late.status_code == 422
    assert "before it was written" in late.content.decode()


def test_a_mail_has_no_such_form(signed_in, member):
    message = MessageFactory(office=member.office)
    assert signed_in.get(address("inbox_details", member, message.pk)).status_code == 404


def test_a_letter_of_somebody_new_becomes_a_case_in_one_form(signed_in, member):
    letter = a_letter(signed_in, member)
    page = signed_in.get(address("inbox_case", member, letter.pk))
    assert not page.context["form"]["what"].value()

    fields = {"what": "Street lamp out", "new_name": "Gwenllian Prosser", "owner": member.user_id}
    answer = post(signed_in, address("inbox_case", member, letter.pk), fields)

    assert answer.status_code == 303
    case = Case.objects.get()
    assert (case.constituent.name, case.contact_type.code) == ("Gwenllian Prosser", "letter")
    timeline = signed_in.get(reverse("desk:case", args=[member.office.slug, case.number])).content.decode()
    assert "Letter from Gwenllian Prosser" in timeline
    assert "Save the email as it came" not in timeline


def test_a_social_message_is_logged_and_its_link_leads_nobody_astray(signed_in, member):
    form = address("inbox_log", member)
    today = member.office.local_date(timezone.now()).isoformat()
    said = {
        "network": "facebook",
        "handle": "dai.morris",
        "link": "https://social.example.org/7",
        "received_on": today,
    }

    answer = post(
        signed_in,
        form,
        said | {"text": "The toilets are locked.", "uploads": [upload(scans.picture(), "p.jpg", "image/jpeg")]},
    )

    message = Message.objects.get()
    assert answer["Location"] == address("inbox_item", member, message.pk)
    page = signed_in.get(answer["Location"]).content.decode()
    assert "@dai.morris · Facebook" in page
    assert (
        '<a href="https://social.example.org/7" target="_blank" rel="noopener noreferrer nofollow" '
        'referrerpolicy="no-referrer">' in page
    )
    assert [part.name for part in message.attachments.all()] == ["p.jpg"]
    for link in ("javascript:alert(1)", "data:text/html,x", "https://a@b.example/"):
        refused = post(signed_in, form, said | {"link": link, "text": "x"})
        assert refused.status_code == 422
        assert "Enter a whole web address" in refused.content.decode()


def test_what_came_in_goes_straight_to_a_case_or_becomes_one(signed_in, member):
    case = CaseFactory(office=member.office)
    today = member.office.local_date(timezone.now()).isoformat()
    said = {"network": "x", "handle": "@dai", "text": "Thank you", "received_on": today}

    answer = post(signed_in, address("inbox_log", member), said | {"case": case.number})
    assert answer["Location"].startswith(reverse("desk:case", args=[member.office.slug, case.number]))
    assert Message.objects.get().case == case
    # One press, one Undo: it is neither on the case nor in the Inbox.
    undo(signed_in, answer)
    message = Message.objects.get()
    assert (message.case, message.state, message.get_dismissed_as_display()) == (
        None,
        "dismissed",
        "Logged by mistake",
    )

    answer = post(
        signed_in,
        address("inbox_log", member) + "?how=letter",
        {"text": "Dear …", "received_on": today, "next": "case"},
    )
    letter = Message.objects.get(medium="letter")
    assert answer["Location"] == address("inbox_case", member, letter.pk)
    assert signed_in.get(address("inbox_log", member) + "?how=pigeon").status_code == 404


def test_an_empty_log_says_what_is_missing(signed_in, member):
    page = post(signed_in, address("inbox_log", member), {}).content.decode()
    assert "Write the name they have on that network." in page
    page = post(signed_in, address("inbox_log", member) + "?how=letter", {"received_on": "today"}).content.decode()
    assert "Write what it says, or add its scan." in page


def unreadable(member, **fields):
    box = MailboxFactory(office=member.office, source="pipe")
    raw = RawMail.objects.create(
        office=member.office,
        sha256=uuid.uuid4().hex,
        size=9,
        content=b"Subject: x\r\n\r\nHello",
        kept_at=timezone.now(),
    )
    fields = {"state": "quarantined", "problem": "ValueError", "attempts": 2} | fields
    return Delivery.objects.create(mailbox=box, raw=raw, via="pipe", arrived_at=timezone.now(), **fields)


def test_a_mail_that_could_not_be_read_is_read_again_by_a_press(signed_in, member):
    delivery = unreadable(member)
    page = signed_in.get(address("inbox", member)).content.decode()
    assert "Read it again" in page
    assert address("delivery", member, delivery.pk, app="correspondence") in page

    answer = post(signed_in, address("inbox_read_again", member, delivery.pk))

    assert answer.status_code == 303
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.problem) == ("kept", 0, "")
    # Somebody else was first: nothing more happens.
    assert post(signed_in, address("inbox_read_again", member, delivery.pk)).status_code == 404


def test_a_mail_that_was_too_large_is_not_read_again(signed_in, member):
    delivery = unreadable(member, state="refused", problem="99 bytes")
    assert "Read it again" not in signed_in.get(address("inbox", member)).content.decode()
    answer = post(signed_in, address("inbox_read_again", member, delivery.pk))
    assert "does not wait to be read again" in " ".join(told(answer))


def test_a_forward_is_shown_as_what_it_says_it_is(signed_in, member):
    rhian = ContactFactory(office=member.office, emails=["rhian@example.org"])
    case = CaseFactory(office=member.office, constituent=rhian)
    said = {
        "name": "Rhian Evans",
        "address": "rhian@example.org",
        "written_at": "2026-03-01T09:00:00+00:00",
        "read_from": "text",
    }
    message = MessageFactory(
        office=member.office,
        from_name="Sam",
        from_address="sam@office.example",
        forwarded=said,
        suggested_case=case,
        suggestion="forward",
    )

    page = signed_in.get(address("inbox_item", member, message.pk)).content.decode()
    assert "Forwarded by Sam &lt;sam@office.example&gt;." in page
    assert "The original sender was read from the text: check it." in page
    assert "Maybe it belongs to" in page

    post(signed_in, address("inbox_filing", member, message.pk), {"case": case.number})
    message.refresh_from_db()
    assert (message.case, message.contact, message.line) == (case, rhian, "constituent")


def test_a_pile_in_one_scan_is_cut_with_its_pages_in_view(signed_in, member):
    send(signed_in, member, upload(scans.pdf(4)))
    pile = Message.objects.get()
    assert "It holds several letters" in signed_in.get(address("inbox_item", member, pile.pk)).content.decode()
    cut = address("inbox_cut", member, pile.pk)
    assert (
        "Page 4 of 4"
        in signed_in.get(address("pages", member, pile.attachments.get().pk, app="correspondence")).content.decode()
    )
    refused = post(signed_in, cut, {"pages": "1-3"})
    assert refused.status_code == 422
    assert "These pages are in no letter: 4" in refused.content.decode()

    answer = post(signed_in, cut, {"pages": "1-3, 4"})

    letters = list(Message.objects.exclude(pk=pile.pk).order_by("pk"))
    assert answer["Location"] == address("inbox_item", member, letters[0].pk)
    assert [one.at.date() for one in letters] == [pile.at.date()] * 2
    pile.refresh_from_db()
    assert (pile.state, pile.dismissed_as) == ("dismissed", "cut")
    # It waits no longer, so it is not cut twice.
    assert post(signed_in, cut, {"pages": "1-3, 4"}).status_code == 404

    undo(signed_in, answer)
    assert [one.pk for one in Message.objects.filter(state="waiting")] == [pile.pk]
    assert post(signed_in, cut, {"pages": "1-2, 3-4"}).status_code == 303


def test_what_was_logged_by_mistake_is_taken_back_and_can_be_logged_again(signed_in, member):
    pile = [scans.pdf(), scans.pdf(2)]
    answer = send(signed_in, member, *(upload(one, "a.pdf") for one in pile))
    assert "Undone: 2 letters logged" in undo(signed_in, answer)
    assert not Message.objects.filter(state="waiting").exists()
    again = send(signed_in, member, *(upload(one, "a.pdf") for one in pile))
    assert Message.objects.filter(state="waiting").count() == 2
    case = CaseFactory(office=member.office)
    filing.file_on_case(Message.objects.last(), case, by=member.user, at=timezone.now())
    assert "no longer in the Inbox" in undo(signed_in, again)
    assert Message.objects.filter(state="waiting").count() == 1

    today = member.office.local_date(timezone.now()).isoformat()
    post_of = {
        "network": "x",
        "handle": "@dai",
        "link": "https://x.example/1",
        "text": "Thanks",
        "received_on": today,
    }
    undo(signed_in, post(signed_in, address("inbox_log", member), post_of))
    assert post(signed_in, address("inbox_log", member), post_of).status_code == 303
    assert post(signed_in, address("inbox_log", member), post_of).status_code == 422


def test_what_is_no_pile_is_not_cut(signed_in, member):
    assert signed_in.get(address("inbox_cut", member, MessageFactory(office=member.office).pk)).status_code == 404
    send(signed_in, member, upload(scans.picture(), "a.jpg", "image/jpeg"))
    letter = Message.objects.get(medium="letter")
    assert "It holds several letters" not in signed_in.get(address("inbox_item", member, letter.pk)).content.decode()
    assert signed_in.get(address("inbox_cut", member, letter.pk)).status_code == 404
