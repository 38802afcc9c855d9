"""What is not for this office goes on to whom it concerns: one act, one way back, and nothing but what was ticked."""

import email
from datetime import timedelta
from email import policy
from email.message import EmailMessage

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wardbook.accounts.factories import UserFactory
from wardbook.cases.factories import MONDAY
from wardbook.contacts.factories import AgencyFactory, ContactFactory
from wardbook.correspondence import events, mime_out, tokens
from wardbook.correspondence.actions import enclosing, filing, forwarding
from wardbook.correspondence.actions.forwarding import NeedsConfirming
from wardbook.correspondence.actions.guarding import Reason
from wardbook.correspondence.factories import MessageFactory
from wardbook.correspondence.models import Message
from wardbook.correspondence.recipients import Recipient
from wardbook.correspondence.tests.outbox import Post
from wardbook.correspondence.tests.sink import Sink
from wardbook.journal.actions import take_back
from wardbook.journal.models import Event, Undo
from wardbook.lib.rules import RuleBroken
from wardbook.offices import access

pytestmark = pytest.mark.django_db

COUNCIL = "roads@council.example"


class Desk:
    """An office that got a mail about a road that is the council's."""

    def __init__(self):
        self.post = Post()
        self.office, self.anna = self.post.office, self.post.anna
        self.council = AgencyFactory(office=self.office, organisation_name="County Roads", emails=[COUNCIL])
        self.written = tokens.token_for(4711)
        self.mail = MessageFactory(
            office=self.office,
            mailbox=self.post.mailbox,
            from_name="Rhian Evans",
            from_address="rhian@home.example",
            subject="Hole in the road",
            text=f"There is a hole.\nI wrote to office+{self.written}@office.example too.",
            signature="Rhian, 14 Mill Lane",
            quoted="> CANARY what somebody else wrote",
        )
        self.file("hole.txt", b"a deep hole")

    def file(self, name, content):
        kept = enclosing.enclosures(office=self.office, case=None, uploads=[SimpleUploadedFile(name, content)])
        enclosing.enclose(self.mail, kept)

    def forward(self, *addresses, **given):
        values = {
            "identity": self.post.identity,
            "to": [Recipient("", one) for one in addresses or [COUNCIL]],
            "subject": "Fwd: Hole in the road",
            "body": "We think that this is yours.",
            "attachments": list(self.mail.attachments.all()),
        }
        return forwarding.forward(self.mail, by=self.anna, at=MONDAY, **values | given)


@pytest.fixture
def desk(settings, tmp_path):
    settings.OUTBOX = tmp_path / "outbox"
    settings.MEDIA_ROOT = tmp_path / "media"
    return Desk()


def mail_of(message):
    return email.message_from_bytes(mime_out.build(message).data, policy=policy.default)


def test_it_is_dismissed_and_held_and_one_undo_takes_both_back(desk):
    (sent,) = desk.forward(told="We passed it on to {to}.")

    desk.mail.refresh_from_db()
    assert (desk.mail.state, desk.mail.dismissed_as) == ("dismissed", "not-ours")
    assert (sent.state, sent.case, sent.contact) == ("held", None, desk.council)
    told = Message.objects.get(answers=desk.mail)
    assert told.text == f"We passed it on to {sent.addresses.get()}."
    assert [one.address for one in told.addresses.all()] == ["rhian@home.example"]
    facts = Event.objects.get(name=events.MESSAGE_FORWARDED).facts
    assert facts == {"messages": [sent.pk], "text": True, "files": 1, "told": told.pk}
    assert forwarding.forwarded(desk.mail) == [sent]

    take_back(Undo.objects.get(), by=desk.anna, at=MONDAY)

    assert set(Message.objects.filter(direction="out").values_list("state", flat=True)) == {"stopped"}
    desk.mail.refresh_from_db()
    assert (desk.mail.state, desk.mail.dismissed_as) == ("waiting", "")
    assert forwarding.forwarded(desk.mail) == []


def test_back_in_the_inbox_it_is_not_forwarded(desk):
    desk.forward(told="We passed it on to {to}.")
    after = MONDAY + timedelta(hours=3)  # the server did not answer, so that they still wait; Undo is over

    stopped = forwarding.return_to_inbox(desk.mail, by=UserFactory(), at=after)

    assert sorted(one.pk for one in stopped) == sorted(Message.objects.outgoing().values_list("pk", flat=True))
    assert set(Message.objects.outgoing().values_list("state", flat=True)) == {"stopped"}
    desk.mail.refresh_from_db()
    assert desk.mail.state == "waiting"
    assert not Undo.objects.filter(at=after).exists()


def test_back_in_the_inbox_what_has_gone_has_gone_with_all_of_it(desk):
    (sent,) = desk.forward(told="We passed it on to {to}.")
    Message.objects.filter(pk=sent.pk).update(state="sent")

    assert forwarding.return_to_inbox(desk.mail, by=desk.anna, at=MONDAY) == []

    assert sorted(Message.objects.outgoing().values_list("state", flat=True)) == ["held", "sent"]
    desk.mail.refresh_from_db()
    assert desk.mail.state == "waiting"
    assert Undo.objects.filter(label="Message put back into the Inbox").exists()


