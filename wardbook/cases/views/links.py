"""Which other cases have to do with this one."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wardbook.cases.actions import linking
from wardbook.cases.forms.linking import LinkForm
from wardbook.cases.models import CaseLink
from wardbook.cases.views.door import case_url, find_case, page_or_piece
from wardbook.journal.offering import undo_address
from wardbook.lib.respond import done
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request


@require_http_methods(["GET", "POST"])
def links(request: Request, office: str, number: int) -> HttpResponse:
    """Say that another case has to do with this one."""
    at = timezone.now()
    case = find_case(request, number, at)
    form = LinkForm(case, request.member, request.POST if request.method == "POST" else None)
    if form.is_valid():
        other = form.cleaned_data["other_case"]
        try:
            linking.link_cases(case, other, by=request.user, at=at)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            text = _("Linked to case %(case)s.") % {"case": other.reference}
            return done(request, case_url(case), text, undo_address(request, at))
    context = {"case": case, "form": form, "form_url": request.path, "back": case_url(case)}
    return page_or_piece(request, "cases/link.html", context, "form", 422 if form.errors else 200)


@require_POST
def link_removal(request: Request, office: str, number: int, pk: int) -> HttpResponse:
    """They have nothing to do with each other after all."""
    at = timezone.now()
    case = find_case(request, number, at)
    link = get_object_or_404(CaseLink.objects.visible_to(request.member).of(case), pk=pk)
    linking.unlink_cases(link, by=request.user, at=at)
    return done(request, case_url(case), _("Link taken off."), undo_address(request, at))
