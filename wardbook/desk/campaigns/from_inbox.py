"""The third decision in the Inbox: it is one of many alike."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wardbook.correspondence.actions import campaigns, grouping
from wardbook.correspondence.alike import essence_of
from wardbook.correspondence.models import Campaign, Message
from wardbook.correspondence.threading import base_subject
from wardbook.desk.campaigns.forms import InboxCampaignForm
from wardbook.desk.inbox.listing import Shown, following
from wardbook.desk.inbox.views import find_message
from wardbook.journal.offering import undo_address
from wardbook.lib.respond import done, respond
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request


@require_http_methods(["GET", "POST"])
def choose(request: Request, office: str, pk: int) -> HttpResponse:
    """Put it into an open campaign, or make one of it and what is like it."""
    message, at, shown = find_message(request, pk), timezone.now(), Shown.read(request)
    likest = _likest(request, message)
    initial = {"campaign": likest, "new_name": "" if likest else base_subject(message.subject)[:200]}
    form = InboxCampaignForm(request, request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        chosen, name = form.cleaned_data["campaign"], form.cleaned_data["new_name"]
        if name and "new_name" in form.changed_data:
            # Whoever types a name means a new one, whatever was chosen for them before.
            chosen = None
        after = following(request.member, shown, message, at) if message.state == Message.State.WAITING else None
        try:
            if chosen is not None:
                campaigns.put_in(chosen, message, by=request.user, at=at)
            else:
                chosen = campaigns.make_of(message, name=name, by=request.user, at=at)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("Put into “%(name)s”.") % {"name": chosen.name}
            return done(request, _next(request, shown, after), said, undo_address(request, at))
    context = {
        "campaign": None,
        "message": message,
        "form": form,
        "heading": _("One of many alike"),
        "button": _("Put it there"),
        "form_url": request.get_full_path(),
        "back": reverse("desk:inbox_item", args=[office, pk]) + shown.query(),
        "autofocus": bool(likest),
    }
    status = 422 if form.errors else 200
    return respond(request, "desk/campaigns/question.html", context, piece="form", status=status)


def _likest(request: Request, message: Message) -> int | None:
    found = grouping.likest_campaign(
        essence_of(message.text), Campaign.objects.visible_to(request.member).open()[:200]
    )
    return found[0].pk if found else None


def _next(request: Request, shown: Shown, after: int | None) -> str:
    slug = request.office.slug
    if after is None:
        return reverse("desk:inbox", args=[slug]) + shown.query()
    return reverse("desk:inbox_item", args=[slug, after]) + shown.query()
