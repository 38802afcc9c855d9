"""What a person may type about a contact, checked field by field."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wardbook.contacts import numbers
from wardbook.contacts.models import Contact
from wardbook.lib.forms import DayField
from wardbook.lib.typed import LineField, PostcodeField, TextField
from wardbook.offices.models import Office, Ward
from wardbook.vocabulary.models import NoteCode

MOST_POINTS = 8


class PhoneField(LineField):
    """A telephone number as people write it. Numbers kept for drama, short codes and extensions are welcome."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Phone"))
        super().__init__(longest=40, **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not numbers.reads_as_number(value):
            raise forms.ValidationError(_t("Enter a telephone number, like 01632 960 021."), code="invalid")


class MailField(LineField):
    """An email address."""

    widget = forms.EmailInput(attrs={"autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Email"))
        super().__init__(longest=254, **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value:
            try:
                forms.EmailField().clean(value)
            except forms.ValidationError:
                raise forms.ValidationError(
                    _t("Enter an email address, like name@example.org."), code="invalid"
                ) from None


def languages() -> list[tuple[str, str]]:
    """Every language we know a name for, the office's own choice first, each by its own name."""
    ours = [code for code, _name in settings.LANGUAGES]
    named = {code: info["name_local"] for code, info in LANG_INFO.items() if "name_local" in info}
    others = sorted((code for code in named if code not in ours), key=lambda code: named[code].casefold())
    return [("", _t("Not known"))] + [(code, named.get(code, code)) for code in [*ours, *others]]


class PointKind(NamedTuple):
    """One kind of number or address that a contact may have several of."""

    word: str
    make: Any
    label: Any
    second: Any


POINTS = {
    "phones": PointKind("phone", PhoneField, _("Phone"), _("Home or mobile")),
    "emails": PointKind("email", MailField, _("Email"), _("Home or work")),
    "socials": PointKind("social", lambda **kw: LineField(longest=120, **kw), _("Social media"), _("Where")),
    "websites": PointKind("website", lambda **kw: LineField(longest=200, **kw), _("Website"), _("What it is")),
}


class ContactForm(forms.Form):
    """Everything that is known about a contact."""

    kind = forms.ChoiceField(
        label=_("This is"), choices=Contact.Kind.choices, widget=forms.RadioSelect(attrs={"class": "choices--row"})
    )
    title = LineField(longest=30, label=_("Title"), required=False)
    given_name = LineField(longest=80, label=_("First name"), required=False)
    family_name = LineField(longest=80, label=_("Last name"), required=False)
    organisation_name = LineField(longest=160, label=_("Organisation"), required=False)
    is_agency = forms.BooleanField(label=_("We approach them for people (an agency)"), required=False)
    casework_hotline = LineField(
        longest=160,
        label=_("Casework line"),
        required=False,
        help_text=_("The number or address kept for offices like ours."),
    )
    usual_days = forms.IntegerField(
        label=_("Usually answers in (working days)"),
        required=False,
        min_value=1,
        max_value=250,
        error_messages={
            "invalid": _("Enter a number of days, like 10."),
            "min_value": _("Enter a number from 1 to 250."),
            "max_value": _("Enter a number from 1 to 250."),
        },
    )
    address = TextField(
        longest=250,
        label=_("Address"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    postcode = PostcodeField(required=False)
    mailing_address = TextField(
        longest=250,
        label=_("Another address for letters"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    mailing_postcode = PostcodeField(required=False, label=_("Postcode for letters"))
    area = forms.ChoiceField(
        label=_("Lives in the area"), choices=Contact.Area.choices, required=False, initial=Contact.Area.UNKNOWN
    )
    ward = forms.ModelChoiceField(Ward.objects.none(), label=_("Ward"), required=False, empty_label=_("Not known"))
    language = forms.ChoiceField(
        label=_("Speaks"), required=False, help_text=_("Letters and emails to them follow it.")
    )
    do_not_call = forms.BooleanField(label=_("Do not call"), required=False)
    do_not_mail = forms.BooleanField(label=_("Do not send letters"), required=False)
    do_not_email = forms.BooleanField(label=_("Do not email"), required=False)
    flags_source = LineField(
        longest=160,
        label=_("Who said so, and when"),
        required=False,
        help_text=_("“She asked on the phone, 3 June.”"),
    )
    needs = LineField(
        longest=300, label=_("Needs"), required=False, help_text=_("An interpreter, large print, hard of hearing …")
    )
    safe_contact = LineField(
        longest=300,
        label=_("Safe ways to reach them"),
        required=False,
        help_text=_("“Only by mobile, before three. Leave no message.”"),
    )
    deceased_on = DayField(label=_("Died on"), required=False, chips=())
    warning = LineField(longest=300, label=_("Warning for the office"), required=False)
    warning_reason = LineField(longest=200, label=_("Why the warning is there"), required=False)
    warning_review_on = DayField(
        label=_("Look at the warning again on"),
        required=False,
        chips=[("+3m", _("In three months")), ("+6m", _("In six months"))],
    )

    def __init__(self, *args: Any, office: Office, sees_warnings: bool, day: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own: dict[str, Any] = dict(self.fields)
        own["ward"].queryset = Ward.objects.filter(office=office, retired_at__isnull=True)
        own["language"].choices = languages()
        self.fields["language"].widget.attrs["data-combobox"] = True
        if not sees_warnings:
            for name in ("warning", "warning_reason", "warning_review_on"):
                del self.fields[name]
        for field in self.fields.values():
            if isinstance(field, DayField):
                field.anchor(**day)
        self.today = day["today"]
        for name, point in POINTS.items():
            for number in range(self._rows(name, point)):
                self._add_row(name, point, number)

    def _rows(self, name: str, point: PointKind) -> int:
        known = len(self.initial.get(name) or ())
        sent = 0
        if self.is_bound:
            sent = sum(1 for number in range(MOST_POINTS) if f"{point.word}_{number}" in self.data)
        least = 2 if name in ("phones", "emails") else 1
        return min(MOST_POINTS, max(least, known + 1, sent))

    def _add_row(self, name: str, point: PointKind, number: int) -> None:
        known = list(self.initial.get(name) or ())
        value, label = known[number] if number < len(known) else ("", "")
        main, second = f"{point.word}_{number}", f"{point.word}_{number}_label"
        self.fields[main] = point.make(label=point.label, required=False)
        self.fields[second] = LineField(longest=60, label=point.second, required=False)
        self.initial.setdefault(main, value)
        self.initial.setdefault(second, label)

    def rows(self, name: str) -> Iterator[tuple[BoundField, BoundField]]:
        """The fields of one kind of number, in pairs: itself and which one it is."""
        word = POINTS[name].word
        number = 0
        while f"{word}_{number}" in self.fields:
            yield self[f"{word}_{number}"], self[f"{word}_{number}_label"]
            number += 1

    def phones(self) -> list[tuple[BoundField, BoundField]]:
        return list(self.rows("phones"))

    def emails(self) -> list[tuple[BoundField, BoundField]]:
        return list(self.rows("emails"))

    def socials(self) -> list[tuple[BoundField, BoundField]]:
        return list(self.rows("socials"))

    def websites(self) -> list[tuple[BoundField, BoundField]]:
        return list(self.rows("websites"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == Contact.Kind.ORGANISATION:
            if not data.get("organisation_name") and "organisation_name" not in self.errors:
                self.add_error("organisation_name", _t("Write the name of the organisation."))
        elif not (data.get("given_name") or data.get("family_name")) and not self.errors.keys() & {
            "given_name",
            "family_name",
        }:
            self.add_error("family_name", _t("Write a first or last name."))
        if data.get("deceased_on") and data["deceased_on"] > self.today:
            self.add_error("deceased_on", _t("This day has not come yet."))
        if data.get("warning"):
            if not data.get("warning_reason") and "warning_reason" not in self.errors:
                self.add_error("warning_reason", _t("Say why, so that whoever reviews it can decide."))
            if not data.get("warning_review_on") and "warning_review_on" not in self.errors:
                self.add_error("warning_review_on", _t("Choose a day to look at the warning again."))
        return data

    def values(self) -> dict[str, Any]:
        """What was typed, in the words that add_contact and edit_contact take."""
        data = self.cleaned_data
        found = {name: data[name] for name in self.base_fields if name in data}
        found["area"] = found.get("area") or Contact.Area.UNKNOWN
        if found["kind"] == Contact.Kind.PERSON:
            found["is_agency"], found["usual_days"], found["casework_hotline"] = False, None, ""
        else:
            found["title"] = found["given_name"] = found["family_name"] = ""
            found["deceased_on"] = None
        for name, point in POINTS.items():
            found[name] = [
                (data[f"{point.word}_{number}"], data[f"{point.word}_{number}_label"])
                for number in range(MOST_POINTS)
                if data.get(f"{point.word}_{number}")
            ]
        return found


class ContactNoteForm(forms.Form):
    """Something worth knowing about a contact."""

    description = LineField(
        longest=200, label=_("In one line"), widget=forms.TextInput(attrs={"data-count": 200, "autocomplete": "off"})
    )
    text = TextField(longest=20_000, label=_("More"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    code = forms.ModelChoiceField(
        NoteCode.objects.none(), label=_("About"), required=False, empty_label=_("Anything")
    )
    noted_on = DayField(label=_("Date"), required=False, chips=())

    def __init__(self, *args: Any, office: Office, day: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own: dict[str, Any] = dict(self.fields)
        own["code"].queryset = NoteCode.objects.filter(office=office, retired_at__isnull=True)
        own["noted_on"].anchor(**day)
        self.today = day["today"]

    def clean_noted_on(self) -> Any:
        noted_on = self.cleaned_data["noted_on"]
        if noted_on and noted_on > self.today:
            raise forms.ValidationError(_t("A note cannot be from a day to come."))
        return noted_on
