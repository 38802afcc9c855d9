"""Form fields for text that people type: cleaned of what nobody types on purpose, refused in sentences."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wardbook.lib.quote import one_line


def many_lines(text: str) -> str:
    """The text with its line breaks, each line cleaned as `one_line` does but with its spaces."""
    lines = text.replace("\r\n", "\n").splitlines()
    kept = [" " * (len(line) - len(line.lstrip(" "))) + one_line(line) for line in lines]
    return "\n".join(line.rstrip() for line in kept).strip("\n")


class _Typed(forms.CharField):
    """A text with a longest length, said in words when it is passed."""

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        super().__init__(max_length=None, strip=False, **kwargs)
        self.longest = longest
        # A NUL is stripped like every other control character, not refused.
        self.validators = [v for v in self.validators if type(v).__name__ != "ProhibitNullCharactersValidator"]

    def plain(self, text: str) -> str:
        return one_line(text)

    def to_python(self, value: Any) -> str:
        return self.plain(super().to_python(value) or "")

    def validate(self, value: Any) -> None:
        super().validate(value)
        over = len(value) - self.longest
        if over > 0:
            raise ValidationError(
                ngettext(
                    "Make this %(over)d letter shorter; %(longest)d is the most.",
                    "Make this %(over)d letters shorter; %(longest)d is the most.",
                    over,
                )
                % {"over": over, "longest": self.longest},
                code="max_length",
            )


class LineField(_Typed):
    """Text on one line."""


class TextField(_Typed):
    """Text of several lines; line breaks stay."""

    widget = forms.Textarea(attrs={"rows": 4})

    def plain(self, text: str) -> str:
        return many_lines(text)


class PostcodeField(LineField):
    """A postcode of any country: letters, digits, spaces and hyphens, with at least one digit."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Postcode"))
        super().__init__(longest=12, **kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> str:
        return super().to_python(value).upper()

    def validate(self, value: Any) -> None:
        super().validate(value)
        odd = value.replace(" ", "").replace("-", "")
        if value and not (odd.isalnum() and odd.isascii() and any(c.isdigit() for c in odd) and 2 <= len(odd) <= 10):
            raise ValidationError(_("Enter a postcode, like GM1 4AB."), code="invalid")


class ClockField(forms.TimeField):
    """A time of day, as people write it: 14:30, 14.30, 1430."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Time"))
        super().__init__(
            input_formats=["%H:%M", "%H.%M", "%H%M", "%H:%M:%S"],
            error_messages={"invalid": gettext_lazy("Enter a time, like 14:30.")},
            **kwargs,
        )


class MinutesField(forms.IntegerField):
    """How long something took: at most a day."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Minutes"))
        no_number = gettext_lazy("Enter a number of minutes, like 15.")
        most = gettext_lazy("A day has 1,440 minutes.")
        errors = {"invalid": no_number, "min_value": no_number, "max_value": most}
        super().__init__(min_value=0, max_value=1440, error_messages=errors, **kwargs)
        self.widget.attrs.setdefault("inputmode", "numeric")
