"""What is not our area is forwarded from the Inbox (ux.md 1.5)."""

import re

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from wardbook.contacts.factories import AgencyFactory
from wardbook.correspondence.actions import filing
from wardbook.correspondence.factories import MailboxFactory, MessageFactory, SenderIdentityFactory
from wardbook.correspondence.models import Message
from wardbook.lib.testing import HTMX, MONDAY, post
from wardbook.offices.factories import MembershipFactory

pytestmark = pytest.mark.django_db

COUNCIL = "roads@council.example"


@pytest.fixture
def box(member):
    box = MailboxFactory(office=member.office)
    SenderIdentityFactory(mailbox=box)
    return box


@pytest.fixture
def message(member, box):
    return MessageFactory(
        office=member.office,
        mailbox=box,
        subject="Hole in the road",
        text="There is a hole.",
        from_name="Rhian Evans",
        from_address="rhian@home.example",
    )


def address(name, member, *parts):
    return reverse(f"desk:{name}", args=[member.office.slug, *parts])


def filled(message, **changed):
    identity = message.mailbox.identities.get()
    given = {"lies": "waiting", "identity": identity.pk, "subject": "Fwd: Hole", "body": "Yours, we think."}
    return given | {"to_other": COUNCIL, "with_text": "on"} | changed


def test_the_page_is_filled_in_and_says_exactly_what_leaves(signed_in, member, message):
    shown = signed_in.get(address("inbox_item", member, message.pk)).content.decode()
    where = address("inbox_forwarding", member, message.pk)
    assert f'href="{where}"' in shown

    page = signed_in.get(where).content.decode()

    assert "This leaves the office." in page
    assert page.count("(optional)") == 1, "only what who wrote it is told: a reader has to be named"
    assert 'value="Fwd: Hole in the road"' in page
    assert "We think that it is a matter for you" in page
    assert "Rhian Evans &lt;rhian@home.example&gt; wrote:\n&gt; There is a hole." in page
    ticks = {name: re.search(rf'<input[^>]*name="{name}"[^>]*>', page)[0] for name in ("tells", "with_text")}
    assert ["checked" in ticks[name] for name in ("tells", "with_text")] == [False, True]


def test_it_goes_to_an_organisation_is_said_and_undone_from_there(signed_in, member, message):
    council = AgencyFactory(office=member.office, organisation_name="County Roads", emails=[COUNCIL])
    where = address("inbox_forwarding", member, message.pk)
    answer = post(
        signed_in, where, filled(message, to_other="", organisation=council.pk, tells="on", told="To {to}.")
    )

    assert (answer.status_code, answer["Location"]) == (303, address("inbox", member))
    (said,) = get_messages(answer.wsgi_request)
    assert str(said) == f"Forwarded to County Roads <{COUNCIL}>. It goes out in 30 seconds."
    decided = signed_in.get(address("inbox_item", member, message.pk)).content.decode()
    assert "Forwarded to" in decided
    assert Message.objects.outgoing().count() == 2

    undone = post(signed_in, said.extra_tags.removeprefix("undo:"), headers={"referer": answer["Location"]})

    assert undone.status_code == 303
    message.refresh_from_db()
    assert message.state == "waiting"
    assert set(Message.objects.outgoing().values_list("state", flat=True)) == {"stopped"}


def test_a_stranger_is_asked_about_and_what_was_typed_stays(signed_in, member, message):
    where = address("inbox_forwarding", member, message.pk)
    asked = post(signed_in, where, filled(message, body="Own words.", tells="on", told="Own answer."), headers=HTMX)

    page = asked.content.decode()
    assert asked.status_code == 422
    assert f"{COUNCIL} is not known here as an organisation. It would get what Rhian Evans wrote." in page
    assert f'value="{COUNCIL}"' in page
    assert "Own words." in page
    assert "Own answer." in page
    assert not Message.objects.outgoing().exists()

    sent = post(signed_in, where, filled(message, confirmed=[f"outsider:{COUNCIL}"]))
    assert sent.status_code == 303


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"to_other": ""}, "Say to whom it goes."),
        ({"to_other": "not an address"}, "is not an email address"),
        ({"tells": "on", "told": ""}, "Write what they are told."),
        ({"to_other": "rhian@home.example"}, "is where it came from"),
        ({"identity": "999"}, "Choose one from the list."),
        ({"lies": "filed"}, "Choose one from the list."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(signed_in, member, message, changed, said):
    where = address("inbox_forwarding", member, message.pk)
    answer = post(signed_in, where, filled(message, body="Own words.", **changed))
    assert answer.status_code == 422
    assert "Own words." in answer.content.decode()
    assert said in answer.content.decode()
    message.refresh_from_db()
    assert message.state == "waiting"


def test_what_needs_no_answer_can_be_forwarded_later(signed_in, member, message):
    filing.dismiss(message, reason="information", by=member.user, at=MONDAY)
    where = address("inbox_forwarding", member, message.pk)
    assert where in signed_in.get(address("inbox_item", member, message.pk)).content.decode()
    confirmed = [f"outsider:{COUNCIL}"]
    late = post(signed_in, where, filled(message, confirmed=confirmed))
    assert "said that this needs no answer" in late.content.decode()

    answer = post(signed_in, where, filled(message, lies="dismissed", confirmed=confirmed))

    assert answer["Location"] == address("inbox_item", member, message.pk)
    message.refresh_from_db()
    assert message.dismissed_as == "information"


def test_who_only_reads_the_inbox_forwards_nothing(client, member, message):
    reader = MembershipFactory(office=member.office, role="representative")
    client.force_login(reader.user)
    where = address("inbox_forwarding", member, message.pk)
    assert (client.get(where).status_code, post(client, where, filled(message)).status_code) == (403, 403)
    assert where not in client.get(address("inbox_item", member, message.pk)).content.decode()


def test_back_to_the_inbox_says_that_it_is_not_forwarded(signed_in, member, message):
    post(
        signed_in, address("inbox_forwarding", member, message.pk), filled(message, confirmed=[f"outsider:{COUNCIL}"])
    )
    back = post(signed_in, address("inbox_return", member, message.pk))

    *_before, said = get_messages(back.wsgi_request)
    assert str(said) == "It is in the Inbox again, and is not forwarded."
    assert set(Message.objects.outgoing().values_list("state", flat=True)) == {"stopped"}
