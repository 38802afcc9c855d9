"""What is in the bytes that leave: nothing that was not meant to, in any header (C1–C5, C7, D10)."""

import email
import random
import re
from email import policy

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wardbook.cases import actions as case_actions
from wardbook.cases.factories import MONDAY, ActivityFactory, CaseFactory, CaseNoteFactory, InternalNoteFactory
from wardbook.contacts.factories import ContactNoteFactory
from wardbook.correspondence import mime_out
from wardbook.correspondence.actions import composing
from wardbook.correspondence.actions.composing import NeedsConfirming, Recipient
from wardbook.correspondence.factories import MessageFactory
from wardbook.correspondence.models import Attachment, Dispatch, Message
from wardbook.correspondence.tests.outbox import Post
from wardbook.correspondence.tests.sink import Sink
from wardbook.lib.rules import RuleBroken

pytestmark = pytest.mark.django_db

OURS = {"From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References"}
OURS |= {"Content-Language", "Content-Type", "MIME-Version", "Content-Transfer-Encoding"}


@pytest.fixture
def post(settings, tmp_path):
    settings.OUTBOX = tmp_path / "outbox"
    return Post()


def mail_of(message):
    return email.message_from_bytes(mime_out.build(message).data, policy=policy.default)


def texts_of(raw):
    """Everything readable in a mail: the bytes as they are, and each header, text and file decoded."""
    mail = email.message_from_bytes(raw, policy=policy.default)
    found = [raw.decode("utf-8", "replace"), *(str(value) for value in mail.values())]
    for part in mail.walk():
        if not part.is_multipart():
            found.append((part.get_payload(decode=True) or b"").decode("utf-8", "replace"))
            found.append(part.get_filename() or "")
    return "\n".join(found)


def test_a_mail_is_plain_text_and_the_same_words_as_html(post):
    message = post.write(
        body="Dear Mrs Evans,\n\nSee https://council.example/damp & <wait>.", subject="Damp ŵ in flat"
    )
    mail = mail_of(message)

    assert mail["Subject"] == f"Damp ŵ in flat [Case {post.case.reference}]"
    assert mail["Message-ID"] == f"<{message.identifier}>"
    assert mail["From"].addresses[0].addr_spec == post.identity.address
    assert (mail["Bcc"], mail["Auto-Submitted"]) == (None, None)
    assert "<wait>" in mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert "&lt;wait&gt;" in html
    assert "<img" not in html
    assert 'href="https://council.example/damp"' in html


def test_each_try_has_the_same_bytes(post):
    message = post.write(files=[SimpleUploadedFile("a.txt", b"a" * 5000)])
    assert mime_out.build(message).data == mime_out.build(Message.objects.get()).data


def test_no_line_is_longer_than_servers_take(post):
    message = post.write(body="x" * 50_000 + "\nŵ" * 2000, subject="s" * 200)
    data = mime_out.build(message).data
    assert max(len(line) for line in data.split(b"\r\n")) <= 998
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert data.isascii()


def test_answers_come_to_an_address_of_their_own_and_carry_the_thread(post):
    post.mailbox.has_plus_addresses = True
    post.mailbox.save()
    mail = MessageFactory(office=post.office, case=post.case, from_address="rhian@home.example")
    answer = post.write(in_answer_to=mail)

    sent = mail_of(answer)
    assert answer.reply_to in sent["Reply-To"]
    assert mime_out.build(answer).sender == answer.reply_to
    assert sent["In-Reply-To"] == f"<{mail.identifier}>"
    assert sent["References"] == f"<{mail.identifier}>"


def test_an_automatic_answer_says_so(post):
    mail = MessageFactory(office=post.office, mailbox=post.mailbox)
    answer = composing.queue_automatic(
        post.mailbox, to=Recipient("", "rhian@home.example"), subject="s", body="b", in_answer_to=mail, at=MONDAY
    )
    sent = mail_of(answer)
    assert sent["Auto-Submitted"] == "auto-replied"
    assert sent["X-Auto-Response-Suppress"] == "All"


