"""Where mail comes in and under which names the office writes."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_http_methods, require_POST

from wardbook.contacts.forms import MailField
from wardbook.correspondence import postman
from wardbook.correspondence.actions import mailboxes as actions
from wardbook.correspondence.models import Mailbox, SenderIdentity
from wardbook.correspondence.transports import imap
from wardbook.desk.fields import ColleagueField, LineField
from wardbook.desk.settings_pages.frame import both_versions, fingerprint, is_stale, keep, show
from wardbook.lib.forms import CHOOSE
from wardbook.lib.respond import done
from wardbook.lib.rules import RuleBroken
from wardbook.lib.typed import TextField
from wardbook.offices.middleware import Request
from wardbook.offices.models import Membership, Office, Representative, Team

LANGUAGES = [
    ("", _later("The office's")),
    ("en-gb", "English"),
    ("cy", "Cymraeg"),
    ("ga", "Gaeilge"),
    ("fr", "Français"),
]
LANGUAGES += [("de", "Deutsch"), ("es", "Español")]
PORT = {
    "invalid": _later("A port is a number, like 993."),
    "min_value": _later("A port is a number from 1 to 65535."),
    "max_value": _later("A port is a number from 1 to 65535."),
}
SECRETS = ("secret", "smtp_secret")
# Without these no mail can be fetched.
NEEDED_TO_FETCH = {
    "host": _later("Enter the name of the mail server, like imap.example.org."),
    "username": _later("Enter the user name for the mail server."),
    "secret": _later("Enter the password or the token."),
}


def secret_field(label: Any) -> forms.CharField:
    """A password, which no page ever shows again."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=4_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _later("Use at most 4,000 letters.")},
    )


