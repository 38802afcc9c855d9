"""Where the problem is."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wardbook.cases import actions
from wardbook.cases.forms.people import PlaceForm
from wardbook.cases.models import CaseLocation
from wardbook.cases.views.door import case_url, find_case, page_or_piece
from wardbook.journal.offering import undo_address
from wardbook.lib.respond import done
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request


@require_http_methods(["GET", "POST"])
def places(request: Request, office: str, number: int) -> HttpResponse:
    """Add a place; its ward comes from the postcode unless one is chosen."""
    at = timezone.now()
    case = find_case(request, number, at)
    form = PlaceForm(case, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            place = actions.add_place(case, **form.cleaned_data, by=request.user, at=at)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            text = _("Place added.")
            if place.ward:
                text = _("Place added. Ward: %(ward)s.") % {"ward": place.ward}
            return done(request, case_url(case), text, undo_address(request, at))
    context = {"case": case, "form": form, "form_url": request.path, "back": case_url(case)}
    return page_or_piece(request, "cases/place.html", context, "form", 422 if form.errors else 200)


@require_POST
def place_removal(request: Request, office: str, number: int, pk: int) -> HttpResponse:
    """Take a place off."""
    at = timezone.now()
    case = find_case(request, number, at)
    place = get_object_or_404(CaseLocation.objects.select_related("case__office"), case=case, pk=pk)
    actions.remove_place(place, by=request.user, at=at)
    return done(request, case_url(case), _("Place taken off."), undo_address(request, at))
