"""Files: brought to an entry, taken away again, downloaded and never shown."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wardbook.cases import actions
from wardbook.cases.forms.activities import AddFilesForm
from wardbook.cases.models import Activity, CaseNote, Document, InternalNote
from wardbook.cases.views.door import case_url, page_or_piece
from wardbook.cases.views.downloads import kept_file
from wardbook.cases.views.entries import tell_refused
from wardbook.journal.offering import undo_address
from wardbook.lib.respond import done
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request

ENTRIES: dict[str, Any] = {"activity": Activity, "note": InternalNote, "case-note": CaseNote}


@require_safe
def document(request: Request, office: str, pk: int) -> HttpResponseBase:
    """The file itself."""
    found = get_object_or_404(Document.objects.visible_to(request.member).select_related("case"), pk=pk)
    answer = kept_file(request, found)
    actions.note_file_reading(found, by=request.member.user, at=timezone.now())
    return answer


@require_http_methods(["GET", "POST"])
def adding(request: Request, office: str, kind: str, pk: int) -> HttpResponse:
    """More files for an entry that is there already (S2.24)."""
    at = timezone.now()
    entry = _entry(request, kind, pk)
    one_by_one = "application/json" in request.headers.get("Accept", "")
    if request.method == "POST" and one_by_one:
        return _one(request, entry, at)
    form = AddFilesForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    back = _back(request, entry, kind)
    if form.is_valid():
        try:
            kept, refused = actions.add_documents(entry, form.cleaned_data["uploads"], by=request.user, at=at)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            tell_refused(request, refused)
            text = ngettext("%(count)d file kept.", "%(count)d files kept.", len(kept)) % {"count": len(kept)}
            return done(request, back, text if kept else "")
    context = {"form": form, "entry": entry, "case": entry.case, "form_url": request.path, "back": back}
    return page_or_piece(request, "cases/files.html", context, "form", 422 if form.errors else 200)


def _one(request: Request, entry: Any, at: Any) -> HttpResponse:
    """One file by script: 201 with what was kept, or 422 with why not."""
    try:
        kept, refused = actions.add_documents(entry, request.FILES.getlist("file")[:1], by=request.user, at=at)
    except RuleBroken as refusal:
        return JsonResponse({"error": str(refusal)}, status=422)
    if not kept:
        return JsonResponse({"error": refused[0][1] if refused else _("Choose a file.")}, status=422)
    url = reverse("cases:document", args=[request.office.slug, kept[0].pk])
    return JsonResponse({"id": kept[0].pk, "name": kept[0].name, "size": kept[0].size, "url": url}, status=201)


def _entry(request: Request, kind: str, pk: int) -> Any:
    model = ENTRIES.get(kind)
    if model is None:
        raise Http404
    return get_object_or_404(model.objects.visible_to(request.member).select_related("case__office"), pk=pk)


def _back(request: Request, entry: Any, kind: str) -> str:
    if entry.case:
        return case_url(entry.case, f"{kind}-{entry.pk}")
    return reverse("cases:activity", args=[request.office.slug, entry.pk])


@require_POST
def removal(request: Request, office: str, pk: int) -> HttpResponse:
    """Take a file off; it can be put back."""
    at = timezone.now()
    documents = Document.objects.visible_to(request.member).select_related("case__office", "activity__office")
    found = get_object_or_404(documents, pk=pk)
    actions.remove_document(found, by=request.member.user, at=at)
    text = _("“%(name)s” was taken off.") % {"name": found.name}
    own = found.activity_id and reverse("cases:activity", args=[office, found.activity_id])
    back = case_url(found.case) if found.case else own or reverse("desk:home", args=[office])
    return done(request, back, text, undo_address(request, at))
