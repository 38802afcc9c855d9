"""C1–C3, C7, K6: secrets are planted in everything that is internal, every way out is used, every byte is searched.

What a case says to the world (replies, acknowledgements, bulk replies, letters) and what an account says to its owner
(invitations, passwords, addresses, second steps). Bytes are searched as they are, and decoded part by part.
"""

import ast
import base64
import email.message
import quopri
import re
import time
from email import policy
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

import wardbook
from wardbook.accounts import tasks as account_tasks
from wardbook.accounts.factories import PASSWORD
from wardbook.cases import actions as case_actions
from wardbook.cases.factories import (
    MONDAY,
    ActivityFactory,
    CaseFactory,
    CaseNoteFactory,
    FollowUpFactory,
    InternalNoteFactory,
)
from wardbook.contacts.factories import ContactNoteFactory
from wardbook.correspondence import lettering, sealing
from wardbook.correspondence.actions import bulk, campaigns, letters
from wardbook.correspondence.factories import MessageFactory
from wardbook.correspondence.letterpress import press
from wardbook.correspondence.models import Dispatch, Message
from wardbook.correspondence.tests import incoming
from wardbook.correspondence.tests.alike_mails import proposed
from wardbook.correspondence.tests.outbox import Post
from wardbook.correspondence.tests.sink import Sink
from wardbook.offices import actions as office_actions
from wardbook.offices import tasks as office_tasks
from wardbook.vocabulary import actions as vocabulary_actions

pytestmark = pytest.mark.django_db

SECRET = "zyxCANARYxyz"
SEALED = "zyxSEALEDxyz"
NEW = "brass otter pavement nine"


def decoded(raw):
    """Everything readable in bytes that leave: as they are, and each header, text and file decoded."""
    parts = [raw, quopri.decodestring(raw)]
    message = email.message_from_bytes(raw, policy=policy.default)
    parts += [f"{name}: {value}".encode() for name, value in message.items()]
    for part in message.walk():
        if not part.is_multipart():
            parts.append(part.get_payload(decode=True) or b"")
            parts.append((part.get_filename() or "").encode())
    return b"\n".join(parts)


def found(raw, *secrets):
    """Which of the secrets are in there, also as base64 at each of its three turns, and as hex."""
    text, missing = decoded(raw), []
    for secret in secrets:
        plain = secret.encode()
        turned = [base64.b64encode(b"\0" * turn + plain)[turn + 1 : -4] for turn in range(3)]
        if any(form in text for form in (plain, plain.hex().encode(), *turned)):
            missing.append(secret)
    return missing


def test_the_search_finds_a_secret_however_it_is_wrapped():
    """Else the searches below would find nothing because nothing can be found."""
    for wrapped in ("body", "header", "file", "name"):
        one = email.message.EmailMessage()
        one["Subject"] = f"Ŵ {SECRET}" if wrapped == "header" else "Damp"
        one.set_content(f"ŵ {SECRET if wrapped == 'body' else ''}", cte="base64")
        content = base64.b64encode(SECRET.encode()) if wrapped == "file" else b"x"
        one.add_attachment(content, "application", "pdf", filename=f"ŵ{SECRET if wrapped == 'name' else ''}.pdf")
        assert found(one.as_bytes(), SECRET) == [SECRET], wrapped


@pytest.fixture
def post(settings, tmp_path):
    settings.OUTBOX = tmp_path / "outbox"
    return Post()


