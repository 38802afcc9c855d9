"""How forms are drawn, and the fields Django does not have: type-ahead, days in words, several files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wardbook.lib import days
from wardbook.lib.controls import CONTROLS
from wardbook.lib.ids import can_be_an_id

type_ahead_words = _("Choose one from the list, or clear what you typed.")

if TYPE_CHECKING:
    # Generic only for the type checker.
    Upload = UploadedFile[Any]
    Uploads = MultiValueDict[str, Upload]

STRAY = "?"
"""Stands before text that was typed into a type-ahead and not chosen; no id begins so."""

WAITING = "_waiting"
"""Ends the name under which a form names files that it sent before and that waited (the keys of them)."""

Words = str | Promise
CHOOSE = {
    "invalid_choice": _("Choose one from the list."),
    "invalid_list": _("Choose from the list."),
    "invalid_pk_value": _("Choose from the list."),
}
"""Error messages of every field that chooses among what is shown."""


class Renderer(TemplatesSetting):
    """Fields are drawn by c/field.html: label, hint, error, in words and in this order."""

    field_template_name = "c/field.html"
    form_template_name = "c/form.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if draw := CONTROLS.get(template_name):
            return draw(context["widget"])
        return super().render(template_name, context, request)


class Combobox(forms.Widget):
    """Type-ahead over options that the server answers; posts the id under its name, the text under `…_text`.

    `shown` is the label of the present value (or (value, label) pairs when `multiple`). `matches` are
    (value, label) pairs offered as radio buttons: the second step without JavaScript. `next_id` is the field that
    takes the focus after a choice. `added` are the texts posted under `…_new`.
    """

    template_name = "c/combobox.html"
    url: str

    def __init__(
        self,
        attrs: Mapping[str, Any] | None = None,
        *,
        url: str = "",
        shown: str | Sequence[tuple[Any, str]] = "",
        multiple: bool = False,
        free: bool = False,
        chosen_get: str = "",
        chosen_target: str = "",
        next_id: str = "",
        placeholder: Words = "",
    ) -> None:
        super().__init__(dict(attrs or {}))
        self.url, self.shown, self.multiple, self.free = url, shown, multiple, free
        self.chosen_get, self.chosen_target, self.placeholder = chosen_get, chosen_target, placeholder
        self.next_id = next_id
        self.matches: Sequence[tuple[Any, str]] = ()
        self.typed = ""
        # What the person asked to make new, by the list's last line.
        self.added: list[str] = []
        # ModelChoiceField sets the choices of its widget; a type-ahead never lists them all.
        self.choices: Any = ()

    def value_from_datadict(self, data: Mapping[str, Any], files: Uploads, name: str) -> Any:
        self.typed = str(data.get(f"{name}_text") or "").strip()
        added = data.getlist(f"{name}_new") if hasattr(data, "getlist") else []
        self.added = [text.strip() for text in added if text.strip()]
        # Words that were not chosen must not pass for nothing, nor a typed number for somebody's id.
        stray = f"{STRAY}{self.typed}" if self.typed and not self.free and not self.added else None
        if self.multiple:
            values = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
            return [value for value in [*values, stray] if value]
        return data.get(name) or stray

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Uploads, name: str) -> bool:
        return name not in data and f"{name}_text" not in data

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        values = [str(one) for one in value] if isinstance(value, list | tuple) else []
        values = [one for one in values if not one.startswith(STRAY)]
        single = "" if self.multiple or value is None else str(value)
        pairs = [] if isinstance(self.shown, str) else [(str(key), label) for key, label in self.shown]
        labels = dict(pairs)
        context["widget"] |= {
            "url": self.url,
            "multiple": self.multiple,
            "free": self.free,
            "chosen_get": self.chosen_get,
            "chosen_target": self.chosen_target,
            "next_id": self.next_id,
            "placeholder": self.placeholder,
            "matches": self.matches,
            "text": self.typed or (self.shown if isinstance(self.shown, str) and single else ""),
            "value": "" if single.startswith(STRAY) else single,
            "chips": [(key, labels.get(key, key)) for key in values],
        }
        return context


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """Several rows, by id. What no row can have is refused in words before the database is asked."""

    def clean(self, value: Any) -> Any:
        sent = list(value or []) if isinstance(value, list | tuple) or value is None else [value]
        # Words that were typed and not chosen are named as such by the field itself.
        if not all(can_be_an_id(one) or str(one).startswith(STRAY) for one in sent):
            raise ValidationError(self.error_messages["invalid_pk_value"], code="invalid_pk_value")
        return super().clean(sent)


class ChosenField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """One row, found by type-ahead."""

    widget = Combobox
    default_error_messages = {"invalid_choice": type_ahead_words}


class ChosenManyField(RowsField):
    """Several rows, found by type-ahead and shown as chips."""

    default_error_messages = {"invalid_choice": type_ahead_words, "invalid_pk_value": type_ahead_words}

    def __init__(self, *args: Any, widget: Combobox | None = None, **kwargs: Any) -> None:
        super().__init__(*args, widget=widget or Combobox(multiple=True), **kwargs)


class DayInput(forms.TextInput):
    """A day in words, with chips and the browser's own calendar behind a button."""

    template_name = "c/day_input.html"

    def __init__(self, attrs: Mapping[str, Any] | None = None, chips: Iterable[tuple[str, Words]] = ()) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.chips = tuple(chips)
        self.echo_url = ""

    def format_value(self, value: Any) -> str | None:
        return days.long_day(value) if isinstance(value, date) else super().format_value(value)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"chips": self.chips, "echo_url": self.echo_url}
        return context


