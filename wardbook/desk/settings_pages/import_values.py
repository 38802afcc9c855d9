"""The values of a file that go to a list: each is matched, made new, left out or refused; and the map they make."""

from pathlib import Path
from typing import Any

import tomli_w
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wardbook.cases.files import clean_name
from wardbook.desk.settings_pages.frame import show
from wardbook.desk.settings_pages.import_steps import can_match_values, found_run, sections_of, steps
from wardbook.desk.settings_pages.value_forms import SHOWN, Section, ValuesForm
from wardbook.exchange import actions, mapping, running
from wardbook.lib.download import as_download
from wardbook.lib.respond import done
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request

LONGEST_SEARCH = 80


@require_http_methods(["GET", "POST"])
def values_page(request: Request, office: str, pk: int) -> HttpResponse:
    """What each value of the file becomes. POST keeps it, and has the rows checked again."""
    run = found_run(request, pk)
    here, back = reverse("desk:import_values", args=[office, pk]), reverse("desk:import_run", args=[office, pk])
    if not can_match_values(run):
        messages.warning(request, _("The values of this file cannot be matched now."))
        return done(request, back)
    is_sent = request.method == "POST"
    search, only_open = request.GET.get("q", "").strip()[:LONGEST_SEARCH], request.GET.get("open") == "on"
    try:
        # Those that were shown come back, whatever the lists hold by now.
        only = frozenset(request.POST) if is_sent else None
        shown = sections_of(run, search=search, only_open=only_open, only=only)
        document = running.document_of(run)
    except mapping.MapError as wrong:
        messages.warning(request, str(wrong))
        return done(request, back)
    form = ValuesForm(request.POST if is_sent else None, kind=run.kind, sections=shown)
    if form.is_valid():
        is_more = "more" in request.POST
        try:
            changed = form.document(document)
            actions.match(run, changed, by=request.user, at=timezone.now(), and_check=not is_more)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, f"{here}?open=on" if is_more else back)
    context = {
        **steps(run, is_matching=True),
        "run": run,
        "form": form,
        "search": search,
        "only_open": only_open,
        "is_filtered": bool(search or only_open),
        "is_long": any(section.different > SHOWN for section in shown),
        "sections": [_drawn(form, section) for section in shown],
    }
    return show(request, "desk/settings/import_values.html", context, status=422 if form.errors else 200)


@require_safe
def map_file(request: Request, office: str, pk: int) -> HttpResponse:
    """What was matched, as a map in a file: for the next file of the same shape, here or with the command."""
    run = found_run(request, pk)
    if not run.matched:
        messages.warning(request, _("Nothing of this file was matched here."))
        return done(request, reverse("desk:import_run", args=[office, pk]))
    document = {"kind": run.kind, **{key: told for key, told in run.matched.items() if told not in ("", None)}}
    name = clean_name(f"{Path(run.file_name).stem}-map.toml")
    return as_download(HttpResponse(tomli_w.dumps(document)), name, "application/toml; charset=utf-8")


def _drawn(form: ValuesForm, section: Section) -> dict[str, Any]:
    return {
        "field": section.field,
        "title": form.title(section),
        "column": section.listed.rule.label,
        "different": section.different,
        "kept": section.kept,
        "open": section.open,
        "added": section.added,
        "matching": section.matching,
        "shown": len(section.rows),
        "rows": [form[row.name] for row in section.rows],
        "rest": form[section.rest] if section.rest in form.fields else None,
    }
