"""Quick log as a page, as a dialog, and as the blank form of a person without cases."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from wardbook.cases import actions as case_actions
from wardbook.cases.models import Case, Draft
from wardbook.contacts import actions as contact_actions
from wardbook.contacts import numbers
from wardbook.contacts.lookup import best_matches
from wardbook.contacts.models import Contact
from wardbook.desk.people.options import option_of
from wardbook.desk.quick_log import after, known, saving
from wardbook.desk.quick_log.forms import QuickLogForm
from wardbook.desk.quick_log.hints import hints
from wardbook.lib.ids import as_number, can_be_an_id, ids_among
from wardbook.lib.quote import one_line
from wardbook.lib.respond import done, respond, wants_piece
from wardbook.lib.rules import RuleBroken
from wardbook.offices import access
from wardbook.offices.middleware import Request
from wardbook.vocabulary.models import ContactType

LAST_HOW = "quick-log-how"
TEMPLATE = "quick_log/page.html"


@require_http_methods(["GET", "POST"])
def new_case(request: Request, office: str) -> HttpResponse:
    """Log a matter: save it as a case, save and write, add it to a case that is there, or just record it."""
    at = timezone.now()
    fixed = _contact(request, request.GET.get("contact", ""))
    if request.method == "GET":
        return respond(request, TEMPLATE, blank_form(request, at, fixed), piece="form")
    data = request.POST.copy()
    if data.get("next") == "discard":
        case_actions.discard_draft(request.office, scope=scope_of(fixed), by=request.user)
        if wants_piece(request):
            return respond(request, TEMPLATE, blank_form(request, at, fixed), piece="form")
        return done(request, request.get_full_path())
    if use := data.get("use"):
        # "Use this person": what was typed of the new one is dropped, all else stays.
        data["person"], data["person_text"] = use, ""
        for name in [one for one in data if one.startswith("new_") or one == "not_same"]:
            del data[name]
        return _again(request, QuickLogForm(request, at, initial=_as_initial(data)), at, fixed, status=200, sent=data)
    _put_defaults(request, data, at)
    form = QuickLogForm(request, at, data, request.FILES)
    if not form.is_valid():
        return _again(request, form, at, fixed, sent=data)
    if same := _same_people(request, form):
        return _again(request, form, at, fixed, same=same, sent=data)
    try:
        saved = _save(request, form, data, at)
    except case_actions.Unclassified as refusal:
        _point_out(form, refusal)
    except RuleBroken as refusal:
        form.add_error(None, str(refusal))
    else:
        if how := form.cleaned_data.get("how"):
            request.session[LAST_HOW] = how.pk
        case_actions.discard_draft(request.office, scope=scope_of(fixed), by=request.user)
        return after.go_on(request, saved, data, fixed)
    return _again(request, form, at, fixed, sent=data)


@require_GET
def about(request: Request, office: str) -> HttpResponse:
    """What is going on with the person just chosen."""
    at = timezone.now()
    contact = _contact(request, request.GET.get("contact", ""))
    return respond(request, "quick_log/about.html", _about(request, contact, at))


@require_GET
def suggestions(request: Request, office: str) -> HttpResponse:
    """What the words typed so far suggest."""
    contact = _contact(request, request.GET.get("person", ""))
    own = _case_ids(request, contact)
    found = hints(request.member, request.GET, request.office.local_date(timezone.now()), but=own)
    ctx = {"hints": found, "can_add": request.member.can("cases.write")}
    return respond(request, "quick_log/hints.html", ctx)


@require_GET
def newcomer(request: Request, office: str) -> HttpResponse:
    """Whether somebody not known yet may be known after all, is ours, and shares an address with an open case."""
    today = request.office.local_date(timezone.now())
    return respond(request, "quick_log/newcomer.html", {"today": today} | _newcomer(request, request.GET))


def blank_form(request: Request, at: datetime, fixed: Contact | None = None) -> dict[str, Any]:
    """An empty Quick log, or the draft of one; `fixed` is the person whose page it stands on."""
    draft = Draft.objects.visible_to(request.member).filter(scope=scope_of(fixed)).first()
    initial = _start(request, at)
    if draft is not None:
        initial |= _as_initial(draft.body)
        initial["uploads"] = case_actions.waiting_in(draft.body, "uploads", member=request.member)
    form = QuickLogForm(request, at, initial=initial)
    person = fixed or _contact(request, str(initial.get("person") or ""))
    if person is None and draft is not None:
        form.person_box.typed = str(draft.body.get("person_text") or "")[:200]
    return _context(request, form, at, fixed, person) | {
        "draft_version": draft.version if draft else 0,
        "draft_saved_at": draft.saved_at if draft else None,
    }


def scope_of(fixed: Contact | None) -> str:
    """The draft's name: one for the office, one for each person's page."""
    return f"new-case-{fixed.pk}" if fixed else "new-case"


def _start(request: Request, at: datetime) -> dict[str, Any]:
    office = request.office
    return {
        "how": request.session.get(LAST_HOW) or _usual_how(request),
        "owner": request.user.pk if request.member.can("cases.own") else None,
        "follow_up_on": office.follows_up_on(office.local_date(at)),
        "kind": Case.Kind.CASEWORK,
        "priority": 0,
    }


def _of_code(request: Request, code: str) -> int | None:
    """The office's contact type of that code, if it has it in use."""
    types = ContactType.objects.filter(office=request.office, retired_at__isnull=True, code=code)
    return types.values_list("pk", flat=True).first()


