"""The office itself: its names, time, case references and words."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_http_methods

from wardbook.cases import references
from wardbook.desk.fields import LineField
from wardbook.desk.settings_pages.frame import fingerprint, keep, show
from wardbook.offices import actions as office_actions
from wardbook.offices.middleware import Request
from wardbook.offices.models import Office

FIELDS = (
    "name",
    "short_name",
    "time_zone",
    "language",
    "reference_format",
    "case_label",
    "default_follow_up_days",
    "support_address",
)
LANGUAGES = [
    ("en-gb", _later("English (United Kingdom)")),
    ("en", _later("English")),
    ("cy", _later("Welsh")),
    ("ga", _later("Irish")),
    ("fr", _later("French")),
    ("es", _later("Spanish")),
]


class OfficeForm(forms.Form):
    """What an office may change about itself on this page."""

    name = LineField(label=_later("Name"), max_length=120, missing=_later("Enter the name of the office."))
    short_name = LineField(
        label=_later("Short name"),
        max_length=30,
        missing=_later("Enter a short name, for the top of each page."),
        help_text=_later("Stands at the top of each page."),
    )
    time_zone = LineField(
        label=_later("Time zone"),
        max_length=60,
        missing=_later("Enter a time zone, like Europe/London."),
        help_text=_later("A place of the list, like Europe/London. Days begin and end by it."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_later("Language"),
        choices=LANGUAGES,
        help_text=_later("New lists are filled in it. Each person chooses their own under My preferences."),
        error_messages={"invalid_choice": _later("Choose one of these languages.")},
    )
    reference_format = LineField(
        label=_later("Case reference"),
        max_length=40,
        missing=_later("Enter how references look, for example {number}."),
        help_text=_later("{number} is the number, {year} the year of opening, {check} a letter that catches slips."),
    )
    case_label = forms.ChoiceField(
        label=_later("Word for a case"),
        choices=Office.CaseLabel.choices,
        error_messages={"invalid_choice": _later("Choose one of these words.")},
    )
    default_follow_up_days = forms.IntegerField(
        label=_later("First follow-up after"),
        min_value=1,
        max_value=90,
        help_text=_later("Working days after a case was opened."),
        widget=forms.NumberInput(attrs={"class": "input input--short"}),
        error_messages={
            "required": _later("Enter a number of working days, like 5."),
            "invalid": _later("Enter a number of working days, like 5."),
            "min_value": _later("Enter a number from 1 to 90."),
            "max_value": _later("Enter a number from 1 to 90."),
        },
    )
    support_address = forms.EmailField(
        label=_later("Whom to ask for help"),
        required=False,
        max_length=254,
        help_text=_later("Stands on the pages that say that something is not allowed."),
        error_messages={"invalid": _later("Enter an email address, like help@example.org.")},
    )

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        if zone not in available_timezones():
            raise forms.ValidationError(_("That is not a time zone. Write one like Europe/London."))
        return zone

    def clean_reference_format(self) -> str:
        pattern: str = self.cleaned_data["reference_format"]
        example(pattern)
        return pattern


def example(pattern: str) -> str:
    """A reference as it would look. Raises ValidationError for a pattern that cannot be used."""
    try:
        return references.write(pattern, number=2041, year=2025)
    except references.BadFormat:
        if "{number}" not in pattern:
            raise forms.ValidationError(_("The reference must contain {number}.")) from None
        raise forms.ValidationError(_("Only {number}, {year} and {check} may stand in braces.")) from None


def values_of(office: Office) -> dict[str, Any]:
    """The office in the words of the form."""
    return {name: getattr(office, name) for name in FIELDS}


@require_http_methods(["GET", "POST"])
def office_page(request: Request, office: str) -> HttpResponse:
    """Names, time zone, references, words."""
    current = values_of(request.office)
    form = OfficeForm(request.POST if request.method == "POST" else None, initial=current)

    def act() -> None:
        office_actions.change_office(request.office, changes=form.cleaned_data, by=request.user, at=timezone.now())

    answer = keep(
        request,
        form,
        current,
        request.office,
        act,
        page=reverse("desk:settings_office", args=[office]),
    )
    if answer is not None:
        return answer
    context = {
        "form": form,
        "version": request.POST.get("version") or fingerprint(current),
        "example": _example_now(form, request.office),
        "zones": sorted(available_timezones()),
    }
    return show(request, "desk/settings/office.html", context, piece="form", status=422 if form.errors else 200)


@require_http_methods(["GET"])
def reference_example(request: Request, office: str) -> HttpResponse:
    """How references would look, while the format is typed."""
    try:
        words = _("Like %(reference)s") % {"reference": example(request.GET.get("reference_format", "")[:80])}
    except forms.ValidationError as trouble:
        words = trouble.messages[0]
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


def _example_now(form: OfficeForm, office: Office) -> str:
    pattern = form.data.get("reference_format", "") if form.is_bound else office.reference_format
    try:
        return example(pattern[:80])
    except forms.ValidationError:
        return ""
