"""The post of Glanmor: what lies in the Inbox this morning, and what went to and fro on its cases (demo.md)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from wardbook.cases.models import Case
from wardbook.contacts.models import Contact
from wardbook.correspondence.actions import composing, keeping, mailboxes, reading, sending
from wardbook.correspondence.models import Mailbox, Message, SenderIdentity, Template
from wardbook.correspondence.recipients import Recipient
from wardbook.demo.cast import Cast
from wardbook.demo.mails import CAMPAIGN, CAMPAIGN_OWN_WORDS, INBOX, TEMPLATES, Mail
from wardbook.demo.script import Script

ADDRESS = "office@glanmor.example.org"


class Post:
    """The office's mailbox, and short ways to have mail come and go."""

    def __init__(self, script: Script, cast: Cast) -> None:
        self.script, self.cast = script, cast
        self.by, self.at = cast["Mared"], script.office.created_at
        # Handed over, not fetched: the demo speaks with no server.
        self.box: Mailbox = mailboxes.add_mailbox(
            cast.office,
            name="Office of the Member for Glanmor",
            address=ADDRESS,
            source=Mailbox.Source.PIPE,
            language="en-gb",
            by=self.by,
            at=self.at,
        )
        self.identity = SenderIdentity.objects.get(office=cast.office)
        self._count = 0
        mailboxes.change_post_rules(
            cast.office,
            letterhead="Eleri Vaughan, Member for Glanmor\n2 Castle Square, Glanmor GM2 1AA\n01632 960 000",
            letters_need_signature=True,
            by=self.by,
            at=self.at,
        )
        for position, (kind, name, language, subject, body) in enumerate(TEMPLATES):
            Template.objects.create(
                office=cast.office,
                kind=kind,
                name=name,
                language=language,
                subject=subject,
                body=body,
                position=position,
                changed_at=self.at,
                changed_by=self.by,
            )

    def comes(self, mail: Mail, at: datetime, *, answers: Message | None = None) -> Message | None:
        """A mail arrives, is kept and read as any other."""
        self._count += 1
        raw = EmailMessage()
        raw["From"] = f"{mail.name} <{mail.address}>" if mail.name else mail.address
        raw["To"] = ADDRESS
        raw["Subject"] = mail.subject
        raw["Date"] = format_datetime(at)
        raw["Message-ID"] = f"<{self._count}.{int(at.timestamp())}@{mail.address.rpartition('@')[2]}>"
        for name, value in mail.headers:
            raw[name] = value
        if answers is not None:
            raw["In-Reply-To"] = f"<{answers.identifier}>"
        raw.set_content(mail.text)
        if mail.html:
            raw.add_alternative(mail.html, subtype="html")
        for name, kind, content in mail.files:
            main, _slash, sub = kind.partition("/")
            raw.add_attachment(content, maintype=main, subtype=sub, filename=name)
        if mail.calendar:
            raw.add_attachment(mail.calendar.encode(), maintype="text", subtype="calendar", filename="invitation.ics")
        delivery = keeping.keep(self.box, raw.as_bytes(), at=at, via=Mailbox.Source.PIPE, envelope_from=mail.address)
        reading.take_unread("demo", at=at)
        delivery.refresh_from_db()
        return reading.read(delivery, at=at)

    def goes(self, case: Case, to: Contact, subject: str, body: str, *, by: str, at: datetime) -> Message:
        """An email is written from a case, and half a minute later the mail server has it."""
        address = to.points.filter(kind="email")[0].value
        [message] = composing.write(
            office=self.cast.office,
            case=case,
            identity=self.identity,
            to=[Recipient(to.name, address, to)],
            subject=subject,
            body=body,
            confirmed=[f"outsider:{address}", "file"],
            by=self.cast[by],
            at=at,
        )
        self.hand_over(message, at + timedelta(seconds=31))
        return message

    def hand_over(self, message: Message, at: datetime) -> None:
        """The worker's turn, with a server that takes everything."""
        for dispatch in sending.take_due("demo", at=at):
            sending.on_the_wire(dispatch, "demo", at=at)
            accepted = {one.address: "250 OK" for one in dispatch.message.addresses.all()}
            sending.settle(dispatch, "demo", accepted=accepted, refused={}, problem="", said="", at=at)
        message.refresh_from_db()


def arrive(script: Script, cast: Cast, known: dict[str, Contact], contacts: list[Contact]) -> Post:
    """Put the post into the story: to be called before it is played."""
    post = Post(script, cast)
    now = script.now
    _damp(post, known, now)
    for hours, mail in INBOX:
        script.at(now - timedelta(hours=hours), _coming(post, mail))
    _campaign(post, known, contacts)
    return post


def _coming(post: Post, mail: Mail) -> Callable[[datetime], object]:
    return lambda at: post.comes(mail, at)


def _damp(post: Post, known: dict[str, Contact], now: datetime) -> None:
    """2041: Anna asked Housing and told Rhian; Rhian answered yesterday evening, in the thread."""

    def tell(at: datetime) -> None:
        case = Case.objects.filter(office=post.cast.office, number=2041).first()
        if case is None:
            return
        words = (
            "Dear Mrs Evans,\n\nWe have written to Housing Services and asked when they will inspect your flat. "
            "They must answer within ten working days. Please send us photographs of the mould.\n\nYours sincerely"
        )
        told = post.goes(case, known["rhian"], "Damp in your flat", words, by="Anna", at=at)
        photo = ("mould.jpg", "image/jpeg", bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9"))
        back = Mail(
            "Rhian Evans",
            "rhian@example.org",
            "RE: Damp in your flat",
            "The black mould is back in the children's room. I have put a photograph in.\n\nRhian\n\n"
            "> Please send us photographs of the mould.\n",
            files=(photo,),
        )
        post.script.at(now - timedelta(hours=14), lambda later: post.comes(back, later, answers=told))

    post.script.at(post.script.days_ago(4), tell)


def _campaign(post: Post, known: dict[str, Contact], contacts: list[Contact]) -> None:
    """Pension age: 42 alike within a week, three of which say something of their own."""
    rng, now = post.script.rng, post.script.now
    senders = [person for person in contacts if person.points.filter(kind="email").exists()][:41]
    people = [(person.name, person.points.filter(kind="email")[0].value) for person in senders]
    people.append(("Mair Rees", "mair.rees@example.org"))
    for place, (name, address) in enumerate(people):
        own = CAMPAIGN_OWN_WORDS.get(len(people) - 1 - place, "")
        text = (
            CAMPAIGN.format(name=name) if not own else CAMPAIGN.format(name=name).replace("Yours", f"{own}\n\nYours")
        )
        mail = Mail(name, address, "Vote against raising the pension age", text)
        at = now - timedelta(days=6) + (now - timedelta(hours=3) - (now - timedelta(days=6))) * place / len(people)
        post.script.at(at + timedelta(seconds=rng.randrange(600)), _coming(post, mail))
