"""One act on many cases: ask once, do it, say what was done and what was refused, offer one undo."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from wardbook.cases import actions as case_actions
from wardbook.cases import outstanding
from wardbook.cases.models import Case
from wardbook.desk.bulk import running, selection
from wardbook.desk.bulk.acts import ACTS, Act, said
from wardbook.desk.bulk.forms import BulkForm, NothingToAsk
from wardbook.desk.bulk.selection import ASK_ABOVE, AT_ONCE, Selection
from wardbook.desk.cases_list.counting import Amount
from wardbook.desk.cases_list.listing import count_words
from wardbook.desk.models import BulkRun
from wardbook.lib.respond import done, in_dialog, respond
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request

_REASONS_SHOWN = 5


@require_POST
def bulk(request: Request, office: str, act: str) -> HttpResponse:
    """Ask what the act needs, then do it to every selected case: all that may be, each with its own journal line."""
    deed, at = ACTS[act], timezone.now()
    try:
        chosen = selection.read(request, request.office.local_date(at))
    except RuleBroken as refusal:
        return _nothing(request, office, deed, str(refusal))
    sent = "step" in request.POST
    form = deed.form(request.POST if sent else None, member=request.member, at=at)
    # Acts that ask nothing are done at once; with many cases the number is shown first.
    if not sent and deed.form is NothingToAsk and chosen.count <= ASK_ABOVE:
        form, sent = deed.form({}, member=request.member, at=at), True
    is_seen = chosen.count <= ASK_ABOVE or request.POST.get("confirmed") == str(chosen.count)
    if not sent or not is_seen or not form.is_valid():
        return _ask(request, office, deed, chosen, form, status=422 if sent and form.errors else 200)
    try:
        return _act(request, office, deed, chosen, form)
    except RuleBroken as refusal:
        form.add_error(None, str(refusal))
        return _ask(request, office, deed, chosen, form, status=422)


@require_GET
def progress(request: Request, office: str, pk: int) -> HttpResponse:
    """How far an act in the background is, and in the end what came of it."""
    run = get_object_or_404(BulkRun.objects.visible_to(request.member), pk=pk)
    here = reverse("desk:bulk_run", args=[office, pk])
    seen = run.position
    context = {
        "run": run,
        "words": _("%(done)d of %(total)d") % {"done": seen, "total": run.total},
        "poll_url": "" if run.finished_at else here,
        "stop_url": "" if run.finished_at else reverse("desk:bulk_stop", args=[office, pk]),
        "result": _result_words(run.done, len(run.refused)),
        "reasons": Counter(reason for _case, reason in run.refused).most_common(),
        "undo_url": reverse("desk:undo", args=[office, run.undos[0]]) if run.finished_at and run.undos else "",
        "back": f"{reverse('desk:cases', args=[office])}?{run.query}",
    }
    return respond(request, "desk/bulk_run.html", context, piece="progress")


@require_POST
def stop(request: Request, office: str, pk: int) -> HttpResponse:
    """Leave the rest of it."""
    run = get_object_or_404(BulkRun.objects.visible_to(request.member), pk=pk)
    running.stop(run, by=request.user, at=timezone.now())
    return done(request, reverse("desk:bulk_run", args=[office, pk]))


def _act(request: Request, office: str, deed: Act, chosen: Selection, form: BulkForm) -> HttpResponse:
    at, back = timezone.now(), f"{reverse('desk:cases', args=[office])}?{chosen.query.address()}"
    arguments = form.arguments()
    function, what = deed.prepare(request.office, arguments)
    if chosen.count > AT_ONCE:
        label = said(chosen.count, what)
        run = running.start(
            request.member,
            act=deed.name,
            items=chosen.pks,
            arguments=arguments,
            label=label,
            query=chosen.query.address(),
            by=request.user,
            at=at,
        )
        return done(request, reverse("desk:bulk_run", args=[office, run.pk]))
    cases = Case.objects.visible_to(request.member).filter(pk__in=chosen.pks)
    cases = cases.select_related("office", "owner", "owner_team", "constituent")
    result = case_actions.in_bulk(cases, function, by=request.user, at=at, label=said(chosen.count, what))
    if result.refused:
        messages.warning(request, _refused_words(result.refused))
    if not result.done:
        return done(request, back)
    undo_url = reverse("desk:undo", args=[office, result.undo]) if result.undo else ""
    return done(request, back, said(len(result.done), what), undo_url)


def _ask(request: Request, office: str, deed: Act, chosen: Selection, form: BulkForm, *, status: int) -> HttpResponse:
    context: dict[str, Any] = {
        "act": deed,
        "form": form,
        "chosen": chosen,
        "title": _("%(act)s: %(cases)s") % {"act": deed.title, "cases": count_words(Amount(chosen.count))},
        "form_url": reverse(f"desk:bulk_{deed.name.replace('-', '_')}", args=[office]),
        "back": f"{reverse('desk:cases', args=[office])}?{chosen.query.address()}",
        "query": chosen.query.address(),
        "button": _("%(act)s (%(count)d)") % {"act": deed.button, "count": chosen.count},
        "closed_words": _closed_words(deed, chosen),
        "outstanding": outstanding.on(chosen.open_pks, request.member) if deed.ends_cases else [],
        "is_slow": chosen.count > AT_ONCE,
        "problem": "",
    }
    return respond(request, "desk/bulk.html", context, piece="form", status=status)


def _nothing(request: Request, office: str, deed: Act, why: str) -> HttpResponse:
    """Nothing was selected, or too much."""
    if in_dialog(request):
        return respond(request, "desk/bulk_refused.html", {"why": why, "title": deed.title}, piece="why")
    messages.warning(request, why)
    return done(request, f"{reverse('desk:cases', args=[office])}?{request.POST.get('query', '')[:2000]}")


def _closed_words(deed: Act, chosen: Selection) -> str:
    if not chosen.closed or not deed.warns_of_closed:
        return ""
    words = ngettext("%(count)d of them is closed.", "%(count)d of them are closed.", chosen.closed)
    return f"{words % {'count': chosen.closed}} {deed.warns_of_closed}"


def _result_words(number: int, refused: int) -> str:
    if not refused:
        return _("%(done)d done.") % {"done": number}
    return _("%(done)d done, %(refused)d left as they are.") % {"done": number, "refused": refused}


def _refused_words(refused: list[tuple[Case, str]]) -> str:
    """What was left as it is, and why: the first few by name."""
    head = ngettext("%(count)d case was left as it is.", "%(count)d cases were left as they are.", len(refused))
    lines = [f"{case.reference}: {reason}" for case, reason in refused[:_REASONS_SHOWN]]
    if len(refused) > _REASONS_SHOWN:
        lines.append(_("and %(count)d more.") % {"count": len(refused) - _REASONS_SHOWN})
    return " ".join([head % {"count": len(refused)}, *lines])


urlpatterns = [
    *(path(f"cases/bulk/{name}/", bulk, {"act": name}, name=f"bulk_{name.replace('-', '_')}") for name in ACTS),
    path("cases/bulk/runs/<int:pk>/", progress, name="bulk_run"),
    path("cases/bulk/runs/<int:pk>/stop/", stop, name="bulk_stop"),
]