class MailboxForm(forms.Form):
    """One mailbox: where its mail comes from, and by which server its answers go out."""

    use_required_attribute = False

    address = MailField(
        label=_later("Address"), required=True, error_messages={"required": _later("Enter an address.")}
    )
    name = LineField(
        label=_later("Sender's name"), max_length=120, missing=_later("Enter the name that readers see.")
    )
    aliases = TextField(
        longest=2_000,
        required=False,
        label=_later("Other addresses that end here"),
        help_text=_later("One a line."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    source = forms.ChoiceField(
        label=_later("How mail comes"),
        choices=Mailbox.Source,
        error_messages=CHOOSE,
        help_text=_later("To fetch it we need the mail server, the user name and the password or token."),
    )
    host = LineField(label=_later("Mail server"), max_length=253, required=False)
    port = forms.IntegerField(label=_later("Port"), required=False, min_value=1, max_value=65535, error_messages=PORT)
    security = forms.ChoiceField(label=_later("Security"), choices=Mailbox.Security, error_messages=CHOOSE)
    username = LineField(label=_later("User name"), max_length=254, required=False)
    sign_in = forms.ChoiceField(label=_later("Signs in with"), choices=Mailbox.SignIn, error_messages=CHOOSE)
    secret = secret_field(_later("Password or token"))
    folder = LineField(label=_later("Folder"), max_length=200, required=False)
    starts_with_new = forms.BooleanField(label=_later("Leave the mail that is there already"), required=False)
    smtp_host = LineField(
        label=_later("Server for sending"),
        max_length=253,
        required=False,
        help_text=_later("Empty: the one of this installation."),
    )
    smtp_port = forms.IntegerField(
        label=_later("Port for sending"), required=False, min_value=1, max_value=65535, error_messages=PORT
    )
    smtp_security = forms.ChoiceField(
        label=_later("Security for sending"), choices=Mailbox.Security, error_messages=CHOOSE
    )
    smtp_username = LineField(label=_later("User name for sending"), max_length=254, required=False)
    smtp_secret = secret_field(_later("Password for sending"))
    has_plus_addresses = forms.BooleanField(
        label=_later("Mail to name+anything arrives too"),
        required=False,
        help_text=_later("Then answers find their case even if the mail program drops everything else."),
    )
    trusted_server = LineField(
        label=_later("Name under which your mail server writes its checks"),
        max_length=253,
        required=False,
        help_text=_later(
            "The first word of Authentication-Results in mails that came in, like mx.example.org."
            " Without it, what colleagues forward is marked as perhaps forged."
        ),
    )
    language = forms.ChoiceField(label=_later("Language"), choices=LANGUAGES, required=False, error_messages=CHOOSE)
    acknowledges = forms.BooleanField(label=_later("Tell each new sender that the mail has come"), required=False)
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_later("Team"), required=False, empty_label=_later("None"), error_messages=CHOOSE
    )

    def __init__(self, *args: Any, office: Office, has_secret: bool = False, **kwargs: Any) -> None:
        """`has_secret`: a password is kept, and stays where none is typed."""
        super().__init__(*args, **kwargs)
        fetches = self["source"].value() == Mailbox.Source.IMAP
        for name, missing in NEEDED_TO_FETCH.items():
            self.fields[name].required = fetches and not (name == "secret" and has_secret)
            self.fields[name].error_messages["required"] = missing
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)
        team.queryset = Team.objects.filter(office=office, retired_at__isnull=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("source") == Mailbox.Source.IMAP:
            self._only_safe("security", cleaned.get("host", ""))
        if cleaned.get("smtp_host"):
            self._only_safe("smtp_security", cleaned["smtp_host"])
        cleaned["folder"] = cleaned.get("folder") or "INBOX"
        return cleaned

    def _only_safe(self, name: str, host: str) -> None:
        """A password never crosses a network in the clear."""
        if self.cleaned_data.get(name) == Mailbox.Security.NONE and host not in ("localhost", "127.0.0.1", "::1"):
            self.add_error(name, _("Without TLS only a server on this machine may be used."))


class SenderForm(forms.Form):
    """A name and address under which the office writes."""

    name = LineField(
        label=_later("Sender's name"), max_length=120, missing=_later("Enter the name that readers see.")
    )
    address = MailField(
        label=_later("Address"), required=True, error_messages={"required": _later("Enter an address.")}
    )
    signature = TextField(
        longest=2_000, required=False, label=_later("Signature"), widget=forms.Textarea(attrs={"rows": 3})
    )
    representative = forms.ModelChoiceField(
        Representative.objects.none(), label=_later("Representative"), required=False, error_messages=CHOOSE
    )
    user = ColleagueField(label=_later("Only for"), required=False, empty_label=_later("Everybody"))
    is_default = forms.BooleanField(label=_later("Used unless another is chosen"), required=False)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user, representative = self.fields["user"], self.fields["representative"]
        assert isinstance(user, ColleagueField)
        assert isinstance(representative, forms.ModelChoiceField)
        people = Membership.objects.active().filter(office_id=member.office_id).select_related("user")
        user.queryset = people.order_by("user__name")
        representative.queryset = Representative.objects.filter(office_id=member.office_id)


@require_http_methods(["GET", "POST"])
def mailboxes_page(request: Request, office: str) -> HttpResponse:
    """All of them; POST adds one."""
    usual = {"source": "imap", "security": "tls", "smtp_security": "starttls", "sign_in": "password"}
    given = request.POST if request.method == "POST" else None
    form = MailboxForm(given, office=request.office, initial=usual | {"folder": "INBOX"})
    if form.is_valid():
        try:
            box = actions.add_mailbox(request.office, **form.cleaned_data, by=request.user, at=timezone.now())
        except RuleBroken as refusal:
            form.add_error("address", str(refusal))
        else:
            said = _("%(address)s is added. Try it now.") % {"address": box.address}
            return done(request, reverse("desk:mailbox", args=[office, box.pk]), said)
    context = {"form": form, "mailboxes": Mailbox.objects.visible_to(request.member).in_use()}
    return show(request, "desk/settings/mailboxes.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def mailbox_page(request: Request, office: str, pk: int) -> HttpResponse:
    """One of them; POST changes. A password is never shown again, only replaced."""
    box = _box(request, pk)
    current = {
        name: getattr(box, f"{name}_id" if name == "team" else name)
        for name in MailboxForm.base_fields
        if name not in SECRETS
    }
    given = request.POST if request.method == "POST" else None
    form = MailboxForm(given, office=request.office, has_secret=bool(box.secret), initial=current)

    def act() -> None:
        actions.change_mailbox(box, **form.cleaned_data, by=request.user, at=timezone.now())

    answer = keep(
        request,
        form,
        current,
        box,
        act,
        page=reverse("desk:mailbox", args=[office, pk]),
        wrong="address",
    )
    if answer is not None:
        return answer
    senders = SenderIdentity.objects.visible_to(request.member).filter(mailbox=box, retired_at__isnull=True)
    context = {
        "form": form,
        "box": box,
        "version": request.POST.get("version") or fingerprint(current),
        "senders": senders.select_related("user", "representative"),
        "has_secret": bool(box.secret),
        "has_smtp_secret": bool(box.smtp_secret),
        "is_demo": settings.DEMO,
    }
    return show(request, "desk/settings/mailbox.html", context, status=422 if form.errors else 200)


@require_POST
def try_mailbox(request: Request, office: str, pk: int) -> HttpResponse:
    """Connect now and say what was found."""
    box = _box(request, pk)
    try:
        count = postman.try_out(box)
    except imap.Trouble as trouble:
        messages.error(request, str(trouble))
        return done(request, reverse("desk:mailbox", args=[office, pk]))
    said = _("It works: %(count)s mails lie in %(folder)s.") % {"count": count, "folder": box.folder}
    return done(request, reverse("desk:mailbox", args=[office, pk]), said)


@require_POST
def pause_mailbox(request: Request, office: str, pk: int) -> HttpResponse:
    """Stop fetching for a while, or go on."""
    box = _box(request, pk)
    actions.pause_mailbox(box, is_paused=not box.is_paused, by=request.user, at=timezone.now())
    said = _("Mail is fetched again.") if box.is_paused else _("No mail is fetched until you go on.")
    return done(request, reverse("desk:mailbox", args=[office, pk]), said)


@require_POST
def retire_mailbox(request: Request, office: str, pk: int) -> HttpResponse:
    """Take in no more mail of this address."""
    box = _box(request, pk)
    actions.retire_mailbox(box, by=request.user, at=timezone.now())
    said = _("Mail to %(address)s is no longer taken in. What came stays.") % {"address": box.address}
    return done(request, reverse("desk:mailboxes", args=[office]), said)


@require_http_methods(["GET", "POST"])
def new_sender(request: Request, office: str, pk: int) -> HttpResponse:
    """A further name and address under which the office writes."""
    box = _box(request, pk)
    return _sender(request, box, None, {"name": box.name, "address": box.address})


@require_http_methods(["GET", "POST"])
def sender(request: Request, office: str, pk: int) -> HttpResponse:
    """One sender; POST changes."""
    identity = _identity(request, pk)
    current = {
        "name": identity.name,
        "address": identity.address,
        "signature": identity.signature,
        "representative": identity.representative_id,
        "user": Membership.objects.filter(office=request.office, user_id=identity.user_id or 0)
        .values_list("pk", flat=True)
        .first(),
        "is_default": identity.is_default,
    }
    return _sender(request, identity.mailbox, identity, current)


@require_POST
def retire_sender(request: Request, office: str, pk: int) -> HttpResponse:
    """Offer it no more."""
    identity = _identity(request, pk)
    page = reverse("desk:mailbox", args=[office, identity.mailbox_id])
    try:
        actions.retire_identity(identity, by=request.user, at=timezone.now())
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, page)
    return done(request, page, _("%(sender)s is no longer offered.") % {"sender": identity.name})


def _sender(request: Request, box: Mailbox, identity: SenderIdentity | None, current: dict[str, Any]) -> HttpResponse:
    given = request.POST if request.method == "POST" else None
    form = SenderForm(given, member=request.member, initial=current)
    page = reverse("desk:mailbox", args=[request.office.slug, box.pk])
    if form.is_valid():
        if identity and is_stale(request, current):
            return both_versions(request, form, current, identity)
        data = {**form.cleaned_data, "user": form.cleaned_data["user"] and form.cleaned_data["user"].user}
        try:
            actions.save_identity(
                request.office, mailbox=box, identity=identity, **data, by=request.user, at=timezone.now()
            )
        except RuleBroken as refusal:
            form.add_error("address", str(refusal))
        else:
            return done(request, page, _("Saved."))
    context = {
        "form": form,
        "box": box,
        "identity": identity,
        "page_url": page,
        "version": request.POST.get("version") or fingerprint(current),
    }
    return show(request, "desk/settings/sender.html", context, status=422 if form.errors else 200)


def _box(request: Request, pk: int) -> Mailbox:
    return get_object_or_404(Mailbox.objects.visible_to(request.member).in_use(), pk=pk)


def _identity(request: Request, pk: int) -> SenderIdentity:
    known = SenderIdentity.objects.visible_to(request.member).filter(retired_at__isnull=True)
    return get_object_or_404(known.select_related("mailbox"), pk=pk)
