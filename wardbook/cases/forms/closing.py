"""How a case ends: the outcome, what becomes of the planned steps, and what the office wants to know by then."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wardbook.cases import gate
from wardbook.cases.forms.choosing import DependentField, ManyField, ValueField
from wardbook.cases.forms.details import offer_topics, offer_types, tidy_topics, tidy_types
from wardbook.cases.forms.held import Held
from wardbook.cases.models import Activity, Case, Outcome, Priority
from wardbook.lib.forms import CHOOSE
from wardbook.lib.typed import LineField
from wardbook.vocabulary.models import (
    CaseCode,
    CaseType,
    Category,
    ContactType,
    PolicyArea,
    ServiceType,
    Status,
    Tag,
)

DONE, KEEP, CANCEL = "done", "keep", "cancel"
MOST_STEPS = 50
ASKED = _("Choose one: the office asks for it before a case closes.")

GATED: dict[str, Any] = {
    "case_type": lambda: ValueField(CaseType, label=_("Case type")),
    "policy_area": lambda: ValueField(PolicyArea, label=_("Policy area")),
    # Long lists, by typing; each stands under its parent.
    "category": lambda: DependentField(
        Category, label=_("Category"), widget=forms.Select(attrs={"data-combobox": True})
    ),
    "service_type": lambda: DependentField(
        ServiceType, label=_("Service type"), widget=forms.Select(attrs={"data-combobox": True})
    ),
    "case_code": lambda: ValueField(CaseCode, label=_("Case code")),
    "contact_type": lambda: ValueField(ContactType, label=_("How it came")),
    "tags": lambda: ManyField(
        Tag.objects.none(), label=_("Tags"), widget=forms.SelectMultiple(attrs={"data-combobox": True})
    ),
    "priority": lambda: forms.TypedChoiceField(
        label=_("Priority"),
        coerce=int,
        choices=[("", _("Choose")), *((value, label) for value, label in Priority.choices if value)],
        error_messages=CHOOSE,
    ),
}


class ClosureForm(Held):
    """Closes a case. `step-31` says what becomes of the planned activity 31."""

    columns = ("status", "outcome")
    outcome = forms.ChoiceField(
        label=_("How did it end?"),
        choices=Outcome.choices,
        widget=forms.RadioSelect(attrs={"class": "choices choices--row"}),
        error_messages={"required": _("Say how the case ended."), "invalid_choice": _("Say how the case ended.")},
    )
    note = LineField(longest=300, label=_("In a line"), required=False)
    closing_status = ValueField(Status, label=_("Status"), required=False, empty_label=None)

    def build(self) -> None:
        closing: Any = self.fields["closing_status"]
        closing.queryset = Status.objects.filter(
            office=self.office, status_class=Status.Class.CLOSED, retired_at__isnull=True
        )
        if closing.queryset.count() < 2:
            del self.fields["closing_status"]
        self.asked = gate.missing(self.case)
        for name in self.asked:
            self.fields[name] = GATED[name]()
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = _(
                "Choose one: the office asks for it before a case closes."
            )
        self._offer()
        self.steps = list(
            Activity.objects.planned()
            .filter(case=self.case, deleted_at__isnull=True)
            .select_related("assignee")
            .order_by("due_on", "pk")[:MOST_STEPS]
        )
        for step in self.steps:
            self.fields[f"step-{step.pk}"] = forms.ChoiceField(
                label=step.subject,
                choices=[(CANCEL, _("Cancel it")), (DONE, _("It is done")), (KEEP, _("Keep it"))],
                initial=CANCEL,
                required=False,
                error_messages={"invalid_choice": _("Choose one of the three.")},
            )

    def _offer(self) -> None:
        chosen = self.data if self.is_bound else self.initial
        for name in ("case_code", "contact_type"):
            if name in self.fields:
                field: Any = self.fields[name]
                field.offer(self.office)
        offer_topics(self, self.case, chosen)
        offer_types(self, self.case, chosen)
        if "tags" in self.fields:
            tags: Any = self.fields["tags"]
            tags.queryset = Tag.objects.filter(office=self.office, retired_at__isnull=True)

    @property
    def steps_with_fields(self) -> list[tuple[Activity, Any]]:
        return [(step, self[f"step-{step.pk}"]) for step in self.steps]

    @property
    def asked_fields(self) -> list[Any]:
        return [self[name] for name in self.asked]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        category, area = values.get("category"), values.get("policy_area")
        if category is not None and "policy_area" in self.errors and not self.data.get("policy_area"):
            # A category brings its policy area, as among the details.
            del self.errors["policy_area"]
            area = values["policy_area"] = category.policy_area
        if category is not None and area is not None and category.policy_area_id != area.pk:
            self.add_error(
                "category", _t("%(category)s is not under %(area)s.") % {"category": category, "area": area}
            )
        return tidy_types(tidy_topics(values, self.case), self.case)

    def steps_to(self, what: str) -> frozenset[int]:
        """The planned activities for which one thing was chosen; cancelling is what happens by itself."""
        chosen = {step.pk: self.cleaned_data.get(f"step-{step.pk}") or CANCEL for step in self.steps}
        return frozenset(pk for pk, choice in chosen.items() if choice == what)

    def classification(self) -> dict[str, Any]:
        """What the office asked for, without the tags."""
        asked = {name: self.cleaned_data[name] for name in self.asked if name != "tags"}
        if "category" in asked and "policy_area" in self.cleaned_data:
            asked["policy_area"] = self.cleaned_data["policy_area"]
        return asked

    def facts(self) -> dict[str, Any]:
        """What the action is given."""
        values = self.cleaned_data
        return {
            "outcome": values["outcome"],
            "note": values["note"],
            "keep": self.steps_to(KEEP),
            "done": self.steps_to(DONE),
            "classify": self.classification(),
            "tags": values.get("tags"),
            "status": values.get("closing_status"),
        }

    def take_up(self, case: Case) -> None:
        """Somebody changed the case meanwhile: what was typed stays, and the next try is on what it is now."""
        words = _t("Somebody changed this case meanwhile. Look at it again, then close it.")
        if case.is_closed:
            words = _t("This case is already closed.")
        self.add_error(None, words)
        typed: Any = self.data
        again = typed.copy()
        again["version"], again["was"] = str(case.version), self.digest(case)
        self.data = again
