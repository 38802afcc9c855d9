"""What Postmark, SendGrid and Mailjet post to us: proof, bytes, answers."""

import base64
import json

import pytest
from django.urls import reverse

from wardbook.correspondence import hooks
from wardbook.correspondence.actions import keeping
from wardbook.correspondence.factories import MailboxFactory
from wardbook.correspondence.models import Delivery, Message, RawMail
from wardbook.correspondence.tests import incoming

pytestmark = pytest.mark.django_db

SECRET = "provider:a-long-enough-secret"
ADDRESS = "office@glanmor.example.org"
# Eight-bit bytes of a charset that is not UTF-8, as mail has them.
RAW = (
    b"From: Rhian Evans <rhian@example.org>\r\nTo: office@glanmor.example.org\r\nSubject: Damp in flat\r\n"
    b"Message-ID: <hook-1@example.org>\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\nT\xfd y llwydni.\r\n"
)


@pytest.fixture(autouse=True)
def _secret(settings):
    settings.WEBHOOK_SECRET = SECRET


@pytest.fixture
def box():
    return MailboxFactory(address=ADDRESS, source="webhook", has_plus_addresses=True)


def call(client, provider, body, *, secret=SECRET, kind="application/json", **more):
    proof = {"HTTP_AUTHORIZATION": f"Basic {base64.b64encode(secret.encode()).decode()}"} if secret else {}
    return client.post(reverse("provider_mail", args=[provider]), body, content_type=kind, **proof, **more)


def postmark(**changed):
    said = {
        "OriginalRecipient": ADDRESS,
        "MessageID": "postmark-1",
        "Headers": [{"Name": "Return-Path", "Value": "<rhian@example.org>"}],
        "RawEmail": RAW.decode("latin-1").replace("\r\n", "\n"),
    }
    return json.dumps({name: value for name, value in (said | changed).items() if value is not None})


def mailjet(**changed):
    said = {
        "Sender": "rhian@example.org",
        "Recipient": ADDRESS,
        "Headers": {
            "From": ["Rhian Evans <rhian@example.org>"],
            "To": ["Office <office@glanmor.example.org>"],
            "Subject": "Damp in flat",
            "Message-ID": "<hook-1@example.org>",
        },
        "Parts": [{"Headers": {"Content-Type": 'image/png; name="x.png"'}, "ContentRef": "Attachment1"}],
        "Text-part": "Tŷ y llwydni.",
        "Attachment1": base64.b64encode(b"\x89PNG\r\n\x1a\nnot much").decode(),
    }
    return json.dumps(said | changed)


def sendgrid(raw=RAW, to=(ADDRESS,), **fields):
    """A call of the form "Send raw": (body, content type)."""
    envelope = json.dumps({"to": list(to), "from": "rhian@example.org"}).encode()
    given = {"email": raw, "envelope": envelope, **fields}
    parts = [
        b'--edge\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value)
        for name, value in given.items()
        if value is not None
    ]
    return b"".join(parts) + b"--edge--\r\n", "multipart/form-data; boundary=edge"


def the_message():
    incoming.read_everything()
    return Message.objects.get()


def test_what_postmark_gives_raw_becomes_a_message(client, box):
    answer = call(client, "postmark", postmark())

    assert (answer.status_code, answer.content) == (200, b"taken")
    delivery = Delivery.objects.get()
    assert (delivery.mailbox, delivery.via, delivery.envelope_from) == (box, "webhook", "rhian@example.org")
    assert b"Subject: Damp in flat\n" in keeping.bytes_of(delivery.raw)
    message = the_message()
    assert (message.subject, message.from_address) == ("Damp in flat", "rhian@example.org")


def test_what_postmark_gives_in_pieces_becomes_a_message_too(client, box):
    person = {"Name": "Rhian Evans", "Email": "rhian@example.org"}
    pieces = {"FromFull": person, "ToFull": [{"Name": "", "Email": ADDRESS}], "TextBody": "Tŷ y llwydni."}
    file = {"Name": "plan.txt", "ContentType": "text/plain", "Content": base64.b64encode(b"a plan").decode()}

    assert call(client, "postmark", postmark(RawEmail=None, Attachments=[file], **pieces)).status_code == 200

    message = the_message()
    assert (message.from_address, message.text.strip()) == ("rhian@example.org", "Tŷ y llwydni.")
    assert [part.name for part in message.attachments.all()] == ["plan.txt"]


def test_the_bytes_that_sendgrid_gives_raw_are_kept_as_they_are(client, box):
    body, kind = sendgrid()

    assert call(client, "sendgrid", body, kind=kind).status_code == 200

    assert keeping.bytes_of(RawMail.objects.get()) == RAW
    assert the_message().text.strip() == "Tý y llwydni."


def test_what_sendgrid_gives_in_fields_becomes_a_message_too(client, box):
    headers = (
        b"From: Rhian <rhian@example.org>\nTo: office@glanmor.example.org\nSubject: Damp\nMessage-ID: <f@x.example>"
    )
    body, kind = sendgrid(raw=None, headers=headers, text="Tŷ y llwydni.".encode())

    assert call(client, "sendgrid", body, kind=kind).status_code == 200

    message = the_message()
    assert (message.subject, message.text.strip()) == ("Damp", "Tŷ y llwydni.")


