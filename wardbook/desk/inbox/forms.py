"""What is asked before an item of the Inbox is decided."""

from typing import Any, cast

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wardbook.cases.forms.choosing import ColleagueField, ContactField, ValueField, staff_of
from wardbook.cases.models import Case
from wardbook.contacts.models import Contact
from wardbook.correspondence.models import Message
from wardbook.desk.office_days import days_of
from wardbook.desk.topics import TopicField
from wardbook.lib.forms import CHOOSE, ChosenField, Combobox, DayField
from wardbook.lib.typed import LineField
from wardbook.offices.middleware import Request
from wardbook.vocabulary.models import CaseType


class CaseChoiceForm(forms.Form):
    """Which case a message belongs to."""

    case = ChosenField(
        Case.objects.none(),
        label=_("Which case?"),
        help_text=_("Number, name or words"),
        error_messages={"required": _("Choose a case.")},
    )

    def __init__(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["case"]
        assert isinstance(field, ChosenField)
        field.queryset = Case.objects.visible_to(request.member)
        # By its number, which is what the list of cases and the buttons know.
        field.to_field_name = "number"
        cast("Combobox", field.widget).url = reverse("desk:case_options", args=[request.office.slug])


class DismissalForm(forms.Form):
    """Why a message needs no answer."""

    reason = forms.ChoiceField(
        choices=[
            (value, label)
            for value, label in Message.DismissalReason.choices
            if value not in ("automatic", "cut", "withdrawn")
        ],
        error_messages={"required": _("Say why it needs no answer."), **CHOOSE},
    )


class LaterForm(forms.Form):
    """When a message comes back."""

    to = DayField(label=_("Until which day?"), error_messages={"required": _("Choose a day.")})

    def __init__(self, request: Request, at: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, DayField)
        field.anchor(**days_of(request.office, at))

    def clean_to(self) -> Any:
        day = self.cleaned_data["to"]
        field = self.fields["to"]
        today = getattr(field, "today", None)
        if today and day <= today:
            raise forms.ValidationError(_t("Choose a day after today."))
        return day


class AssignmentForm(forms.Form):
    """Who looks at a message."""

    to = ColleagueField(label=_("Who shall look at it?"), required=False, empty_label=_("Nobody"))

    def __init__(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, ColleagueField)
        field.offer(staff_of(request.office), request.member)


class NewCaseForm(forms.Form):
    """A case from a message: everything is filled in already, and may be put right."""

    use_required_attribute = False

    what = LineField(
        longest=200,
        label=_("What do they need?"),
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    second = LineField(
        longest=200,
        label=_("And the second matter?"),
        error_messages={"required": _("Say in a few words what the second matter is.")},
    )
    person = ContactField(label=_("Who is it about?"), help_text=_("Name, phone number, postcode or email"))
    new_person = forms.BooleanField(required=False)
    new_name = LineField(longest=160, required=False, label=_("Or the name of somebody new"))
    topic = TopicField()
    case_type = ValueField(CaseType, label=_("Case type"))
    follow_up_on = DayField(label=_("Next step on"), required=False)
    # Beside the button: one step back from it gives the case to somebody else.
    owner = ColleagueField(label=_("Who does it?"), empty_label=_("Nobody yet"))

    def __init__(
        self,
        request: Request,
        at: Any,
        *args: Any,
        contact: Contact | None,
        sender: str,
        asks_second: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        person, owner, topic = self.fields["person"], self.fields["owner"], self.fields["topic"]
        case_type, day = self.fields["case_type"], self.fields["follow_up_on"]
        assert isinstance(person, ContactField)
        assert isinstance(owner, ColleagueField)
        assert isinstance(topic, TopicField)
        assert isinstance(case_type, ValueField)
        assert isinstance(day, DayField)
        person.offer(request.member, contact)
        owner.offer(staff_of(request.office), request.member)
        topic.of(request.office)
        case_type.offer(request.office)
        day.anchor(**days_of(request.office, at))
        if not asks_second:
            del self.fields["second"]
        if contact is None and sender:
            self.fields["new_person"].label = _t("Add %(sender)s to the people you know") % {"sender": sender}
        else:
            del self.fields["new_person"]
        if contact is not None or sender:
            # Only a letter may not say who wrote it.
            del self.fields["new_name"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        said = cleaned.get("person") or cleaned.get("new_person") or cleaned.get("new_name")
        if not said and "person" not in self.errors:
            self.add_error("person", _t("Say who it is about."))
        return cleaned
