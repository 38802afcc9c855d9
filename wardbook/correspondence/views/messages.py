"""What a message brought: its files, its HTML as it was laid out, and the mail as it came."""

import base64

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wardbook.cases import actions as case_actions
from wardbook.cases import files
from wardbook.cases.views.downloads import kept_file, path_of
from wardbook.correspondence import framing, outside, raw_store
from wardbook.correspondence.actions import inbox, keeping
from wardbook.correspondence.cleaning import clean
from wardbook.correspondence.models import Attachment, Delivery, Message
from wardbook.correspondence.scans import press
from wardbook.journal.middleware import repeatable
from wardbook.lib.download import as_download
from wardbook.lib.respond import respond
from wardbook.offices.middleware import Request

LARGEST_INLINE = 5_000_000
PAGES_AT_ONCE = 8


@require_GET
def attachment(request: Request, office: str, pk: int) -> HttpResponseBase:
    """A file of a message."""
    visible = Attachment.objects.visible_to(request.member).select_related("message__case")
    found = get_object_or_404(visible, pk=pk)
    answer = kept_file(request, found)
    _note_reading(request, found.message)
    return answer


@require_GET
def original(request: Request, office: str, pk: int) -> HttpResponse:
    """The HTML of a message, cleaned, as a document for a frame without rights (P19, D3)."""
    message = _find(request, pk)
    if not message.html:
        raise Http404
    _note_reading(request, message)
    cleaned = clean(message.html, inline=_inline(message))
    return framing.framed(cleaned, title=_("Email from %(sender)s") % {"sender": message.sender})


@repeatable  # looking changes nothing, and fetching must not hold up the database
@require_POST
def pictures_shown(request: Request, office: str, pk: int) -> HttpResponse:
    """The same with its pictures from outside, which we fetch now because a person pressed for them (C8, G1).

    A POST with a token: no link in a mail, no scanner and no other site makes us ask anybody.
    """
    message, at = _find(request, pk), timezone.now()
    if not message.html:
        raise Http404
    _note_reading(request, message)
    inline = _inline(message)
    named = clean(message.html, inline=inline).pictures
    fetched = outside.pictures(message, named)
    inbox.note_pictures(message, asked=len(named), shown=len(fetched), by=request.user, at=at)
    cleaned = clean(message.html, inline={**fetched, **inline})
    return framing.framed(cleaned, title=_("Email from %(sender)s") % {"sender": message.sender})


@require_GET
def pages(request: Request, office: str, pk: int) -> HttpResponse:
    """The pages of a scan as pictures made anew: the file itself is never shown within our origin (D2, E2)."""
    visible = Attachment.objects.visible_to(request.member).select_related("message__case")
    found = get_object_or_404(visible.filter(media_type__in=press.SHOWN), pk=pk)
    path = path_of(found)
    _note_reading(request, found.message)
    said = request.GET.get("from", "")
    first = int(said) - 1 if said.isascii() and said.isdecimal() and 0 < len(said) < 5 and int(said) else 0
    context = {"file": found, "first": first, "shown": [], "problem": "", "more": 0, "of": 0}
    try:
        made = press.pictures(path, found.media_type, first=first, most=PAGES_AT_ONCE)
    except press.CannotOpen as reason:
        context["problem"] = str(reason)
    else:
        after = first + len(made.pictures)
        context |= {
            "shown": [
                (first + place, f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}")
                for place, picture in enumerate(made.pictures, start=1)
            ],
            "of": made.of,
            "more": after + 1 if made.pictures and after < made.of else 0,
        }
    return respond(request, "correspondence/scan_pages.html", context, piece="pages")


@require_GET
def raw(request: Request, office: str, pk: int) -> HttpResponseBase:
    """The mail as it came, byte for byte."""
    message = _find(request, pk)
    delivery = message.deliveries.select_related("raw").order_by("pk").first()
    if delivery is None:
        raise Http404
    _note_reading(request, message)
    return _mail(delivery, f"{message.subject or 'message'}.eml")


@require_GET
def delivery(request: Request, office: str, pk: int) -> HttpResponseBase:
    """A mail that could not be read, as it came."""
    found = get_object_or_404(Delivery.objects.visible_to(request.member).select_related("raw"), pk=pk)
    return _mail(found, f"mail-{found.pk}.eml")


def _find(request: Request, pk: int) -> Message:
    return get_object_or_404(Message.objects.visible_to(request.member).select_related("case"), pk=pk)


def _inline(message: Message) -> dict[str, str]:
    """The pictures that the HTML shows, by their Content-ID."""
    found: dict[str, str] = {}
    for part in message.attachments.filter(is_inline=True, size__lte=LARGEST_INLINE).exclude(content_id=""):
        try:
            address = framing.as_data(raw_store.get(part.storage_key))
        except OSError:
            address = None
        if address:
            found[part.content_id] = address
    return found


def _note_reading(request: Request, message: Message) -> None:
    """Reading what belongs to a restricted case is told, as for its page."""
    if message.case is not None and message.case.is_restricted:
        case_actions.note_reading(message.case, by=request.member.user, at=timezone.now())


def _mail(delivery: Delivery, name: str) -> HttpResponseBase:
    try:
        content = keeping.bytes_of(delivery.raw)
    except OSError:
        raise Http404 from None
    # Not message/rfc822: a browser or a mail program would open it, with all that is in it.
    return as_download(HttpResponse(content), files.clean_name(name))
