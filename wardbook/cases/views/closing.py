"""How a case ends, begins again, goes into the bin and comes out of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wardbook.cases import actions, outstanding
from wardbook.cases.actions.deleting import KEPT_FOR
from wardbook.cases.forms.closing import ClosureForm
from wardbook.cases.models import Case
from wardbook.cases.views.door import case_url, find_case, page_or_piece, today_of
from wardbook.journal.offering import undo_address
from wardbook.lib.quote import one_line
from wardbook.lib.respond import done, in_dialog, respond
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.offices.middleware import Request


@require_http_methods(["GET", "POST"])
def closure(request: Request, office: str, number: int) -> HttpResponse:
    """Ask how it ended, what becomes of the planned steps and what the gate wants; close it."""
    at = timezone.now()
    case = find_case(request, number, at)
    if case.is_closed and request.method == "GET":
        messages.info(request, _("This case is already closed."))
        return done(request, case_url(case))
    form = ClosureForm(
        case,
        request.member,
        request.POST if request.method == "POST" else None,
        today=today_of(request, at),
        initial=request.GET.dict() if request.method == "GET" else None,
    )
    if in_dialog(request):
        form.fields["outcome"].widget.attrs["focused"] = True
    if form.is_valid():
        try:
            case = actions.close(case, seen=form.seen, by=request.user, at=at, **form.facts())
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        except Stale as stale:
            case = Case.objects.for_page().get(pk=stale.current.pk)
            form.take_up(case)
        else:
            text = _("Case %(case)s closed.") % {"case": case.reference}
            return done(request, case_url(case), text, undo_address(request, at))
    context = {
        "case": case,
        "form": form,
        "back": case_url(case),
        "form_url": reverse("cases:closure", args=[office, number]),
        "never_informed": case.constituent is not None and case.last_informed_at is None,
        "outstanding": outstanding.on([case.pk], request.member),
    }
    return page_or_piece(request, "cases/closure.html", context, "form", 422 if form.errors else 200)


@require_POST
def reopening(request: Request, office: str, number: int) -> HttpResponse:
    """Take it up again: one press."""
    at = timezone.now()
    case = find_case(request, number, at)
    reason = one_line(request.POST.get("reason", ""))[:300]
    try:
        actions.reopen(case, by=request.member.user, at=at, reason=reason)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, case_url(case))
    text = _("Case %(case)s reopened.") % {"case": case.reference}
    return done(request, case_url(case), text, undo_address(request, at))


@require_POST
def deletion(request: Request, office: str, number: int) -> HttpResponse:
    """Into the bin, with undo; never asked twice, for it can be taken back."""
    at = timezone.now()
    case = find_case(request, number, at)
    actions.delete(case, by=request.member.user, at=at)
    text = _("Case %(case)s is in the bin for 30 days.") % {"case": case.reference}
    return done(request, reverse("cases:bin", args=[office]), text, undo_address(request, at))


@require_GET
def bin(request: Request, office: str) -> HttpResponse:  # the word of the house
    """What was deleted in the last 30 days, and who did it."""
    at = timezone.now()
    cases = Case.objects.reachable_by(request.member).in_bin().select_related("deleted_by", "constituent", "status")
    pages = Paginator(cases.order_by("-deleted_at", "-pk"), 50)
    page = pages.get_page(request.GET.get("page"))
    rows = [(case, case.deleted_at + KEPT_FOR) for case in page if case.deleted_at]
    return respond(request, "cases/bin.html", {"rows": rows, "page": page, "today": today_of(request, at)})


@require_POST
def restoration(request: Request, office: str, number: int) -> HttpResponse:
    """Out of the bin, with everything on it."""
    at = timezone.now()
    binned = Case.objects.reachable_by(request.member).in_bin()
    case = get_object_or_404(binned.select_related("office"), number=number)
    actions.restore(case, by=request.member.user, at=at)
    return done(request, case_url(case), _("Case %(case)s is back.") % {"case": case.reference})