def planted(post):
    """A canary in every internal field of a case, of its person, of its office; a sealed one in the mailbox."""
    case, rhian, anna, office = post.case, post.rhian, post.anna, post.office
    for field in ("notes", "deadline_reason", "outcome_note"):
        setattr(case, field, f"{SECRET} {field}")
    case.save()
    for field in ("warning", "warning_reason", "needs", "safe_contact", "flags_source", "casework_hotline"):
        setattr(rhian, field, f"{SECRET} {field}")
    rhian.save()
    ContactNoteFactory(contact=rhian, description=SECRET, text=SECRET)
    note = InternalNoteFactory(case=case, text=SECRET, by=anna)
    case_actions.add_documents(note, [SimpleUploadedFile(f"{SECRET}.txt", SECRET.encode())], by=anna, at=MONDAY)
    CaseNoteFactory(case=case, text=SECRET)
    ActivityFactory(case=case, subject=SECRET, details=SECRET, outcome=SECRET)
    FollowUpFactory(case=case, subject=SECRET, details=SECRET)
    case_actions.set_tags(
        case, [vocabulary_actions.find_or_add_tag(office, SECRET, by=anna, at=MONDAY)], by=anna, at=MONDAY
    )
    case_actions.keep_draft(
        office, scope="case-1-email", body={"body": SECRET}, case=case, by=anna, at=MONDAY, seen=0
    )
    hidden = CaseFactory(office=office, is_restricted=True, description=SECRET, constituent=rhian)
    MessageFactory(office=office, case=hidden, text=SECRET, subject=SECRET, from_address="x@home.example")
    MessageFactory(office=office, case=case, text=SECRET, subject=SECRET, from_address="housing@council.example")
    post.mailbox.secret = sealing.seal(SEALED)
    post.mailbox.webhook_key = SEALED
    post.mailbox.save()


def test_no_way_from_a_case_to_the_world_carries_what_is_internal(post, settings, monkeypatch):
    office, anna, case = post.office, post.anna, post.case
    planted(post)
    post.mailbox.acknowledges = True
    post.mailbox.save()

    # Replies to one and to several, with what was quoted; a file of the case.
    hers = MessageFactory(
        office=office, case=case, from_address="rhian@home.example", text="My flat is damp.", quoted=SECRET
    )
    theirs = Message.objects.get(case=case, from_address="housing@council.example")
    shared = ActivityFactory(case=case, subject="Her letter")
    (paper,), _refused = case_actions.add_documents(
        shared, [SimpleUploadedFile("letter.txt", b"what she sent")], by=anna, at=MONDAY
    )
    post.write(in_answer_to=hers, quotes=True, documents=[paper])
    post.write(in_answer_to=theirs, quotes=True)
    post.write("rhian@home.example", "tom@home.example", in_answer_to=theirs, quotes=True)
    post.write("rhian@home.example", cc=["tom@home.example"], in_answer_to=hers, quotes=True)
    # The acknowledgement of a mail that is a secret itself.
    incoming.take_in(
        post.mailbox, incoming.raw(SECRET, subject=SECRET, sender=f"{SECRET} <new@home.example>"), at=MONDAY
    )
    # A bulk reply to those who wrote alike.
    vocabulary_actions.seed_lists(office, by=None, at=MONDAY)
    campaign = campaigns.accept(proposed(office, 6), by=anna, at=MONDAY)
    campaign.case.notes = SECRET
    campaign.case.save()
    campaign.refresh_from_db()
    later = bulk.write(
        campaign,
        identity=post.identity,
        subject="Pensions",
        body="Dear {person.formal_name},\nI agree.",
        by=anna,
        at=MONDAY,
        seen=campaign.version,
    ).starts_at
    bulk.go_on(clock=lambda: later)
    Dispatch.objects.update(turn_at=MONDAY)
    with Sink(on_data=lambda envelope: "550 no" if "tom@home.example" in envelope.rcpt_tos else None).uses(
        settings
    ) as sink:
        while post.post(at=later):
            pass
    ways = [raw for _sender, _to, raw in sink.mails]
    to = [address for _sender, addresses, _raw in sink.mails for address in addresses]
    assert "new@home.example" in to, "the acknowledgement"
    assert sum(address.startswith("sender") for address in to) == 6, "the bulk reply"
    assert any(b"what she sent" in decoded(raw) for raw in ways), "the file of the case"
    assert [found(raw, SECRET, SEALED, settings.SECRET_KEY) for raw in ways] == [[]] * len(ways)

    # Letters: what typst is given is all that it can print.
    printed = []
    compile_ = press.typst.compile
    monkeypatch.setattr(
        press.typst, "compile", lambda *given, **more: printed.append(repr(more)) or compile_(*given, **more)
    )
    letter = letters.write(
        office=office,
        contact=post.rhian,
        addressed_to="Mrs Evans\n14 Mill Lane",
        body="Dear Mrs Evans,\nIt is done.",
        dated_on=MONDAY.date(),
        by=anna,
        at=MONDAY,
        case=case,
    )
    pdf = lettering.pdf_of([letter, letter], office)
    assert "It is done." in "".join(printed)
    assert SECRET not in "".join(printed)
    assert found(pdf, SECRET, SEALED, settings.SECRET_KEY) == []