EVIL = ["\r", "\n", "\r\n", "%0d%0a", "\u2028", "\u2029", "\x00", "\x0b", "\x0c", "\x85", "\x1b", "\u202e", "\ud800"]
EVIL += [
    "\r\n ",
    "\n\t",
    ",",
    ";",
    "<",
    ">",
    '"',
    "\\",
    "=?utf-8?q?=0d=0aBcc:_x?=",
    "a" * 1000,
    "ŵ" * 400,
    "@",
    "(",
    ")",
    ":",
]
LINES = [
    "Bcc: thief@evil.example",
    "RCPT TO:<thief@evil.example>",
    "DATA",
    ".",
    "To: thief@evil.example",
    "<thief@evil.example>",
]


def generated(number):
    chance = random.Random(number)
    parts = [
        "Rhian",
        *(chance.choice(EVIL) + chance.choice(["", " ", chance.choice(LINES)]) for _ in range(chance.randint(1, 5))),
    ]
    chance.shuffle(parts)
    return "".join(parts)


@pytest.mark.any_engine
def test_nothing_in_a_subject_name_address_or_filename_becomes_a_header_or_a_recipient(post, settings):
    """C5, 1,000 generated values: each is refused in a sentence, or goes out as words."""
    written = refused = 0
    for number in range(1000):
        value, place = generated(number), number % 4
        given = {"case": None, "subject": "Damp", "to": [Recipient("Rhian", "rhian@home.example")]}
        if place == 0:
            given["subject"] = value
        elif place == 1:
            given["to"] = [Recipient(value, "rhian@home.example")]
        elif place == 2:
            given["to"] = [Recipient("", value + "@home.example" if number % 8 < 4 else value)]
        else:
            given["files"] = [SimpleUploadedFile("x.txt", b"content")]
            given["files"][0]._name = value
        try:
            post.write(**given)
            written += 1
        except (RuleBroken, NeedsConfirming):
            refused += 1
    assert written > 600
    assert refused > 100
    own = set(Message.objects.values_list("addresses__address", flat=True))
    with Sink().uses(settings) as sink:
        Dispatch.objects.update(turn_at=MONDAY)
        while post.post():
            pass
    assert len(sink.mails) == written
    for _sender, to, raw in sink.mails:
        assert len(to) == 1
        assert to[0] in own
        assert "evil.example" not in to[0].rpartition("@")[2]
        mail = email.message_from_bytes(raw, policy=policy.default)
        assert set(mail.keys()) <= OURS
        assert [str(one.addr_spec) for one in mail["To"].addresses] == to
        assert not any(part.defects for part in mail.walk())
        for part in mail.iter_attachments():
            assert part.get_content() in ("content", b"content")
            assert not re.search(r"[\x00-\x1f/\\\u202e]", part.get_filename() or "")


@pytest.mark.parametrize(
    "name", ['Evans, "Rhian" \\ <x@y.example>', "O'Brien; Jr.", "Siân Llŷr-Évans ap Ŵyn", "=?utf-8?q?x?=", "a" * 190]
)
def test_a_name_is_read_back_as_it_was_written(post, name):
    message = post.write(case=None, to=[Recipient(name, "rhian@home.example")])
    (read,) = mail_of(message)["To"].addresses
    assert read.display_name == name.strip()
    assert read.addr_spec == "rhian@home.example"


def test_a_sender_with_markup_in_the_name_stays_words(post):
    post.identity.name, post.identity.signature = "<b>Office</b>", "<script>alert(1)</script>"
    post.identity.save()
    html = mail_of(post.write()).get_body(("html",)).get_content()
    assert "<script" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.any_engine
