"""The Inbox: its list, one item beside it, and who is looking at what."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wardbook.correspondence.actions import inbox as inbox_actions
from wardbook.correspondence.models import InboxVisit, Mailbox, Message, MessageQuerySet
from wardbook.desk.inbox.item import item_context
from wardbook.desk.inbox.listing import (
    LOOKS_FOR,
    MOST_COUNTED,
    MOST_WAITING,
    Listing,
    Look,
    Shown,
    listing,
    waiting_count,
)
from wardbook.desk.search import case_options_for
from wardbook.lib.respond import options, respond, wants_piece
from wardbook.offices.middleware import Request
from wardbook.offices.models import Membership

KNOWN_FOR = timedelta(seconds=15)
"""A look so long ago need not be written down again."""


@require_GET
def inbox(request: Request, office: str) -> HttpResponse:
    """The list, and its first item beside it on a wide screen."""
    at, shown = timezone.now(), Shown.read(request)
    found = listing(request, shown, at)
    # Its row was found through the one door: it needs none of its own.
    first = _whole(Message.objects.filter(pk=found.rows[0]["id"])).first() if found.rows else None
    return _page(request, shown, found, first, at, is_item=False)


@require_GET
def item(request: Request, office: str, pk: int) -> HttpResponse:
    """One item; on a telephone it fills the screen. What is filed already leads to its case."""
    at, shown = timezone.now(), Shown.read(request)
    message = find_message(request, pk)
    if message.case and message.state == Message.State.FILED:
        case = reverse("desk:case", args=[office, message.case.number])
        return redirect(f"{case}?entry=message-{message.pk}#message-{message.pk}")
    if wants_piece(request):
        return respond(request, "desk/inbox.html", _pane(request, shown, message, at), piece="pane")
    return _page(request, shown, listing(request, shown, at), message, at, is_item=True)


@require_GET
def presence(request: Request, office: str, pk: int) -> HttpResponse:
    """Note that I have this item on the screen, and say who else has."""
    at = timezone.now()
    message = find_message(request, pk)
    inbox_actions.look_at(message, by=request.member.user, at=at)
    others = [look.name for look in _looks(message, at) if look.user_id != request.member.user_id]
    return HttpResponse(escape(looks_words(others[:3])))


@require_GET
def waiting(request: Request, office: str) -> HttpResponse:
    """How many items wait, for the number beside “Inbox”."""
    found = waiting_count(request.member, timezone.now())
    words = f"{MOST_COUNTED}+" if found > MOST_COUNTED else str(found) if found else ""
    return HttpResponse(words)


@require_GET
def case_options(request: Request, office: str) -> HttpResponse:
    """Cases for a type-ahead field: by number, name or words."""
    return options(request, case_options_for(request, request.GET.get("q", "")))


def find_message(request: Request, pk: int) -> Message:
    """The message that came in, or 404 if this person may not know it exists."""
    visible = Message.objects.visible_to(request.member).incoming()
    return get_object_or_404(_whole(visible), pk=pk)


def _whole(messages: MessageQuerySet) -> MessageQuerySet:
    """With all that the reading pane shows of them."""
    return messages.select_related("case", "mailbox", "assignee", "filed_by").prefetch_related(
        "addresses", "attachments"
    )


def looks_words(names: list[str]) -> str:
    """ "Sam is looking at this too."; nothing when nobody is."""
    if not names:
        return ""
    if len(names) == 1:
        return _("%(name)s is looking at this too.") % {"name": names[0]}
    return _("%(names)s are looking at this too.") % {"names": ", ".join(names)}


def _page(
    request: Request, shown: Shown, found: Listing, message: Message | None, at: Any, *, is_item: bool
) -> HttpResponse:
    context: dict[str, Any] = {
        "shown": shown,
        "listing": found,
        "tabs": _tabs(request, shown, found),
        "query": shown.query(),
        "is_item": is_item,
        "today": request.office.local_date(at),
        "filed_today": 0 if found.rows else _filed_today(request.member, at),
        "item": None,
        "lacks_mailbox": not found.rows and _lacks_mailbox(request.member),
    }
    if message is not None:
        # Whoever looks at an item of this page is known from its row.
        listed = any(row["id"] == message.pk for row in found.rows)
        looks = found.looks.get(message.pk, []) if listed else None
        context |= _pane(request, shown, message, at, looks=looks) | {"is_item": is_item}
    return respond(request, "desk/inbox.html", context)


def _looks(message: Message, at: datetime) -> list[Look]:
    visits = InboxVisit.objects.filter(message=message, seen_at__gt=at - LOOKS_FOR)
    return [Look(*row) for row in visits.values_list("user_id", "user__name", "seen_at")]


def _pane(
    request: Request, shown: Shown, message: Message, at: datetime, *, looks: list[Look] | None = None
) -> dict[str, Any]:
    """The item beside the list. Colleagues see that I look at it."""
    may_file, me = request.member.can("inbox.file"), request.member.user_id
    looks = _looks(message, at) if looks is None else looks
    is_known = any(look.user_id == me and look.at > at - KNOWN_FOR for look in looks)
    if message.state == Message.State.WAITING and may_file and not is_known:
        inbox_actions.look_at(message, by=request.member.user, at=at)
    return {
        "item": item_context(request, message, at),
        "message": message,
        "looked_at": looks_words([look.name for look in looks if look.user_id != me][:3]),
        "query": shown.query(),
        "today": request.office.local_date(at),
        "may_file": may_file,
        "is_item": False,
    }


def _tabs(request: Request, shown: Shown, found: Listing) -> list[dict[str, Any]]:
    root = reverse("desk:inbox", args=[request.office.slug])
    words = {"all": _("All"), "mine": _("Mine"), "nobody": _("Nobody's"), "later": _("Later")}
    return [
        {
            "label": label,
            "url": root + (f"?show={show}" if show != "all" else ""),
            "count": f"{MOST_WAITING}+" if found.counts[show] == MOST_WAITING else found.counts[show] or "",
            "current": show == shown.show,
        }
        for show, label in words.items()
    ]


def _lacks_mailbox(member: Membership) -> bool:
    """Whether nothing can come in, and this is somebody who can change that."""
    return member.can("settings.mail") and not Mailbox.objects.visible_to(member).in_use().exists()


def _filed_today(member: Membership, at: Any) -> int:
    """How many this person decided today: what an empty Inbox is proud of."""
    midnight = at.astimezone(member.office.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Message.objects.visible_to(member).incoming().filter(filed_by_id=member.user_id, filed_at__gte=midnight)
    return mine.count()
