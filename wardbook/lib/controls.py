"""Django's plainest controls without a template each: a long form has dozens, and each costs more than its field.

They say the same as `django/forms/widgets/…`; `tests/test_controls.py` holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Widget = Mapping[str, Any]
"""What a widget says of itself to its template."""


def _attributes(widget: Widget) -> SafeString:
    said = widget["attrs"].items()
    return format_html_join(
        "", " {}{}", ((name, "" if value is True else _is(value)) for name, value in said if value is not False)
    )


def _is(value: object) -> SafeString:
    return format_html('="{}"', value)


def _input(widget: Widget) -> SafeString:
    value = widget["value"]
    return format_html(
        '<input type="{}" name="{}"{}{}>',
        widget["type"],
        widget["name"],
        "" if value is None else format_html(' value="{}"', value),
        _attributes(widget),
    )


def _textarea(widget: Widget) -> SafeString:
    words = widget["value"] or ""
    return format_html('<textarea name="{}"{}>\n{}</textarea>', widget["name"], _attributes(widget), words)


def _select(widget: Widget) -> SafeString:
    groups = format_html_join("", "{}", ((_group(name, options),) for name, options, _at in widget["optgroups"]))
    return format_html('<select name="{}"{}>{}\n</select>', widget["name"], _attributes(widget), groups)


def _group(name: str | None, options: list[Widget]) -> SafeString:
    lines = format_html_join(
        "", '\n<option value="{}"{}>{}</option>', ((one["value"], _attributes(one), one["label"]) for one in options)
    )
    return format_html('\n<optgroup label="{}">{}\n</optgroup>', name, lines) if name else lines


_INPUTS = "input text number email url tel search hidden password date time checkbox".split()
_DRAWN: dict[str, Callable[[Widget], SafeString]] = dict.fromkeys(_INPUTS, _input) | {
    "textarea": _textarea,
    "select": _select,
}
CONTROLS = {f"django/forms/widgets/{name}.html": draw for name, draw in _DRAWN.items()}
"""How a control is drawn, by the name of the template that Django has for it."""
