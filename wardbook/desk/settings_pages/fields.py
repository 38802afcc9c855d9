"""What a case asks for: each field hidden, shown or required; when it is required; the preset of a profile (C10)."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_http_methods

from wardbook.cases import gate
from wardbook.desk.settings_pages.frame import fingerprint, keep, show
from wardbook.lib.respond import done
from wardbook.offices import actions as office_actions
from wardbook.offices import profiles
from wardbook.offices.middleware import Request
from wardbook.offices.models import FieldUse, Office

GATES = [("create", _later("when a case is opened")), ("close", _later("when a case is closed"))]


# Beside the choice of when, "required" needs no more words.
USES = dict(FieldUse.Use.choices) | {FieldUse.Use.REQUIRED: _later("Shown and required")}


class FieldsForm(forms.Form):
    """One choice for each field, and when the required ones are asked for."""

    gate = forms.ChoiceField(
        label=_later("Required fields must be filled in"),
        choices=GATES,
        widget=forms.RadioSelect(attrs={"class": "choices--row"}),
        error_messages={"required": _later("Choose when."), "invalid_choice": _later("Choose one of these.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in profiles.FIELDS:
            self.fields[name] = forms.ChoiceField(
                label=gate.LABELS[name],
                choices=list(USES.items()),
                error_messages={
                    "required": _("Choose whether it is shown."),
                    "invalid_choice": _("Choose one of these."),
                },
            )

    def rows(self) -> list[forms.BoundField]:
        """The fields of a case, in the order of the form."""
        return [self[name] for name in profiles.FIELDS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        area, category, service = (cleaned.get(name) for name in ("policy_area", "category", "service_type"))
        if area == FieldUse.Use.HIDDEN and category not in (None, FieldUse.Use.HIDDEN):
            self.add_error("category", _("A category needs its policy area. Show that too."))
        if category == FieldUse.Use.HIDDEN and service not in (None, FieldUse.Use.HIDDEN):
            self.add_error("service_type", _("A service type needs its category. Show that too."))
        return cleaned


class ProfileForm(forms.Form):
    """Whose preset to take."""

    profile = forms.ChoiceField(
        label=_later("Kind of office"),
        choices=Office.Profile.choices,
        error_messages={"required": _later("Choose a kind."), "invalid_choice": _later("Choose one of these.")},
    )


def values_of(office: Office) -> dict[str, Any]:
    """The uses of the fields, and the gate."""
    return {"gate": office.gate, **gate.uses(office)}


@require_http_methods(["GET", "POST"])
def fields_page(request: Request, office: str) -> HttpResponse:
    """Hidden, shown or required, for each field."""
    current = values_of(request.office)
    form = FieldsForm(request.POST if request.method == "POST" else None, initial=current)

    def act() -> None:
        _save(request, form.cleaned_data)

    answer = keep(
        request,
        form,
        current,
        request.office,
        act,
        page=reverse("desk:fields", args=[office]),
        said=_("Saved. New cases ask for this now."),
    )
    if answer is not None:
        return answer
    context = {
        "form": form,
        "profile_form": ProfileForm(initial={"profile": request.office.profile}),
        "version": request.POST.get("version") or fingerprint(current),
    }
    return show(request, "desk/settings/fields.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def profile_page(request: Request, office: str) -> HttpResponse:
    """What the preset of a profile would change; POST changes it."""
    sent = request.POST if request.method == "POST" else request.GET
    form = ProfileForm(sent)
    changes: list[tuple[Any, Any, Any]] = []
    if form.is_valid():
        preset = profiles.STARTS[form.cleaned_data["profile"]].fields
        now = gate.uses(request.office)
        changes = [
            (gate.LABELS[name], USES[now[name]], USES[use]) for name, use in preset.items() if now[name] != use
        ]
        if request.method == "POST":
            _save(request, {"gate": request.office.gate, **preset})
            return done(request, reverse("desk:fields", args=[office]), _("The fields are as the preset has them."))
    kinds = dict(Office.Profile.choices)
    context = {"form": form, "changes": changes, "kind": kinds.get(form.cleaned_data.get("profile", ""), "")}
    return show(request, "desk/settings/profile.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _save(request: Request, values: dict[str, Any]) -> None:
    at = timezone.now()
    for name in profiles.FIELDS:
        office_actions.set_field_use(request.office, field=name, use=values[name], by=request.user, at=at)
    if values["gate"] != request.office.gate:
        office_actions.change_office(request.office, changes={"gate": values["gate"]}, by=request.user, at=at)
