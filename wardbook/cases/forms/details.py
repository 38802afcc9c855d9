"""What a case says, one form for each detail that is changed in place."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wardbook.cases.forms.choosing import ContactField, DependentField, ValueField
from wardbook.cases.forms.held import Held
from wardbook.cases.models import Case
from wardbook.lib.forms import CHOOSE, DayField
from wardbook.lib.ids import can_be_an_id
from wardbook.lib.typed import LineField, TextField
from wardbook.offices.models import Representative
from wardbook.vocabulary.models import CaseCode, CaseType, Category, ContactType, PolicyArea, ServiceType, SubType


class DescriptionForm(Held):
    columns = ("description", "notes")
    description = LineField(
        longest=200,
        label=_("What it is about"),
        widget=forms.TextInput(attrs={"data-count": 140}),
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    notes = TextField(longest=20_000, label=_("Details"), required=False, widget=forms.Textarea(attrs={"rows": 6}))


class KindForm(Held):
    columns = ("kind",)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Case.Kind.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE | {"required": _("Choose one from the list.")},
    )


class OpenedForm(Held):
    columns = ("opened_on",)
    opened_on = DayField(
        label=_("Opened on"),
        chips=[("today", _("Today")), ("yesterday", _("Yesterday"))],
        help_text=_("The day it reached the office. It may lie in the past."),
        error_messages={"required": _("Enter the day it was opened, like 6/6.")},
    )

    def clean_opened_on(self) -> Any:
        day = self.cleaned_data["opened_on"]
        if day and day > self.today:
            raise forms.ValidationError(_t("The open date cannot be in the future."))
        return day


class TopicForm(Held):
    """Policy area, category, service type: one tree, three lists."""

    columns = ("policy_area", "category", "service_type")
    policy_area = ValueField(PolicyArea, label=_("Policy area"))
    category = DependentField(Category, label=_("Category"))
    service_type = DependentField(ServiceType, label=_("Service type"))

    def build(self) -> None:
        offer_topics(self, self.case, self.data if self.is_bound else self.initial)

    def clean(self) -> dict[str, Any]:
        return tidy_topics(super().clean() or {}, self.case)


class TypeForm(Held):
    columns = ("case_type", "sub_type")
    case_type = ValueField(CaseType, label=_("Case type"))
    sub_type = DependentField(SubType, label=_("Sub-type"))

    def build(self) -> None:
        offer_types(self, self.case, self.data if self.is_bound else self.initial)

    def clean(self) -> dict[str, Any]:
        return tidy_types(super().clean() or {}, self.case)


class CodeForm(Held):
    columns = ("case_code",)
    case_code = ValueField(CaseCode, label=_("Case code"))

    def build(self) -> None:
        offer(self, "case_code", self.case)


class HowForm(Held):
    columns = ("contact_type",)
    contact_type = ValueField(ContactType, label=_("How it came"))

    def build(self) -> None:
        offer(self, "contact_type", self.case)


class ConstituentForm(Held):
    columns = ("constituent", "is_anonymous")
    constituent = ContactField(label=_("Constituent"), help_text=_("Name, telephone number, postcode or email."))
    is_anonymous = forms.BooleanField(label=_("The person does not want to be named"), required=False)

    def build(self) -> None:
        field: Any = self.fields["constituent"]
        field.offer(self.member, self.case.constituent)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("constituent") and values.get("is_anonymous"):
            self.add_error("is_anonymous", _t("A person who is named here is not unnamed. Take one of the two away."))
        nobody = not values.get("constituent") and not values.get("is_anonymous") and "constituent" not in self.errors
        inward = self.case.kind in (Case.Kind.INTERNAL, Case.Kind.INVITATION)
        if nobody and not inward and self.case.requester_id is None:
            self.add_error("constituent", _t("Say who it is about, or that the person does not want to be named."))
        return values


class RequesterForm(Held):
    columns = ("requester",)
    requester = ContactField(
        label=_("Raised by"), help_text=_("A councillor, a relative, an agency: whoever brought it to you.")
    )

    def build(self) -> None:
        field: Any = self.fields["requester"]
        field.offer(self.member, self.case.requester)


class RepresentativeForm(Held):
    columns = ("representative",)
    representative = forms.ModelChoiceField(
        Representative.objects.none(),
        label=_("Representative"),
        required=False,
        empty_label=_("None"),
        error_messages=CHOOSE,
    )

    def build(self) -> None:
        field: Any = self.fields["representative"]
        field.queryset = Representative.objects.filter(office=self.office)


def offer(form: forms.Form, name: str, case: Case) -> None:
    """Limit a list's field to the office's values, and the one the case has."""
    field: Any = form.fields[name]
    field.offer(case.office, getattr(case, f"{name}_id"))


def offer_topics(form: forms.Form, case: Case, chosen: Any) -> None:
    """The three lists; each shows what belongs under the one above it, once that is chosen."""
    fields: dict[str, Any] = dict(form.fields)
    if "policy_area" in fields:
        fields["policy_area"].offer(case.office, case.policy_area_id)
    if "category" in fields:
        fields["category"].offer_under(case.office, number(chosen.get("policy_area")), case.category_id)
    if "service_type" in fields:
        fields["service_type"].offer_under(case.office, number(chosen.get("category")), case.service_type_id)


def offer_types(form: forms.Form, case: Case, chosen: Any) -> None:
    fields: dict[str, Any] = dict(form.fields)
    if "case_type" in fields:
        fields["case_type"].offer(case.office, case.case_type_id)
    if "sub_type" in fields:
        fields["sub_type"].offer_under(case.office, number(chosen.get("case_type")), case.sub_type_id)


def tidy_topics(values: dict[str, Any], case: Case) -> dict[str, Any]:
    """Another policy area drops the category the case had; another category brings its own policy area."""
    area, category = values.get("policy_area"), values.get("category")
    if category is not None and area is not None and category.policy_area_id != area.pk:
        if category.pk == case.category_id:
            values["category"] = category = None
        else:
            values["policy_area"] = category.policy_area
    service = values.get("service_type")
    if service is not None and (category is None or service.category_id != category.pk):
        if service.pk == case.service_type_id:
            values["service_type"] = None
        else:
            values["category"], values["policy_area"] = service.category, service.category.policy_area
    return values


def tidy_types(values: dict[str, Any], case: Case) -> dict[str, Any]:
    """Another case type drops the sub-type the case had; another sub-type brings its case type."""
    above, below = values.get("case_type"), values.get("sub_type")
    if below is not None and (above is None or below.case_type_id != above.pk):
        if below.pk == case.sub_type_id:
            values["sub_type"] = None
        else:
            values["case_type"] = below.case_type
    return values


def number(value: Any) -> int | None:
    """An id out of what was sent, or of a row; None for anything else."""
    value = getattr(value, "pk", value)
    text = str(value or "")
    return int(text) if can_be_an_id(text) else None
