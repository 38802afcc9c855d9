"""Which other case belongs with this one."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wardbook.cases.forms.choosing import case_named
from wardbook.cases.models import Case
from wardbook.lib.typed import LineField
from wardbook.offices.models import Membership


class LinkForm(forms.Form):
    """Names another case by its number or reference."""

    other_case = LineField(
        longest=40,
        label=_("The other case"),
        help_text=_("Its number, like 2041."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "search", "data-autofocus": True}),
        error_messages={"required": _("Enter the number of the other case.")},
    )

    def __init__(self, case: Case, member: Membership, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.case, self.member = case, member

    def clean_other_case(self) -> Case:
        found = case_named(self.member, self.cleaned_data["other_case"])
        if found is None:
            raise forms.ValidationError(_t("There is no such case. Look for it under Cases."))
        if found.pk == self.case.pk:
            raise forms.ValidationError(_t("That is this case. Enter the number of the other one."))
        return found
