"""Writing an email: from a case, to a contact, or in answer to what came in."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wardbook.cases import actions as case_actions
from wardbook.cases.models import Case, Draft
from wardbook.cases.views.door import case_url, find_case, page_or_piece, undo_address
from wardbook.cases.views.entries import moment
from wardbook.contacts.models import Contact
from wardbook.correspondence.actions import composing, sending
from wardbook.correspondence.actions.guarding import AnsweredMeanwhile, NeedsConfirming
from wardbook.correspondence.forms import EmailForm
from wardbook.correspondence.models import Message, Template
from wardbook.correspondence.views.words import filled
from wardbook.lib.ids import can_be_an_id
from wardbook.lib.respond import done
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request


@require_http_methods(["GET", "POST"])
def from_case(request: Request, office: str, number: int) -> HttpResponse:
    """An email about a case. GET is a page of its own; the composer of the case sends here too."""
    return _write(request, find_case(request, number, timezone.now()), None)


@require_http_methods(["GET", "POST"])
def to_contact(request: Request, office: str, pk: int) -> HttpResponse:
    """An email to somebody, about no case."""
    contact = get_object_or_404(Contact.objects.visible_to(request.member), pk=pk)
    return _write(request, None, contact)


@require_GET
def template_text(request: Request, office: str, pk: int) -> JsonResponse:
    """A template with its tokens filled from the case or the contact that the address names."""
    template = get_object_or_404(Template.objects.visible_to(request.member).in_use(), pk=pk)
    case, contact = _about(request)
    subject, body, missing = filled(request, template, case, contact)
    return JsonResponse({"subject": subject, "body": body, "missing": [f"{{{token}}}" for token in missing]})


@require_POST
def stop(request: Request, office: str, pk: int) -> HttpResponse:
    """Keep a message from going out while it is still here."""
    message = _outgoing(request, pk)
    try:
        composing.stop(message, by=request.user, at=timezone.now())
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, _place(request, message))
    return done(request, _place(request, message), _("It is not sent. Its text is on the timeline."))


@require_POST
def again(request: Request, office: str, pk: int) -> HttpResponse:
    """Try a message once more that did not go out, or of which nobody can tell."""
    message, at = _outgoing(request, pk), timezone.now()
    try:
        sending.retry(message, by=request.user, at=at)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, _place(request, message))
    return done(request, _place(request, message), _("It is tried again."))


def scope_of(case: Case | None, contact: Contact | None) -> str:
    """The name of the draft."""
    return f"case-{case.number}-email" if case else f"contact-{contact.pk}-email" if contact else "email"


def begun(request: Request, case: Case | None, draft: Draft | None) -> dict[str, Any]:
    """With what the form opens: the draft; else what the address asks for, a message to answer (`answer`) or a
    service to write to (`to=service`); else an answer to what the constituent wrote last."""
    if draft:
        return dict(draft.body)
    if request.GET.get("to") == "service":
        return {"for_agency": True}
    named = request.GET.get("answer", "")[:20]
    if not named and case and case.constituent_id:
        theirs = Message.objects.visible_to(request.member).incoming().filter(case=case, contact=case.constituent_id)
        last = theirs.filter(medium=Message.Medium.EMAIL, auto_kind="").order_by("-at").values_list("pk", flat=True)
        named = str(last.first() or "")
    return {"answer_to": named}


def stamp(at: datetime) -> str:
    """A moment that needs no quoting in an address."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _write(request: Request, case: Case | None, contact: Contact | None) -> HttpResponse:
    at, scope = timezone.now(), scope_of(case, contact)
    draft = Draft.objects.visible_to(request.member).filter(scope=scope).first()
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    first = begun(request, case, draft) if request.method == "GET" else draft.body if draft else {}
    form = EmailForm(
        request.member,
        *sent,
        at=at,
        case=case,
        contact=contact,
        draft={"seen": stamp(at)} | first,
        auto_id="email-%s",
    )
    page = _Page(request, case, contact, scope, draft)
    if request.method == "POST" and "insert" in request.POST:
        return page.show(_with_template(request, form, case, contact, at), 200)
    if not form.is_valid():
        return page.show(form, 422 if form.errors else 200)
    try:
        written = composing.write(
            office=request.office,
            case=case,
            seen_at=moment(form.cleaned_data.get("seen", "")),
            by=request.user,
            at=at,
            **form.facts(),
        )
    except NeedsConfirming as asked:
        return page.show(form, 422, reasons=asked.reasons)
    except AnsweredMeanwhile as meanwhile:
        return page.show(form, 409, meanwhile=meanwhile)
    except RuleBroken as refusal:
        form.add_error(None, str(refusal))
        return page.show(form, 422)
    case_actions.discard_draft(request.office, scope=scope, by=request.user)
    undo = undo_address(request, at)
    if len(written) == 1:
        person = written[0].contact.formal_name if written[0].contact else written[0].addresses.all()[0].address
        said = _("Email to %(name)s goes out in 30 seconds.") % {"name": person}
    else:
        said = _("%(count)s emails go out in 30 seconds, one to each.") % {"count": len(written)}
    return done(request, _place(request, written[0]), said, undo)


