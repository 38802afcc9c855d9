"""Letters from the scanner and social messages: logged by hand, then decided in the Inbox (IN-5, IN-6)."""

from contextlib import ExitStack
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from wardbook.cases import files
from wardbook.cases.views.entries import tell_refused
from wardbook.correspondence.actions import by_hand, filing, scanning
from wardbook.correspondence.models import Message
from wardbook.correspondence.scans import press
from wardbook.desk.inbox.by_hand_forms import (
    CutForm,
    LetterDetailsForm,
    LetterForm,
    ScansForm,
    SocialDetailsForm,
    SocialForm,
)
from wardbook.desk.inbox.item import contact_of
from wardbook.desk.inbox.listing import Shown
from wardbook.desk.inbox.views import find_message
from wardbook.journal.actions import as_one, gathering
from wardbook.journal.middleware import repeatable
from wardbook.journal.offering import undo_address
from wardbook.lib.respond import done, respond
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request

FORMS = {"social": SocialForm, "letter": LetterForm}


@repeatable  # a scan that is here already is refused, and looking into PDFs must not hold up the database
@require_http_methods(["GET", "POST"])
def scans(request: Request, office: str) -> HttpResponse:
    """Upload a pile of letters. Each is an item of the Inbox; one that fails does not lose the others."""
    at = timezone.now()
    if request.method == "GET":
        form = ScansForm(request, at, initial={"received_on": request.office.local_date(at)})
        return _scans_page(request, form, 200)
    form = ScansForm(request, at, request.POST, request.FILES)
    if not form.is_valid():
        return _scans_page(request, form, 422)
    data = form.cleaned_data
    letters, refused = scanning.take_in(
        request.office,
        data["uploads"],
        received_on=data["received_on"],
        parts=data["pages"],
        leave_out=data["leave_out"],
        by=request.user,
        at=at,
    )
    if not letters:
        for name, why in refused:
            form.add_error("pages" if data["pages"] else "uploads", f"{name}: {why}")
        return _scans_page(request, form, 422)
    tell_refused(request, refused)
    said = ngettext("%(n)d letter is in the Inbox.", "%(n)d letters are in the Inbox.", len(letters))
    return done(request, _item(request, letters[0]), said % {"n": len(letters)}, undo_address(request, at))


