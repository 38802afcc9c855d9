"""Where one is after saving: the case is seen in the list, selected (S1.16)."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from wardbook.cases.models import Activity, Case
from wardbook.cases.views.entries import tell_refused
from wardbook.contacts.models import Contact
from wardbook.desk.cases_list.filters import FIELDS, from_pairs
from wardbook.desk.cases_list.narrowing import Narrowing
from wardbook.desk.quick_log.saving import Saved
from wardbook.lib.respond import done, wants_piece
from wardbook.offices.middleware import Request


def go_on(request: Request, saved: Saved, data: Any, fixed: Contact | None) -> HttpResponse:
    """Say what was saved and show it."""
    tell_refused(request, saved.refused)
    thing, slug = saved.thing, request.office.slug
    if isinstance(thing, Activity):
        return _recorded(request, thing, fixed)
    page = reverse("desk:case", args=[slug, thing.number])
    names = {"case": thing.reference}
    if data.get("add_to"):
        said = _("Added to case %(case)s, which is closed.") if thing.is_closed else _("Added to case %(case)s.")
        return done(request, page, said % names)
    if data.get("next") == "write":
        return done(request, f"{page}?write=letter#composer", _("Case %(case)s saved.") % names)
    if fixed is not None:
        back = reverse("contacts:contact", args=[slug, fixed.pk])
        url = f"{back}?saved={thing.number}{_fragment(request, thing)}"
        return done(request, url, _("Case %(case)s saved.") % names)
    return _in_the_list(request, thing, page)


def _recorded(request: Request, thing: Activity, fixed: Contact | None) -> HttpResponse:
    slug = request.office.slug
    contact = fixed or thing.contact
    if contact is not None and request.member.can("contacts.read"):
        url = reverse("contacts:contact", args=[slug, contact.pk]) + "?tab=timeline"
    else:
        url = reverse("desk:home", args=[slug])
    return done(request, url, _("“%(subject)s” recorded.") % {"subject": thing.subject})


def _in_the_list(request: Request, case: Case, page: str) -> HttpResponse:
    """The list one came from, else the list as it begins; with a link when its filter hides the case."""
    listing = reverse("desk:cases", args=[request.office.slug])
    came_from = urlsplit(request.headers.get("HX-Current-URL", ""))
    query = QueryDict(came_from.query, mutable=True) if came_from.path == listing else QueryDict("", mutable=True)
    for name in ("saved", "after", "before"):
        query.pop(name, None)
    is_shown = shows(request, query, case)
    # Something in the address must differ, or the browser would only jump to the row and not load the list.
    query["saved"] = str(case.number)
    said = _("Case %(case)s saved.") if is_shown else _("Case %(case)s saved. The filter of this list hides it.")
    messages.success(request, said % {"case": case.reference}, extra_tags=f"open:{page}")
    return done(request, f"{listing}?{query.urlencode()}{_fragment(request, case)}")


def _fragment(request: Request, case: Case) -> str:
    """Without JavaScript the browser goes to the row; with it the row gets the focus and nothing jumps."""
    return "" if wants_piece(request) else f"#case-{case.number}"


def shows(request: Request, query: QueryDict, case: Case) -> bool:
    """Whether the list with this address has the case in it."""
    pairs = [(name, value) for name, values in query.lists() for value in values]
    if not any(name.removeprefix("-") in FIELDS for name, _value in pairs):
        # Without a filter in its address the list opens with the statuses chosen last.
        kept = request.member.list_choice.get("status", [])
        pairs += [("status", value) for value in kept if isinstance(value, str)]
    chosen = from_pairs(pairs)
    today = request.office.local_date(case.created_at)
    return Narrowing(request.member, today).cases(chosen).filter(pk=case.pk).exists()
