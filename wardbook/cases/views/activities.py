"""What stands on a timeline already: corrected, cancelled, put on a case."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from wardbook.cases import actions
from wardbook.cases.forms.activities import EditDoneForm, EditPlanForm, FilingForm, NoteEditForm, shown
from wardbook.cases.models import Activity, InternalNote
from wardbook.cases.views.door import case_url, find_activity, find_case, home_of, page_or_piece
from wardbook.journal.offering import undo_address
from wardbook.lib.ids import ids_among
from wardbook.lib.respond import done
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.offices.middleware import Request


@require_http_methods(["GET", "POST"])
def activity(request: Request, office: str, pk: int) -> HttpResponse:
    """One entry: what it says, and how to change that."""
    at = timezone.now()
    entry = find_activity(request, pk)
    make: Any = EditPlanForm if entry.is_planned else EditDoneForm
    form = make(
        request.member,
        request.POST if request.method == "POST" else None,
        at=at,
        case=entry.case,
        contact=entry.contact,
        draft=shown(entry),
    )
    if form.is_valid():
        version = form.cleaned_data.get("version") or 0
        try:
            entry = actions.edit_activity(entry, by=request.user, at=at, seen=version, **form.changes())
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        except Stale as stale:
            return _both(request, form, stale.current)
        else:
            undo = undo_address(request, at)
            return done(request, home_of(entry), _("Saved.") if undo else _("Nothing was changed."), undo)
    context = {
        "activity": entry,
        "form": form,
        "form_url": request.path,
        "back": case_url(entry.case, f"activity-{entry.pk}") if entry.case else _contact_url(entry),
        "fields_template": "cases/fields/plan.html" if entry.is_planned else "cases/fields/log.html",
        "documents": entry.documents.filter(deleted_at__isnull=True),
        "editing": True,
    }
    return page_or_piece(request, "cases/activity.html", context, "form", 422 if form.errors else 200)


def _both(request: Request, form: Any, current: Activity) -> HttpResponse:
    theirs = shown(current)
    fields, keep = [], []
    for name, value in form.cleaned_data.items():
        if name in ("version", "seen"):
            continue
        mine, now = form.data.get(name, ""), theirs.get(name)
        their_words = _words(form.fields[name], now)
        if _words(form.fields[name], value) == their_words:
            keep.append((name, mine))
        else:
            fields.append(
                {
                    "name": name,
                    "label": form.fields[name].label,
                    "mine": mine,
                    "theirs": "" if now is None else now.isoformat() if hasattr(now, "isoformat") else now,
                    "mine_words": _words(form.fields[name], value),
                    "theirs_words": their_words,
                }
            )
    context = {
        "title": current.subject,
        "fields": fields,
        "keep": keep,
        "theirs_name": _("A colleague"),
        "action": reverse("cases:activity", args=[request.office.slug, current.pk]),
        "version": current.version,
    }
    return page_or_piece(request, "cases/both.html", context, "form", 409)


def _words(field: Any, value: Any) -> str:
    if value in (None, ""):
        return ""
    if hasattr(field, "queryset"):
        row = field.queryset.model.objects.filter(pk=getattr(value, "pk", value)).first()
        return str(row or "")
    return str(value)


def _contact_url(entry: Activity) -> str:
    slug = entry.office.slug
    if entry.contact_id:
        return reverse("contacts:contact", args=[slug, entry.contact_id])
    return reverse("desk:home", args=[slug])


@require_POST
def cancellation(request: Request, office: str, pk: int) -> HttpResponse:
    """A planned step will not happen."""
    at = timezone.now()
    entry = find_activity(request, pk)
    try:
        actions.cancel_activity(entry, by=request.user, at=at)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, home_of(entry))
    text = _("“%(subject)s” cancelled.") % {"subject": entry.subject}
    return done(request, case_url(entry.case) if entry.case else _contact_url(entry), text, undo_address(request, at))


@require_http_methods(["GET", "POST"])
def filing(request: Request, office: str) -> HttpResponse:
    """Put one or several entries without a case on one that exists, or on a new one (S3.3, S3.8)."""
    at = timezone.now()
    chosen = request.GET.getlist("activity")
    form = FilingForm(
        request.member, request.POST if request.method == "POST" else None, initial={"activity": chosen}
    )
    if form.is_valid():
        entries = list(form.cleaned_data["activity"].order_by("happened_at", "pk"))
        try:
            if form.target:
                case = actions.file_on_case(entries, form.target, by=request.user, at=at)
            else:
                about = form.cleaned_data["description"]
                case = actions.entries_become_case(request.office, entries, description=about, by=request.user, at=at)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            text = ngettext(
                "%(count)d entry is on case %(case)s now.",
                "%(count)d entries are on case %(case)s now.",
                len(entries),
            ) % {"count": len(entries), "case": case.reference}
            return done(request, case_url(case), text, undo_address(request, at))
    sent = request.POST.getlist("activity")
    # Unticked ones stay on the page: the address names what was offered.
    offered = ids_among([*chosen, *sent])
    entries = list(Activity.objects.visible_to(request.member).filter(pk__in=offered, case__isnull=True)[:50])
    ticked = sent if request.method == "POST" else chosen
    context = {
        "form": form,
        "entries": [(entry, str(entry.pk) in ticked) for entry in entries],
        "form_url": request.get_full_path(),
        "back": _back_from_filing(request, entries),
    }
    return page_or_piece(request, "cases/filing.html", context, "form", 422 if form.errors else 200)


def _back_from_filing(request: Request, entries: list[Activity]) -> str:
    return _contact_url(entries[0]) if entries else reverse("desk:home", args=[request.office.slug])


@require_http_methods(["GET", "POST"])
def note(request: Request, office: str, number: int, pk: int) -> HttpResponse:
    """The author corrects a note for the office within 15 minutes (S1.33)."""
    at = timezone.now()
    case = find_case(request, number, at)
    notes = InternalNote.objects.visible_to(request.member).filter(case=case)
    entry = get_object_or_404(notes.select_related("by", "case__office"), pk=pk)
    form = NoteEditForm(request.POST if request.method == "POST" else None, initial={"text": entry.text})
    if form.is_valid():
        try:
            actions.edit_internal_note(entry, text=form.cleaned_data["text"], by=request.member.user, at=at)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, case_url(case, f"note-{entry.pk}"), _("Note corrected."))
    context = {
        "case": case,
        "note": entry,
        "form": form,
        "form_url": request.path,
        "back": case_url(case, f"note-{entry.pk}"),
        "may": entry.by_id == request.member.user_id,
        "revisions": entry.revisions.order_by("-replaced_at"),
    }
    return page_or_piece(request, "cases/note.html", context, "form", 422 if form.errors else 200)
