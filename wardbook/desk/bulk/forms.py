"""What a bulk act asks before it is done. Each form gives plain arguments, so that a worker can read them too."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from wardbook.cases import gate
from wardbook.cases.models import Outcome, Priority
from wardbook.desk.office_days import days_of
from wardbook.desk.topics import TopicField, service_types
from wardbook.lib.forms import CHOOSE, DayField
from wardbook.lib.quote import one_line
from wardbook.offices.models import FieldUse, Membership, Team
from wardbook.vocabulary.models import CaseType, ContactType, ServiceType, Status, Tag

KEEP = "keep"
NOBODY = "none"
_CHOOSE = CHOOSE | {"required": _later("Choose one.")}
_IN_A_ROW = {"class": "choices choices--row", "focused": True}


class BulkForm(forms.Form):
    """Base: knows for whom it is. `arguments` are ids, codes and text, ready for JSON."""

    def __init__(self, *args: Any, member: Membership, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member, self.at, self.today = member, at, member.office.local_date(at)
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices of the person's office."""

    def arguments(self) -> dict[str, Any]:
        return {}

    def choices_of(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def colleagues(self) -> list[tuple[str, str]]:
        """Everybody who can be given work, oneself first."""
        staff = Membership.objects.staff().filter(office_id=self.member.office_id).select_related("user")
        names = sorted(((str(m.user_id), str(m.user)) for m in staff), key=lambda pair: pair[1].casefold())
        me = str(self.member.user_id)
        mine = [(pk, _("Me")) for pk, _name in names if pk == me]
        return mine + [pair for pair in names if pair[0] != me]


class AssignmentForm(BulkForm):
    owner = forms.ChoiceField(
        label=_later("Who"), widget=forms.Select(attrs={"data-combobox": True}), error_messages=_CHOOSE
    )
    team = forms.ChoiceField(label=_later("Team"), required=False, error_messages=_CHOOSE)

    def prepare(self) -> None:
        nobody = [(NOBODY, _("Nobody")), (KEEP, _("Leave as it is"))]
        self.choices_of("owner", [("", ""), *self.colleagues(), *nobody])
        teams = Team.objects.active().filter(office_id=self.member.office_id)
        names = [(str(team.pk), team.name) for team in teams]
        self.choices_of("team", [("", _("Leave as it is")), *names, (NOBODY, _("No team"))])

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("owner") == KEEP and not cleaned.get("team"):
            self.add_error("owner", _("Choose a person or a team."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        return {"owner": self.cleaned_data["owner"], "team": self.cleaned_data["team"] or KEEP}


class StatusForm(BulkForm):
    status = forms.ChoiceField(label=_later("Status"), error_messages=_CHOOSE)
    review_on = DayField(
        label=_later("Look at them again on"),
        required=False,
        help_text=_later("Only for cases on hold; after 14 days if left empty."),
    )

    def prepare(self) -> None:
        statuses = Status.objects.in_use().filter(office_id=self.member.office_id)
        open_ones = [status for status in statuses if status.status_class != Status.Class.CLOSED]
        self.choices_of("status", [(str(status.pk), status.name) for status in open_ones])
        anchor(self, "review_on")

    def arguments(self) -> dict[str, Any]:
        day = self.cleaned_data["review_on"]
        return {"status": int(self.cleaned_data["status"]), "review_on": day.isoformat() if day else None}


class PriorityForm(BulkForm):
    priority = forms.ChoiceField(
        label=_later("Priority"),
        choices=[(str(value), label) for value, label in reversed(Priority.choices)],
        widget=forms.RadioSelect(attrs=_IN_A_ROW),
        error_messages=_CHOOSE,
    )

    def arguments(self) -> dict[str, Any]:
        return {"priority": int(self.cleaned_data["priority"])}


class TagsForm(BulkForm):
    add = forms.MultipleChoiceField(
        label=_later("Add"),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-combobox": True}),
        error_messages=_CHOOSE,
    )
    remove = forms.MultipleChoiceField(
        label=_later("Take away"),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-combobox": True}),
        error_messages=_CHOOSE,
    )

    def prepare(self) -> None:
        tags = Tag.objects.filter(office_id=self.member.office_id, merged_into__isnull=True)
        rows = list(tags.values_list("pk", "name", "retired_at"))
        self.choices_of("add", [(str(pk), name) for pk, name, retired_at in rows if retired_at is None])
        self.choices_of("remove", [(str(pk), name) for pk, name, _retired_at in rows])

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if not self.errors and not cleaned.get("add") and not cleaned.get("remove"):
            self.add_error("add", _("Choose a tag to add or to take away."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        return {name: [int(pk) for pk in self.cleaned_data[name]] for name in ("add", "remove")}


class ClassificationForm(BulkForm):
    """What they are about and how they came, as far as the office asks for it (S4.13). What is left empty stays."""

    topic = TopicField()
    service_type = forms.ChoiceField(label=_later("Service type"), required=False, error_messages=_CHOOSE)
    case_type = forms.ChoiceField(label=_later("Case type"), required=False, error_messages=_CHOOSE)
    contact_type = forms.ChoiceField(label=_later("How it came"), required=False, error_messages=_CHOOSE)

    def prepare(self) -> None:
        office, keep = self.member.office, ("", _("Leave as it is"))
        topic = self.fields["topic"]
        assert isinstance(topic, TopicField)
        topic.of(office)
        topic.choices = [keep, *((value, str(one)) for value, one in topic.topics.items())]
        self.choices_of("service_type", [keep, *service_types(office)[1:]])
        for name, model in (("case_type", CaseType), ("contact_type", ContactType)):
            values = model.objects.in_use().filter(office=office)
            self.choices_of(name, [keep, *((str(value.pk), value.name) for value in values)])
        shown = {field for field, use in gate.uses(office).items() if use != FieldUse.Use.HIDDEN}
        for name in list(self.fields):
            if not shown & ({"policy_area", "category"} if name == "topic" else {name}):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            self.add_error(next(iter(self.fields), None), _("Choose at least one thing to change."))
        topic, service = cleaned.get("topic"), cleaned.get("service_type")
        if topic and service and not ServiceType.objects.filter(pk=service, category=topic.category).exists():
            self.add_error("service_type", _("This service belongs to another category."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        chosen = {name: int(pk) for name, pk in cleaned.items() if name != "topic" and pk}
        topic = cleaned.get("topic")
        if topic:
            rows = {"policy_area": topic.policy_area, "category": topic.category}
            chosen |= {name: row.pk for name, row in rows.items() if row}
        return chosen


class FollowUpForm(BulkForm):
    subject = forms.CharField(
        label=_later("What to do"),
        max_length=200,
        error_messages={
            "required": _later("Say in a few words what is to be done."),
            "max_length": _later("Use at most 200 letters."),
        },
    )
    due_on = DayField(label=_later("On"), error_messages={"required": _later("Choose a day.")})
    assignee = forms.ChoiceField(label=_later("Who does it"), error_messages=_CHOOSE)

    def prepare(self) -> None:
        self.choices_of("assignee", [("owner", _("Whoever has the case")), *self.colleagues()])
        anchor(self, "due_on")

    def clean_subject(self) -> str:
        subject = one_line(self.cleaned_data["subject"])
        if not subject:
            raise forms.ValidationError(_("Say in a few words what is to be done."))
        return subject

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day < self.today:
            raise forms.ValidationError(_("A follow-up cannot lie in the past."))
        return day

    def arguments(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "subject": cleaned["subject"],
            "due_on": cleaned["due_on"].isoformat(),
            "assignee": cleaned["assignee"],
        }


class ClosureForm(BulkForm):
    outcome = forms.ChoiceField(
        label=_later("How did they end?"),
        choices=Outcome.choices,
        widget=forms.RadioSelect(attrs=_IN_A_ROW),
        error_messages=_CHOOSE,
    )
    note = forms.CharField(
        label=_later("In a line"),
        max_length=300,
        required=False,
        error_messages={"max_length": _later("Use at most 300 letters.")},
    )

    def clean_note(self) -> str:
        return one_line(self.cleaned_data["note"])

    def arguments(self) -> dict[str, Any]:
        return {"outcome": self.cleaned_data["outcome"], "note": self.cleaned_data["note"]}


class NothingToAsk(BulkForm):
    """For acts that need no more than the cases."""


def anchor(form: BulkForm, name: str) -> None:
    """Days are counted from today, working days by the office's calendar."""
    field = form.fields[name]
    assert isinstance(field, DayField)
    field.anchor(**days_of(form.member.office, form.at))
