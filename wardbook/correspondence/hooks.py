"""Mail that a provider posts to us, each in its own dialect (django-anymail).

The provider proves itself with `WARDBOOK_WEBHOOK_SECRET`. It is told "taken" only after the mail is committed; any
other answer makes it try again, so nothing is lost while we are down.
"""

from collections.abc import Iterable
from email.message import Message as MailMessage
from email.utils import getaddresses
from importlib import import_module
from typing import Any

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

# Providers that prove themselves with a name and a password, and so need no further setting.
PROVIDERS = {
    "postmark": ("anymail.webhooks.postmark", "PostmarkInboundWebhookView"),
    "sendgrid": ("anymail.webhooks.sendgrid", "SendGridInboundWebhookView"),
    "mailjet": ("anymail.webhooks.mailjet", "MailjetInboundWebhookView"),
}


@csrf_exempt  # a mail provider has no session to protect; it sends the secret instead
@repeatable
@require_POST
def provider_mail(request: HttpRequest, provider: str) -> HttpResponse:
    """Take in what a provider posts. 404 for an address that is nobody's here, so that the provider shows it."""
    if not settings.WEBHOOK_SECRET or provider not in PROVIDERS:
        raise Http404
    module, name = PROVIDERS[provider]
    view: Any = getattr(import_module(module), name)(basic_auth=[settings.WEBHOOK_SECRET])
    view.run_validators(request)
    for event in view.parse_events(request):
        mail = event.message
        mailbox = mailbox_for(_recipients(mail), source=Mailbox.Source.WEBHOOK)
        if mailbox is None:
            raise Http404("No mailbox of this address takes in mail by webhook.")
        keeping.keep(
            mailbox,
            mail.as_bytes(),
            at=timezone.now(),
            via=Mailbox.Source.WEBHOOK,
            envelope_from=mail.envelope_sender or "",
            envelope_to=mail.envelope_recipient or "",
        )
    read_mail.enqueue()
    return HttpResponse("taken", content_type="text/plain")


def _recipients(mail: MailMessage) -> Iterable[str]:
    envelope = getattr(mail, "envelope_recipient", None)
    if envelope:
        yield str(envelope)
    headers = [str(value) for name in ("Delivered-To", "To", "Cc", "Bcc") for value in mail.get_all(name, [])]
    for _name, address in getaddresses(headers):
        yield address
