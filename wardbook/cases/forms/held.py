"""A form that remembers which version of the case it was drawn from."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise

from wardbook.cases.forms.choosing import ContactField
from wardbook.cases.models import Case
from wardbook.lib import days
from wardbook.lib.forms import DayField
from wardbook.offices.models import Membership


class Held(forms.Form):
    """Some columns of a case, changed together.

    `version` says what the person saw. `was` is a digest of the columns as they were then: when a colleague changed
    something else meanwhile, both changes stand; when they changed the same, nobody's is lost (R13).
    """

    columns: ClassVar[tuple[str, ...]] = ()
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    was = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, case: Case, member: Membership, data: Any = None, *, today: date, initial: Any = None, **kwargs: Any
    ) -> None:
        self.case, self.member, self.office, self.today = case, member, case.office, today
        shown = self.shown(case) | {"version": case.version, "was": self.digest(case)}
        super().__init__(data, initial=shown | dict(initial or {}), **kwargs)
        anchor_days(self, self.office, today)
        self.build()

    def build(self) -> None:
        """Limit what can be chosen. Called once the fields are there."""

    @classmethod
    def shown(cls, case: Case) -> dict[str, Any]:
        """What the fields hold to begin with."""
        return {name: getattr(case, name) for name in cls.columns}

    @classmethod
    def values(cls, case: Case) -> list[Any]:
        """The columns, comparable."""
        return [str(getattr(case, case._meta.get_field(name).attname)) for name in cls.columns]  # type: ignore[union-attr]  # columns only

    @classmethod
    def digest(cls, case: Case) -> str:
        return hashlib.sha256(json.dumps(cls.values(case)).encode()).hexdigest()[:32]

    @property
    def seen(self) -> int:
        """The version to hand to the action: the present one when nothing that this form shows has changed."""
        if self.data.get("was") and self.data.get("was") == self.digest(self.case):
            return self.case.version
        version = self.cleaned_data.get("version")
        return version if isinstance(version, int) else 0

    def full_clean(self) -> None:
        super().full_clean()
        for name, field in self.fields.items():
            if isinstance(field, ContactField) and self.is_bound and name in self.errors:
                field.offer_matches()

    def chosen(self, *names: str) -> dict[str, Any]:
        """What was cleaned, by name."""
        return {name: self.cleaned_data[name] for name in names or self.columns if name in self.cleaned_data}

    def in_words(self, name: str, value: Any) -> str:
        """A value as both versions show it."""
        field = self.fields[name]
        if value in (None, ""):
            return ""
        if isinstance(field, forms.ModelChoiceField):
            return str(value)
        if isinstance(field, DayField):
            return days.long_day(value)
        if isinstance(field, forms.BooleanField):
            return str(field.label) if value else "–"
        if isinstance(field, forms.TypedChoiceField | forms.ChoiceField):
            return str(dict(flat(field.choices)).get(value, value))
        return str(value)


def flat(choices: Any) -> Mapping[Any, Any]:
    """Choices without their headings."""
    found: dict[Any, Any] = {}
    for value, label in choices:
        if isinstance(label, str | Promise):
            found[value] = label
        else:
            found |= dict(label)
    return found


def anchor_days(form: forms.BaseForm, office: Any, today: date) -> None:
    """Tell every day field from which day, and by whose calendar, words are counted."""
    calendar = office.working_calendar
    for field in form.fields.values():
        if isinstance(field, DayField):
            field.anchor(today=today, add_working_days=lambda day, count: calendar().add(day, count))