class DayField(forms.Field):
    """A day typed as a person would: "fri", "+10wd", "6/6", "6 June". Cleans to a date.

    Call `anchor` in the form's __init__: what "fri" means depends on today, "+10wd" on the office's calendar.
    """

    widget: type[DayInput] = DayInput
    CHIPS: tuple[tuple[str, Words], ...] = (
        ("tomorrow", _("Tomorrow")),
        ("+1w", _("Next week")),
        ("+10wd", _("10 working days")),
    )

    def __init__(
        self,
        *,
        chips: Iterable[tuple[str, Words]] | None = None,
        widget: DayInput | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(widget=widget or DayInput(chips=self.CHIPS if chips is None else chips), **kwargs)
        self.today: date | None = None
        self.add_working_days: Callable[[date, int], date] | None = None

    def anchor(
        self,
        *,
        today: date,
        add_working_days: Callable[[date, int], date] | None = None,
        echo_url: str = "",
    ) -> None:
        """Say from which day, and by which calendar, the words are counted."""
        self.today, self.add_working_days = today, add_working_days
        self.widget.echo_url = echo_url

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        if self.today is None:
            raise RuntimeError(f"DayField {self.label!r} was not anchored to a day.")
        try:
            return days.parse_day(str(value), today=self.today, add_working_days=self.add_working_days)
        except days.NotADay as unreadable:
            raise ValidationError(str(unreadable), code="invalid") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class FileDrop(forms.ClearableFileInput):
    """A file button that is also a place to drop files; several at once. `max_mb` is for each of them, or for
    `all_together`.

    In a refused form it lists the files that can wait for the next try: those with a `waiting_key`. That they were
    listed is noted on them as `is_offered`; whoever gave the key keeps the bytes (see cases/waiting_files.py).
    """

    template_name = "c/file_input.html"
    allow_multiple_selected = True

    def __init__(
        self,
        attrs: Mapping[str, Any] | None = None,
        *,
        upload_url: str = "",
        upload_name: str = "uploads",
        max_mb: int = 50,
        all_together: bool = False,
    ) -> None:
        super().__init__({"multiple": True, **(attrs or {})})
        self.upload_url, self.upload_name = upload_url, upload_name
        self.max_mb, self.all_together = max_mb, all_together

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "upload_url": self.upload_url,
            "upload_name": self.upload_name,
            "max_mb": self.max_mb,
            "all_together": self.all_together,
            "waiting_name": f"{name}{WAITING}",
            "waiting": [one for one in _several(value) if getattr(one, "waiting_key", "")],
        }
        for one in context["widget"]["waiting"]:
            one.is_offered = True
        return context


class FilesField(forms.FileField):
    """Any number of files; cleans to a list of UploadedFile."""

    widget = FileDrop

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was sent, for the widget to list; Django shows only files that are kept already."""
        return data

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        files = _several(data)
        if not files:
            super().clean(None, initial)
            return []
        return [super(FilesField, self).clean(one, None) for one in files]


def _several(data: Any) -> list[Any]:
    return list(data) if isinstance(data, list | tuple) else [data] if data else []