@repeatable  # what is cut already waits no longer, and cutting must not hold up the database
@require_http_methods(["GET", "POST"])
def cut(request: Request, office: str, pk: int) -> HttpResponse:
    """Cut a scan that holds several letters, with its pages in view."""
    message, at = find_message(request, pk), timezone.now()
    part = scanning.can_be_cut(message)
    if part is None:
        raise Http404
    form = CutForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            letters = scanning.cut_apart(message, data["pages"], leave_out=data["leave_out"], by=request.user, at=at)
        except (RuleBroken, press.CannotOpen) as refusal:
            form.add_error("pages", str(refusal))
        else:
            said = ngettext("%(n)d letter is in the Inbox.", "%(n)d letters are in the Inbox.", len(letters))
            return done(request, _item(request, letters[0]), said % {"n": len(letters)}, undo_address(request, at))
    scan = {"name": part.name, "url": reverse("correspondence:pages", args=[office, part.pk])}
    context = {"form": form, "message": message, "scan": scan, "back": _item(request, message)}
    return respond(request, "desk/inbox/cut.html", context, piece="form", status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def log(request: Request, office: str) -> HttpResponse:
    """Log something that came in: into the Inbox, onto a case, or as a new case."""
    at = timezone.now()
    how = request.GET.get("how", "social")
    if how not in FORMS:
        raise Http404
    initial = {"received_on": request.office.local_date(at)}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FORMS[how](request, at, *sent, initial=initial)
    if not form.is_valid():
        return _log_page(request, form, how, 422 if form.errors else 200)
    try:
        with transaction.atomic():
            with gathering() as undos:
                message, refused = _logged(request, how, form.cleaned_data, at)
                if case := form.cleaned_data["case"]:
                    filing.file_on_case(message, case, by=request.user, at=at)
            as_one(undos)
    except RuleBroken as refusal:
        form.add_error(None, str(refusal))
        return _log_page(request, form, how, 422)
    tell_refused(request, refused)
    if case:
        page = reverse("desk:case", args=[office, case.number])
        said = _("Added to %(case)s.") % {"case": case.reference}
        place = f"{page}?entry=message-{message.pk}#message-{message.pk}"
    else:
        said = _("It is in the Inbox.")
        makes_case = request.POST.get("next") == "case"
        place = reverse("desk:inbox_case", args=[office, message.pk]) if makes_case else _item(request, message)
    return done(request, place, said, undo_address(request, at))


@require_http_methods(["GET", "POST"])
def details(request: Request, office: str, pk: int) -> HttpResponse:
    """Who wrote what was logged, what about, and when."""
    message, at = find_message(request, pk), timezone.now()
    if not message.is_by_hand:
        raise Http404
    contact, zone = contact_of(request, message), request.office.zone
    initial = {
        "person": contact,
        "name": "" if contact else message.from_name,
        "subject": message.subject,
        "received_on": message.at.astimezone(zone).date(),
        "written_on": message.written_at.astimezone(zone).date() if message.written_at else None,
    }
    kind = LetterDetailsForm if message.medium == Message.Medium.LETTER else SocialDetailsForm
    sent = request.POST if request.method == "POST" else None
    form = kind(request, at, sent, contact=contact, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        try:
            by_hand.describe(
                message,
                contact=data["person"],
                name=data["name"],
                subject=data["subject"],
                received_on=data["received_on"],
                written_on=data.get("written_on"),
                by=request.user,
                at=at,
            )
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, _item(request, message), _("Saved."), undo_address(request, at))
    cast_person = form.fields["person"]
    cast_person.offer_matches()  # type: ignore[attr-defined]  # it is a ContactField
    context = {
        "form": form,
        "message": message,
        "heading": _("Who wrote it, and when?"),
        "button": _("Save"),
        "form_url": request.get_full_path(),
        "back": _item(request, message),
        "kind": "details",
    }
    status = 422 if form.errors else 200
    return respond(request, "desk/inbox/question.html", context, piece="form", status=status)


def _logged(request: Request, how: str, data: dict[str, Any], at: datetime) -> tuple[Message, list[tuple[str, str]]]:
    """The message, and the files that were not taken, each with the reason."""
    refused: list[tuple[str, str]] = []
    common = {
        "contact": data["person"],
        "name": data["name"],
        "subject": data["subject"],
        "text": data["text"],
        "received_on": data["received_on"],
        "by": request.user,
        "at": at,
    }
    with ExitStack() as stack:
        kept = []
        for upload in data["uploads"]:
            name = files.clean_name(upload.name or "")
            try:
                kept.append(stack.enter_context(scanning.on_disk(upload, name)))
            except RuleBroken as reason:
                refused.append((name, str(reason)))
        if how == "letter":
            message = by_hand.log_letter(request.office, kept, written_on=data["written_on"], **common)
        else:
            message = by_hand.log_social(
                request.office,
                network=data["network"],
                handle=data["handle"],
                link=data["link"],
                pictures=kept,
                **common,
            )
    return message, refused


def _scans_page(request: Request, form: ScansForm, status: int) -> HttpResponse:
    return respond(request, "desk/inbox/scans.html", {"form": form}, piece="form", status=status)


def _log_page(request: Request, form: Any, how: str, status: int) -> HttpResponse:
    form.fields["person"].offer_matches()
    here = reverse("desk:inbox_log", args=[request.office.slug])
    tabs = [
        {"label": _("Social media"), "url": here, "current": how == "social"},
        {"label": _("Letter"), "url": f"{here}?how=letter", "current": how == "letter"},
    ]
    context = {"form": form, "tabs": tabs, "how": how, "form_url": request.get_full_path()}
    return respond(request, "desk/inbox/log.html", context, piece="form", status=status)


def _item(request: Request, message: Message) -> str:
    return reverse("desk:inbox_item", args=[request.office.slug, message.pk]) + Shown.read(request).query()
