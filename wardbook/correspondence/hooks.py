"""Mail that a provider posts to us, each in its own dialect (django-anymail).

The provider proves itself with `WARDBOOK_WEBHOOK_SECRET`. It is told "taken" only after the mail is committed; any
other answer makes it try again, so nothing is lost while we are down. Where it gives the mail as it came (Postmark
"Include raw email content", SendGrid "Send raw"), exactly those bytes are kept.
"""

import json
import logging
from collections.abc import Iterable, Iterator
from email.message import Message as MailMessage
from email.utils import getaddresses
from importlib import import_module
from typing import Any, NamedTuple

from anymail.exceptions import AnymailConfigurationError, AnymailError, AnymailWebhookValidationFailure
from anymail.webhooks.base import AnymailBaseWebhookView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wardbook.correspondence.actions import keeping
from wardbook.correspondence.addressees import mailbox_for
from wardbook.correspondence.models import Mailbox
from wardbook.correspondence.tasks import read_mail
from wardbook.journal.middleware import repeatable

log = logging.getLogger(__name__)

# Providers that prove themselves with a name and a password, and so need no further setting.
PROVIDERS = {
    "postmark": ("anymail.webhooks.postmark", "PostmarkInboundWebhookView"),
    "sendgrid": ("anymail.webhooks.sendgrid", "SendGridInboundWebhookView"),
    "mailjet": ("anymail.webhooks.mailjet", "MailjetInboundWebhookView"),
}
MOST_BYTES = 70 * 1024 * 1024
"""Of one call: a mail of 50 MB is 67 MB in base64."""
MOST_RECIPIENTS = 50


class Posted(NamedTuple):
    """One mail as a provider gave it."""

    raw: bytes
    sender: str
    recipients: list[str]


class NotAMail(Exception):
    """What was posted is not what this provider posts."""


@csrf_exempt  # a mail provider has no session to protect; it sends the secret instead
@repeatable
@require_POST
def provider_mail(request: HttpRequest, provider: str) -> HttpResponse:
    """Take in what a provider posts. 404 for an address that is nobody's here, so that the provider shows it."""
    if not settings.WEBHOOK_SECRET or provider not in PROVIDERS:
        raise Http404
    view = _view_of(provider)
    try:
        view.run_validators(request)
    except AnymailWebhookValidationFailure:
        log.warning("a call of %s came without the right secret", provider)
        # Not 403: some providers would never try again, although only the setting is wrong.
        return HttpResponse(
            "wrong secret", status=401, content_type="text/plain", headers={"WWW-Authenticate": "Basic"}
        )
    if not _take_whole(request):
        return HttpResponse("too large", status=413, content_type="text/plain")
    try:
        mails = list(_posted(request, provider, view))
    except NotAMail as reason:
        log.warning("what %s posted could not be read: %s", provider, reason)
        return HttpResponse("not a mail", status=400, content_type="text/plain")
    wanted = [(mail, _mailboxes(mail)) for mail in mails]
    if not all(boxes for _mail, boxes in wanted):
        raise Http404("No mailbox of this address takes in mail by webhook.")
    for mail, boxes in wanted:
        for mailbox, recipient in boxes:
            _keep(mailbox, mail, recipient)
    read_mail.enqueue()
    return HttpResponse("taken", content_type="text/plain")


def _keep(mailbox: Mailbox, mail: Posted, recipient: str) -> None:
    how: dict[str, Any] = {
        "at": timezone.now(),
        "via": Mailbox.Source.WEBHOOK,
        "envelope_from": mail.sender,
        "envelope_to": recipient,
    }
    if len(mail.raw) > mailbox.max_bytes:
        keeping.refuse_too_large(mailbox, mail.raw, size=len(mail.raw), **how)
    else:
        keeping.keep(mailbox, mail.raw, **how)


def _mailboxes(mail: Posted) -> list[tuple[Mailbox, str]]:
    """The mailboxes that a mail came to, each once, with the address that says so."""
    found: dict[int, tuple[Mailbox, str]] = {}
    for address in mail.recipients[:MOST_RECIPIENTS]:
        box = mailbox_for([address], source=Mailbox.Source.WEBHOOK)
        if box is not None:
            found.setdefault(box.pk, (box, address))
    return list(found.values())


def _view_of(provider: str) -> Any:
    """The part of anymail that knows the dialect. Its own start is left out: it only warns of what we do not use."""
    module, name = PROVIDERS[provider]
    kind = type(name, (getattr(import_module(module), name),), {"__init__": AnymailBaseWebhookView.__init__})
    return kind(webhook_secret=[settings.WEBHOOK_SECRET])


def _take_whole(request: HttpRequest) -> bool:
    """Read all of the call, more than pages may send: it is mail, and the caller has proved itself."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    if not said.isdecimal() or int(said) > MOST_BYTES:
        return False
    request._body = request.read()  # where Django keeps what `body` gives
    return True


def _posted(request: HttpRequest, provider: str, view: Any) -> Iterator[Posted]:
    """The mails of one call. Raises NotAMail."""
    fields = _fields(request) if provider == "sendgrid" else {}
    try:
        if "email" in fields:
            envelope = json.loads(fields.get("envelope", b"{}"))
            to = envelope.get("to") or []
            recipients = [str(one) for one in (to if isinstance(to, list) else [to])]
            raw = fields["email"]
            yield Posted(raw, str(envelope.get("from") or ""), recipients or _addressed(fields.get("to", b"")))
            return
        for event in view.parse_events(request):
            mail = event.message
            said = event.esp_event.get("RawEmail") if isinstance(event.esp_event, dict) else None
            raw = said.encode("utf-8", "surrogateescape") if isinstance(said, str) and said else mail.as_bytes()
            yield Posted(raw, mail.envelope_sender or "", list(_recipients(mail)))
    except (ValueError, LookupError, TypeError, AttributeError, AnymailError, AnymailConfigurationError) as reason:
        raise NotAMail(f"{type(reason).__name__}: {reason}"[:300]) from None


def _fields(request: HttpRequest) -> dict[str, bytes]:
    """The fields of a form as the bytes that were sent: a raw mail is no text in any one charset."""
    boundary = request.content_params.get("boundary", "") if request.content_params else ""
    if request.content_type != "multipart/form-data" or not boundary:
        raise NotAMail("no form")
    found: dict[str, bytes] = {}
    edge = b"--" + boundary.encode("latin-1", "replace")
    for piece in (b"\r\n" + request.body).split(b"\r\n" + edge)[1:]:
        head, gap, content = piece.partition(b"\r\n\r\n")
        if not gap or len(head) > 2_000:
            continue
        for part in head.decode("latin-1").replace("\r\n", ";").split(";"):
            name, _equals, value = part.strip().partition("=")
            if name.lower() == "name":
                found.setdefault(value.strip('"'), content)
    return found


def _addressed(value: bytes) -> list[str]:
    return [address for _name, address in getaddresses([value.decode("utf-8", "replace")])]


def _recipients(mail: MailMessage) -> Iterable[str]:
    envelope = getattr(mail, "envelope_recipient", None)
    if envelope:
        yield str(envelope)
    headers = [str(value) for name in ("Delivered-To", "To", "Cc", "Bcc") for value in mail.get_all(name, [])]
    for _name, address in getaddresses(headers):
        yield address
