"""What every page draws with: icons, days, times, the operation key, navigation."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django import forms, template
from django.contrib.messages.storage.base import Message
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from lucide.templatetags.lucide import lucide

from wardbook.lib import days
from wardbook.offices import access

register = template.Library()

STATUS_CODES = {
    "new": "new",
    "ack": "ack",
    "acknowledged": "ack",
    "open": "open",
    "hold": "hold",
    "on_hold": "hold",
    "on-hold": "hold",
    "paused": "hold",
    "waiting": "hold",
    "closed": "closed",
}

PREFERENCES = {
    "theme": ("light", "dark"),
    "density": ("compact",),
    "single_keys": ("alt", "off"),
    "toasts_stay": ("1",),
}


CONTROL_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "check"),
    (forms.RadioSelect, "choices"),
    (forms.CheckboxSelectMultiple, "choices"),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.FileInput, ""),
    (forms.HiddenInput, ""),
    (forms.widgets.Input, "input"),
)


@cache
def _drawing(name: str) -> SafeString:
    """The paths of one lucide icon. Raises IconDoesNotExist for a name that lucide does not have."""
    # Drawn by the lucide package; nothing of it was typed by anybody.
    return SafeString(lucide(name).partition(">")[2].rpartition("</svg>")[0].strip())


@register.simple_tag
@lru_cache(maxsize=1000, typed=True)
def icon(name: str, size: int = 20, label: str = "") -> SafeString:
    """A line icon; decorative unless it has a label."""
    named = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="icon" width="{}" height="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" focusable="false" {}>{}</svg>',
        size,
        size,
        named,
        _drawing(name),
    )


@register.simple_tag
def operation() -> SafeString:
    """The key that lets the server do this POST once, however often it arrives."""
    # Dozens on a page; what uuid4 gives needs no escaping.
    return SafeString(f'<input type="hidden" name="operation" value="{uuid.uuid4()}">')


@register.simple_tag
def moment(at: datetime | None, shown: str = "clock") -> SafeString | str:
    """A <time> element: shown as "clock", "day" (long), "short_day" or "day_clock"; all of it on hover."""
    if at is None:
        return ""
    at = _local(at)
    words = {"clock": clock, "day": long_day, "short_day": short_day, "day_clock": day_clock}[shown](at)
    whole = f"{days.long_day(at.date())}, {at:%H:%M}"
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), whole, words)


def _local(at: datetime) -> datetime:
    return timezone.localtime(at) if timezone.is_aware(at) else at


def _as_day(value: date | datetime) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


@register.filter
def as_day(value: date | datetime) -> date:
    """The local day of a moment."""
    return _as_day(value)


@register.filter
def short_day(value: date | datetime | None) -> str:
    """Fri 6 Jun"""
    return days.short_day(_as_day(value)) if value else ""


@register.filter
def long_day(value: date | datetime | None) -> str:
    """Fri 6 June 2025"""
    return days.long_day(_as_day(value)) if value else ""


@register.filter
def iso(value: date | datetime | None) -> str:
    """2025-06-06, or the moment with its offset."""
    if isinstance(value, datetime):
        return _local(value).isoformat()
    return value.isoformat() if value else ""


@register.filter
def clock(at: datetime | None) -> str:
    """14:02"""
    return f"{_local(at):%H:%M}" if at else ""


@register.filter
def day_clock(at: datetime | None) -> str:
    """Fri 6 Jun, 14:02; with the year when it is not this one's neighbour in sight."""
    if not at:
        return ""
    at = _local(at)
    return f"{days.short_day(at.date())}, {at:%H:%M}"


@register.filter
def days_from(value: date | datetime, today: date) -> int:
    """Days from `today` to the value; negative when it is past."""
    return (_as_day(value) - today).days


@register.filter
def day_words(value: date | datetime, today: date) -> str:
    """ "today", "in 3 days", "2 days ago" """
    return days.day_words(_as_day(value), today)


@register.filter
def status_code(code: str) -> str:
    """The class of a status pill: new, ack, open, hold or closed."""
    return STATUS_CODES.get(str(code).lower(), "open")


@register.filter
def initials(name: object) -> str:
    """ "Rhian Evans" → "RE" """
    parts = [part for part in str(name).replace(",", " ").split() if part[:1].isalnum()]
    if not parts:
        return "?"
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()


@register.filter
def telephone_href(number: object) -> str:
    """What follows `tel:` in a link: digits, and the plus in front."""
    text = str(number).strip()
    return ("+" if text.startswith("+") else "") + "".join(sign for sign in text if sign in "0123456789")


@register.filter
def number(value: int | str | None) -> str:
    """12345 → 12,345 in the reader's way."""
    return "" if value is None else str(formats.number_format(value, use_l10n=True, force_grouping=True))


def _get(thing: Any, name: str, default: Any = None) -> Any:
    return thing.get(name, default) if isinstance(thing, dict) else getattr(thing, name, default)


@register.filter
def fold_changes(entries: Iterable[Any]) -> list[Any]:
    """Runs of more than 3 system entries become one item {"folded": [...]}; all others stay as they are."""
    found: list[Any] = []
    run: list[Any] = []
    day: date | None = None

    def close_run() -> None:
        first = {"folded": run.copy(), "id": f"{_get(run[0], 'id')}-run", "at": _get(run[0], "at")}
        found.extend([first] if len(run) > 3 else run)
        run.clear()

    for entry in entries:
        its_day = _as_day(_get(entry, "at"))
        if run and (its_day != day or _get(entry, "mark") != "system"):
            close_run()
        day = its_day
        if _get(entry, "mark") == "system":
            run.append(entry)
        else:
            found.append(entry)
    close_run() if run else None
    return found


