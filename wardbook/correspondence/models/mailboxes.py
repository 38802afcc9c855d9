"""Where mail comes in, who may be its sender, and what its words are."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wardbook.offices.models import Office, Representative, Team

if TYPE_CHECKING:
    from wardbook.offices.models import Membership

SILENT_AFTER = timedelta(minutes=15)
FAILING_AFTER = timedelta(minutes=5)


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    def visible_to(self, member: "Membership") -> Self:
        return self.filter(office_id=member.office_id)

    def in_use(self) -> Self:
        return self.filter(retired_at__isnull=True)

    def fetched(self) -> Self:
        """Those that we ask for mail; the others are told by a pipe or a webhook."""
        return self.in_use().filter(source=Mailbox.Source.IMAP, is_paused=False)

    def silent(self, at: datetime) -> Self:
        """Those from which no mail has come in although it should: time for somebody to know (R29)."""
        late = at - SILENT_AFTER
        never = Q(succeeded_at__isnull=True, created_at__lt=late)
        failing = Q(failing_since__lt=at - FAILING_AFTER)
        return self.fetched().filter(never | failing | Q(succeeded_at__lt=late))


class Mailbox(models.Model):
    """An address of an office at which mail comes in. Secrets lie sealed; the key is not in the database (K6)."""

    class Source(models.TextChoices):
        IMAP = "imap", _("We fetch it (IMAP)")
        PIPE = "pipe", _("The mail server hands it over")
        WEBHOOK = "webhook", _("A mail provider posts it")

    class Security(models.TextChoices):
        TLS = "tls", _("TLS from the start")
        STARTTLS = "starttls", _("STARTTLS")
        NONE = "none", _("None: only on this machine")

    class SignIn(models.TextChoices):
        PASSWORD = "password", _("Password")
        TOKEN = "token", _("Access token (XOAUTH2)")

    class Health(models.TextChoices):
        NEW = "new", _("Not tried yet")
        WELL = "well", _("Works")
        FAILING = "failing", _("Does not work")

    office = models.ForeignKey(Office, models.PROTECT, related_name="mailboxes")
    name = models.CharField(_("sender's name"), max_length=120)
    address = models.EmailField(_("address"), max_length=254)
    aliases = models.TextField(_("other addresses that end here"), blank=True, max_length=2_000)
    source = models.CharField(_("how mail comes"), max_length=8, choices=Source, default=Source.IMAP)
    host = models.CharField(_("server"), max_length=253, blank=True)
    port = models.PositiveIntegerField(_("port"), null=True, blank=True)
    security = models.CharField(_("security"), max_length=8, choices=Security, default=Security.TLS)
    username = models.CharField(_("user name"), max_length=254, blank=True)
    sign_in = models.CharField(_("signs in with"), max_length=8, choices=SignIn, default=SignIn.PASSWORD)
    secret = models.TextField(blank=True, editable=False)
    folder = models.CharField(_("folder"), max_length=200, default="INBOX")
    smtp_host = models.CharField(_("server for sending"), max_length=253, blank=True)
    smtp_port = models.PositiveIntegerField(_("port"), null=True, blank=True)
    smtp_security = models.CharField(_("security"), max_length=8, choices=Security, default=Security.STARTTLS)
    smtp_username = models.CharField(_("user name"), max_length=254, blank=True)
    smtp_secret = models.TextField(blank=True, editable=False)
    webhook_key = models.CharField(max_length=64, blank=True, editable=False)
    has_plus_addresses = models.BooleanField(_("mail to name+anything arrives too"), default=False)
    trusted_server = models.CharField(
        _("name under which the mail server writes its checks"), max_length=253, blank=True
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    acknowledges = models.BooleanField(_("answer each new person that the mail has come"), default=False)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team"))
    max_bytes = models.PositiveIntegerField(default=25 * 1024 * 1024)
    starts_with_new = models.BooleanField(_("leave the mail that is there already"), default=False)
    is_paused = models.BooleanField(_("paused"), default=False)
    uid_validity = models.PositiveBigIntegerField(null=True, blank=True)
    last_uid = models.PositiveBigIntegerField(default=0)
    health = models.CharField(max_length=7, choices=Health, default=Health.NEW)
    problem = models.CharField(max_length=300, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_by = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "mailboxes"
        ordering = ["address"]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("address"),
                condition=Q(retired_at__isnull=True),
                name="mailbox_address_once",
            ),
            models.CheckConstraint(
                name="mailbox_that_fails_says_since_when",
                condition=~Q(health="failing") | Q(failing_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def own_addresses(self) -> frozenset[str]:
        """This mailbox's addresses, lower case, plus parts not included."""
        return frozenset({self.address.lower(), *(line.strip().lower() for line in self.aliases.split())})


class SenderIdentityQuerySet(models.QuerySet["SenderIdentity"]):
    def visible_to(self, member: "Membership") -> Self:
        return self.filter(office_id=member.office_id)

    def usable_by(self, member: "Membership") -> Self:
        """Those under which this person may write: the office's, and their own (S1.29)."""
        mine = Q(user__isnull=True) | Q(user_id=member.user_id)
        return self.visible_to(member).filter(mine, retired_at__isnull=True, mailbox__retired_at__isnull=True)


class SenderIdentity(models.Model):
    """A name and address under which the office writes: the office's, a representative's, a colleague's (S1.29)."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="sender_identities")
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="identities", verbose_name=_("mailbox"))
    name = models.CharField(_("sender's name"), max_length=120)
    address = models.EmailField(_("address"), max_length=254)
    representative = models.ForeignKey(Representative, models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    signature = models.TextField(_("signature"), blank=True, max_length=2_000)
    is_default = models.BooleanField(_("used unless another is chosen"), default=False)
    version = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = SenderIdentityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "sender identities"
        ordering = ["-is_default", "name", "pk"]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>"


class TemplateQuerySet(models.QuerySet["Template"]):
    def visible_to(self, member: "Membership") -> Self:
        return self.filter(office_id=member.office_id)

    def in_use(self) -> Self:
        return self.filter(retired_at__isnull=True)

    def first_in(self, language: str) -> Self:
        """Those in a language first; all in their usual order where none is said."""
        if not language:
            return self
        theirs = models.Case(models.When(language=language, then=0), default=1)
        return self.order_by(theirs, "position", "name", "pk")


class Template(models.Model):
    """Words written once: for an email, a letter, an acknowledgement. Tokens are filled from the case (EM-6)."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("Email")
        LETTER = "letter", _("Letter")
        ACKNOWLEDGEMENT = "ack", _("Acknowledgement")

    office = models.ForeignKey(Office, models.PROTECT, related_name="templates")
    kind = models.CharField(_("for"), max_length=6, choices=Kind, default=Kind.EMAIL)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=10, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), max_length=20_000)
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "kind", "language"],
                condition=Q(kind="ack", retired_at__isnull=True),
                name="one_acknowledgement_a_language",
            )
        ]

    def __str__(self) -> str:
        return self.name


class TemplateRevision(models.Model):
    """What a template said before it was changed."""

    template = models.ForeignKey(Template, models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["template", "version"], name="template_revision_once")]

    def __str__(self) -> str:
        return f"{self.template} {self.version}"
