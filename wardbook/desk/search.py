"""Search and commands: one field that finds a case, a person, a view, or the page one wants (ux.md 1.2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_GET

from wardbook.cases import references
from wardbook.cases.models import Case, CaseQuerySet, CaseVisit
from wardbook.contacts.lookup import best_matches
from wardbook.contacts.models import Contact
from wardbook.desk.cases_list.filters import LONGEST_TEXT, Filter, Term
from wardbook.desk.cases_list.narrowing import Narrowing
from wardbook.desk.people.options import open_case_counts, option_of
from wardbook.desk.saved_views import Shelf, address_of
from wardbook.lib.fold import words
from wardbook.lib.ids import as_number
from wardbook.lib.quote import one_line
from wardbook.lib.respond import Option, respond
from wardbook.lib.respond import options as list_options
from wardbook.offices import access
from wardbook.offices.middleware import Request
from wardbook.offices.models import Membership

SHOWN, SHOWN_IN_PALETTE = 20, 6
LAST_OPENED, FIRST_COMMANDS = 8, 5
_LONGEST = 100
_ROW = ("number", "reference", "description", "constituent__name", "is_anonymous", "status__name")


class Command(NamedTuple):
    """Something to do or a place to go to."""

    route: str
    name: Promise
    also: str = ""
    """Other words by which it is found."""
    key: str = ""


COMMANDS = (
    Command("desk:new_case", _later("New case"), "add open log create", "c"),
    Command("desk:home", _later("Home"), "my work today", "g h"),
    Command("desk:cases", _later("Cases"), "list issues tickets", "g c"),
    Command("contacts:list", _later("People"), "contacts organisations", "g p"),
    Command("desk:recent", _later("Recent actions"), "undo take back", "z"),
    Command("contacts:new", _later("New person"), "add contact organisation"),
    Command("desk:activities", _later("Activities"), "calls letters meetings", "g a"),
    Command("desk:views", _later("Views"), "queues saved filters"),
    Command("desk:cases_columns", _later("Columns of the list"), "choose table"),
    Command("cases:bin", _later("Bin"), "deleted restore trash"),
    Command("desk:settings", _later("Settings"), "people teams lists office calendar", "g s"),
)


@require_GET
def search(request: Request, office: str) -> HttpResponse:
    """What is found, in groups. A reference goes straight to its case; without words, what was opened last."""
    typed = one_line(request.GET.get("q", "")[: 4 * _LONGEST])[:_LONGEST]
    is_palette = request.GET.get("as") == "options"
    if typed and not is_palette and (case := by_reference(request.member, typed)):
        return HttpResponseRedirect(_case_url(request, case.number))
    limit = SHOWN_IN_PALETTE if is_palette else SHOWN
    found = _find(request, typed, limit) if typed else _at_first(request)
    if is_palette:
        return list_options(request, [option for _title, options in found for option in options], typed=typed)
    context = {
        "typed": typed,
        "groups": [(title, options) for title, options in found if options],
        "list_url": f"{reverse('desk:cases', args=[office])}?{_in_words(typed).address()}" if typed else "",
    }
    return respond(request, "desk/search.html", context, piece="found")


def by_reference(member: Membership, typed: str) -> Case | None:
    """The one visible case of this reference or number, however it is spelt."""
    key = references.key(typed)
    if not any(c.isdigit() for c in key):
        return None
    return _referred(Case.objects.visible_to(member), key).first()


def _referred(cases: CaseQuerySet, key: str) -> CaseQuerySet:
    if (number := as_number(key)) is not None and not key.startswith("0"):
        # The number alone is enough, whatever else the reference of the office is made of.
        return cases.filter(number=number)
    return cases.filter(reference_key=key)


def _find(request: Request, typed: str, limit: int) -> list[tuple[str, list[Option]]]:
    today = request.office.local_date(timezone.now())
    cases, people = _cases(request, typed, limit, today), _people(request, typed, limit)
    groups = [(_("Cases"), cases), (_("People"), people)]
    if people and not any(_says_itself(case, typed) for case in cases):
        # The cases were found by whose they are: then it is the person who was looked for.
        groups.reverse()
    return [
        (_("Commands"), _commands(request, typed)[:limit]),
        *groups,
        (_("Views"), _views(request, typed)[:limit]),
    ]


def _says_itself(case: Option, typed: str) -> bool:
    """Whether the title and reference of a case hold what was typed, rather than its person's name."""
    text = " ".join(words(f"{case.label} {case.detail.partition(' · ')[0]}"))
    return all(word in text for word in words(typed))