@register.filter
def undo_address(message: Message) -> str:
    """The undo address in a message's tags ("undo:/glanmor/undo/9/"), or nothing."""
    return _tagged(message, "undo:")


@register.filter
def open_address(message: Message) -> str:
    """The address in a message's tags of what it speaks of ("open:/glanmor/cases/9/"), or nothing."""
    return _tagged(message, "open:")


def _tagged(message: Message, mark: str) -> str:
    tags = (message.extra_tags or "").split()
    return next((tag.removeprefix(mark) for tag in tags if tag.startswith(f"{mark}/")), "")


@register.filter
def linked_errors(form: BaseForm) -> list[tuple[BoundField, str]]:
    """(field, message) of every wrong field, in the order of the form."""
    return [(field, str(error)) for field in form for error in field.errors]


@register.filter
def field_anchor(field: BoundField) -> str:
    """The id that a link to this field must name."""
    return field.id_for_label or field.auto_id


@register.filter
def widget_kind(field: BoundField) -> str:
    """How a field is laid out: "check", "choices" or "line"."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "choices" if isinstance(widget, forms.RadioSelect) else "line"


@register.filter
def control(field: BoundField) -> SafeString:
    """The control of a field with the class it is drawn by; other attributes stay as the form gave them."""
    widget = field.field.widget
    if any(base.__module__.startswith("allauth.") for base in type(field.form).__mro__):
        # The package's forms say the label a second time there.
        widget.attrs.pop("placeholder", None)
    for kind, css in CONTROL_CLASSES:
        if isinstance(widget, kind):
            given = widget.attrs.get("class", "")
            if css and css not in given.split():
                return field.as_widget(attrs={"class": f"{css} {given}".strip()})
            break
    return field.as_widget()


@register.filter
def without_hint(field: BoundField) -> BoundField:
    """The field without its help text, where the page says it better elsewhere."""
    field.help_text = ""
    return field


@register.filter
def part(thing: Any, name: str) -> Any:
    """An item or attribute that need not be there."""
    return _get(thing, name)


@register.filter
def as_json(value: Any) -> str:
    """For a data attribute; the template escapes it."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.filter
def browser_words(agent: str) -> str:
    """ "Firefox on Windows" out of what a browser says about itself; itself when nothing is known in it."""
    browsers = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
    systems = {
        "Android": "Android",
        "iPhone": "iPhone",
        "iPad": "iPad",
        "Windows": "Windows",
        "Mac OS": "Mac",
        "CrOS": "Chromebook",
        "Linux": "Linux",
    }
    browser = next((name for sign, name in browsers.items() if sign in agent), "")
    system = next((name for sign, name in systems.items() if sign in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or agent or _("A device that says nothing of itself")


@register.filter
def absolute(value: int) -> int:
    """Without its sign."""
    return abs(value)


@register.filter
def is_long(text: object) -> bool:
    """Whether a text is cut after eight lines."""
    words = str(text)
    return len(words) > 560 or words.count("\n") >= 8


@register.simple_tag(takes_context=True)
def preference(context: Context, name: str) -> str:
    """What the reader chose: from their account, else from the cookie of the same name, else nothing."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return ""
    user = getattr(request, "user", None)
    chosen = getattr(user, name, None) if user is not None and user.is_authenticated else None
    if chosen is None:
        chosen = request.COOKIES.get(name, "")
    chosen = "1" if chosen is True else str(chosen)
    return chosen if chosen in PREFERENCES[name] else ""


@register.simple_tag(takes_context=True)
def nav(context: Context, route: str, exact: bool = False) -> dict[str, Any] | None:
    """{"url", "current"} of an entry of the navigation; None if it is not there or not for this person."""
    request = context.get("request")
    office = getattr(request, "office", None)
    if request is None or office is None:
        return None
    try:
        url = reverse(route, args=[office.slug])
        needed = access.row(route).read
    except (NoReverseMatch, access.RouteWithoutRow):
        return None
    if needed not in (access.SELF, access.PUBLIC) and needed not in _can(context):
        return None
    path = request.path
    current = "page" if path == url else "true" if not exact and path.startswith(url) else ""
    return {"url": url, "current": current}


@register.simple_tag
def route(name: str, *args: object) -> str:
    """The address of a route, or "" where this installation does not have it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _can(context: Context) -> frozenset[str]:
    request = context.get("request")
    can = context.get("can") or getattr(request, "can", None)
    if can is not None:
        return frozenset(can)
    member = getattr(request, "member", None)
    return access.capabilities(member.role) if member is not None else frozenset()


@register.simple_tag(takes_context=True)
def sort_state(context: Context | dict[str, str], column: str) -> dict[str, str]:
    """How a column is sorted now and what pressing its header asks for; reads `sort` from the context."""
    now = str(context.get("sort") or "")
    if now == column:
        return {"aria": "ascending", "next": f"-{column}", "icon": "chevron-up"}
    if now == f"-{column}":
        return {"aria": "descending", "next": column, "icon": "chevron-down"}
    return {"aria": "", "next": column, "icon": "chevrons-up-down"}


@register.simple_tag
def audience_words(mark: str) -> str:
    """Who can read an entry of this mark, in words."""
    return {
        "office": _("Office only"),
        "case": _("Everyone on the case can see"),
        "shared": _("Councillor and service can see"),
        "out": _("Sent outside"),
    }.get(mark, "")