class _Page:
    """The page on which an email is written, with what it has to ask."""

    def __init__(
        self, request: Request, case: Case | None, contact: Contact | None, scope: str, draft: Draft | None
    ) -> None:
        self.request, self.case, self.contact, self.scope, self.draft = request, case, contact, scope, draft

    def show(self, form: EmailForm, status: int, **asked: Any) -> HttpResponse:
        slug = self.request.office.slug
        about = f"?case={self.case.number}" if self.case else f"?contact={self.contact.pk}" if self.contact else ""
        context = {
            "case": self.case,
            "contact": self.contact,
            "form": form,
            "form_url": self.request.get_full_path(),
            "back": self.back,
            "scope": self.scope,
            "draft_version": self.draft.version if self.draft else 0,
            "template_url": reverse("correspondence:template_text", args=[slug, 0]) + about,
            "reasons": [],
            "meanwhile": None,
            "confirmed": self.request.POST.getlist("confirmed") if self.request.method == "POST" else [],
        } | asked
        return page_or_piece(self.request, "correspondence/email.html", context, "form", status)

    @property
    def back(self) -> str:
        if self.case:
            return case_url(self.case)
        assert self.contact is not None  # an email is about a case or to a contact
        return reverse("contacts:contact", args=[self.request.office.slug, self.contact.pk])


def _with_template(
    request: Request, form: EmailForm, case: Case | None, contact: Contact | None, at: datetime
) -> EmailForm:
    """The form as it was typed, with the words of the chosen template in it: for who has no JavaScript."""
    chosen = request.POST.get("template", "")
    templates = Template.objects.visible_to(request.member).in_use()
    template = templates.filter(pk=int(chosen)).first() if can_be_an_id(chosen) else None
    data = request.POST.copy()
    if template is not None:
        subject, body, _missing = filled(request, template, case, contact)
        data["body"] = "\n".join(part for part in (data.get("body", "").strip(), body) if part)
        data["subject"] = data.get("subject", "").strip() or subject
    typed = {name: data.getlist(name) if name in ("to", "documents") else data.get(name, "") for name in data}
    return EmailForm(request.member, at=at, case=case, contact=contact, draft=typed, auto_id="email-%s")


def _about(request: Request) -> tuple[Case | None, Contact | None]:
    number, pk = request.GET.get("case", ""), request.GET.get("contact", "")
    if number.isascii() and number.isdecimal() and len(number) < 10:
        return get_object_or_404(Case.objects.visible_to(request.member), number=int(number)), None
    if pk.isascii() and pk.isdecimal() and len(pk) < 19:
        return None, get_object_or_404(Contact.objects.visible_to(request.member), pk=int(pk))
    return None, None


def _outgoing(request: Request, pk: int) -> Message:
    found = Message.objects.visible_to(request.member).outgoing().select_related("case", "contact")
    return get_object_or_404(found, pk=pk)


def _place(request: Request, message: Message) -> str:
    if message.case:
        return case_url(message.case, f"message-{message.pk}")
    if message.contact:
        return reverse("contacts:contact", args=[request.office.slug, message.contact.pk]) + "?tab=timeline"
    return reverse("desk:home", args=[request.office.slug])
