"""What is typed of a letter or a social message that came in."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wardbook.cases.forms.choosing import ContactField
from wardbook.cases.models import Case
from wardbook.contacts.models import Contact
from wardbook.correspondence.actions import by_hand
from wardbook.correspondence.models import Message
from wardbook.correspondence.scans import cuts
from wardbook.desk.office_days import days_of
from wardbook.lib.forms import CHOOSE, ChosenField, Combobox, DayField, FileDrop, FilesField
from wardbook.lib.rules import RuleBroken
from wardbook.lib.typed import LineField, TextField
from wardbook.offices.middleware import Request

YESTERDAY = [("yesterday", _("Yesterday"))]
SCANS = "application/pdf,image/*"


class _CameForm(forms.Form):
    """When it came: not on a day to come."""

    use_required_attribute = False

    def __init__(self, request: Request, at: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = days_of(request.office, at)
        for field in self.fields.values():
            if isinstance(field, DayField):
                field.anchor(**self.day)

    def clean_received_on(self) -> Any:
        day = self.cleaned_data["received_on"]
        if day > self.day["today"]:
            raise forms.ValidationError(_t("This day has not come yet."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        written, received = data.get("written_on"), data.get("received_on")
        if written and received and written > received:
            self.add_error("written_on", _t("It cannot have come before it was written."))
        return data


class CutForm(forms.Form):
    """Which pages of a pile are a letter."""

    use_required_attribute = False

    pages = LineField(
        longest=cuts.LONGEST,
        label=_("Pages of each letter"),
        help_text=_("Like this: 1-2, 3, 4-6"),
        error_messages={"required": _("Write which pages make a letter, like this: 1-2, 3, 4-6")},
    )
    leave_out = forms.BooleanField(required=False, label=_("Leave out the other pages"))

    def clean_pages(self) -> list[tuple[int, int]]:
        return _parts(self.cleaned_data["pages"])


def _parts(text: str) -> list[tuple[int, int]]:
    try:
        return cuts.read(text) if text else []
    except RuleBroken as refusal:
        raise forms.ValidationError(str(refusal)) from None


class ScansForm(_CameForm):
    """A pile of letters from the scanner."""

    uploads = FilesField(
        label=_("Scans"),
        help_text=_("PDF files or pictures, as many as you like."),
        widget=FileDrop({"accept": SCANS}),
        error_messages={"required": _("Choose the scans.")},
        allow_empty_file=True,
    )
    received_on = DayField(
        label=_("Received on"), chips=YESTERDAY, error_messages={"required": _("Say when they came.")}
    )
    pages = LineField(
        longest=cuts.LONGEST,
        required=False,
        label=_("Pages of each letter"),
        help_text=_("Only for one PDF with many letters, like this: 1-2, 3, 4-6. Empty if each file is a letter."),
    )
    leave_out = forms.BooleanField(required=False, label=_("Leave out the other pages"))

    def clean_pages(self) -> list[tuple[int, int]]:
        return _parts(self.cleaned_data["pages"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("pages") and len(data.get("uploads") or []) > 1:
            self.add_error("pages", _t("Cut one file at a time; send the others without this."))
        return data


class _SenderForm(_CameForm):
    """Who wrote it: somebody known, or a name."""

    person = ContactField(label=_("Who wrote it?"), help_text=_("Name, phone number, postcode or email"))
    name = LineField(longest=160, required=False, label=_("Or a name that is not known yet"))
    subject = LineField(longest=200, required=False, label=_("What is it about?"))
    received_on = DayField(
        label=_("Received on"), chips=YESTERDAY, error_messages={"required": _("Say when it came.")}
    )

    def __init__(
        self, request: Request, at: datetime, *args: Any, contact: Contact | None = None, **kwargs: Any
    ) -> None:
        super().__init__(request, at, *args, **kwargs)
        cast("ContactField", self.fields["person"]).offer(request.member, contact)


class LetterDetailsForm(_SenderForm):
    """What stands on a letter that was scanned."""

    written_on = DayField(label=_("Date on the letter"), required=False, chips=YESTERDAY)
    field_order = ["person", "name", "subject", "written_on", "received_on"]


class SocialDetailsForm(_SenderForm):
    """What was said of a social message."""


class _LogForm(_SenderForm):
    text = TextField(
        longest=20_000, required=False, label=_("What it says"), widget=forms.Textarea(attrs={"rows": 5})
    )
    case = ChosenField(
        Case.objects.none(),
        required=False,
        label=_("Put it on a case at once"),
        help_text=_("Number, name or words. Empty: it waits in the Inbox."),
    )
    uploads = FilesField(
        label=_("Scans and pictures"), required=False, widget=FileDrop({"accept": SCANS}), allow_empty_file=True
    )

    def __init__(self, request: Request, at: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, at, *args, **kwargs)
        field = cast("ChosenField", self.fields["case"])
        field.queryset = Case.objects.visible_to(request.member)
        field.to_field_name = "number"
        cast("Combobox", field.widget).url = reverse("desk:case_options", args=[request.office.slug])

    def clean_uploads(self) -> list[Any]:
        uploads = self.cleaned_data["uploads"]
        if len(uploads) > by_hand.MOST_FILES:
            raise forms.ValidationError(_t("At most %(n)d files.") % {"n": by_hand.MOST_FILES})
        return list(uploads)


class LetterForm(_LogForm):
    """A letter, with or without a scan."""

    written_on = DayField(label=_("Date on the letter"), required=False, chips=YESTERDAY)
    field_order = ["person", "name", "subject", "written_on", "received_on", "uploads", "text", "case"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not any(data.get(name) for name in ("uploads", "text", "subject")) and not self.errors:
            self.add_error("text", _t("Write what it says, or add its scan."))
        return data


class SocialForm(_LogForm):
    """A post or a message of a network."""

    network = forms.ChoiceField(
        choices=Message.Network.choices,
        label=_("Where was it written?"),
        error_messages={"required": _("Choose the network."), **CHOOSE},
    )
    handle = LineField(
        longest=120,
        label=_("The name they have there"),
        help_text=_("Like @rhian.evans"),
        error_messages={"required": _("Write the name they have on that network.")},
    )
    link = LineField(
        longest=by_hand.LONGEST_LINK,
        required=False,
        label=_("Link to it"),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    field_order = ["network", "handle", "link", "text", "uploads", "person", "name", "subject", "received_on", "case"]

    def clean_handle(self) -> str:
        return self._by_rule(by_hand.plain_handle, "handle")

    def clean_link(self) -> str:
        return self._by_rule(by_hand.safe_link, "link")

    def _by_rule(self, rule: Any, name: str) -> str:
        try:
            return str(rule(self.cleaned_data[name]))
        except RuleBroken as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not any(data.get(name) for name in ("text", "link", "uploads")) and not self.errors:
            self.add_error("text", _t("Paste what it says, its link, or a picture of it."))
        return data