def _at_first(request: Request) -> list[tuple[str, list[Option]]]:
    visible = Case.objects.visible_to(request.member)
    visits = CaseVisit.objects.filter(user_id=request.member.user_id, case__in=visible).order_by("-opened_at")
    rows = visits.values_list(*(f"case__{name}" for name in _ROW))[:LAST_OPENED]
    return [
        (_("Opened last"), _case_options(request, rows, _("Opened last"))),
        (_("Commands"), _commands(request, "")[:FIRST_COMMANDS]),
    ]


def case_options_for(request: Request, typed: str) -> list[Option]:
    """Cases to choose from, by number, name or words; a choice leads nowhere by itself."""
    typed = one_line(typed[: 4 * _LONGEST])[:_LONGEST]
    if not typed:
        return []
    today = request.office.local_date(timezone.now())
    return [
        Option(found.value, f"{found.detail.partition(' · ')[0]} {found.label}", found.detail, found.aside)
        for found in _cases(request, typed, SHOWN, today)
    ]


def _cases(request: Request, typed: str, limit: int, today: date) -> list[Option]:
    """The one with this reference, then open ones in which every word is found, newest first, then closed ones."""
    narrowing = Narrowing(request.member, today)
    asked = _in_words(typed)
    title = _("Cases")
    found: list[Option] = []
    exact = by_reference(request.member, typed)
    if exact:
        rows = Case.objects.visible_to(request.member).filter(pk=exact.pk).values_list(*_ROW)
        found += _case_options(request, rows, title)
    for status in ("open", "closed"):
        # Signs alone ("%") are no words: they would find everything.
        if len(found) < limit and asked.values("text"):
            cases = narrowing.cases(asked.with_status(status)).order_by("-last_activity_at", "-pk")
            if exact:
                cases = cases.exclude(pk=exact.pk)
            found += _case_options(request, cases.values_list(*_ROW)[: limit - len(found)], title)
    return found


def _in_words(typed: str) -> Filter:
    terms = [Term("text", word[:LONGEST_TEXT]) for word in typed.replace('"', " ").split()]
    return Filter.make([*terms, Term("status", "any")])


def _case_options(request: Request, rows: Iterable[tuple[Any, ...]], group: str) -> list[Option]:
    """Lines of the cases whose `_ROW` these are."""
    found = []
    for number, reference, description, name, is_anonymous, status in rows:
        who = name or (_("Anonymous") if is_anonymous else "")
        found.append(
            Option(
                value=number,
                label=description,
                detail=" · ".join(part for part in (reference, who) if part),
                aside=status,
                group=group,
                href=_case_url(request, number),
            )
        )
    return found


def _people(request: Request, typed: str, limit: int) -> list[Option]:
    people = Contact.objects.visible_to(request.member)
    found = best_matches(people, request.office.pk, typed, limit=limit)
    counts = open_case_counts(request.member, found)
    options = []
    for contact in found:
        url = _url("contacts:contact", request, contact.pk)
        option = option_of(contact, counts.get(contact.pk, 0), typed)
        options.append(
            Option(option.value, option.label, option.detail, option.aside, _("People"), option.lang, href=url)
        )
    return options


def _views(request: Request, typed: str) -> list[Option]:
    shelf, root, title = Shelf.of(request), _url("desk:cases", request), _("Views")
    if not request.member.can("cases.read"):
        return []
    suggested = [
        Option(queue.key, str(queue.name), str(queue.about), group=title, href=f"{root}?{queue.filter.address()}")
        for queue in shelf.queues
        if _is_meant(typed, str(queue.name))
    ]
    return suggested + [
        Option(view.pk, view.name, group=title, href=address_of(view, request.office.slug))
        for view in shelf.views
        if _is_meant(typed, view.name)
    ]


def _commands(request: Request, typed: str) -> list[Option]:
    found = []
    for command in COMMANDS:
        name = str(command.name)
        if not _is_meant(typed, f"{name} {command.also}") or not (url := _url(command.route, request)):
            continue
        if access.row(command.route).read in access.capabilities(request.member.role):
            found.append(Option(command.route, name, aside=command.key, group=_("Commands"), href=url))
    return found


def _is_meant(typed: str, name: str) -> bool:
    """Whether each word typed begins a word of the name."""
    known = words(name)
    if typed and not words(typed):
        return False
    return all(any(one.startswith(word) for one in known) for word in words(typed))


def _case_url(request: Request, number: int) -> str:
    return _url("desk:case", request, number)


def _url(route: str, request: Request, *args: object) -> str:
    try:
        return reverse(route, args=[request.office.slug, *args])
    except NoReverseMatch:
        return ""


urlpatterns = [path("search/", search, name="search")]
