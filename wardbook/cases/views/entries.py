"""Adding to the timeline: each kind of entry has its own address, form and draft (E2)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from wardbook.cases import actions, entry_kinds
from wardbook.cases.models import Activity, Case, CaseNote, Draft, InternalNote
from wardbook.cases.views.door import case_url, find_case, page_or_piece
from wardbook.journal.offering import undo_address
from wardbook.lib.days import long_day
from wardbook.lib.respond import done
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request

ADDED = {
    "note": lambda: _("Note added."),
    "case-note": lambda: _("Note added for everyone on this case."),
    "call": lambda: _("Call logged."),
    "letter": lambda: _("Letter logged."),
    "other": lambda: _("Logged."),
    "task": lambda: _("Planned."),
}


@require_http_methods(["GET", "POST"])
def add(request: Request, office: str, number: int, kind: str) -> HttpResponse:
    """One kind of entry: its form as a page of its own, and where its tab of the composer sends to."""
    at = timezone.now()
    case = find_case(request, number, at)
    tab = entry_kinds.KINDS[kind]
    if not tab.on_closed and case.is_closed and request.method == "GET":
        raise Http404
    draft = Draft.objects.visible_to(request.member).filter(scope=tab.scope(case)).first()
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form: Any = tab.form(
        request.member, *sent, at=at, case=case, draft=draft.body if draft else None, auto_id=f"{kind}-%s"
    )
    if form.is_valid():
        try:
            entry = entry_kinds.save(tab, form, case, by=request.user, at=at)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            return _added(request, case, tab, entry, form, at)
    context = {
        "case": case,
        "form": form,
        "tab": tab,
        "kind_key": kind,
        "form_url": tab.address(case),
        "back": case_url(case),
        "audience": entry_kinds.audience(tab, case),
        "draft_version": draft.version if draft else 0,
        "scope": tab.scope(case),
        "reopen": not tab.on_closed and case.is_closed,
    }
    return page_or_piece(request, "cases/entry.html", context, "form", 422 if form.errors else 200)


def _added(request: Request, case: Case, tab: entry_kinds.Kind, entry: Any, form: Any, at: datetime) -> HttpResponse:
    undo = undo_address(request, at)
    kept, refused = actions.add_documents(entry, form.cleaned_data.get("uploads", []), by=request.user, at=at)
    tell_refused(request, refused)
    if "beside" not in request.POST:
        # A day of the follow-up menu or a file dropped on the case leaves alone what is being written meanwhile.
        actions.discard_draft(case.office, scope=tab.scope(case), by=request.user)
    tell_newer(request, case, form.cleaned_data.get("seen", ""), at)
    text = ADDED[tab.key]()
    if isinstance(entry, Activity) and entry.is_planned and entry.due_on:
        text = _("Planned for %(day)s.") % {"day": long_day(entry.due_on)}
    if kept:
        count = ngettext("%(count)d file kept with it.", "%(count)d files kept with it.", len(kept))
        text = f"{text} {count % {'count': len(kept)}}"
    return done(request, case_url(case, entry_id(entry)), text, undo)


def entry_id(entry: Any) -> str:
    """The id of an entry on the timeline."""
    prefix = {Activity: "activity", InternalNote: "note", CaseNote: "case-note"}[type(entry)]
    return f"{prefix}-{entry.pk}"


def tell_refused(request: Request, refused: list[tuple[str, str]]) -> None:
    """Name each file that was not kept, and why (S2.24)."""
    for name, why in refused:
        messages.error(request, _("“%(name)s” was not kept. %(why)s") % {"name": name, "why": why})


def tell_newer(request: Request, case: Case, seen: str, at: datetime) -> None:
    """Say that colleagues added something while this was written; it is saved all the same (P10 is for mail)."""
    since = moment(seen)
    if since is None or since > at:
        return
    member, me = request.member, request.member.user_id
    between = {"case": case, "at__gt": since, "at__lt": at}
    notes = InternalNote.objects.visible_to(member).filter(**between).exclude(by_id=me).select_related("by")
    case_notes = CaseNote.objects.visible_to(member).filter(**between).exclude(by_id=me).select_related("by")
    logged = Activity.objects.visible_to(member).filter(case=case, created_at__gt=since, created_at__lt=at)
    logged = logged.exclude(created_by_id=me).exclude(created_by=None).select_related("created_by")
    names = [entry.by.first_name for entry in [*notes[:5], *case_notes[:5]]]
    names += [entry.created_by.first_name for entry in logged[:5] if entry.created_by]
    if names:
        who = ", ".join(dict.fromkeys(names))
        text = ngettext(
            "%(who)s added an entry while you wrote. It is on the timeline.",
            "%(who)s added %(count)d entries while you wrote. They are on the timeline.",
            len(names),
        )
        messages.warning(request, text % {"who": who, "count": len(names)})


def moment(text: str) -> datetime | None:
    """The moment at which a page was drawn, as its form says."""
    try:
        found = parse_datetime(text) if text else None
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None
