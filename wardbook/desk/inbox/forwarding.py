"""What is not our area is forwarded from the Inbox, and the next item is shown."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wardbook.correspondence.actions import forwarding
from wardbook.correspondence.models import Message
from wardbook.desk.inbox.forwarding_form import ForwardForm
from wardbook.desk.inbox.listing import Shown, following
from wardbook.desk.inbox.views import find_message
from wardbook.journal.offering import undo_address
from wardbook.lib.respond import done, respond
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request


@require_http_methods(["GET", "POST"])
def forward(request: Request, office: str, pk: int) -> HttpResponse:
    """Ask to whom; then it is dismissed and an email with it is held, both at once."""
    message, at, shown = find_message(request, pk), timezone.now(), Shown.read(request)
    form = ForwardForm(request, message, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask(request, message, form, 422 if form.errors else 200)
    after = following(request.member, shown, message, at) if message.state == Message.State.WAITING else message.pk
    try:
        written = forwarding.forward(message, by=request.user, at=at, **form.facts())
    except forwarding.NeedsConfirming as asked:
        return _ask(request, message, form, 422, reasons=asked.reasons)
    except RuleBroken as refusal:
        form.add_error(None, str(refusal))
        return _ask(request, message, form, 422)
    to = ", ".join(str(one) for mail in written for one in mail.addresses.all())
    said = _("Forwarded to %(to)s. It goes out in 30 seconds.") % {"to": to}
    return done(request, _place(request, after) + shown.query(), said, undo_address(request, at))


def _place(request: Request, pk: int | None) -> str:
    slug = request.office.slug
    return reverse("desk:inbox_item", args=[slug, pk]) if pk else reverse("desk:inbox", args=[slug])


def _ask(request: Request, message: Message, form: ForwardForm, status: int, **asked: Any) -> HttpResponse:
    form.fields["organisation"].offer_matches()  # type: ignore[attr-defined]  # a ContactField
    context = {
        "form": form,
        "message": message,
        "form_url": request.get_full_path(),
        "back": _place(request, message.pk) + Shown.read(request).query(),
        "reasons": [],
        "confirmed": request.POST.getlist("confirmed") if request.method == "POST" else [],
    }
    return respond(request, "desk/inbox/forward.html", context | asked, piece="form", status=status)
