"""Forms of one value of a list; which further columns there are depends on the list."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from wardbook.desk.fields import LineField
from wardbook.lib.ids import can_be_an_id
from wardbook.offices.models import Office
from wardbook.vocabulary import actions as list_actions
from wardbook.vocabulary.models import ActivityType, CaseCode, CaseType, PartyRole, Status, Tag, Value

CHOOSE_ONE = {"required": _later("Choose one."), "invalid_choice": _later("Choose one of these.")}


class RowField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """A value of a list of the office. `above` is what it stands under, and is said before its name."""

    above = ""

    def label_from_instance(self, obj: Any) -> str:
        return f"{getattr(obj, self.above)} › {obj.name}" if self.above else str(obj)

    def to_python(self, value: Any) -> Any:
        if value not in self.empty_values and not can_be_an_id(value):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class ValueForm(forms.Form):
    """Name, description, and what else the list has."""

    name = LineField(label=_later("Name"), max_length=120, missing=_later("Give it a name."))
    description = LineField(
        label=_later("What belongs here"),
        max_length=300,
        required=False,
        help_text=_later("With an example. It stands beside the choice."),
    )

    def __init__(self, *args: Any, model: type[Value], office: Office, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.model, self.office = model, office
        if model is CaseCode:
            self.fields["code"] = LineField(
                label=_("Code"),
                max_length=12,
                missing=_("Enter a short code, like PQ."),
                widget=forms.TextInput(attrs={"class": "input input--short"}),
            )
            self.order_fields(["code", "name", "description"])
        if model is ActivityType:
            self.fields["family"] = forms.ChoiceField(
                label=_("Sort"), choices=ActivityType.Family.choices, error_messages=CHOOSE_ONE
            )
        if model is PartyRole:
            self.fields["for_agency"] = forms.BooleanField(label=_("An organisation we approach"), required=False)
        if model is CaseType:
            self.fields["restricts"] = forms.BooleanField(
                label=_("Its cases are restricted"),
                required=False,
                help_text=_(
                    "Cases of it are seen only by those named on them and those who see everything, from the day "
                    "they are opened. Cases that there are already stay as they are."
                ),
            )
        if model is Status and is_new:
            self.fields["status_class"] = forms.ChoiceField(
                label=_("Kind"),
                choices=[("", _("Choose one")), *Status.Class.choices],
                help_text=_("What follows from the status hangs on its kind. It cannot be changed later."),
                error_messages=CHOOSE_ONE,
            )
        if model.parent_field and is_new:
            self.fields[model.parent_field] = self._parent_field(model, office)
            self.order_fields([model.parent_field, "name", "description"])

    @staticmethod
    def _parent_field(model: type[Value], office: Office) -> forms.Field:
        parent: Any = model._meta.get_field(model.parent_field)
        rows = parent.related_model._default_manager.filter(office=office, retired_at__isnull=True)
        above = parent.related_model.parent_field
        field = RowField(
            rows.select_related(above) if above else rows,
            label=_("Under"),
            empty_label=_("Choose one"),
            widget=forms.Select(attrs={"data-combobox": True}),
            error_messages=CHOOSE_ONE,
        )
        field.above = above
        return field


class TagForm(ValueForm):
    """A new tag; one that is nearly the same as another asks first (S4.12)."""

    sure = forms.BooleanField(label=_later("Add it all the same"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.near: list[Tag] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        name = cleaned.get("name", "")
        sure = cleaned.pop("sure", False)
        if name and not sure:
            self.near = list_actions.near_tags(self.office, name)
            if self.near:
                words = ", ".join(f"“{tag.name}”" for tag in self.near[:3])
                self.add_error(
                    "name",
                    _("This is nearly the same as %(words)s. Use that, or tick the box below.") % {"words": words},
                )
        return cleaned


class MergeForm(forms.Form):
    """Into which value another goes."""

    into = RowField(
        Tag.objects.none(),
        label=_later("Merge into"),
        empty_label=_later("Choose one"),
        widget=forms.Select(attrs={"data-combobox": True}),
        error_messages=CHOOSE_ONE,
    )
    move_open = forms.BooleanField(
        label=_later("Open cases take the new value"),
        required=False,
        help_text=_later("Closed cases keep what they had. Moving open cases cannot be undone."),
    )

    def __init__(self, *args: Any, value: Value, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into = self.fields["into"]
        assert isinstance(into, RowField)
        rows: Any = type(value)._default_manager.filter(office_id=value.office_id, retired_at__isnull=True)
        into.queryset = rows.exclude(pk=value.pk)
        if isinstance(value, Status):
            into.queryset = into.queryset.filter(status_class=value.status_class)
        if value.parent_field:
            into.queryset = into.queryset.select_related(value.parent_field)
            into.above = value.parent_field


def values_of(value: Value) -> Mapping[str, Any]:
    """A value in the words of its form."""
    names = ("name", "description", "code", "family", "for_agency", "restricts")
    return {name: getattr(value, name) for name in names if hasattr(value, name)}
