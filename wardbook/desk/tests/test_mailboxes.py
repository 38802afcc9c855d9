"""Settings › Mailboxes: where mail comes in, and under which names the office writes."""

import pytest
from django.urls import reverse

from wardbook.correspondence import sealing
from wardbook.correspondence.factories import MailboxFactory, SenderIdentityFactory
from wardbook.correspondence.models import Mailbox, PostRules, SenderIdentity
from wardbook.lib.testing import post
from wardbook.offices.factories import MembershipFactory

pytestmark = pytest.mark.django_db

FILLED = {
    "address": "office@glanmor.example.org",
    "name": "Office of Mair Lloyd MP",
    "source": "imap",
    "host": "imap.example.org",
    "port": "993",
    "security": "tls",
    "username": "office",
    "sign_in": "password",
    "secret": "open sesame",
    "folder": "INBOX",
    "smtp_security": "starttls",
}


@pytest.fixture
def member():
    return MembershipFactory(role="manager")


def address(name, member, *parts):
    return reverse(f"desk:{name}", args=[member.office.slug, *parts])


def test_a_mailbox_is_added_with_its_sender_and_a_sealed_password(signed_in, member):
    answer = post(signed_in, address("mailboxes", member), FILLED)
    assert answer.status_code == 303
    box = Mailbox.objects.get()
    assert "sesame" not in box.secret
    assert sealing.unseal(box.secret) == "open sesame"
    sender = SenderIdentity.objects.get()
    assert (sender.address, sender.name, sender.is_default) == (FILLED["address"], FILLED["name"], True)


def test_a_demo_says_that_it_fetches_nothing(signed_in, member, settings):
    page = address("mailbox", member, MailboxFactory(office=member.office, source="imap").pk)
    settings.DEMO = False
    assert "no mail is fetched here" not in signed_in.get(page).content.decode()
    settings.DEMO = True
    assert "no mail is fetched here" in signed_in.get(page).content.decode()


def test_the_password_is_never_shown_and_stays_when_the_field_is_empty(signed_in, member):
    post(signed_in, address("mailboxes", member), FILLED)
    box = Mailbox.objects.get()
    page = signed_in.get(address("mailbox", member, box.pk)).content.decode()
    assert "open sesame" not in page
    assert box.secret not in page
    post(signed_in, address("mailbox", member, box.pk), FILLED | {"secret": "", "name": "New name"})
    box.refresh_from_db()
    assert (box.name, sealing.unseal(box.secret)) == ("New name", "open sesame")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("address", "", "Enter"),
        ("address", "nobody", "email address"),
        ("host", "", "mail server"),
        ("username", "", "user name"),
        ("secret", "", "password"),
        ("port", "many", "port"),
        ("port", "70000", "port"),
        ("security", "none", "Without TLS"),
        ("security", "hope", "Choose"),
    ],
)
def test_what_cannot_work_is_refused_beside_its_field(signed_in, member, field, value, words):
    answer = post(signed_in, address("mailboxes", member), FILLED | {field: value})
    assert answer.status_code == 422
    assert any(words.lower() in error.lower() for error in answer.context["form"].errors[field])
    assert "Office of Mair Lloyd MP" in answer.content.decode()
    assert not Mailbox.objects.exists()


def test_what_is_needed_to_fetch_is_not_called_optional_and_only_then_asked_for(signed_in, member):
    fields = signed_in.get(address("mailboxes", member)).context["form"].fields
    assert [name for name in ("host", "port", "username", "secret", "smtp_host") if not fields[name].required] == [
        "port",
        "smtp_host",
    ]
    handed = FILLED | {"source": "pipe", "host": "", "username": "", "secret": ""}
    assert post(signed_in, address("mailboxes", member), handed).status_code == 303


def test_an_address_that_another_office_has_is_refused(signed_in, member):
    MailboxFactory(address=FILLED["address"].upper())
    answer = post(signed_in, address("mailboxes", member), FILLED)
    assert (answer.status_code, Mailbox.objects.count()) == (422, 1)


def test_nothing_answers_and_the_page_says_so(signed_in, member):
    box = MailboxFactory(office=member.office, port=1)
    answer = post(signed_in, address("mailbox_trial", member, box.pk), {})
    assert "Nothing answers at this port" in signed_in.get(answer["Location"]).content.decode()


def test_a_paused_mailbox_is_not_fetched(signed_in, member):
    box = MailboxFactory(office=member.office)
    post(signed_in, address("mailbox_pause", member, box.pk), {})
    assert not Mailbox.objects.fetched().exists()
    post(signed_in, address("mailbox_pause", member, box.pk), {})
    assert Mailbox.objects.fetched().exists()


def test_a_retired_mailbox_forgets_its_password_and_its_senders(signed_in, member):
    post(signed_in, address("mailboxes", member), FILLED)
    box = Mailbox.objects.get()
    post(signed_in, address("mailbox_retirement", member, box.pk), {})
    box.refresh_from_db()
    assert box.secret == ""
    assert not SenderIdentity.objects.filter(retired_at__isnull=True).exists()


def test_a_sender_whose_answers_would_be_lost_is_refused(signed_in, member):
    box = MailboxFactory(office=member.office)
    answer = post(
        signed_in, address("new_sender", member, box.pk), {"name": "Mair Lloyd", "address": "mair@elsewhere.example"}
    )
    assert answer.status_code == 422
    assert "would not come in here" in answer.content.decode()


def test_the_usual_sender_is_one(signed_in, member):
    box = MailboxFactory(office=member.office)
    SenderIdentityFactory(mailbox=box)
    data = {"name": "Mair Lloyd MP", "address": box.address, "is_default": "on"}
    assert post(signed_in, address("new_sender", member, box.pk), data).status_code == 303
    assert SenderIdentity.objects.get(is_default=True).name == "Mair Lloyd MP"


def test_the_last_sender_stays(signed_in, member):
    one = SenderIdentityFactory(mailbox=MailboxFactory(office=member.office))
    post(signed_in, address("sender_retirement", member, one.pk), {})
    one.refresh_from_db()
    assert one.retired_at is None


def test_the_second_of_two_editors_sees_both_versions(signed_in, member):
    box = MailboxFactory(office=member.office)
    version = signed_in.get(address("mailbox", member, box.pk)).context["version"]
    filled = FILLED | {"address": box.address, "version": version}
    post(signed_in, address("mailbox", member, box.pk), filled | {"name": "First"})
    answer = post(signed_in, address("mailbox", member, box.pk), filled | {"name": "Second"})
    assert answer.status_code == 409
    assert "First" in answer.content.decode()
    assert "Second" in answer.content.decode()


def test_the_rules_of_the_post_are_kept(signed_in, member):
    data = {"reopen_days": "14", "campaign_threshold": "60", "letterhead": "Office\nHigh Street", "privacy_line": ""}
    assert post(signed_in, address("post", member), data).status_code == 303
    rules = PostRules.of(member.office)
    assert (rules.reopen_days, rules.campaign_threshold, rules.letterhead) == (14, 60, "Office\nHigh Street")
    assert post(signed_in, address("post", member), data | {"campaign_threshold": "95"}).status_code == 422