def test_mailjet_brings_words_and_files(client, box):
    assert call(client, "mailjet", mailjet()).status_code == 200

    message = the_message()
    assert (message.subject, message.from_address, message.text.strip()) == (
        "Damp in flat",
        "rhian@example.org",
        "Tŷ y llwydni.",
    )
    assert [part.name for part in message.attachments.all()] == ["x.png"]


@pytest.mark.parametrize("provider", hooks.PROVIDERS)
def test_the_same_mail_posted_twice_is_one_message(client, box, provider):
    body, kind = {"postmark": (postmark(), None), "mailjet": (mailjet(), None), "sendgrid": sendgrid()}[provider]

    for _time in range(2):
        assert call(client, provider, body, kind=kind or "application/json").status_code == 200
        incoming.read_everything()

    assert Message.objects.count() == 1
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["doubled", "read"]


@pytest.mark.parametrize("provider", hooks.PROVIDERS)
@pytest.mark.parametrize("secret", ["", "provider:a-long-enough-secreT", "provider:", "other:a-long-enough-secret"])
def test_without_the_secret_nothing_is_looked_at(client, box, provider, secret):
    answer = call(client, provider, b"{ not even JSON", secret=secret)

    # 401 and not 403: the provider tries again when the setting is right.
    assert answer.status_code == 401
    assert not RawMail.objects.exists()


def test_without_a_secret_set_there_is_no_webhook(client, box, settings):
    settings.WEBHOOK_SECRET = ""
    assert call(client, "postmark", postmark()).status_code == 404
    assert call(client, "postmark", postmark(), secret="").status_code == 404


def test_there_is_no_webhook_of_a_provider_that_cannot_prove_itself(client, box):
    assert call(client, "mailgun", postmark()).status_code == 404


@pytest.mark.parametrize(
    ("provider", "body"),
    [
        ("postmark", postmark(OriginalRecipient="somebody@else.example.org", RawEmail="To: x@y.example\n\nHello")),
        ("mailjet", mailjet(Recipient="somebody@else.example.org", Headers={"To": "x@y.example"})),
    ],
)
def test_mail_for_an_address_that_is_nobodys_is_not_taken(client, box, provider, body):
    assert call(client, provider, body).status_code == 404
    assert not RawMail.objects.exists()


def test_mail_for_a_mailbox_that_is_fetched_does_not_come_in_by_webhook(client):
    MailboxFactory(address=ADDRESS, source="imap")
    assert call(client, "postmark", postmark()).status_code == 404


def test_mail_to_two_mailboxes_comes_to_both(client, box):
    other = MailboxFactory(address="surgery@glanmor.example.org", source="webhook", office=box.office)
    body, kind = sendgrid(
        to=[ADDRESS, "stranger@example.net", other.address, f"OFFICE+1@{ADDRESS.partition('@')[2]}"]
    )

    assert call(client, "sendgrid", body, kind=kind).status_code == 200

    assert sorted(one.mailbox.address for one in Delivery.objects.all()) == [ADDRESS, other.address]
    assert RawMail.objects.count() == 1


def test_a_mail_larger_than_pages_may_send_is_taken_whole(client, box, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    large = RAW + b"long line\r\n" * 1_000
    body, kind = sendgrid(raw=large)

    assert call(client, "sendgrid", body, kind=kind).status_code == 200
    assert keeping.bytes_of(RawMail.objects.get()) == large
    assert call(client, "mailjet", mailjet(**{"Text-part": "long line\n" * 1_000})).status_code == 200


def test_a_mail_larger_than_the_mailbox_takes_is_noted_with_its_beginning(client, box):
    box.max_bytes = 200
    box.save()

    assert call(client, "postmark", postmark()).status_code == 200

    delivery = Delivery.objects.get()
    assert delivery.state == "refused"
    assert list(Delivery.objects.in_quarantine()) == [delivery]


def test_a_call_that_says_it_is_larger_than_any_mail_is_not_read(client, box, monkeypatch):
    monkeypatch.setattr(hooks, "MOST_BYTES", 100)
    assert call(client, "postmark", postmark()).status_code == 413
    assert not RawMail.objects.exists()


@pytest.mark.parametrize(
    ("provider", "body", "kind"),
    [
        ("postmark", b"{", "application/json"),
        ("postmark", b"[]", "application/json"),
        ("postmark", b'"x"', "application/json"),
        ("postmark", b'{"Headers": [{}]}', "application/json"),
        ("postmark", b"\xff\xfe", "application/json"),
        ("postmark", b'{"RecordType": "Bounce"}', "application/json"),
        ("mailjet", b"null", "application/json"),
        ("mailjet", b'{"Parts": [{"ContentRef": "Attachment1"}]}', "application/json"),
        ("sendgrid", b"{}", "application/json"),
        ("sendgrid", b"", "multipart/form-data; boundary=edge"),
        ("sendgrid", *sendgrid(envelope=b"[")),
        ("sendgrid", *sendgrid(envelope=b"[]")),
    ],
)
def test_what_is_no_mail_gets_an_answer_and_breaks_nothing(client, box, provider, body, kind):
    assert call(client, provider, body, kind=kind).status_code == 400
    assert not RawMail.objects.exists()


def test_the_answer_comes_only_after_the_bytes_are_safe(client, box, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(hooks.keeping, "keep", full)
    client.raise_request_exception = False
    assert call(client, "postmark", postmark()).status_code == 500
    assert not RawMail.objects.exists()


def test_nothing_is_taken_in_by_another_method(client, box):
    assert client.get(reverse("provider_mail", args=["postmark"])).status_code == 405
