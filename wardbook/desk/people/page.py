"""The page of one contact: who they are on one side, everything with them on the other (ux.md 1.8)."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wardbook.cases.models import Case
from wardbook.contacts.actions.saving import whereabouts
from wardbook.contacts.forms import ContactNoteForm, languages
from wardbook.contacts.models import Address, Contact, ContactNote, ContactPoint
from wardbook.desk.office_days import days_of
from wardbook.desk.people import timeline
from wardbook.desk.people.files import files_with, lines
from wardbook.desk.people.raised import raised_by
from wardbook.lib.respond import respond
from wardbook.offices import access
from wardbook.offices.middleware import Request

TABS = ("cases", "timeline", "notes", "files")
MOST_CASES = 100
MOST_LINES = 100
"""Notes or files on one page."""
MOST_HOUSEHOLD = 12
FLAGS = {
    "do_not_call": ("phone", "phone-off"),
    "do_not_email": ("mail", "mail-x"),
    "do_not_mail": ("mailbox", "mail-minus"),
}


def get_contact(request: Request, pk: int) -> Contact:
    """The contact at this address, or 404 if this member may not know of it."""
    people = Contact.objects.visible_to(request.member).select_related("office", "ward", "created_by")
    return get_object_or_404(people.prefetch_related("points", "addresses"), pk=pk)


def cases_of(request: Request, contact: Contact) -> list[Case]:
    """Their cases: open before closed, the newest first."""
    cases = Case.objects.visible_to(request.member).filter(constituent=contact).for_list()
    order = (F("closed_at").desc(nulls_first=True), "-opened_on", "-pk")
    return list(cases.order_by(*order)[:MOST_CASES])


@require_GET
def contact(request: Request, office: str, pk: int) -> HttpResponse:
    """Everything about one person or organisation; `tab` says which part of it."""
    at = timezone.now()
    found = get_contact(request, pk)
    asked = request.GET.get("tab", "")
    tab = asked if asked in TABS else "cases"
    ctx = (
        details(request, found, at) | tabs(request, found, tab) | {"tab": tab, "today": request.office.local_date(at)}
    )
    ctx |= {"cases": _cases, "timeline": _timeline, "notes": notes_tab, "files": _files}[tab](request, found, at)
    return respond(request, "people/contact.html", ctx)


def details(request: Request, found: Contact, at: datetime) -> dict[str, Any]:
    """What stands beside every tab: where, how to reach, what to heed, who lives there too."""
    today = request.office.local_date(at)
    points = list(found.points.all())
    home = next((a for a in found.addresses.all() if a.kind != Address.Kind.MAILING), None)
    postcode = home.postcode if home else ""
    people = Contact.objects.visible_to(request.member)
    household = list(people.same_household(found)[:MOST_HOUSEHOLD]) if home and home.household_key else []
    sees_warning = access.sees_field(request.member.role, "contact.warning")
    return {
        "contact": found,
        "home": home,
        "mailing": next((a for a in found.addresses.all() if a.kind == Address.Kind.MAILING), None),
        "phones": [p for p in points if p.kind == ContactPoint.Kind.PHONE],
        "emails": [p for p in points if p.kind == ContactPoint.Kind.EMAIL],
        "others": [p for p in points if p.kind in (ContactPoint.Kind.SOCIAL, ContactPoint.Kind.WEB)],
        "elsewhere": whereabouts(request.office, postcode).elsewhere if found.area == Contact.Area.OUT else "",
        "household": household,
        "raised": raised_by(found, request.member),
        "language_name": dict(languages()).get(found.language, "") if found.language else "",
        "warning": found.warning if sees_warning else "",
        "warning_is_due": _is_due(found.warning_review_on, today),
        "flags": [_flag(found, name) for name in FLAGS],
        "urls": urls(request, found),
        "copy_url": request.build_absolute_uri(reverse("contacts:contact", args=[request.office.slug, found.pk])),
        "more": more(request, found),
    }


def urls(request: Request, found: Contact) -> dict[str, str]:
    """Every address that the page of this contact leads to."""
    here = [request.office.slug, found.pk]
    names = ("contact", "edit", "flags", "language", "notes", "log", "deletion")
    found_urls = {name: reverse(f"contacts:{name}", args=here) for name in names}
    found_urls["new_case"] = f"{reverse('desk:new_case', args=here[:1])}?contact={found.pk}"
    found_urls["email"] = reverse("correspondence:contact_emails", args=here)
    return found_urls


def more(request: Request, found: Contact) -> list[dict[str, Any]]:
    """The rare actions."""
    if not request.member.can("contacts.write"):
        return []
    here = urls(request, found)
    return [
        _item(_("Change details"), here["edit"], "pencil"),
        *_letter(request, found),
        _item(_("Add a note"), f"{here['contact']}?tab=notes", "notebook-pen"),
        _item(_("Delete"), here["deletion"], "trash-2", post=True, danger=True),
    ]


def _letter(request: Request, found: Contact) -> list[dict[str, Any]]:
    if not request.member.can("correspondence.write"):
        return []
    url = reverse("correspondence:contact_letters", args=[request.office.slug, found.pk])
    return [_item(_("Write a letter"), url, "mail-open") | {"dialog": False, "key": "w"}]


def tabs(request: Request, found: Contact, current: str) -> dict[str, Any]:
    """The parts of the page with their counts. Three queries."""
    here = reverse("contacts:contact", args=[request.office.slug, found.pk])
    cases = _case_ids(request, found)
    counts: dict[str, int | None] = {
        "cases": len(cases),
        "timeline": None,
        "notes": ContactNote.objects.visible_to(request.member).filter(contact=found).count(),
        "files": files_with(found, request.member, cases).count(),
    }
    names = {"cases": _("Cases"), "timeline": _("Timeline"), "notes": _("Notes"), "files": _("Files")}
    return {
        "case_count": len(cases),
        "tabs": [
            {
                "label": names[name],
                "url": here if name == "cases" else f"{here}?tab={name}",
                "count": counts[name],
                "current": name == current,
                "key": "",
                "value": name,
            }
            for name in TABS
        ],
    }


def _cases(request: Request, found: Contact, at: datetime) -> dict[str, Any]:
    cases, today = cases_of(request, found), request.office.local_date(at)
    rows = _rows(cases, today)
    awaited: list[Case] = []
    if found.kind == Contact.Kind.ORGANISATION:
        waiting = Case.objects.visible_to(request.member).open().filter(waiting_agency=found).for_list()
        awaited = list(waiting.order_by("waiting_since", "pk")[:MOST_CASES])
    ctx: dict[str, Any] = {
        "open_cases": [row for row in rows if not row["case"].is_closed],
        "closed_cases": [row for row in rows if row["case"].is_closed],
        "awaited": _rows(awaited, today),
        "awaited_more": _beyond(awaited, waiting) if found.kind == Contact.Kind.ORGANISATION else 0,
        "all_cases_url": "",
        "blank_form": None,
    }
    if len(cases) == MOST_CASES:
        everything = urlencode({"status": "any", "person": found.pk})
        ctx["all_cases_url"] = f"{reverse('desk:cases', args=[request.office.slug])}?{everything}"
    # An agency is asked about the cases of others; a form for one of its own would only stand in the way.
    if not cases and not found.is_agency and request.member.can("cases.open"):
        from wardbook.desk.quick_log.views import blank_form

        ctx["blank_form"] = blank_form(request, at, found)
    return ctx


def _beyond(shown: list[Case], cases: Any) -> int:
    """How many there are besides those shown."""
    return cases.count() - len(shown) if len(shown) == MOST_CASES else 0


def _page_of(request: Request, found: Contact, rows: Any, tab: str) -> tuple[list[Any], dict[str, Any]]:
    """One page of rows, and what its pagination says."""
    pages = Paginator(rows, MOST_LINES)
    page = pages.get_page(request.GET.get("page"))
    here = f"{reverse('contacts:contact', args=[request.office.slug, found.pk])}?tab={tab}"
    words = {"first": page.start_index(), "last": page.end_index(), "total": pages.count}
    return list(page.object_list), {
        "previous_url": f"{here}&page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"{here}&page={page.next_page_number()}" if page.has_next() else "",
        "first_url": "",
        "range_words": _("%(first)s–%(last)s of %(total)s") % words if page.has_other_pages() else "",
    }


def _rows(cases: list[Case], today: date) -> list[dict[str, Any]]:
    return [{"case": case, "age": case.age(today), "waiting": str(case.waiting_agency or "")} for case in cases]


def _timeline(request: Request, found: Contact, at: datetime) -> dict[str, Any]:
    before = parse_datetime(request.GET.get("before", "").replace(" ", "+")) if request.GET.get("before") else None
    page = timeline.newest(found, request.member, before if before and timezone.is_aware(before) else None)
    here = reverse("contacts:contact", args=[request.office.slug, found.pk])
    older = f"{here}?tab=timeline&before={page.older.isoformat()}".replace("+", "%2B") if page.older else ""
    return {"entries": page.entries, "older_url": older, "newest_url": f"{here}?tab=timeline" if before else ""}


def notes_tab(request: Request, found: Contact, at: datetime) -> dict[str, Any]:
    rows = ContactNote.objects.visible_to(request.member).filter(contact=found).select_related("by", "code")
    notes, pages = _page_of(request, found, rows, "notes")
    turned = [note.case_id for note in notes if note.case_id]
    known = (
        {case.pk: case for case in Case.objects.visible_to(request.member).filter(pk__in=turned)} if turned else {}
    )
    return {
        "notes": [{"note": note, "case": known.get(note.case_id or 0)} for note in notes],
        "note_form": ContactNoteForm(office=request.office, day=days_of(request.office, at)),
        "pages": pages,
    }


def _files(request: Request, found: Contact, at: datetime) -> dict[str, Any]:
    files = files_with(found, request.member, _case_ids(request, found))
    rows, pages = _page_of(request, found, files, "files")
    return {"files": lines(rows, request.member), "pages": pages}


def _case_ids(request: Request, found: Contact) -> list[int]:
    """Not a query within the next: with the ids, PostgreSQL goes by the indexes of both sides of an "or"."""
    return list(Case.objects.visible_to(request.member).filter(constituent=found).values_list("pk", flat=True))


def _flag(found: Contact, name: str) -> dict[str, Any]:
    is_set = bool(getattr(found, name))
    yes, no = FLAGS[name]
    return {
        "name": name,
        "is_set": is_set,
        "icon": no if is_set else yes,
        "label": str(Contact._meta.get_field(name).verbose_name).capitalize(),  # type: ignore[union-attr]  # a column
    }


def _item(label: str, url: str, icon: str, *, post: bool = False, danger: bool = False) -> dict[str, Any]:
    return {"label": label, "url": url, "icon": icon, "post": post, "dialog": False, "danger": danger, "key": ""}


def _is_due(day: date | None, today: date) -> bool:
    return day is not None and day <= today
