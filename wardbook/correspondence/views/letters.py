"""Letters on paper: written about a case or to a contact, looked at, changed, withdrawn."""

import base64
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wardbook.cases import actions as case_actions
from wardbook.cases.models import Case
from wardbook.cases.views.door import case_url, find_case
from wardbook.contacts.models import Contact
from wardbook.correspondence import lettering
from wardbook.correspondence.actions import letters as acts
from wardbook.correspondence.letter_forms import LetterForm, ReturnForm
from wardbook.correspondence.models import Letter, PostRules
from wardbook.correspondence.scans.press import PDF
from wardbook.correspondence.views.drafted import DraftedPage
from wardbook.journal.offering import undo_address
from wardbook.lib.download import as_download
from wardbook.lib.ids import can_be_an_id
from wardbook.lib.respond import done, respond
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.offices.middleware import Request

# What a page shows of a letter; a longer one is looked at as PDF.
MOST_PICTURES = 4
_NOT_DRAFTED = frozenset({"csrfmiddlewaretoken", "operation", "version", "seen", "look", "insert"})


@require_http_methods(["GET", "POST"])
def from_case(request: Request, office: str, number: int) -> HttpResponse:
    """A letter about a case. `?to=` names somebody who is not on it: one of the many who wrote about a campaign."""
    case, named, contact = find_case(request, number, timezone.now()), request.GET.get("to", ""), None
    if named:
        known = Contact.objects.visible_to(request.member)
        contact = get_object_or_404(known, pk=int(named) if can_be_an_id(named) else 0)
    return _write(request, case, contact)


@require_http_methods(["GET", "POST"])
def to_contact(request: Request, office: str, pk: int) -> HttpResponse:
    """A letter to somebody, about no case."""
    return _write(request, None, get_object_or_404(Contact.objects.visible_to(request.member), pk=pk))


@require_http_methods(["GET", "POST"])
def letter(request: Request, office: str, pk: int) -> HttpResponse:
    """One letter as it will be printed. POST changes it."""
    found = find_letter(request, pk)
    if request.method == "POST" or ("edit" in request.GET and found.state in acts.CHANGEABLE):
        return _change(request, found)
    may_sign = Letter.objects.signable_by(request.member).filter(pk=found.pk).exists()
    return _shown(request, found, ReturnForm() if may_sign else None, 200)


@require_safe
def pdf(request: Request, office: str, pk: int) -> HttpResponse:
    """The letter as it is printed, as a download."""
    found = find_letter(request, pk)
    try:
        made = lettering.pdf_of([found], request.office)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, place_of(found))
    return as_download(HttpResponse(made), lettering.file_name(found), PDF)


@require_POST
def stop(request: Request, office: str, pk: int) -> HttpResponse:
    """Withdraw a letter that has not gone."""
    found, at = find_letter(request, pk), timezone.now()
    try:
        acts.stop(found, by=request.user, at=at)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, place_of(found))
    return done(request, home_of(found), _("The letter is withdrawn."), undo_address(request, at))


def find_letter(request: Request, pk: int) -> Letter:
    """The letter, or 404 if this person may not know it exists."""
    related = ("office", "case__office", "contact", "representative", "by", "template", "signed_by")
    return get_object_or_404(Letter.objects.visible_to(request.member).select_related(*related), pk=pk)


def place_of(letter: Letter) -> str:
    """The page of a letter; once it is sent, its place on the timeline."""
    if letter.case and letter.activity_id:
        return case_url(letter.case, f"activity-{letter.activity_id}")
    return reverse("correspondence:letter", args=[letter.office.slug, letter.pk])


def home_of(letter: Letter) -> str:
    """What the letter is about: its case, else its contact."""
    if letter.case:
        return case_url(letter.case)
    return reverse("contacts:contact", args=[letter.office.slug, letter.contact_id])


def scope_of(case: Case | None, contact: Contact | None, letter: Letter | None = None) -> str:
    """The name of the draft."""
    if letter is not None:
        # Of this version: what was typed over an older one must not come back over a newer one.
        return f"letter-{letter.pk}-{letter.version}"
    named = [f"case-{case.number}"] if case else []
    return "-".join([*named, *([f"contact-{contact.pk}"] if contact else []), "paper"])


def _write(request: Request, case: Case | None, contact: Contact | None) -> HttpResponse:
    at, scope = timezone.now(), scope_of(case, contact)
    page = _LetterPage(request, case, contact, None, scope)
    form = page.form(at)
    if "insert" in request.POST or "look" in request.POST:
        return page.try_out(form, at)
    if not form.is_valid():
        return page.show(form, 422 if form.errors else 200)
    try:
        written = acts.write(office=request.office, case=case, by=request.user, at=at, **form.facts())
    except RuleBroken as refusal:
        form.add_error(None, str(refusal))
        return page.show(form, 422)
    case_actions.discard_draft(request.office, scope=scope, by=request.user)
    said = {
        Letter.State.FOR_SIGNATURE: _("Written. It waits for a signature."),
        Letter.State.READY: _("Written. It is ready to print."),
    }[Letter.State(written.state)]
    return done(request, place_of(written), said, undo_address(request, at))