def code(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def run_queued():
    """What waits in the queue is done, as by the worker. Returns what the queue held."""
    held = []
    for row in DBTaskResult.objects.order_by("enqueued_at"):
        held.append(repr(row.args_kwargs))
        name = row.task_path.rpartition(".")[2]
        room = office_tasks if "offices" in row.task_path else account_tasks
        if hasattr(room, name):
            getattr(room, name).func(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])
        row.delete()
    return "\n".join(held)


@pytest.mark.django_db(transaction=True)  # allauth tells of a new step when it is committed
def test_no_mail_about_an_account_carries_more_than_its_link(post, settings, client):
    """Nor does the queue, which is a table: no link that works lies in it (K6)."""
    settings.SECOND_STEP_REQUIRED = True
    cache.clear()
    planted(post)
    anna = post.anna
    anna.set_password(PASSWORD)
    anna.save()
    EmailAddress.objects.create(user=anna, email=anna.email, primary=True, verified=True)

    office_actions.invite(
        post.office, email="new@home.example", name="Sam", role="caseworker", by=None, at=timezone.now()
    )
    client.post(reverse("account_login"), {"login": anna.email, "password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    seed = client.session["mfa.totp.secret"]
    client.post(reverse("mfa_activate_totp"), {"code": code(seed)})
    shown = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    client.post(reverse("account_reauthenticate"), {"password": NEW})
    client.post(reverse("account_email"), {"email": "anna.new@example.org", "action_add": "1"})
    client.post(reverse("mfa_deactivate_totp"))
    session = client.session.session_key
    client.logout()
    client.post(reverse("account_reset_password"), {"email": anna.email})
    queued = run_queued()

    said = {one.subject for one in mail.outbox}
    assert len(said) >= 6, said
    codes = re.findall(r"\b\d{8}\b", shown)
    secrets = [SECRET, SEALED, settings.SECRET_KEY, PASSWORD, NEW, seed, session, *codes]
    links = []
    for one in mail.outbox:
        raw = one.message().as_bytes()
        assert found(raw, *secrets) == [], one.subject
        assert one.bcc == []
        assert len(one.to) == 1
        links += re.findall(r"https?://\S+", one.body)
    # One for the invitation, one for the address, one for the new password; each from the settings.
    assert len(links) == 3, links
    assert all(link.startswith(settings.SITE_URL) for link in links)
    for link in links:
        assert link.rstrip("/").rpartition("/")[2] not in queued
    assert "http" not in queued


def test_there_is_no_other_way_out():
    """What can speak to the world is named here: a new one belongs into the searches above, if it carries words."""
    speaks = {"smtplib", "imaplib", "http.client", "urllib.request", "requests", "httpx", "aiosmtplib", "aiohttp"}
    speaks |= {"django.core.mail", "anymail.message"}
    known = {
        "accounts/tasks.py": {"django.core.mail"},  # Above: accounts.
        "offices/tasks.py": {"django.core.mail"},  # Above: invitations.
        "correspondence/transports/smtp.py": {"smtplib"},  # Above: all that a case says.
        "correspondence/transports/imap.py": {"imaplib"},  # Asks for mail and says nothing.
        "lib/fetching.py": {"http.client"},  # Asks for a picture of a mail, with its address alone.
    }
    room = Path(wardbook.__file__).parent
    told = {}
    for path in room.rglob("*.py"):
        here = path.relative_to(room).as_posix()
        if "/tests/" in f"/{here}" or here.startswith(("bench/", "demo/")):
            continue
        names = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        if names & speaks:
            told[here] = names & speaks
    assert told == known
