"""What is typed about a campaign and its answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wardbook.correspondence.forms import sender_field
from wardbook.correspondence.models import Campaign, Message, SenderIdentity, Template
from wardbook.desk.office_days import days_of
from wardbook.lib.forms import CHOOSE, DayField, RowsField
from wardbook.lib.typed import LineField, TextField
from wardbook.offices.middleware import Request

_LIKE = [(share, f"{share} %") for share in range(30, 95, 5)]


class DetailsForm(forms.Form):
    """What a campaign is called, who organises it, and from how much common text a mail belongs to it."""

    name = LineField(longest=200, label=_("Name"), error_messages={"required": _("Give it a name.")})
    organiser = LineField(longest=160, label=_("Organised by"), required=False)
    threshold = forms.TypedChoiceField(
        label=_("How alike"),
        help_text=_("From this share of common text a mail joins by itself."),
        coerce=int,
        error_messages=CHOOSE,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, now = self.fields["threshold"], self.initial.get("threshold", 70)
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = sorted({*_LIKE, (now, f"{now} %")})


class PositionForm(forms.Form):
    """What the representative thinks of it, and since when."""

    position = TextField(longest=5_000, label=_("The representative's position"), required=False)
    position_on = DayField(label=_("As of"), required=False, chips=[])

    def __init__(self, request: Request, at: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["position_on"]
        assert isinstance(field, DayField)
        field.anchor(**days_of(request.office, at))
        self._today = request.office.local_date(at)

    def clean_position_on(self) -> Any:
        day = self.cleaned_data["position_on"]
        if day and day > self._today:
            raise forms.ValidationError(_t("A position cannot be from a day to come."))
        return day


class CampaignChoiceForm(forms.Form):
    """An open campaign of the office."""

    campaign = forms.ModelChoiceField(
        Campaign.objects.none(),
        label=_("Which campaign?"),
        empty_label=_("Choose…"),
        error_messages={"required": _("Choose a campaign."), **CHOOSE},
        widget=forms.Select(attrs={"data-combobox": True}),
    )

    def __init__(self, request: Request, *args: Any, without: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["campaign"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Campaign.objects.visible_to(request.member).open().exclude(pk=without)


class InboxCampaignForm(CampaignChoiceForm):
    """The campaign that a message of the Inbox belongs to, or a new one of it and its likes."""

    new_name = LineField(longest=200, required=False, label=_("Or a new campaign, called"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"].required = False

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("campaign") and not values.get("new_name") and not self.errors:
            self.add_error("campaign", _t("Choose a campaign, or name a new one."))
        return values


class SplitForm(forms.Form):
    """Which messages are another campaign."""

    message = RowsField(
        Message.objects.none(),
        error_messages={
            "required": _("Choose at least one message."),
            **CHOOSE,
        },
    )
    name = LineField(longest=200, required=False)

    def __init__(self, messages: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["message"]
        assert isinstance(field, RowsField)
        field.queryset = messages


class ReplyForm(forms.Form):
    """One answer to many."""

    identity = sender_field()
    subject = LineField(longest=200, label=_("Subject"), error_messages={"required": _("Write a subject.")})
    body = TextField(
        longest=20_000,
        label=_("Text"),
        help_text=_("{person.formal_name} becomes the name of each."),
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": _("Write something first.")},
    )
    with_own_words = forms.BooleanField(required=False, label=_("Answer those who wrote something of their own too"))
    without_outside = forms.BooleanField(required=False, label=_("Leave out who lives outside the area"))
    template = forms.ModelChoiceField(
        Template.objects.none(), required=False, widget=forms.HiddenInput, error_messages=CHOOSE
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)
    again = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        identity, template = self.fields["identity"], self.fields["template"]
        assert isinstance(identity, forms.ModelChoiceField)
        assert isinstance(template, forms.ModelChoiceField)
        identity.queryset = SenderIdentity.objects.usable_by(request.member).select_related("mailbox__office")
        template.queryset = templates_of(request)
        usual = identity.queryset.first()
        self.initial.setdefault("identity", usual.pk if usual else None)


def templates_of(request: Request) -> Any:
    """The texts that may be chosen."""
    return Template.objects.visible_to(request.member).in_use().filter(kind=Template.Kind.EMAIL)
