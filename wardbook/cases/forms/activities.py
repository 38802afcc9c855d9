"""Changing what is on the timeline already, and planned steps."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wardbook.cases.forms.choosing import ManyField, case_named
from wardbook.cases.forms.entries import LogForm, PlanForm
from wardbook.cases.models import Activity, Case
from wardbook.lib.forms import FilesField
from wardbook.lib.typed import LineField, TextField
from wardbook.offices.models import Membership


class EditDoneForm(LogForm):
    """Corrects something that was written down."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def build(self) -> None:
        self.offer_types(tuple({value.family for value in self.choices.types}), hide_one=False)
        self.offer_contact("contact", self.about)
        for name in ("uploads", "follow_up_on", "follow_up_subject", "follow_up_by"):
            del self.fields[name]

    def happened_at(self) -> datetime:
        """As it was, to the second, unless another day or time was typed."""
        values, was = self.cleaned_data, self.draft
        if (values.get("day"), values.get("clock")) == (was["day"], was["clock"]):
            moment: datetime = was["happened_at"]
            return moment
        return super().happened_at()

    def changes(self) -> dict[str, Any]:
        names = ("type", "contact", "subject", "details", "outcome", "minutes", "place")
        return {name: self.cleaned_data[name] for name in names} | {
            "direction": self.cleaned_data.get("direction") or Activity.Direction.NONE,
            "happened_at": self.happened_at(),
        }


class EditPlanForm(PlanForm):
    """Changes a planned step."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        # An overdue step may be reworded without being moved.
        return day if day == self.initial.get("due_on") else super().clean_due_on()

    def changes(self) -> dict[str, Any]:
        return self.facts()


class NoteEditForm(forms.Form):
    """The author corrects a note."""

    text = TextField(longest=20_000, label=_("Note"), error_messages={"required": _("Write the note first.")})


class AddFilesForm(forms.Form):
    """Files for an entry that is there already."""

    uploads = FilesField(
        label=_("Files"), allow_empty_file=True, error_messages={"required": _("Choose at least one file.")}
    )


class FilingForm(forms.Form):
    """Puts entries without a case on one: by its number, or on a new one."""

    case = LineField(
        longest=40, label=_("Case"), required=False, help_text=_("Its number, like 2041. Empty to open a new case.")
    )
    description = LineField(longest=200, label=_("What the new case is about"), required=False)
    activity = ManyField(Activity.objects.none(), widget=forms.MultipleHiddenInput)

    def __init__(self, member: Membership, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.member = member
        field: Any = self.fields["activity"]
        field.queryset = Activity.objects.visible_to(member).filter(case__isnull=True)
        field.error_messages |= {
            "required": _("Choose what to file."),
            "invalid_choice": _("One of them is on a case already, or gone."),
            "invalid_pk_value": _("One of them is on a case already, or gone."),
            "list": _("Choose what to file."),
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        typed, description = values.get("case", ""), values.get("description", "")
        self.target: Case | None = None
        if typed and "case" not in self.errors:
            self.target = case_named(self.member, typed)
            if self.target is None:
                self.add_error("case", _t("There is no such case. Look for it under Cases."))
        elif not description and "description" not in self.errors:
            self.add_error("case", _t("Enter a case number, or say what a new case is about."))
        return values


def shown(activity: Activity) -> dict[str, Any]:
    """What the edit forms begin with."""
    when: datetime | None = activity.happened_at.astimezone(activity.office.zone) if activity.happened_at else None
    values: dict[str, Any] = {
        name: getattr(activity, name)
        for name in ("subject", "details", "outcome", "minutes", "place", "due_on", "version", "happened_at")
    }
    return values | {
        "direction": activity.direction if activity.direction != Activity.Direction.NONE else "",
        "type": activity.type_id,
        "contact": activity.contact_id,
        "assignee": activity.assignee_id,
        "team": activity.team_id,
        "day": when.date() if when else None,
        "clock": when.time().replace(second=0, microsecond=0) if when else None,
    }
