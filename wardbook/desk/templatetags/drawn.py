"""Drawing a thing once: pieces that depend on nothing but what they are given, and the links of menus."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from wardbook.desk.templatetags.ui import icon, sort_state
from wardbook.lib import days
from wardbook.lib.addresses import of_row

register = template.Library()

KEPT = 2_000
"""So many drawn pieces are kept: statuses, deadlines, colleagues come again on every page."""

_SWAPS = ' hx-get="{}" hx-target="#{}" hx-push-url="true" hx-swap="outerHTML"'
Arguments = tuple[tuple[str, type, Any], ...]


@register.simple_tag
def drawn(component: str, /, **arguments: object) -> SafeString:
    """A component that depends on its arguments alone, like `include … only`: the same arguments, the same piece.

    It sees neither the page nor the request, so nothing of a person can be in it that was not given to it.
    """
    plain = {key: str(value) if isinstance(value, Promise) else value for key, value in arguments.items()}
    # With its type: what is safe to show as it stands is not the same as what must be escaped.
    given = tuple((key, type(value), value) for key, value in plain.items())
    draw = _draw.__wrapped__ if settings.DEBUG else _draw
    return draw(component, get_language(), timezone.get_current_timezone_name(), given)


@lru_cache(maxsize=KEPT)
def _draw(component: str, language: str | None, zone: str, given: Arguments) -> SafeString:
    return SafeString(get_template(component).render({key: value for key, _type, value in given}).strip())


@register.simple_tag(takes_context=True)
def sort_head(context: Context, address: str) -> SafeString:
    """The header that c/sort_header.html describes, from what it was given."""
    given = (str(context.get(name) or "") for name in ("label", "column", "sort", "target"))
    label, column, sort, target = given
    return head(label, column, address, sort=sort, numeric=bool(context.get("numeric")), target=target)


def head(label: str, column: str, address: str, *, sort: str, numeric: bool = False, target: str = "") -> SafeString:
    """The header of a column that can be sorted; pressing it asks for `address`."""
    state = sort_state({"sort": sort}, column)
    return format_html(
        '<th scope="col"{}{}><a class="sort" id="sort-{}" href="{}"{}>{}{}</a></th>',
        format_html(' aria-sort="{}"', state["aria"]) if state["aria"] else "",
        SafeString(' class="num"') if numeric else "",
        column,
        address,
        format_html(_SWAPS, address, target) if target else "",
        label,
        icon(state["icon"], 14),
    )


@register.filter
def age_words(opened: date, today: date) -> str:
    """12 d"""
    return days.count_words(abs((today - opened).days))


@register.simple_tag
def row_url(route: str, *args: Any) -> str:
    """`url` for the rows of a list: the last argument is the number of the row, and the route is looked up once."""
    *before, pk = args
    return of_row(route, *before, pk=pk)


@register.simple_tag
def menu_link(item: Mapping[str, Any]) -> SafeString:
    """One line of a menu that leads somewhere: {label, url, icon, dialog, danger, key}."""
    key = item.get("key", "")
    return format_html(
        '<a class="menu__item{}" href="{}"{}{}>{}{}{}</a>',
        " menu__item--danger" if item.get("danger") else "",
        item["url"],
        SafeString(" data-dialog") if item.get("dialog") else "",
        format_html(' data-key="{}"', key) if key else "",
        icon(item["icon"], 18) if item.get("icon") else "",
        item["label"],
        format_html('<kbd class="key" aria-hidden="true">{}</kbd>', key) if key else "",
    )