def _usual_how(request: Request) -> int | None:
    """Phone, else whatever the office has first."""
    types = ContactType.objects.filter(office=request.office, retired_at__isnull=True)
    return _of_code(request, "phone") or types.values_list("pk", flat=True).first()


def _put_defaults(request: Request, data: Any, at: datetime) -> None:
    """What a short form does not send is as the long one shows it: mine, with a follow-up."""
    start: dict[str, Any] | None = None
    for name in ("owner", "follow_up_on", "how"):
        if name not in data:
            start = start or _start(request, at)
            value = start[name]
            data[name] = value.isoformat() if hasattr(value, "isoformat") else value or ""


def _as_initial(body: Any) -> dict[str, Any]:
    """What was typed, as a form shows it before it is sent."""
    found: dict[str, Any] = {}
    for name in QuickLogForm.base_fields:
        if name == "tags":
            value = body.getlist("tags") if hasattr(body, "getlist") else body.get("tags", [])
            found[name] = [value] if isinstance(value, str) else list(value)
        elif name in body:
            found[name] = body[name]
        elif name in ("new_is_organisation", "is_anonymous", "is_restricted", "not_same"):
            found[name] = ""
    return {name: value for name, value in found.items() if isinstance(value, str | list)}


def _context(
    request: Request,
    form: QuickLogForm,
    at: datetime,
    fixed: Contact | None,
    person: Contact | None,
    sent: Any = None,
) -> dict[str, Any]:
    slug = request.office.slug
    shown = str(form["person"].value() or "")
    if person is not None and not form.person_box.typed:
        form.person_box.shown = person.name
        form.initial["person"] = person.pk
        if form.person_box.attrs.pop("autofocus", False) and fixed is None:
            form.fields["what"].widget.attrs["autofocus"] = True
    _show_names(request, form)
    new_url = reverse("desk:new_case", args=[slug])
    has_new = any(
        form[name].value() for name in ("new_name", "new_phone", "new_email", "new_postcode", "new_address")
    )
    has_more = any(form[name].errors for name in MORE if name in form.fields)
    return {
        "form": form,
        "fixed": fixed,
        "dialog_title": _("New case for %(name)s") % {"name": fixed.name} if fixed else _("New case"),
        "action": f"{new_url}?contact={fixed.pk}" if fixed else new_url,
        "draft_url": reverse("cases:draft", args=[slug, scope_of(fixed)]),
        "draft_version": 0,
        "draft_saved_at": None,
        "suggest_url": reverse("desk:new_case_suggestions", args=[slug]),
        "newcomer_url": reverse("desk:new_case_newcomer", args=[slug]),
        "about": _about(request, person, at),
        "is_new_open": has_new and not shown,
        "is_more_open": has_more,
        "hints": hints(request.member, sent, request.office.local_date(at), but=_case_ids(request, person))
        if sent is not None
        else None,
        "same": [],
        "can_record": request.member.can("contacts.read"),
        "today": request.office.local_date(at),
        "letter": _of_code(request, "letter"),
    }


MORE = (
    "details",
    "topic",
    "service_type",
    "case_type",
    "case_code",
    "tags",
    "place",
    "place_postcode",
    "owner",
    "team",
    "follow_up_on",
    "follow_up",
    "priority",
    "is_restricted",
    "kind",
    "requester",
    "opened_on",
    "written_on",
    "received_on",
    "outcome",
    "outcome_note",
    "uploads",
)


