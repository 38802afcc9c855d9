"""Answers: the whole page or the swapped piece, with what should be said, shown and done next."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a type-ahead list."""

    value: str | int
    label: str
    detail: str = ""
    aside: str = ""
    group: str = ""
    lang: str = ""
    href: str = ""


def wants_piece(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page (and is not rebuilding one for Back)."""
    return bool(request.headers.get("HX-Request")) and not request.headers.get("HX-History-Restore-Request")


def in_dialog(request: HttpRequest) -> bool:
    """Whether the answer will be put into the dialog."""
    return wants_piece(request) and request.headers.get("HX-Target", "").endswith("#dialog-body")


def respond(
    request: HttpRequest,
    template: str,
    ctx: Mapping[str, Any],
    piece: str | None = None,
    status: int = 200,
    say: str = "",
    toast: Mapping[str, str] | None = None,
    events: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The page, or for htmx its named piece; `say` is spoken, `toast` is {"text": …, "undo": address}."""
    name = f"{template}#{piece}" if piece and wants_piece(request) else template
    response = render(request, name, dict(ctx), status=status)
    response["Vary"] = "HX-Request"
    return _trigger(response, say=say, toast=toast, events=events)


def done(request: HttpRequest, url: str, text: str = "", undo: str = "") -> HttpResponse:
    """After a POST that worked: go to `url` and say `text` there, with Undo if `undo` is an address."""
    if text:
        messages.success(request, text, extra_tags=f"undo:{undo}" if undo else "")
    if wants_piece(request):
        response = HttpResponse(status=200)
        response["HX-Redirect"] = url
    else:
        response = HttpResponseRedirect(url)
        # 303: the answer to a POST is elsewhere, to be fetched with GET whatever the method was.
        response.status_code = 303
    return response


def options(request: HttpRequest, found: Sequence[Option], add: str = "", typed: str = "") -> HttpResponse:
    """The list of a type-ahead field; `add` is the last line, which offers to make `typed` new."""
    typed = typed or request.GET.get("q", "").strip()
    ctx = {"options": found, "add": add, "typed": typed}
    return respond(request, "c/combobox_options.html", ctx)


def _trigger(
    response: HttpResponse,
    *,
    say: str,
    toast: Mapping[str, str] | None,
    events: Mapping[str, Any] | None,
) -> HttpResponse:
    sent: dict[str, Any] = dict(events or {})
    if say:
        sent["announce"] = {"text": str(say)}
    if toast:
        sent["toast"] = {key: str(value) for key, value in toast.items()}
    if sent:
        # json.dumps escapes to ASCII: a header must not carry raw UTF-8.
        response["HX-Trigger"] = json.dumps(sent)
    return response
