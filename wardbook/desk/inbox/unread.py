"""Mail that could not be read: looked at, or tried once more."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wardbook.correspondence.actions import inbox as inbox_actions
from wardbook.correspondence.actions import reading
from wardbook.correspondence.models import Delivery
from wardbook.correspondence.tasks import read_mail
from wardbook.lib.respond import done
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request


@require_POST
def settle(request: Request, office: str, pk: int) -> HttpResponse:
    """A mail that could not be read was looked at."""
    inbox_actions.settle(_find(request, pk), by=request.user, at=timezone.now())
    return done(request, reverse("desk:inbox", args=[office]), _("It is off the list. The mail itself is kept."))


@require_POST
def read_again(request: Request, office: str, pk: int) -> HttpResponse:
    """The worker tries it once more: after an upgrade it may be able to."""
    found, inbox = _find(request, pk), reverse("desk:inbox", args=[office])
    try:
        reading.read_again(found, by=request.user, at=timezone.now())
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, inbox)
    read_mail.enqueue()
    return done(request, inbox, _("It is being read again. If that fails, it is back here in a moment."))


def _find(request: Request, pk: int) -> Delivery:
    return get_object_or_404(Delivery.objects.visible_to(request.member).in_quarantine(), pk=pk)
