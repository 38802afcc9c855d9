"""What was undone in the Inbox lies there again: its item is shown, so that it can be decided once more."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from wardbook.correspondence.models import Message
from wardbook.journal.models import Undo
from wardbook.offices.middleware import Request


def item_address(request: Request, undo: Undo, came_from: str) -> str:
    """The address of the one message that is in the Inbox again; "" for any other act, or asked from elsewhere."""
    root = reverse("desk:inbox", args=[request.office.slug])
    path, _mark, query = came_from.partition("?")
    if not path.startswith(root):
        return ""
    named = set(_messages_in(undo.inverse, undo.payload))
    waits = Message.objects.in_inbox_of(request.member).filter(pk__in=named, campaign=None)
    if len(named) != 1 or not waits.exists():
        return ""
    here = reverse("desk:inbox_item", args=[request.office.slug, named.pop()])
    return f"{here}?{query}" if query else here


def _messages_in(inverse: str, payload: Any) -> Iterator[int]:
    if inverse == "many":
        for part, inside in payload:
            yield from _messages_in(part, inside)
    elif inverse == "message.place":
        yield payload["message"]
    elif inverse == "campaign.place":
        yield from (pk for pk, _version, _was in payload["messages"])
