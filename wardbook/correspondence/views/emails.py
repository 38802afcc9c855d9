"""Writing an email: from a case, to a contact, or in answer to what came in."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wardbook.cases import actions as case_actions
from wardbook.cases import outstanding
from wardbook.cases.forms.closing import ClosureForm
from wardbook.cases.models import Case, Draft
from wardbook.cases.views.door import case_url, find_case
from wardbook.cases.views.entries import moment
from wardbook.contacts.models import Contact
from wardbook.correspondence.actions import composing, concluding, sending
from wardbook.correspondence.actions.guarding import AnsweredMeanwhile, NeedsConfirming
from wardbook.correspondence.forms import EmailForm, usual_subject
from wardbook.correspondence.models import Message
from wardbook.correspondence.views.drafted import DraftedPage
from wardbook.journal.offering import undo_address
from wardbook.lib.respond import done
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.offices.middleware import Request
from wardbook.offices.models import Membership

CLOSE = "close"
"""What the button "Send and close" sends as `then`; that of "Send and next" sends an address."""


@require_http_methods(["GET", "POST"])
def from_case(request: Request, office: str, number: int) -> HttpResponse:
    """An email about a case. GET is a page of its own; the composer of the case sends here too."""
    return _write(request, find_case(request, number, timezone.now()), None)


@require_http_methods(["GET", "POST"])
def to_contact(request: Request, office: str, pk: int) -> HttpResponse:
    """An email to somebody, about no case."""
    contact = get_object_or_404(Contact.objects.visible_to(request.member), pk=pk)
    return _write(request, None, contact)


@require_POST
def stop(request: Request, office: str, pk: int) -> HttpResponse:
    """Keep a message from going out while it is still here."""
    message, at = _outgoing(request, pk), timezone.now()
    try:
        is_open_again = concluding.stop(message, may_reopen=request.member.can("cases.write"), by=request.user, at=at)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, _place(request, message))
    said = _("It is not sent. Its text is on the timeline.")
    if is_open_again:
        said = _("It is not sent, and the case is open again. Its text is on the timeline.")
    elif message.case and message.case.is_closed:
        said += " " + _("Case %(case)s stays closed: reopen it if it is not finished.") % {
            "case": message.case.reference
        }
    return done(request, _place(request, message), said)


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
    """With what the form opens: the draft; else what the address asks for, a message to answer (`answer`), one to
    write again (`again`), a service to write to (`to=service`); else an answer to what the constituent wrote last."""
    if draft:
        return dict(draft.body)
    if request.GET.get("again"):
        return {"again": request.GET["again"][:20]}
    if request.GET.get("to") == "service":
        return {"for_agency": True}
    named = request.GET.get("answer", "")[:20]
    if not named and case and case.constituent_id:
        theirs = Message.objects.visible_to(request.member).incoming().filter(case=case, contact=case.constituent_id)
        last = theirs.filter(medium=Message.Medium.EMAIL, auto_kind="").order_by("-at").values_list("pk", flat=True)
        named = str(last.first() or "")
    return {"answer_to": named}


def may_close(case: Case, member: Membership) -> bool:
    """Whether "Send and close" is offered."""
    return not case.is_closed and member.can("cases.write")


def stamp(at: datetime) -> str:
    """A moment that needs no quoting in an address."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _write(request: Request, case: Case | None, contact: Contact | None) -> HttpResponse:
    at = timezone.now()
    page = _EmailPage(request, case, contact, at)
    form, ending = page.form(), page.ending()
    if request.method == "POST" and "insert" in request.POST:
        return page.show(page.with_template(form), 200, ending=ending)
    if not form.is_valid() or (ending is not None and not ending.is_valid()):
        refused = form.errors or (ending is not None and ending.errors)
        return page.show(form, 422 if refused else 200, ending=ending)
    try:
        written = _send(request, case, form, ending, at)
    except NeedsConfirming as asked:
        return page.show(form, 422, ending=ending, reasons=asked.reasons)
    except AnsweredMeanwhile as meanwhile:
        return page.show(form, 409, ending=ending, meanwhile=meanwhile)
    except Stale as stale:
        assert ending is not None  # only closing asks for the version
        ending.take_up(Case.objects.for_page().get(pk=stale.current.pk))
        return page.show(form, 422, ending=ending)
    except RuleBroken as refusal:
        (form if ending is None else ending).add_error(None, str(refusal))
        return page.show(form, 422, ending=ending)
    case_actions.discard_draft(request.office, scope=page.scope, by=request.user)
    said = _said(written)
    if case is not None and page.asks_to_close:
        closed = _("Case %(case)s is closed.") if ending else _("Case %(case)s was closed already.")
        said = f"{said} {closed % {'case': case.reference}}"
    return done(request, page.next_address or _place(request, written[0]), said, undo_address(request, at))