def test_five_hundred_people_get_a_mail_each_with_no_other_address_in_it(post, settings):
    """C4, ten at a time as the composer does it."""
    everybody = [f"person{number}@home.example" for number in range(500)]
    for start in range(0, 500, 50):
        post.write(*everybody[start : start + 50], case=None)
    with Sink().uses(settings) as sink:
        while post.post():
            pass
    assert sorted(to[0] for _sender, to, _raw in sink.mails) == sorted(everybody)
    assert len(set(sink.identifiers)) == 500
    for _sender, (to,), raw in sink.mails:
        assert set(re.findall(r"person\d+@home.example", texts_of(raw))) == {to}
        assert "Bcc" not in email.message_from_bytes(raw)


def test_what_is_internal_never_leaves(post, settings, mailoutbox):
    """C1, C7: a canary in every internal field; every byte of every way out is searched, decoded."""
    office, anna, case, rhian = post.office, post.anna, post.case, post.rhian
    for field in ("notes", "deadline_reason", "outcome_note"):
        setattr(case, field, f"CANARY case {field}")
    case.save()
    for field in ("warning", "warning_reason", "needs", "safe_contact", "flags_source", "casework_hotline"):
        setattr(rhian, field, f"CANARY contact {field}")
    rhian.save()
    ContactNoteFactory(contact=rhian, description="CANARY contact note", text="CANARY contact note text")
    note = InternalNoteFactory(case=case, text="CANARY note", by=anna)
    case_actions.add_documents(note, [SimpleUploadedFile("CANARY.txt", b"CANARY file")], by=anna, at=MONDAY)
    CaseNoteFactory(case=case, text="CANARY case note")
    ActivityFactory(case=case, subject="CANARY call", details="CANARY details", outcome="CANARY outcome")
    hidden = CaseFactory(office=office, is_restricted=True, description="CANARY restricted", constituent=rhian)
    MessageFactory(office=office, case=hidden, text="CANARY mail of a restricted case", from_address="x@home.example")
    council = MessageFactory(
        office=office,
        case=case,
        from_address="housing@council.example",
        subject="CANARY subject",
        text="CANARY agency mail",
    )
    hers = MessageFactory(
        office=office, case=case, from_address="rhian@home.example", text="My flat is damp.", quoted="CANARY quoted"
    )
    post.write(in_answer_to=hers, quotes=True)
    post.write(in_answer_to=council, quotes=True)
    post.write("tom@home.example", in_answer_to=hers, quotes=True)
    post.write("rhian@home.example", cc=["tom@home.example"], in_answer_to=hers, quotes=True)
    composing.queue_automatic(
        post.mailbox,
        to=Recipient("", "rhian@home.example"),
        subject="Here",
        body="Thanks",
        in_answer_to=hers,
        at=MONDAY,
    )
    with pytest.raises(RuleBroken):
        post.write(documents=list(case.documents.filter(internal_note=note)))

    with Sink(on_data=lambda envelope: "550 no" if "tom@home.example" in envelope.rcpt_tos else None).uses(
        settings
    ) as sink:
        while post.post():
            pass

    assert len(sink.mails) == 3
    everything = [texts_of(raw) for _sender, _to, raw in sink.mails]
    assert any("> My flat is damp." in text for text in everything)
    everything += [f"{one.subject}{one.body}" for one in mailoutbox]
    assert [text for text in everything if "CANARY" in text] == []
    assert not Attachment.objects.filter(name__contains="CANARY").exists()


def test_nothing_that_composes_or_sends_knows_notes():
    """C1: there is no way from a note to a message, because nothing there can name one."""
    import ast
    from pathlib import Path

    room = Path(mime_out.__file__).parent
    names = ["mime_out", "posting", "recipients", "writing", "filling", "transports/smtp"]
    names += [f"actions/{name}" for name in ("composing", "guarding", "enclosing", "sending", "failing", "bouncing")]
    names += ["forwarding_words", "actions/forwarding"]
    for name in names:
        tree = ast.parse((room / f"{name}.py").read_text())
        imported = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom | ast.Import)
            for alias in node.names
        }
        assert not imported & {"InternalNote", "CaseNote", "ContactNote", "notes"}, name
        attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not attributes & {"internal_note", "internal_notes", "case_notes", "notes"}, name
