"""Messages: what came in and what went out, each once."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wardbook.cases.models import Case
from wardbook.contacts.models import Contact
from wardbook.correspondence.models.campaigns import Campaign
from wardbook.correspondence.models.mailboxes import Mailbox, SenderIdentity
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.offices.models import Membership


def untitled(medium: str) -> str:
    """What a message without a subject is called."""
    if medium == Message.Medium.LETTER:
        return gettext("Letter")
    return gettext("Social message") if medium == Message.Medium.SOCIAL else gettext("(no subject)")


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, member: "Membership") -> Self:
        """The one door: messages of cases the member may see, and those not on a case for who works the Inbox.

        The councillor and the volunteer see none: a constituent's mail is not theirs by raising a case.
        """
        messages = self.filter(office_id=member.office_id)
        if not member.can("correspondence.read"):
            return messages.none()
        cases = Case.objects.visible_to(member)
        on_case = Exists(cases.filter(pk=OuterRef("case_id")))
        # Asked of each message, so that no list of all cases that the member may see is made first.
        theirs = Exists(cases.filter(pk=OuterRef("case_id")))
        also = Exists(MessageOnCase.objects.filter(theirs, message=OuterRef("pk")))
        loose = Q(case__isnull=True) if member.can("inbox.read") else Q(pk__in=[])
        return messages.filter(on_case | also | loose)

    def in_inbox_of(self, member: "Membership") -> Self:
        """The same door for what waits. It is on no case yet, so nothing has to be asked of cases."""
        if not (member.can("correspondence.read") and member.can("inbox.read")):
            return self.none()
        # Said in this way so that SQLite goes by the index of the Inbox, not by that of messages without a case.
        on_none = ~Q(case_id__gt=0)
        return self.filter(on_none, office_id=member.office_id, state=Message.State.WAITING)

    def on_case(self, case_id: int) -> Self:
        """Everything that a case shows: what lies on it, and what lies on another and speaks of it too (E9)."""
        also = MessageOnCase.objects.filter(case_id=case_id).values("message")
        return self.filter(Q(case_id=case_id) | Q(pk__in=also))

    def for_nobody(self) -> Self:
        """Replies that were filed by themselves on an open case that nobody has: triage must see them (S1.32)."""
        return self.incoming().filter(
            state=Message.State.FILED,
            filed_by__isnull=True,
            auto_kind="",
            assignee__isnull=True,
            case__owner__isnull=True,
            case__closed_at__isnull=True,
            case__deleted_at__isnull=True,
        )

    def incoming(self) -> Self:
        return self.filter(direction=Message.Direction.IN)

    def outgoing(self) -> Self:
        return self.filter(direction=Message.Direction.OUT)

    def awaiting_triage(self, today: date | None = None) -> Self:
        """What lies in the Inbox. With `today`, without what somebody put off to a later day."""
        waiting = self.filter(state=Message.State.WAITING)
        if today is not None:
            waiting = waiting.filter(Q(later_on__isnull=True) | Q(later_on__lte=today))
        return waiting

    def said_to_others(self) -> Self:
        """Outgoing messages that a reader outside has, or will have unless somebody stops them."""
        return self.outgoing().exclude(state__in=[Message.State.STOPPED, Message.State.FAILED])


class Message(models.Model):
    """An email, a social message or a letter that came in; an email that goes out. Its words never change once it
    is here, but for what a person typed in by hand (`is_by_hand`), as long as it waits; where it lies may.

    Incoming: waiting (in the Inbox), then filed or dismissed. Outgoing: held, queued, leased, then sent,
    uncertain, failed, bounced or stopped.
    """

    class Direction(models.TextChoices):
        IN = "in", _("Came in")
        OUT = "out", _("Went out")

    class Medium(models.TextChoices):
        EMAIL = "email", _("Email")
        SOCIAL = "social", _("Social media")
        TEXT = "text", _("Text message")
        LETTER = "letter", _("Letter")

    class Network(models.TextChoices):
        """Where a social message was written."""

        FACEBOOK = "facebook", "Facebook"
        INSTAGRAM = "instagram", "Instagram"
        X = "x", "X (Twitter)"
        BLUESKY = "bluesky", "Bluesky"
        MASTODON = "mastodon", "Mastodon"
        THREADS = "threads", "Threads"
        LINKEDIN = "linkedin", "LinkedIn"
        TIKTOK = "tiktok", "TikTok"
        YOUTUBE = "youtube", "YouTube"
        NEXTDOOR = "nextdoor", "Nextdoor"
        WHATSAPP = "whatsapp", "WhatsApp"
        OTHER = "other", _("Another network")

    class State(models.TextChoices):
        WAITING = "waiting", _("In the Inbox")
        FILED = "filed", _("Filed")
        DISMISSED = "dismissed", _("No answer needed")
        HELD = "held", _("Going out in a moment")
        QUEUED = "queued", _("Waiting to go out")
        LEASED = "leased", _("Going out")
        SENT = "sent", _("Sent")
        UNCERTAIN = "uncertain", _("Perhaps sent")
        FAILED = "failed", _("Not sent")
        BOUNCED = "bounced", _("Came back")
        STOPPED = "stopped", _("Stopped")

    class AutoKind(models.TextChoices):
        """What must never be answered automatically (RFC 3834)."""

        PERSON = "", _("From a person")
        REPLY = "auto-reply", _("Automatic reply")
        BOUNCE = "bounce", _("Mail that came back")
        LIST = "list", _("Mailing list")
        BULK = "bulk", _("Bulk mail")
        RECEIPT = "receipt", _("Receipt")

    class Line(models.TextChoices):
        """Whose correspondence it is within its case; the lines are kept apart (S3.29)."""

        CONSTITUENT = "constituent", _("With the constituent")
        AGENCY = "agency", _("With an agency")
        OTHER = "other", _("With others")

    class DismissalReason(models.TextChoices):
        INFORMATION = "information", _("Information only")
        NEWSLETTER = "newsletter", _("Newsletter")
        SPAM = "spam", _("Spam")
        NOT_OURS = "not-ours", _("Not our area")
        DUPLICATE = "duplicate", _("Duplicate")
        AUTOMATIC = "automatic", _("Automatic mail")
        CUT = "cut", _("Cut into single letters")
        WITHDRAWN = "withdrawn", _("Logged by mistake")

    office = models.ForeignKey(Office, models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction)
    medium = models.CharField(max_length=6, choices=Medium, default=Medium.EMAIL)
    state = models.CharField(max_length=9, choices=State)
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, null=True, related_name="messages")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="messages")
    line = models.CharField(max_length=11, choices=Line, blank=True)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="messages")
    subject = models.CharField(max_length=500, blank=True)
    from_name = models.CharField(max_length=200, blank=True)
    from_address = models.CharField(max_length=320, blank=True)
    reply_to = models.CharField(max_length=320, blank=True)
    text = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    signature = models.TextField(blank=True)
    html = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    written_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    identifier = models.CharField(max_length=255, blank=True)
    in_reply_to = models.CharField(max_length=255, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    auto_kind = models.CharField(max_length=10, choices=AutoKind, blank=True)
    # What a reader must be told: codes of correspondence.warnings ("forged-staff", "not-on-case", "unverified", …).
    warnings: "models.JSONField[list[str]]" = models.JSONField(default=list)
    # What calendar invitation it brought: {summary, starts, ends, place, organiser} (IN-14).
    invitation: "models.JSONField[dict[str, str] | None]" = models.JSONField(null=True)
    answers = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="answered_by")
    # What a mail that a colleague forwarded says of the one within it: {name, address, written_at, read_from ("text"
    # or "attachment")}. Read from words that anybody can write: a suggestion, never a proof.
    forwarded: "models.JSONField[dict[str, str] | None]" = models.JSONField(null=True)

    # What a person logged: where a social message was written, its address there, and who typed it in.
    network = models.CharField(max_length=10, choices=Network, blank=True)
    link = models.CharField(max_length=1000, blank=True)
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    # Where the office has it: triage.
    suggested_case = models.ForeignKey(Case, models.SET_NULL, null=True, blank=True, related_name="+")
    suggestion = models.CharField(max_length=20, blank=True)
    suggestion_is_sure = models.BooleanField(default=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="inbox_messages"
    )
    later_on = models.DateField(null=True, blank=True)
    filed_at = models.DateTimeField(null=True, blank=True)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    filed_how = models.CharField(max_length=20, blank=True)
    dismissed_as = models.CharField(max_length=11, choices=DismissalReason, blank=True)
    campaign = models.ForeignKey(Campaign, models.SET_NULL, null=True, blank=True, related_name="messages")
    own_words = models.TextField(blank=True)
    is_set_apart = models.BooleanField(default=False)

    # Who wrote it, when it is ours.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    identity = models.ForeignKey(SenderIdentity, models.PROTECT, null=True, related_name="+")
    is_automatic = models.BooleanField(default=False)
    together = models.UUIDField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_state_fits_its_direction",
                condition=Q(direction="in", state__in=["waiting", "filed", "dismissed"])
                | Q(
                    direction="out",
                    state__in=["held", "queued", "leased", "sent", "uncertain", "failed", "bounced", "stopped"],
                ),
            ),
            models.CheckConstraint(
                name="message_filed_is_on_a_case", condition=~Q(state="filed") | Q(case__isnull=False)
            ),
            models.CheckConstraint(
                name="message_dismissed_says_why", condition=Q(state="dismissed") ^ Q(dismissed_as="")
            ),
            models.UniqueConstraint(
                fields=["office", "identifier", "content_hash"],
                condition=Q(direction="in"),
                name="message_came_in_once",
            ),
            models.UniqueConstraint(
                fields=["identifier"], condition=Q(direction="out"), name="message_went_out_under_one_name"
            ),
        ]
        indexes = [
            models.Index(fields=["case", "at", "id"], name="message_by_case"),
            models.Index(fields=["contact", "-at"], name="message_by_contact"),
            models.Index(fields=["office", "-at", "-id"], name="message_in_inbox", condition=Q(state="waiting")),
            models.Index(
                fields=["office", "state", "-at"],
                name="message_on_its_way",
                condition=Q(direction="out") & ~Q(state="sent"),
            ),
            models.Index(fields=["office", "from_address", "-at"], name="message_by_sender"),
            models.Index(fields=["campaign", "-at"], name="message_by_campaign"),
            models.Index(fields=["office", "filed_at"], name="message_filed", condition=Q(direction="in")),
        ]

    def __str__(self) -> str:
        return self.subject or untitled(self.medium)

    @property
    def is_incoming(self) -> bool:
        return self.direction == self.Direction.IN

    @property
    def is_by_hand(self) -> bool:
        """Whether a person logged it, and may put right what it says of itself."""
        return self.is_incoming and self.medium in (self.Medium.LETTER, self.Medium.SOCIAL)

    @property
    def sender(self) -> str:
        """The sender with the address, never a name alone (B6). A letter has no address that could be told."""
        if self.medium == self.Medium.LETTER:
            return self.from_name or str(_("Sender not known yet"))
        if self.medium == self.Medium.SOCIAL:
            where = f"{self.from_address} · {self.get_network_display()}"
            return f"{self.from_name} ({where})" if self.from_name else where
        return f"{self.from_name} <{self.from_address}>" if self.from_name else self.from_address

    def can_be_stopped(self, at: datetime) -> bool:
        """Whether it is still here. The worker may take it at any moment after its hold is over."""
        return self.state in (self.State.HELD, self.State.QUEUED)


class MessageAddress(models.Model):
    """Who a message was to, or from. For outgoing ones each address has its own state (R23)."""

    class Role(models.TextChoices):
        TO = "to", _("To")
        CC = "cc", _("Cc")

    class State(models.TextChoices):
        NONE = "", "—"
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        BOUNCED = "bounced", _("Came back")

    message = models.ForeignKey(Message, models.CASCADE, related_name="addresses")
    role = models.CharField(max_length=2, choices=Role)
    name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=320)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, blank=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "message addresses"
        ordering = ["pk"]
        indexes = [models.Index(fields=["message", "role"], name="address_of_message")]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


class MessageOnCase(models.Model):
    """A message that speaks of a second matter, shown on the case of that matter too (E9)."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, models.CASCADE, related_name="also_on")
    case = models.ForeignKey(Case, models.CASCADE, related_name="also_messages")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "messages on a second case"
        constraints = [models.UniqueConstraint(fields=["message", "case"], name="message_on_second_case_once")]

    def __str__(self) -> str:
        return f"{self.message} on {self.case}"


class KnownIdentifier(models.Model):
    """A Message-ID (RFC 5322) that a message has or names, so that later mail finds its thread, also by an id that
    was only ever seen in somebody's References. Ids beyond 200 characters are kept as their digest."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    identifier = models.CharField(max_length=200)
    message = models.ForeignKey(Message, models.CASCADE, related_name="known_identifiers")
    is_its_own = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "identifier"], name="identifier_once_per_message")]
        indexes = [models.Index(fields=["office", "identifier"], name="identifier_lookup")]

    def __str__(self) -> str:
        return self.identifier
