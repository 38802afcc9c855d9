"""Fields of forms that several pages of the desk have."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wardbook.lib.ids import can_be_an_id
from wardbook.lib.quote import one_line
from wardbook.offices.models import Membership

TOO_LONG = _("Use at most %(limit_value)d letters; these are %(show_value)d.")


class LineField(forms.CharField):
    """Text on one line, without control characters or marks that turn its direction."""

    def __init__(self, *, missing: Any = "", **kwargs: Any) -> None:
        errors = {"required": missing} if missing else {}
        super().__init__(error_messages=errors | kwargs.pop("error_messages", {}), **kwargs)

    def to_python(self, value: Any) -> str:
        return one_line(str(value)) if value not in self.empty_values else ""

    def run_validators(self, value: Any) -> None:
        if self.max_length is not None and len(value) > self.max_length:
            message = TOO_LONG % {"limit_value": self.max_length, "show_value": len(value)}
            raise forms.ValidationError(message, code="max_length")
        super().run_validators(value)


class ColleagueField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """Somebody who works in the office, by the id of the person."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", _("Choose a colleague"))
        errors = {"required": _("Choose a colleague."), "invalid_choice": _("Choose somebody who works here.")}
        super().__init__(
            Membership.objects.none(),
            to_field_name="user_id",
            error_messages=errors | kwargs.pop("error_messages", {}),
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        if value not in self.empty_values and not can_be_an_id(value):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.user)
