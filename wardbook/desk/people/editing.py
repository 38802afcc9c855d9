"""Adding, changing and deleting a contact; flags and language in one press."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wardbook.contacts import actions as contact_actions
from wardbook.contacts.actions import saving
from wardbook.contacts.actions.people import COLUMNS
from wardbook.contacts.forms import ContactForm, languages
from wardbook.contacts.models import Contact
from wardbook.desk.office_days import days_of
from wardbook.desk.people.page import FLAGS, get_contact
from wardbook.journal.offering import undo_address
from wardbook.lib import days
from wardbook.lib.ids import as_number
from wardbook.lib.respond import done, respond
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.offices import access
from wardbook.offices.middleware import Request


@require_http_methods(["GET", "POST"])
def new(request: Request, office: str) -> HttpResponse:
    """Add a person or organisation."""
    at = timezone.now()
    start = {"kind": request.GET.get("kind", Contact.Kind.PERSON), "is_agency": request.GET.get("kind") == "agency"}
    if start["kind"] == "agency":
        start["kind"] = Contact.Kind.ORGANISATION
    form = _form(request, at, initial=start)
    same: list[Any] = []
    if request.method == "POST" and form.is_valid():
        values = form.values()
        same = [] if request.POST.get("not_same") else _alike(request, values)
        if not same:
            try:
                added = contact_actions.add_contact(request.office, by=request.user, at=at, **values)
            except RuleBroken as refusal:
                form.add_error(None, str(refusal))
            else:
                url = reverse("contacts:contact", args=[office, added.pk])
                return done(request, url, _("%(name)s added.") % {"name": added.name})
    ctx = {"form": form, "same": same, "action": reverse("contacts:new", args=[office]), "contact": None}
    ctx["back_url"] = reverse("contacts:list", args=[office])
    return respond(request, "people/form.html", ctx, piece="form", status=422 if form.errors or same else 200)


@require_http_methods(["GET", "POST"])
def edit(request: Request, office: str, pk: int) -> HttpResponse:
    """Change what is known of a contact."""
    at = timezone.now()
    contact = get_contact(request, pk)
    form = _form(request, at, initial=known_of(contact))
    if request.method == "POST" and form.is_valid():
        try:
            contact_actions.edit_contact(contact, by=request.user, at=at, seen=_seen(request), **form.values())
        except Stale as stale:
            return _both_versions(request, at, form, stale.current)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            url = reverse("contacts:contact", args=[office, pk])
            return done(request, url, _("Saved."), undo=undo_address(request, at))
    here = reverse("contacts:edit", args=[office, pk])
    ctx = {"form": form, "same": [], "action": here, "contact": contact}
    ctx["version"] = _seen(request) if request.method == "POST" else contact.version
    ctx["back_url"] = reverse("contacts:contact", args=[office, pk])
    return respond(request, "people/form.html", ctx, piece="form", status=422 if form.errors else 200)


@require_POST
def flags(request: Request, office: str, pk: int) -> HttpResponse:
    """Turn one of do not call, do not mail, do not email on or off. One press; who and when is noted."""
    at = timezone.now()
    contact = get_contact(request, pk)
    url = reverse("contacts:contact", args=[office, pk])
    name, _colon, off = request.POST.get("flag", "").partition(":")
    if name not in FLAGS:
        messages.error(request, _("Choose what they do not want."))
        return done(request, url)
    wanted = off != "off"
    values: dict[str, Any] = {name: wanted}
    if wanted:
        day = days.long_day(request.office.local_date(at))
        values["flags_source"] = _("Noted by %(name)s, %(day)s") % {"name": request.user, "day": day}
    elif not any(getattr(contact, other) for other in FLAGS if other != name):
        values["flags_source"] = ""
    contact_actions.edit_contact(contact, by=request.user, at=at, **values)
    label = str(Contact._meta.get_field(name).verbose_name).capitalize()  # type: ignore[union-attr]  # a column
    said = _("%(flag)s: yes.") if wanted else _("%(flag)s: no.")
    return done(request, url, said % {"flag": label}, undo=undo_address(request, at))


class LanguageForm(forms.Form):
    """Which language somebody speaks."""

    language = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].label = _("Speaks")
        self.fields["language"].choices = languages()  # type: ignore[attr-defined]  # a ChoiceField


@require_http_methods(["GET", "POST"])
def language(request: Request, office: str, pk: int) -> HttpResponse:
    """Change the language in place."""
    at = timezone.now()
    contact = get_contact(request, pk)
    url = reverse("contacts:contact", args=[office, pk])
    form = LanguageForm(request.POST if request.method == "POST" else None, initial={"language": contact.language})
    if request.method == "POST" and form.is_valid():
        contact_actions.edit_contact(contact, by=request.user, at=at, **form.cleaned_data)
        return done(request, url, _("Saved."), undo=undo_address(request, at))
    ctx = {
        "contact": contact,
        "form": form,
        "action": reverse("contacts:language", args=[office, pk]),
        "back_url": url,
    }
    return respond(request, "people/language.html", ctx, piece="form", status=422 if form.errors else 200)


@require_POST
def deletion(request: Request, office: str, pk: int) -> HttpResponse:
    """Take a contact off every list. Can be undone for a day."""
    at = timezone.now()
    contact = get_contact(request, pk)
    try:
        contact_actions.delete_contact(contact, by=request.user, at=at)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, reverse("contacts:contact", args=[office, pk]))
    url = reverse("contacts:list", args=[office])
    return done(request, url, _("%(name)s deleted.") % {"name": contact.name}, undo=undo_address(request, at))


def known_of(contact: Contact) -> dict[str, Any]:
    """A contact in the words of its form."""
    return {name: getattr(contact, name) for name in COLUMNS} | saving.values(contact)


def _form(request: Request, at: Any, initial: dict[str, Any]) -> ContactForm:
    return ContactForm(
        request.POST if request.method == "POST" else None,
        office=request.office,
        sees_warnings=access.sees_field(request.member.role, "contact.warning"),
        day=days_of(request.office, at),
        initial=initial,
    )


def _alike(request: Request, values: dict[str, Any]) -> list[Any]:
    name = values["organisation_name"] or f"{values['given_name']} {values['family_name']}"
    return contact_actions.likely_same(
        request.office,
        name=name,
        phones=[value for value, _label in values["phones"]],
        emails=[value for value, _label in values["emails"]],
        postcode=values["postcode"],
        among=Contact.objects.visible_to(request.member),
    )


def _seen(request: Request) -> int | None:
    return as_number(request.POST.get("version", ""))


def _both_versions(request: Request, at: Any, mine: ContactForm, current: Contact) -> HttpResponse:
    """409: what I typed and what somebody saved meanwhile, line by line."""
    theirs = _form_of(request, at, current)
    fields, keep = [], []
    for name, field in mine.fields.items():
        my_value, their_value = (
            _sent(mine[name].data, field),
            _sent(theirs[name].value() if name in theirs.fields else "", field),
        )
        if my_value == their_value:
            keep.append((name, my_value))
            continue
        fields.append(
            {
                "name": name,
                "label": field.label,
                "mine": my_value,
                "theirs": their_value,
                "mine_words": _words(field, my_value),
                "theirs_words": _words(field, their_value),
            }
        )
    ctx = {
        "fields": fields,
        "keep": keep,
        "theirs_name": _who_changed(request, current),
        "action": reverse("contacts:edit", args=[request.office.slug, current.pk]),
        "version": current.version,
        "contact": current,
    }
    return respond(request, "people/both.html", ctx, piece="form", status=409)


def _form_of(request: Request, at: Any, contact: Contact) -> ContactForm:
    return ContactForm(
        office=request.office,
        sees_warnings=access.sees_field(request.member.role, "contact.warning"),
        day=days_of(request.office, at),
        initial=known_of(contact),
    )


def _sent(value: Any, field: forms.Field) -> str:
    """A value as a browser sends it."""
    if isinstance(field, forms.BooleanField):
        return "on" if value and value not in ("False", "false", "0") else ""
    if hasattr(value, "pk"):
        return str(value.pk)
    prepared = field.prepare_value(value)
    return "" if prepared is None else str(prepared)


def _words(field: forms.Field, value: str) -> str:
    if isinstance(field, forms.BooleanField):
        return _("Yes") if value else _("No")
    for key, label in getattr(field, "choices", ()):
        if str(key) == value:
            return str(label)
    return value


def _who_changed(request: Request, contact: Contact) -> str:
    from wardbook.journal.models import Event

    event = Event.objects.about(contact).select_related("by").order_by("-number").first()
    return str(event.by) if event and event.by else _("Somebody")
