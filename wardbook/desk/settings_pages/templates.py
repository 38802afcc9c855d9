"""Templates: the words of emails, letters and acknowledgements, with every version they had (EM-6)."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wardbook.cases.models import Case
from wardbook.contacts.models import Contact
from wardbook.correspondence import filling
from wardbook.correspondence.actions import templates as actions
from wardbook.correspondence.models import Template
from wardbook.desk.settings_pages.frame import both_versions, fingerprint, is_stale, show
from wardbook.journal.offering import undo_address
from wardbook.lib.forms import CHOOSE
from wardbook.lib.respond import done
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.lib.typed import LineField, TextField
from wardbook.offices.middleware import Request
from wardbook.offices.models import Representative

HINTS = {
    Template.Kind.EMAIL: _later("Offered when an email is written."),
    Template.Kind.LETTER: _later("Offered when a letter is written."),
    Template.Kind.ACKNOWLEDGEMENT: _later("Sent by itself when mail of a new person comes in; one in each language."),
}


class TemplateForm(forms.Form):
    """What a template says, and in which language."""

    name = LineField(longest=120, label=_later("Name"), error_messages={"required": _later("Give it a name.")})
    language = forms.ChoiceField(
        label=_later("Language"),
        choices=[("", _later("any")), *settings.LANGUAGES],
        required=False,
        error_messages=CHOOSE,
    )
    subject = LineField(longest=200, required=False, label=_later("Subject"))
    body = TextField(
        longest=20_000,
        label=_later("Text"),
        widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={"required": _later("Write something first.")},
    )


@require_GET
def templates_page(request: Request, office: str) -> HttpResponse:
    """All templates by what they are for."""
    rows = list(Template.objects.visible_to(request.member).select_related("changed_by"))
    groups = [
        {
            "kind": kind,
            "label": kind.label,
            "hint": HINTS[kind],
            "rows": [row for row in rows if row.kind == kind and row.retired_at is None],
            "new_url": reverse("desk:new_template", args=[office]) + f"?kind={kind.value}",
        }
        for kind in Template.Kind
    ]
    context = {
        "groups": groups,
        "retired": [row for row in rows if row.retired_at],
        "languages": dict(settings.LANGUAGES),
    }
    return show(request, "desk/settings/templates.html", context)


@require_http_methods(["GET", "POST"])
def new_template(request: Request, office: str) -> HttpResponse:
    """A new template, of the kind that the address names."""
    kind = request.GET.get("kind", Template.Kind.EMAIL)
    if kind not in Template.Kind.values:
        raise Http404
    form = TemplateForm(request.POST if request.method == "POST" else None)
    if "look" not in request.POST and form.is_valid():
        try:
            added = actions.add_template(
                request.office, kind=kind, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            return _saved(request, added)
    return _page(request, form, None, Template.Kind(kind))


@require_http_methods(["GET", "POST"])
def template_page(request: Request, office: str, pk: int) -> HttpResponse:
    """One template; POST changes it."""
    template = _find(request, pk)
    current = {name: getattr(template, name) for name in TemplateForm.base_fields}
    form = TemplateForm(_unix(request) if request.method == "POST" else None, initial=current)
    if "look" in request.POST or not form.is_valid():
        return _page(request, form, template, Template.Kind(template.kind), version=fingerprint(current))
    if is_stale(request, current):
        return both_versions(request, form, current, template)
    try:
        changed = actions.change_template(
            template, seen=template.version, by=request.user, at=timezone.now(), **form.cleaned_data
        )
    except Stale as stale:
        theirs = {name: getattr(stale.current, name) for name in TemplateForm.base_fields}
        return both_versions(request, form, theirs, template)
    except RuleBroken as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, template, Template.Kind(template.kind), version=fingerprint(current))
    return _saved(request, changed)


@require_http_methods(["GET", "POST"])
def template_version(request: Request, office: str, pk: int, version: int) -> HttpResponse:
    """What a template said before. POST makes it say so again; what it says now is kept too."""
    template = _find(request, pk)
    revision = get_object_or_404(template.revisions.select_related("by"), version=version)
    if request.method == "POST":
        try:
            actions.change_template(
                template,
                name=template.name,
                language=template.language,
                subject=revision.subject,
                body=revision.body,
                by=request.user,
                at=timezone.now(),
            )
        except RuleBroken as refusal:
            messages.error(request, str(refusal))
            return done(request, request.path)
        url = reverse("desk:template", args=[office, pk])
        return done(request, url, _("It says again what it said in version %(version)d.") % {"version": version})
    return show(request, "desk/settings/template_version.html", {"template": template, "revision": revision})


@require_POST
def template_retirement(request: Request, office: str, pk: int) -> HttpResponse:
    """Nobody is offered it any more, or they are again."""
    template, at = _find(request, pk), timezone.now()
    url = f"{reverse('desk:templates', args=[office])}#template-{pk}"
    if template.retired_at:
        try:
            actions.return_template(template, by=request.user, at=at)
        except RuleBroken as refusal:
            messages.error(request, str(refusal))
            return done(request, url)
        return done(request, url, _("“%(name)s” is offered again.") % {"name": template.name})
    actions.retire_template(template, by=request.user, at=at)
    said = _("“%(name)s” is retired. What was written with it stays.") % {"name": template.name}
    return done(request, url, said, undo_address(request, at))


@require_POST
def template_place(request: Request, office: str, pk: int) -> HttpResponse:
    """One place up or down among those of its kind."""
    template = _find(request, pk)
    places = {"up": -1, "down": 1}.get(request.POST.get("to", ""))
    if places is None:
        raise Http404
    try:
        actions.move_template(template, places, by=request.user, at=timezone.now())
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    return done(request, f"{reverse('desk:templates', args=[office])}#template-{pk}")


def _find(request: Request, pk: int) -> Template:
    return get_object_or_404(Template.objects.visible_to(request.member).select_related("changed_by"), pk=pk)


def _saved(request: Request, template: Template) -> HttpResponse:
    unknown = filling.unknown_tokens(f"{template.subject}\n{template.body}")
    if unknown:
        words = ngettext(
            "%(tokens)s means nothing to Wardbook and stays as it stands.",
            "%(tokens)s mean nothing to Wardbook and stay as they stand.",
            len(unknown),
        )
        messages.warning(request, words % {"tokens": ", ".join(unknown[:5])})
    url = f"{reverse('desk:templates', args=[request.office.slug])}#template-{template.pk}"
    return done(request, url, _("“%(name)s” is saved.") % {"name": template.name})


def _page(
    request: Request, form: TemplateForm, template: Template | None, kind: Template.Kind, *, version: str = ""
) -> HttpResponse:
    at = timezone.now()
    subject = str(form["subject"].value() or "")
    body = str(form["body"].value() or "")
    facts = _example(request, at, str(form["language"].value() or ""))
    filled = (filling.fill(subject, facts).text, filling.fill(body, facts).text) if body else ("", "")
    looks = "look" in request.POST
    if looks:
        form = TemplateForm(initial={name: form.data.get(name, "") for name in form.fields})
    context = {
        "form": form,
        "template": template,
        "kind": kind,
        "hint": HINTS[kind],
        "version": request.POST.get("version") or version,
        "tokens": [(f"{{{token}}}", words) for token, (words, _value) in filling.TOKENS.items()],
        "unknown": filling.unknown_tokens(f"{subject}\n{body}"),
        "preview_subject": filled[0],
        "preview_body": filled[1],
        "revisions": list(template.revisions.select_related("by")[:50]) if template else [],
    }
    refused = form.errors and not looks
    return show(request, "desk/settings/template.html", context, status=422 if refused else 200)


def _example(request: Request, at: datetime, language: str) -> filling.Facts:
    """An invented case of this office: no real person's matter stands in an example."""
    office = request.office
    person = Contact(office=office, title=_("Mrs"), given_name="Rhian", family_name="Evans")
    person.name_itself()
    agency = Contact(office=office, kind=Contact.Kind.ORGANISATION, organisation_name=_("Housing Services"))
    agency.name_itself()
    today = office.local_date(at)
    case = Case(
        office=office,
        number=2041,
        reference="2041",
        description=_("Damp in flat"),
        constituent=person,
        representative=Representative.objects.filter(office=office, ended_on__isnull=True).first(),
        opened_on=today,
        deadline_on=today,
    )
    facts = filling.Facts(
        office=office, at=at, case=case, person=person, me=request.member, agency=agency, language=language
    )
    facts.have_no_parties()
    return facts


def _unix(request: Request) -> Any:
    """What was sent, with the line ends that are kept, so that two versions differ only where they do."""
    data = request.POST.copy()
    for name, value in data.items():
        data[name] = str(value).replace("\r\n", "\n")
    return data
