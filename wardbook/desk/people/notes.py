"""Notes on a contact, and one turned into a case (S2.3)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wardbook.cases import actions as case_actions
from wardbook.contacts import actions as contact_actions
from wardbook.contacts.forms import ContactNoteForm
from wardbook.contacts.models import ContactNote
from wardbook.desk.office_days import days_of
from wardbook.desk.people import page
from wardbook.lib.respond import done, respond
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request


@require_POST
def notes(request: Request, office: str, pk: int) -> HttpResponse:
    """Add a note."""
    at = timezone.now()
    contact = page.get_contact(request, pk)
    url = reverse("contacts:contact", args=[office, pk]) + "?tab=notes"
    form = ContactNoteForm(request.POST, office=request.office, day=days_of(request.office, at))
    if form.is_valid():
        try:
            contact_actions.add_note(contact, by=request.user, at=at, **form.cleaned_data)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, url, _("Note added."))
    ctx = (
        page.details(request, contact, at)
        | page.tabs(request, contact, "notes")
        | page.notes_tab(request, contact, at)
    )
    ctx |= {"tab": "notes", "today": request.office.local_date(at), "note_form": form}
    return respond(request, "people/contact.html", ctx, piece="note_form", status=422)


@require_POST
def note_case(request: Request, office: str, pk: int, note: int) -> HttpResponse:
    """Turn a note into a case."""
    at = timezone.now()
    contact = page.get_contact(request, pk)
    found = get_object_or_404(ContactNote.objects.visible_to(request.member), pk=note, contact=contact)
    own = request.user if request.member.can("cases.own") else None
    try:
        case = case_actions.note_becomes_case(found, owner=own, by=request.user, at=at)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, reverse("contacts:contact", args=[office, pk]) + "?tab=notes")
    said = _("The note is now case %(case)s.") % {"case": case.reference}
    return done(request, reverse("desk:case", args=[office, case.number]), said)
