"""Home says when mail does not come in, and when it does not get out."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from wardbook.cases.factories import CaseFactory
from wardbook.correspondence.factories import MailboxFactory, SenderIdentityFactory, SentMessageFactory
from wardbook.correspondence.models import Dispatch, Mailbox
from wardbook.offices.factories import ManagerFactory, MembershipFactory

pytestmark = pytest.mark.django_db
NOT_IN = "Mail to office@glanmor.example has not come in since"
WAITING = "2 emails have waited for more than half an hour to go out from office@glanmor.example."


def ago(**span):
    return timezone.now() - timedelta(**span)


@pytest.fixture
def anna():
    return MembershipFactory()


@pytest.fixture
def box(anna):
    """A mailbox that works."""
    return MailboxFactory(
        office=anna.office, address="office@glanmor.example", created_at=ago(days=9), succeeded_at=ago(minutes=1)
    )


def change(box, **fields):
    Mailbox.objects.filter(pk=box.pk).update(**fields)


@pytest.fixture
def home(client):
    def home(member):
        client.force_login(member.user)
        return client.get(reverse("desk:home", args=[member.office.slug])).content.decode()

    return home


def waits(box, **plan):
    """Two emails that the server has not taken for 40 minutes, the first about a case."""
    identity = SenderIdentityFactory(mailbox=box)
    case = CaseFactory(office=box.office)
    for about in (case, None):
        message = SentMessageFactory(office=box.office, mailbox=box, identity=identity, case=about, state="queued")
        fields = {"first_turn_at": ago(minutes=40), "problem": "unreachable", "sent_at": None, "ended_at": None}
        Dispatch.objects.filter(pk=message.pk).update(**fields | plan)
    return case


def test_while_mail_comes_and_goes_home_says_nothing_of_it(home, anna, box):
    SentMessageFactory(office=anna.office, mailbox=box, identity=SenderIdentityFactory(mailbox=box))
    assert "glanmor.example" not in home(anna)


def test_a_mailbox_that_has_been_silent_is_said_with_its_reason_and_a_way_to_the_inbox(home, anna, box):
    change(box, succeeded_at=ago(minutes=20), problem="The server refuses the password.")
    page = home(anna)
    assert NOT_IN in page
    assert "The server refuses the password." in page
    assert f'class="banner__action" href="{reverse("desk:inbox", args=[anna.office.slug])}"' in page


def test_a_mailbox_from_which_mail_never_came_is_said(home, anna, box):
    change(box, succeeded_at=None)
    assert "Mail to office@glanmor.example has never come in." in home(anna)


@pytest.mark.parametrize(
    "fields",
    [{"is_paused": True}, {"source": "pipe"}, {"retired_at": timezone.now()}],
    ids=["paused", "pipe", "gone"],
)
def test_a_mailbox_that_is_not_fetched_is_not_silent(home, anna, box, fields):
    change(box, succeeded_at=ago(days=2), **fields)
    assert "glanmor.example" not in home(anna)


def test_emails_that_do_not_get_out_are_counted_with_the_reason_and_a_way_to_the_first_case(home, anna, box):
    case = waits(box)
    page = home(anna)
    assert WAITING in page
    assert "The mail server could not be reached. They are tried again by themselves." in page
    assert reverse("desk:case", args=[anna.office.slug, case.number]) in page


@pytest.mark.parametrize(
    "plan",
    [{"first_turn_at": timezone.now()}, {"problem": ""}, {"ended_at": timezone.now()}],
    ids=["new", "fine", "over"],
)
def test_emails_that_are_not_stuck_are_not_said(home, anna, box, plan):
    waits(box, **plan)
    assert "glanmor.example" not in home(anna)


def test_whoever_looks_after_the_mailboxes_is_led_to_the_mailbox(home, anna, box):
    change(box, succeeded_at=ago(hours=2))
    waits(box)
    page = home(ManagerFactory(office=anna.office))
    link = f'class="banner__action" href="{reverse("desk:mailbox", args=[anna.office.slug, box.pk])}"'
    assert page.count(link) == 2
    assert escape(WAITING) in page


@pytest.mark.parametrize("role", ["councillor", "volunteer", "viewer"])
def test_whoever_does_not_read_the_inbox_is_not_troubled(home, anna, box, role):
    change(box, succeeded_at=ago(hours=2))
    waits(box)
    assert "glanmor.example" not in home(MembershipFactory(office=anna.office, role=role))


def test_the_trouble_of_another_office_is_not_ours(home, box):
    change(box, succeeded_at=ago(hours=2))
    waits(box)
    assert "glanmor.example" not in home(MembershipFactory())
