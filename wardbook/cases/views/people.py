"""Who takes part in a case, who may see it, who takes it on."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wardbook.cases import actions, readers
from wardbook.cases.forms.people import AccessForm, PartyForm
from wardbook.cases.models import Case, CaseAccess, Party
from wardbook.cases.views.door import case_url, find_case, page_or_piece
from wardbook.contacts.lookup import best_matches
from wardbook.contacts.models import Contact
from wardbook.journal.offering import undo_address
from wardbook.lib.fold import words
from wardbook.lib.ids import as_number
from wardbook.lib.quote import one_line
from wardbook.lib.respond import Option, done, options
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request

MOST_SHOWN = 8


@require_http_methods(["GET", "POST"])
def parties(request: Request, office: str, number: int) -> HttpResponse:
    """Attach somebody in a role."""
    at = timezone.now()
    case = find_case(request, number, at)
    form = PartyForm(case, request.member, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            party = actions.add_party(case, **form.cleaned_data, by=request.user, at=at)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            text = _("%(name)s is on this case now.") % {"name": party.contact or party.user}
            return done(request, case_url(case), text, undo_address(request, at))
    context = {"case": case, "form": form, "form_url": request.path, "back": case_url(case)}
    return page_or_piece(request, "cases/party.html", context, "form", 422 if form.errors else 200)


@require_POST
def party_end(request: Request, office: str, number: int, pk: int) -> HttpResponse:
    """Somebody no longer has their role."""
    at = timezone.now()
    case = find_case(request, number, at)
    party = get_object_or_404(Party.objects.select_related("case__office", "contact", "user"), case=case, pk=pk)
    actions.end_party(party, by=request.user, at=at)
    text = _("%(name)s was taken off this case.") % {"name": party.contact or party.user}
    return done(request, case_url(case), text, undo_address(request, at))


@require_GET
def people_options(request: Request, office: str) -> HttpResponse:
    """Contacts by a few letters; with nothing typed, the people on the case of which the form is."""
    typed = one_line(request.GET.get("q", ""))[:80]
    contacts = Contact.objects.visible_to(request.member)
    if request.GET.get("agencies"):
        contacts = contacts.filter(is_agency=True)
    if typed:
        found = best_matches(contacts, request.office.pk, typed)
    else:
        found = _on_case(request, request.GET.get("case", ""))
    return options(request, [_option(contact) for contact in found], typed=typed)


@require_GET
def mentions(request: Request, office: str, number: int) -> HttpResponse:
    """Colleagues who can be told by a note on this case, by the letters typed after an @."""
    case = Case.objects.visible_to(request.member).filter(number=number).first()
    if case is None:
        raise Http404
    asked = words(one_line(request.GET.get("q", ""))[:60])
    colleagues = [user for user in readers.who_reads_notes(case) if user.pk != request.member.user_id]
    found = [user for user in colleagues if _begins(words(user.name), asked)][:MOST_SHOWN]
    return options(request, [Option(value=user.pk, label=user.name) for user in found])


def _begins(name: list[str], asked: list[str]) -> bool:
    """Whether each of the words asked for begins a word of the name."""
    return all(any(word.startswith(one) for word in name) for one in asked)


def _on_case(request: Request, number: str) -> list[Contact]:
    named = as_number(number)
    case = Case.objects.visible_to(request.member).filter(number=named).first() if named is not None else None
    if case is None:
        return []
    ids = [case.constituent_id, case.requester_id, case.waiting_agency_id]
    ids += case.parties.filter(until__isnull=True).values_list("contact_id", flat=True)
    wanted = list(dict.fromkeys(pk for pk in ids if pk))[:MOST_SHOWN]
    found = {c.pk: c for c in Contact.objects.filter(pk__in=wanted).prefetch_related("points", "addresses")}
    return [found[pk] for pk in wanted if pk in found]


def _option(contact: Contact) -> Option:
    known = [*(str(a) for a in contact.addresses.all()), *(p.value for p in contact.points.all())]
    return Option(value=contact.pk, label=contact.name, detail=" · ".join(part for part in known[:2] if part))


@require_POST
def claim(request: Request, office: str, number: int) -> HttpResponse:
    """Take a case that nobody has; the first of two wins."""
    at = timezone.now()
    case = find_case(request, number, at)
    try:
        actions.claim(case, by=request.member.user, at=at)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, case_url(case))
    return done(request, case_url(case), _("This case is yours."), undo_address(request, at))


@require_http_methods(["GET", "POST"])
def restriction(request: Request, office: str, number: int) -> HttpResponse:
    """Who may see it: named people only, or everybody whose role does; who is let in, who is kept away."""
    at = timezone.now()
    case = find_case(request, number, at)
    form = AccessForm(case, request.member, request.POST if request.method == "POST" else None)
    if form.is_valid():
        values = form.cleaned_data
        act = actions.keep_out if values["grant"] == CaseAccess.Grant.KEPT_OUT else actions.let_in
        try:
            act(case, values["user"], by=request.member.user, at=at, reason=values["reason"])
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            text = _("%(name)s may see this case.") % {"name": values["user"]}
            if values["grant"] == CaseAccess.Grant.KEPT_OUT:
                text = _("%(name)s is kept away from this case.") % {"name": values["user"]}
            return done(request, request.path, text, undo_address(request, at))
    context = {
        "case": case,
        "form": form,
        "form_url": request.path,
        "back": case_url(case),
        "accesses": case.accesses.select_related("user").order_by("grant", "user__name"),
        "readers": readers.who_can_see(case),
    }
    return page_or_piece(request, "cases/restriction.html", context, "form", 422 if form.errors else 200)


@require_POST
def restricting(request: Request, office: str, number: int) -> HttpResponse:
    """Restrict it, or open it again: `restrict` says which."""
    at = timezone.now()
    case = find_case(request, number, at)
    if request.POST.get("restrict") == "yes":
        actions.restrict(case, by=request.member.user, at=at)
        text = _("Only named people see this case now.")
    else:
        actions.unrestrict(case, by=request.member.user, at=at)
        text = _("Everybody whose role allows it sees this case now.")
    back = reverse("cases:restriction", args=[office, number])
    return done(request, back, text, undo_address(request, at))


@require_POST
def access_end(request: Request, office: str, number: int, pk: int) -> HttpResponse:
    """Take back that somebody is let in or kept away."""
    at = timezone.now()
    case = find_case(request, number, at)
    access = get_object_or_404(CaseAccess.objects.select_related("case__office", "user"), case=case, pk=pk)
    back = reverse("cases:restriction", args=[office, number])
    try:
        actions.end_access(access, by=request.member.user, at=at)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, back)
    # Whoever took their own access away must not be led to a page they no longer see.
    if not Case.objects.visible_to(request.member).filter(pk=case.pk).exists():
        back = reverse("desk:home", args=[office])
    return done(request, back, _("Done."), undo_address(request, at))
