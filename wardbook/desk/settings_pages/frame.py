"""What all pages of Settings share: the menu beside them, and what happens when two people save at once."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from wardbook.desk.after import address
from wardbook.journal.models import Event
from wardbook.lib.respond import done, respond
from wardbook.lib.rules import RuleBroken
from wardbook.offices import access
from wardbook.offices.middleware import Request

Entry = tuple[str, Promise, str, Promise]

# Route, words, icon, what one finds there; in groups. Who sees which is in the access table.
MENU: list[tuple[Promise, list[Entry]]] = [
    (
        _later("Me"),
        [("accounts:preferences", _later("My preferences"), "user-cog", _later("Language, theme, keys, sign-in"))],
    ),
    (
        _later("People"),
        [
            ("desk:settings_people", _later("People"), "users", _later("Who works here, in which role")),
            ("desk:teams", _later("Teams"), "users-round", _later("People who share work")),
            ("desk:representatives", _later("Representatives"), "landmark", _later("Whom the office serves")),
        ],
    ),
    (
        _later("Cases"),
        [
            ("desk:lists", _later("Lists"), "list-tree", _later("Policy areas, tags, actions, statuses and more")),
            ("desk:fields", _later("Fields"), "text-cursor-input", _later("What a case asks for, and when")),
        ],
    ),
    (
        _later("Office"),
        [
            ("desk:settings_office", _later("Office"), "building-2", _later("Name, time, case references, words")),
            ("desk:calendar", _later("Calendar"), "calendar-days", _later("Public holidays and closures")),
            ("desk:wards", _later("Wards and postcodes"), "map-pinned", _later("The area you serve")),
        ],
    ),
    (
        _later("Post"),
        [
            ("desk:mailboxes", _later("Mailboxes"), "mailbox", _later("Where mail comes in, and who writes")),
            ("desk:templates", _later("Templates"), "file-text", _later("Words for emails and letters")),
            ("desk:post", _later("Post"), "stamp", _later("Letterhead, signatures, acknowledgements")),
        ],
    ),
    (
        _later("System"),
        [
            ("desk:imports", _later("Imports"), "file-up", _later("What came in from files")),
            ("desk:journal", _later("Journal"), "scroll-text", _later("Everything that happened, line by line")),
            ("desk:styleguide", _later("Design"), "swatch-book", _later("Every component of these pages")),
        ],
    ),
]


def menu(request: Request) -> list[dict[str, Any]]:
    """The pages of Settings that this person may open, in groups."""
    can, groups = access.capabilities(request.member.role), []
    for heading, entries in MENU:
        found = [
            entry for route, words, icon, hint in entries if (entry := _entry(request, can, route, words, icon, hint))
        ]
        if found:
            groups.append({"heading": heading, "entries": found})
    return groups


def _entry(
    request: Request, can: frozenset[str], route: str, words: Promise, icon: str, hint: Promise
) -> dict[str, Any] | None:
    in_office = not route.startswith("accounts:")
    url = address(route, request.office.slug) if in_office else address(route)
    try:
        needed = access.row(route).read
    except access.RouteWithoutRow:
        return None
    if not url or (needed not in (access.SELF, access.PUBLIC) and needed not in can):
        return None
    return {"url": url, "words": words, "icon": icon, "hint": hint, "current": request.path.startswith(url)}


def show(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    *,
    piece: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page of Settings with its menu."""
    return respond(request, template, {"settings_menu": menu(request), **context}, piece=piece, status=status)


def fingerprint(values: Mapping[str, Any]) -> str:
    """What a form remembers of the values it shows, so that the second of two editors notices (R13)."""
    said = "\0".join(f"{name}={values[name]}" for name in sorted(values))
    return sha256(said.encode()).hexdigest()[:16]


def is_stale(request: HttpRequest, current: Mapping[str, Any]) -> bool:
    """Whether the form that was sent showed other values than those of now. A form that does not say is not."""
    seen = request.POST.get("version", "")
    return bool(seen) and seen != fingerprint(current)


def both_versions(request: Request, form: forms.Form, current: Mapping[str, Any], about: Model) -> HttpResponse:
    """409: what the person sent and what stands now, to be chosen field by field."""
    fields, keep = [], []
    for name, field in form.fields.items():
        mine, theirs = form.data.get(name, ""), _as_sent(current.get(name, ""))
        if isinstance(field, forms.BooleanField):
            mine = mine and "on"
        if str(mine) == str(theirs):
            keep.append((name, mine))
        else:
            words = {"mine_words": _shown(field, mine), "theirs_words": _shown(field, theirs)}
            fields.append({"name": name, "label": field.label, "mine": mine, "theirs": theirs, **words})
    context = {
        "fields": fields,
        "keep": [pair for pair in keep if pair[1]],
        "theirs_name": _who_changed(about),
        "version": fingerprint(current),
        "action": request.path,
    }
    return show(request, "desk/settings/both.html", context, status=409)


def keep(
    request: Request,
    form: forms.Form,
    current: Mapping[str, Any],
    about: Model,
    act: Callable[[], object],
    *,
    page: str,
    said: str = "",
    wrong: str | None = None,
) -> HttpResponse | None:
    """Save what was typed over what the person saw, and go on to `page`. None where the form is to be shown: not sent
    yet, or not right, or refused, which is said beside the field `wrong`."""
    if not form.is_valid():
        return None
    if is_stale(request, current):
        return both_versions(request, form, current, about)
    try:
        act()
    except RuleBroken as refusal:
        form.add_error(wrong, str(refusal))
        return None
    return done(request, page, said or _("Saved."))


def _as_sent(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    return "" if value is None else str(value)


def _shown(field: forms.Field, value: str) -> str:
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    for key, words in getattr(field, "choices", ()):
        if str(key) == str(value):
            return str(words)
    return str(value)


def _who_changed(about: Model) -> str:
    line = Event.objects.about(about).select_related("by").order_by("-number").first()
    return str(line.by) if line and line.by else _("A colleague")