def _again(
    request: Request,
    form: QuickLogForm,
    at: datetime,
    fixed: Contact | None,
    *,
    sent: Any,
    same: list[Any] | None = None,
    status: int = 422,
) -> HttpResponse:
    """The form once more, with what is wrong and everything that was typed."""
    person = fixed or _contact(request, str(sent.get("person", "")))
    ctx = _context(request, form, at, fixed, person, sent)
    if person is None and form.person_box.typed:
        found = best_matches(Contact.objects.visible_to(request.member), request.office.pk, form.person_box.typed)
        lines = [option_of(contact, 0, form.person_box.typed) for contact in found]
        form.person_box.matches = [(one.value, " · ".join(filter(None, (one.label, one.detail)))) for one in lines]
    draft = Draft.objects.visible_to(request.member).filter(scope=scope_of(fixed)).first()
    if draft is not None:
        ctx |= {"draft_version": draft.version, "draft_saved_at": draft.saved_at}
    ctx |= {"same": same or []}
    if same:
        ctx["is_new_open"] = True
    return respond(request, TEMPLATE, ctx, piece="form", status=status)


def _save(request: Request, form: QuickLogForm, data: Any, at: datetime) -> saving.Saved:
    if data.get("add_to"):
        number = as_number(data["add_to"])
        cases = Case.objects.visible_to(request.member)
        case = cases.filter(number=number).first() if number is not None else None
        if case is None:
            raise RuleBroken(_("That case is not there any more, or it is not yours to see."))
        return saving.add_to_case(request, form, case, at)
    if data.get("next") == "record":
        return saving.just_record(request, form, at)
    return saving.open_case(request, form, at)


def _same_people(request: Request, form: QuickLogForm) -> list[Any]:
    """People who may be the new one; none when the person said that it is somebody else (S1.13)."""
    data = form.cleaned_data
    if not data["new_name"] or data["person"] or data["not_same"]:
        return []
    return _known_already(request, {name: data[f"new_{name}"] for name in ("name", "phone", "email", "postcode")})


def _known_already(request: Request, told: Mapping[str, str]) -> list[Any]:
    return contact_actions.likely_same(
        request.office,
        name=told["name"],
        phones=[told["phone"]],
        emails=[told["email"]],
        postcode=told["postcode"],
        among=Contact.objects.visible_to(request.member),
    )


def _point_out(form: QuickLogForm, refusal: case_actions.Unclassified) -> None:
    """Say beside each field that a finished case needs it."""
    names = {"policy_area": "topic", "category": "topic", "contact_type": "how"}
    for field in dict.fromkeys(names.get(name, name) for name in refusal.fields):
        if field in form.fields:
            form.add_error(field, _("Choose one: a case that is finished needs it."))
    if not form.errors:
        form.add_error(None, str(refusal))


def _about(request: Request, contact: Contact | None, at: datetime) -> dict[str, Any]:
    """What the guard shows of a person; empty for nobody."""
    today = request.office.local_date(at)
    if contact is None:
        return {"contact": None, "can_add": request.member.can("cases.write")}
    home = next((a for a in contact.addresses.all() if a.postcode), None)
    ongoing = known.cases_of(request.member, contact, today)
    return {
        "contact": contact,
        "ongoing": ongoing,
        "area": known.area_of(request.office, home.postcode if home else "", contact),
        "warning": contact.warning if access.sees_field(request.member.role, "contact.warning") else "",
        "can_add": request.member.can("cases.write"),
        "say": ". ".join(part for part in (ongoing.heading, ongoing.nearby) if part),
    }


def _newcomer(request: Request, sent: Any) -> dict[str, Any]:
    asked = {
        name: one_line(sent.get(f"new_{name}", ""))[:254]
        for name in ("name", "phone", "email", "postcode", "address")
    }
    phone = numbers.normal(asked["phone"], request.office.country) if asked["phone"] else ""
    today = request.office.local_date(timezone.now())
    return {
        "same": _known_already(request, asked),
        "area": known.area_of(request.office, asked["postcode"]) if asked["postcode"] else None,
        "cases": known.at_address(request.member, asked["address"], asked["postcode"], phone, today),
        "address": asked["address"],
        "can_add": request.member.can("cases.write"),
    }


def _case_ids(request: Request, contact: Contact | None) -> list[int]:
    if contact is None:
        return []
    return list(
        Case.objects.visible_to(request.member).open().filter(constituent=contact).values_list("pk", flat=True)[:50]
    )


def _contact(request: Request, pk: str) -> Contact | None:
    """The person of that id, if this member may know of them."""
    if not can_be_an_id(pk):
        return None
    people = Contact.objects.visible_to(request.member).select_related("ward").prefetch_related("points", "addresses")
    return people.filter(pk=int(pk)).first()


def _show_names(request: Request, form: QuickLogForm) -> None:
    """Give the type-ahead fields the names of what they hold."""
    fields: dict[str, Any] = dict(form.fields)
    if requester := _contact(request, str(form["requester"].value() or "")):
        fields["requester"].widget.shown = requester.name
    if "tags" in fields and (chosen := form["tags"].value()):
        ids = ids_among(chosen)
        fields["tags"].widget.shown = list(fields["tags"].queryset.filter(pk__in=ids).values_list("pk", "name"))