def _change(request: Request, found: Letter) -> HttpResponse:
    at, scope = timezone.now(), scope_of(None, None, found)
    page = _LetterPage(request, found.case, None, found, scope)
    form = page.form(at)
    if "insert" in request.POST or "look" in request.POST:
        return page.try_out(form, at)
    if not form.is_valid():
        return page.show(form, 422 if form.errors else 200)
    try:
        acts.change(found, seen=form.cleaned_data.get("version"), by=request.user, at=at, **form.facts())
    except Stale as stale:
        return page.show(form, 409, theirs=stale.current, theirs_values=_their_values(form, stale.current))
    except RuleBroken as refusal:
        form.add_error(None, str(refusal))
        return page.show(form, 422)
    case_actions.discard_draft(request.office, scope=scope, by=request.user)
    return done(request, place_of(found), _("Saved."))


def _their_values(form: LetterForm, theirs: Letter) -> list[tuple[Any, str]]:
    """What a colleague saved meanwhile, beside the labels of the form, where it differs from what was typed."""
    return [
        (form.fields[name].label, str(getattr(theirs, name)))
        for name in ("addressed_to", "dated_on", "their_reference", "subject", "body")
        if form.cleaned_data.get(name) != getattr(theirs, name)
    ]


def _shown(request: Request, found: Letter, form: ReturnForm | None, status: int) -> HttpResponse:
    pictures, problem = pictures_of(found)
    context = {
        "letter": found,
        "pictures": pictures,
        "problem": problem,
        "back": home_of(found),
        "return_form": form,
        "may_change": found.state in acts.CHANGEABLE and request.member.can("correspondence.write"),
        "is_ready": found.state == Letter.State.READY,
    }
    return respond(request, "correspondence/letter.html", context, status=status)


def pictures_of(letter: Letter) -> tuple[list[str], str]:
    """The pages of a letter as data for the page, and why there are none."""
    try:
        pages = lettering.pictures_of(letter)
    except RuleBroken as refusal:
        return [], str(refusal)
    return [f"data:image/png;base64,{base64.b64encode(page).decode()}" for page in pages[:MOST_PICTURES]], ""


class _LetterPage(DraftedPage):
    """The page on which a letter is written or changed."""

    template = "correspondence/letter_form.html"

    def __init__(
        self, request: Request, case: Case | None, contact: Contact | None, letter: Letter | None, scope: str
    ) -> None:
        super().__init__(request, case, contact, scope)
        self.letter = letter

    def form(self, at: datetime, typed: dict[str, Any] | None = None) -> LetterForm:
        saves = self.request.method == "POST" and typed is None
        return LetterForm(
            self.request.member,
            self.request.POST if saves else None,
            at=at,
            case=self.case,
            contact=self.contact,
            letter=self.letter,
            draft=typed if typed is not None else self.draft.body if self.draft else {},
            auto_id="letter-%s",
        )

    def try_out(self, form: LetterForm, at: datetime) -> HttpResponse:
        """The page once more with what was typed: with a template in it, or with a picture of the letter beside."""
        sent = self.request.POST.items()
        typed = {name: value for name, value in sent if name in form.fields and name not in _NOT_DRAFTED}
        pictures: list[str] = []
        problem = ""
        if "insert" in self.request.POST:
            self.insert(typed, form.person)
        else:
            if not form.is_valid():
                return self.show(form, 422)
            pictures, problem = pictures_of(self._unsaved(form))
        try:
            self.draft = case_actions.keep_draft(
                self.request.office,
                scope=self.scope,
                body=typed,
                case=self.case,
                by=self.request.user,
                at=at,
                seen=self.draft.version if self.draft else 0,
            )
        except (RuleBroken, Stale):
            messages.error(self.request, _("The draft was changed on another device. It was not saved here."))
        version = self.request.POST.get("version", "")
        again = self.form(at, typed | ({"version": version} if version else {}))
        return self.show(again, 200, pictures=pictures, problem=problem)

    def _unsaved(self, form: LetterForm) -> Letter:
        """The letter as it would be, for its picture."""
        shown = Letter(office=self.request.office, case=self.case, by=self.request.user)
        if self.letter is not None:
            shown.by, shown.our_reference = self.letter.by, self.letter.our_reference
        elif self.case:
            shown.our_reference = self.case.reference
        for name, value in form.facts().items():
            setattr(shown, name, value)
        return shown

    def show(self, form: LetterForm, status: int, **more: Any) -> HttpResponse:
        asked: dict[str, Any] = {
            "contact": self.contact or (self.letter.contact if self.letter else None),
            "letter": self.letter,
            "needs_signature": PostRules.of(self.request.office).letters_need_signature,
            "pictures": [],
            "problem": "",
            "theirs": None,
            "theirs_values": [],
        }
        return super().show(form, status, **asked | more)

    def about(self, form: LetterForm) -> dict[str, int]:
        """A letter about a case may go to anybody: whom it goes to stands beside the case."""
        found = {"case": self.case.number} if self.case else {}
        return found | ({"contact": form.person.pk} if form.person else {})

    @property
    def back(self) -> str:
        return place_of(self.letter) if self.letter else super().back