def test_once_it_has_gone_nothing_is_taken_back(desk, settings):
    desk.forward()
    with Sink().uses(settings):
        desk.post.post()
    with pytest.raises(RuleBroken):
        take_back(Undo.objects.get(), by=desk.anna, at=MONDAY + timedelta(minutes=5))
    desk.mail.refresh_from_db()
    assert desk.mail.state == "dismissed"


def test_what_leaves_is_what_was_ticked_and_names_no_thread(desk, settings):
    desk.mail.known_identifiers.create(office=desk.office, identifier=f"{desk.written}@office.example")
    desk.forward(COUNCIL, "second@council.example", confirmed={"outsider:second@council.example"})
    with Sink().uses(settings) as sink:
        while desk.post.post():
            pass

    assert sorted(to for _sender, (to,), _raw in sink.mails) == [COUNCIL, "second@council.example"]
    for _sender, to, raw in sink.mails:
        mail = email.message_from_bytes(raw, policy=policy.default)
        text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
        assert [one.addr_spec for one in mail["To"].addresses] == to
        assert (mail["Bcc"], mail["Cc"], mail["In-Reply-To"], mail["References"]) == (None, None, None, None)
        assert mail["Auto-Submitted"] is None
        assert "Rhian Evans <rhian@home.example> wrote:\n> There is a hole." in text
        assert "> I wrote to office@office.example too." in text
        assert "> Rhian, 14 Mill Lane" in text
        assert [part.get_filename() for part in mail.iter_attachments()] == ["hole.txt"]
        whole = "\n".join(part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")
        assert "CANARY" not in whole
        assert desk.written not in raw.decode() + whole


def test_without_ticks_only_our_words_leave(desk):
    (sent,) = desk.forward(with_text=False, attachments=[])
    mail = mail_of(sent)
    assert "hole." not in mail.get_body(("plain",)).get_content()
    assert list(mail.iter_attachments()) == []


def test_a_reader_who_is_no_known_organisation_is_asked_about(desk):
    ContactFactory(office=desk.office, emails=["tom@home.example"])
    with pytest.raises(NeedsConfirming) as asked:
        desk.forward("tom@home.example")
    (reason,) = asked.value.reasons
    assert isinstance(reason, Reason)
    assert reason.key == "outsider:tom@home.example"
    desk.mail.refresh_from_db()
    assert desk.mail.state == "waiting"
    assert not Message.objects.outgoing().exists()
    desk.forward("tom@home.example", confirmed={reason.key})


@pytest.mark.parametrize(
    ("to", "given", "said"),
    [
        ("rhian@home.example", {}, "where it came from"),
        ("silent@council.example", {}, "does not want email"),
        ("", {}, "to which address"),
        (COUNCIL, {"subject": ""}, "Write a subject"),
    ],
)
def test_what_is_refused_leaves_the_message_where_it_was(desk, to, given, said):
    AgencyFactory(office=desk.office, emails=["silent@council.example"], do_not_email=True)
    with pytest.raises(RuleBroken, match=said):
        desk.forward(to, **given) if to else desk.forward(to=[Recipient("", "")])
    desk.mail.refresh_from_db()
    assert desk.mail.state == "waiting"
    assert not Event.objects.filter(name=events.MESSAGE_DISMISSED).exists()


def test_files_of_another_message_and_mail_that_holds_our_names_stay_here(desk):
    other = Desk.__new__(Desk)
    other.office, other.mail = desk.office, MessageFactory(office=desk.office)
    other.file("theirs.txt", b"x")
    with pytest.raises(RuleBroken, match="not a file of this message"):
        desk.forward(attachments=list(other.mail.attachments.all()))
    desk.file("mail.txt", f"Reply-To: office+{desk.written}@office.example".encode())
    with pytest.raises(RuleBroken, match="an email of ours"):
        desk.forward()


@pytest.mark.parametrize("transfer", ["base64", "quoted-printable"])
def test_our_names_are_found_in_what_a_mail_within_the_mail_encodes(desk, transfer):
    within = EmailMessage()
    within["Subject"] = "Your roof"
    within.set_content(f"{42 * '-'} office+{desk.written}@office.example", cte=transfer)
    assert desk.written.encode() not in within.as_bytes()
    desk.file("ours.eml", within.as_bytes())
    desk.mail.attachments.update(media_type="message/rfc822")
    with pytest.raises(RuleBroken, match="an email of ours"):
        desk.forward()


def test_whoever_is_second_is_told_and_sends_nothing(desk):
    filing.dismiss(desk.mail, reason="spam", by=desk.anna, at=MONDAY)
    with pytest.raises(RuleBroken, match="needs no answer"):
        desk.forward()
    desk.forward(dismisses=False)
    with pytest.raises(NeedsConfirming, match="forwarded this to"):
        desk.forward(dismisses=False)
    desk.mail.refresh_from_db()
    assert desk.mail.dismissed_as == "spam"


@pytest.mark.parametrize(
    "changed",
    [
        {"from_address": "noreply@shop.example"},
        {"warnings": ["unverified"]},
        {"auto_kind": "reply"},
        {"medium": "letter", "from_address": ""},
    ],
)
def test_nobody_is_told_at_an_address_that_is_doubted(desk, changed):
    for name, value in changed.items():
        setattr(desk.mail, name, value)
    assert not forwarding.can_tell(desk.mail)


def test_whoever_may_decide_in_the_inbox_may_write():
    """Else the one right that the page asks for would not be enough."""
    assert set(access.roles_with("inbox.file")) <= set(access.roles_with("correspondence.write"))
