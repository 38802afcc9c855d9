"""Files that came in, and files on their way: bring one in, see what came of it, take it back (ux.md 1.14)."""

from itertools import islice
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wardbook.desk.settings_pages.frame import show
from wardbook.desk.settings_pages.import_forms import MATCH, OWN, TOLD, FileForm, MatchForm
from wardbook.desk.settings_pages.import_steps import can_match, found_run, is_over, matched_before, steps, what_of
from wardbook.exchange import actions, keeping, mapping, reading
from wardbook.exchange.actions.runs import TAKEN_BACK_WITHIN
from wardbook.exchange.models import Batch, Run
from wardbook.exchange.workbooks import opening
from wardbook.lib.download import as_download
from wardbook.lib.ids import can_be_an_id
from wardbook.lib.respond import done
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request

PAGE = 50
ROWS_SHOWN = 3
CELL_SHOWN = 60
LIKELY = "cp1252"


@require_http_methods(["GET", "POST"])
def imports_page(request: Request, office: str) -> HttpResponse:
    """What is on its way and what came in; POST takes a file."""
    is_sent = request.method == "POST"
    form = FileForm(request.POST if is_sent else None, request.FILES if is_sent else None, initial=_FIRST)
    if form.is_valid():
        run = _taken(request, form)
        if run is not None:
            return done(request, reverse("desk:import_run", args=[office, run.pk]))
    batches = Batch.objects.visible_to(request.member).select_related("by").order_by("-pk")
    before = request.GET.get("before", "")
    if can_be_an_id(before):
        batches = batches.filter(pk__lt=int(before))
    found = list(batches[: PAGE + 1])
    # What a check counted may be long, and is not told here.
    runs = (
        Run.objects.visible_to(request.member).select_related("by").defer("outcome", "matched").order_by("-asked_at")
    )
    context = {
        "form": form,
        "runs": [run for run in runs[: 2 * PAGE] if not is_over(run)],
        "batches": [_line(batch) for batch in found[:PAGE]],
        "older": found[PAGE - 1].pk if len(found) > PAGE else "",
        "is_first": not can_be_an_id(before),
    }
    return show(request, "desk/settings/imports.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def run_page(request: Request, office: str, pk: int) -> HttpResponse:
    """One file or one taking back: its columns, how far it is, what came of it. POST says which column goes where."""
    run = found_run(request, pk)
    here = reverse("desk:import_run", args=[office, pk])
    context: dict[str, Any] = {"run": run, "form": None, "poll_url": "", "stop_url": "", "words": ""}
    if request.method == "POST" and not can_match(run):
        messages.warning(request, _("This file is being worked on already."))
        return done(request, here)
    if run.step == Run.Step.MATCH or (can_match(run) and (request.method == "POST" or "match" in request.GET)):
        try:
            asked = request.POST.get("encoding", "") or run.matched.get("encoding", "")
            columns, rows, encoding = _head(run, asked)
        except reading.Unreadable as wrong:
            context |= steps(run) | {"problems": str(wrong).splitlines()}
            return show(request, "desk/settings/import_run.html", context)
        earlier = matched_before(run, columns) if not run.matched else None
        document = earlier.matched if earlier else run.matched
        form = _match_form(request, run, columns, encoding, document)
        if form.is_valid():
            try:
                actions.match(run, form.document(document), by=request.user, at=timezone.now())
            except RuleBroken as refusal:
                form.add_error(None, str(refusal))
            else:
                return done(request, here)
        context |= {"form": form, "earlier": earlier}
        context["matches"] = [
            {"field": form[f"column_{place}"], "rows": [row.get(column, "") for row in rows]}
            for place, column in enumerate(form.columns)
        ]
    elif run.state in (Run.State.WAITING, Run.State.RUNNING):
        context |= {
            "poll_url": here,
            "stop_url": reverse("desk:import_stop", args=[office, pk]),
            "words": _how_far(run),
        }
    status = 422 if context["form"] is not None and context["form"].errors else 200
    return show(request, "desk/settings/import_run.html", context | steps(run), piece="progress", status=status)


@require_POST
def bring(request: Request, office: str, pk: int) -> HttpResponse:
    """What was checked comes in."""
    return _ask(request, office, found_run(request, pk), actions.bring)


@require_POST
def stop(request: Request, office: str, pk: int) -> HttpResponse:
    """Leave the rest."""
    return _ask(request, office, found_run(request, pk), actions.stop)


@require_POST
def remove(request: Request, office: str, pk: int) -> HttpResponse:
    """A file that is not to come in, or no more of it."""
    run = found_run(request, pk)
    try:
        actions.give_up(run, by=request.user, at=timezone.now())
    except RuleBroken as refusal:
        messages.warning(request, str(refusal))
        return done(request, reverse("desk:import_run", args=[office, pk]))
    return done(request, reverse("desk:imports", args=[office]), _("%(file)s is removed.") % {"file": run.file_name})


@require_http_methods(["GET", "POST"])
def batch_page(request: Request, office: str, pk: int) -> HttpResponse:
    """One import that came in; POST takes it back."""
    batch = get_object_or_404(Batch.objects.visible_to(request.member).select_related("by"), pk=pk)
    at = timezone.now()
    if request.method == "POST":
        try:
            run = actions.ask_back(batch, by=request.user, at=at)
        except RuleBroken as refusal:
            messages.warning(request, str(refusal))
            return done(request, reverse("desk:import_batch", args=[office, pk]))
        return done(request, reverse("desk:import_run", args=[office, run.pk]))
    context = {
        "batch": batch,
        "line": _line(batch),
        "can_go_back": actions.can_be_taken_back(batch, at),
        "days": TAKEN_BACK_WITHIN.days,
        "runs": batch.runs.select_related("by").order_by("-asked_at"),
    }
    return show(request, "desk/settings/import_batch.html", context)


@require_safe
def run_errors(request: Request, office: str, pk: int) -> HttpResponseBase:
    """The rows of a file that cannot come in, each with its reason."""
    return _errors(found_run(request, pk).folder)


@require_safe
def batch_errors(request: Request, office: str, pk: int) -> HttpResponseBase:
    """The rows that did not come in, each with its reason."""
    return _errors(get_object_or_404(Batch.objects.visible_to(request.member), pk=pk).errors_folder)


_FIRST = {"kind": "contacts", "using": MATCH}


def _ask(request: Request, office: str, run: Run, act: Any) -> HttpResponse:
    try:
        act(run, by=request.user, at=timezone.now())
    except RuleBroken as refusal:
        messages.warning(request, str(refusal))
    return done(request, reverse("desk:import_run", args=[office, run.pk]))


def _taken(request: Request, form: FileForm) -> Run | None:
    """Keep the file, and look at it enough to refuse at once what is no such file."""
    said, folder = form.cleaned_data, keeping.new_folder()
    table: Any = said["table"]
    kept = keeping.write(folder, keeping.TABLE, table.name or "file.csv", table.chunks())
    map_name = "" if said["using"] == MATCH else said["using"]
    try:
        if map_name:
            path = _own_map(folder, said["map_file"]) if map_name == OWN else None
            using = mapping.load(str(path) if path else map_name, kind=said["kind"])
            map_name = using.name
            opening.replace_by_rows(kept, using)
            reading.Table(kept, encoding=using.encoding, delimiter=using.delimiter, wanted=using.columns).close()
        else:
            opening.replace_by_rows(kept, None)
            _head_of(kept, "")
    except mapping.MapError as wrong:
        form.add_error("map_file" if said["using"] == OWN else "using", str(wrong).splitlines())
    except reading.Unreadable as wrong:
        form.add_error("table", str(wrong).splitlines())
    else:
        return actions.look_at(
            request.office,
            kind=said["kind"],
            folder=folder,
            file_name=kept.name,
            map_name=map_name,
            by=request.user,
            at=timezone.now(),
        )
    keeping.remove(folder)
    return None


def _own_map(folder: str, file: Any) -> Path:
    return keeping.write(folder, keeping.MAP, file.name or "map.toml", file.chunks())


def _head(run: Run, encoding: str) -> tuple[list[str], list[dict[str, str]], str]:
    """The names of the columns, the first rows, and the encoding they are read with. Raises Unreadable."""
    path = keeping.find(run.folder, keeping.TABLE)
    if path is None:
        raise reading.Unreadable(_("The file is no longer here. Bring it to this page again."))
    return _head_of(path, encoding)


def _head_of(path: Path, encoding: str) -> tuple[list[str], list[dict[str, str]], str]:
    known = encoding if reading.known_encoding(encoding) else ""
    try:
        return _rows_of(path, known)
    except reading.Unreadable:
        # Most files that are not UTF-8 come from Excel. The check of all rows says so if this one does not.
        return _rows_of(path, LIKELY) if not known else _rows_of(path, "")


def _rows_of(path: Path, encoding: str) -> tuple[list[str], list[dict[str, str]], str]:
    table = reading.Table(path, encoding=encoding)
    try:
        rows = [row.cells for row in islice(table.rows(), ROWS_SHOWN)]
    finally:
        table.close()
    shown = [{name: cell[:CELL_SHOWN] for name, cell in zip(table.columns, row, strict=False)} for row in rows]
    return table.columns, shown, encoding


def _match_form(request: Request, run: Run, columns: list[str], encoding: str, document: dict[str, Any]) -> MatchForm:
    if document:
        initial: dict[str, Any] = MatchForm.as_chosen(document, columns)
    else:
        guessed = MatchForm.guessed(columns, run.kind)
        initial = {"source": Path(run.file_name).stem[:60], "encoding": encoding or TOLD, **guessed}
    data = request.POST if request.method == "POST" else None
    return MatchForm(data, kind=run.kind, columns=columns, initial=initial)


def _how_far(run: Run) -> str:
    if run.state == Run.State.WAITING:
        return _("Waits for its turn. You can leave this page.")
    words = {
        Run.Step.LOOK: _("Checking %(done)s of %(total)s rows. You can leave this page."),
        Run.Step.BRING: _("Bringing in %(done)s of %(total)s rows. You can leave this page."),
        Run.Step.TAKE_BACK: _("Taking back %(done)s of %(total)s. You can leave this page."),
    }
    return words[Run.Step(run.step)] % {"done": run.done, "total": run.total}


def _line(batch: Batch) -> dict[str, Any]:
    return {
        "batch": batch,
        "who": str(batch.by) if batch.by else _("the machine"),
        "what": what_of(batch.kind, batch.rows_made),
        "has_errors": keeping.find(batch.errors_folder, keeping.ERRORS) is not None,
    }


def _errors(folder: str) -> HttpResponseBase:
    path = keeping.find(folder, keeping.ERRORS)
    if path is None:
        raise Http404
    return as_download(FileResponse(path.open("rb")), path.name, "text/csv; charset=utf-8")