def _send(
    request: Request, case: Case | None, form: EmailForm, ending: ClosureForm | None, at: datetime
) -> list[Message]:
    email = {"seen_at": moment(form.cleaned_data.get("seen", "")), **form.facts()}
    if case is None or ending is None:
        return composing.write(office=request.office, case=case, by=request.user, at=at, **email)
    return concluding.write_and_close(case, ending=ending.facts(), seen=ending.seen, by=request.user, at=at, **email)


def _said(written: list[Message]) -> str:
    if len(written) > 1:
        return _("%(count)s emails go out in 30 seconds, one to each.") % {"count": len(written)}
    person = written[0].contact.formal_name if written[0].contact else written[0].addresses.all()[0].address
    return _("Email to %(name)s goes out in 30 seconds.") % {"name": person}


class _EmailPage(DraftedPage):
    """The page on which an email is written, with what it has to ask of the email and of the end of its case."""

    template = "correspondence/email.html"

    def __init__(self, request: Request, case: Case | None, contact: Contact | None, at: datetime) -> None:
        super().__init__(request, case, contact, scope_of(case, contact))
        self.at = at
        then = request.POST.get("then", "") if request.method == "POST" else ""
        self.asks_to_close = then == CLOSE and case is not None and request.member.can("cases.write")
        # Where "Send and next" goes on: an address of this office, or nowhere.
        is_ours = then.startswith(f"/{request.office.slug}/") and url_has_allowed_host_and_scheme(then, None)
        self.next_address = then if is_ours else ""

    def form(self) -> EmailForm:
        sends = self.request.method == "POST"
        kept = self.draft.body if self.draft else {}
        first = kept if sends else begun(self.request, self.case, self.draft)
        sent = (self.request.POST, self.request.FILES) if sends else (None, None)
        return self._form(*sent, draft={"seen": stamp(self.at)} | first)

    def with_template(self, form: EmailForm) -> EmailForm:
        """The form as it was typed, with the words of the chosen template in it."""
        data = self.request.POST.copy()
        usual = [usual_subject(self.case, for_agency=one) for one in (False, True)] if self.case else []
        self.insert(data, self.contact, usual)
        several = ("to", "documents", "attachments")
        typed = {name: data.getlist(name) if name in several else data.get(name, "") for name in data}
        return self._form(draft=typed | {"uploads": self.request.FILES.getlist("uploads")})

    def _form(self, *sent: Any, draft: dict[str, Any]) -> EmailForm:
        return EmailForm(
            self.request.member,
            *sent,
            at=self.at,
            case=self.case,
            contact=self.contact,
            draft=draft,
            auto_id="email-%s",
        )

    def ending(self) -> ClosureForm | None:
        """How the case ends, if it is to end with this email: not yet asked, or as it was answered."""
        if not self.asks_to_close or self.case is None or self.case.is_closed:
            return None
        answered = self.request.POST if "was" in self.request.POST else None
        form = ClosureForm(self.case, self.request.member, answered, today=self.request.office.local_date(self.at))
        if answered is None:
            form.fields["outcome"].widget.attrs["focused"] = True
        return form

    def show(self, form: EmailForm, status: int, *, ending: ClosureForm | None = None, **asked: Any) -> HttpResponse:
        context = {
            "reasons": [],
            "meanwhile": None,
            "confirmed": self.request.POST.getlist("confirmed") if self.request.method == "POST" else [],
            "ending": ending,
            "outstanding": outstanding.on([self.case.pk], self.request.member) if ending and self.case else [],
            "next_address": self.next_address,
            "may_close": self.case is not None and may_close(self.case, self.request.member),
        }
        return super().show(form, status, **context | asked)


def _outgoing(request: Request, pk: int) -> Message:
    found = Message.objects.visible_to(request.member).outgoing().select_related("case", "contact")
    return get_object_or_404(found, pk=pk)


def _place(request: Request, message: Message) -> str:
    if message.case:
        return case_url(message.case, f"message-{message.pk}")
    if message.contact:
        return reverse("contacts:contact", args=[request.office.slug, message.contact.pk]) + "?tab=timeline"
    return reverse("desk:home", args=[request.office.slug])
