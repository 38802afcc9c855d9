"""The first page after signing in, and what is done on it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wardbook.cases import actions as case_actions
from wardbook.cases.models import Activity, Case
from wardbook.correspondence.letter_counts import heaps
from wardbook.desk.after import address
from wardbook.desk.fields import ColleagueField
from wardbook.desk.home import checklist, load, post, queue
from wardbook.desk.home.day import AHEAD, Day
from wardbook.desk.inbox.listing import waiting_count
from wardbook.desk.steps import DAYS
from wardbook.journal.offering import undo_address
from wardbook.lib.forms import RowsField
from wardbook.lib.respond import done, respond
from wardbook.offices import actions as office_actions
from wardbook.offices.middleware import Request
from wardbook.offices.models import Membership, Office


@require_GET
def home(request: Request, office: str) -> HttpResponse:
    """What is due, what is new, what has no next step, and the work queue."""
    at = timezone.now()
    query = queue.read(request.GET)
    if not request.member.can("cases.own") or ("who" not in request.GET and request.member.can("home.everybody")):
        # Who is given no cases (a councillor, a volunteer) follows those they raised: all that they see. A
        # representative rarely has one of their own, and begins with what the office does.
        query = replace(query, everybody=True)
    day = Day(request.member, at, everybody=query.everybody)
    context: dict[str, Any] = {
        "today": day.today,
        "greeting": greeting(request.office, at),
        "everybody": query.everybody,
        "home_url": reverse("desk:home", args=[office]),
        "has_work": request.member.can("cases.read"),
        "steps": _steps(request),
        "alarms": post.alarms(request.member, at),
    }
    context["steps_done"] = sum(step["is_done"] for step in context["steps"])
    if context["has_work"]:
        overdue, today, coming = day.due()
        context |= {
            "sections": _sections(office, query.everybody, overdue, today, coming),
            "arrivals": day.arrivals(),
            "aimless": day.without_next_step() if request.member.can("cases.write") else None,
            "nothing_due": not (overdue or today or coming),
            "later_chips": list(DAYS.items()),
            "query": query,
            "sort": query.sort,
            **_queue(request, query),
        }
    return respond(request, "desk/home.html", context, piece="queue" if _wants_queue(request) else None)


@require_GET
def cards(request: Request, office: str) -> HttpResponse:
    """The figures beside the day: my cases, queues, who has how much, what was done. A page of its own without JS."""
    at = timezone.now()
    member, today = request.member, request.office.local_date(at)
    cases = Case.objects.visible_to(member)
    finished = Activity.objects.visible_to(member).done().filter(finished_at__gte=at - AHEAD, finished_at__lte=at)
    listed = reverse("desk:cases", args=[office])
    own = "owner=me&" if member.can("cases.own") else ""
    context: dict[str, Any] = {
        "today": today,
        "cases_url": listed,
        "mine": load.my_cases(member),
        "mine_url": f"{listed}?{own}".rstrip("&?"),
        "waiting_url": f"{listed}?{own}waiting=any",
        "in_inbox": waiting_count(member, at),
    }
    context["done_lately"] = finished.filter(finished_by_id=member.user_id).for_list().order_by("-finished_at")[:8]
    context["letters"] = heaps(member)
    if member.can("cases.bulk"):
        context["queues"] = [
            (_("Nobody has it"), load.capped(cases.open().unassigned()), "?owner=none"),
            (_("Needs a new owner"), load.capped(cases.needs_new_owner()), "?owner=gone"),
            (_("Not classified"), load.capped(cases.open().unclassified(member.office_id)), "?classified=no"),
            (_("Waiting for others"), load.capped(cases.waiting()), "?waiting=any"),
        ]
    if member.can("settings.people"):
        context["loads"] = load.loads(member, today)
    return respond(request, "desk/home_cards.html", context, piece="cards")


@require_POST
def clear(request: Request, office: str) -> HttpResponse:
    """The person has seen what is new for them; it comes off Home."""
    office_actions.note_home_seen(request.member, at=timezone.now())
    return done(request, reverse("desk:home", args=[office]), _("Cleared. New things will show here again."))


@require_POST
def hide_checklist(request: Request, office: str) -> HttpResponse:
    """The office knows its way; the first steps do not show any more."""
    office_actions.hide_checklist(request.office, by=request.user, at=timezone.now())
    text = _("Hidden. Everything on it is under Settings.")
    return done(request, reverse("desk:home", args=[office]), text)


class MoveForm(forms.Form):
    """Which of somebody's open cases go to whom."""

    cases = RowsField(
        Case.objects.none(),
        to_field_name="number",
        error_messages={
            "required": _later("Tick the cases that should move."),
            "invalid_choice": _later("One of these cases is no longer there. Choose again."),
            "invalid_pk_value": _later("One of these cases is no longer there. Choose again."),
        },
    )
    to = ColleagueField(label=_later("Give them to"), error_messages={"required": _later("Choose who gets them.")})

    def __init__(self, *args: Any, member: Membership, held: Any, holder: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = Membership.objects.staff().filter(office_id=member.office_id).exclude(user_id=holder)
        chosen, to = self.fields["cases"], self.fields["to"]
        assert isinstance(chosen, RowsField)
        assert isinstance(to, ColleagueField)
        chosen.queryset = held
        to.queryset = staff.select_related("user").order_by("user__name")


@require_http_methods(["GET", "POST"])
def person_load(request: Request, office: str, user: int) -> HttpResponse:
    """Open cases of one person; the ticked ones are given to another."""
    holder = get_object_or_404(Membership.objects.visible_to(request.member).select_related("user"), user_id=user)
    held = load.held_by(request.member, user)
    form = MoveForm(request.POST if request.method == "POST" else None, member=request.member, held=held, holder=user)
    url = reverse("desk:person_load", args=[office, user])
    if form.is_valid():
        at, to = timezone.now(), form.cleaned_data["to"].user
        count = len(form.cleaned_data["cases"])
        label = ngettext("%(count)d case given to %(name)s", "%(count)d cases given to %(name)s", count)
        label = label % {"count": count, "name": to}
        result = case_actions.in_bulk(
            form.cleaned_data["cases"], case_actions.assign, by=request.user, at=at, label=label, owner=to
        )
        for case, why in result.refused:
            messages.error(request, f"{case.reference}: {why}")
        text = ngettext("%(count)d case is now %(name)s's.", "%(count)d cases are now %(name)s's.", len(result.done))
        text = text % {"count": len(result.done), "name": to.first_name}
        return done(request, url, text if result.done else "", undo_address(request, at) if result.done else "")
    context = {
        "holder": holder,
        "form": form,
        "held": held[: load.QUEUE_COUNTED + 1],
        "today": request.office.local_date(timezone.now()),
        "ticked": set(request.POST.getlist("cases")),
    }
    return respond(request, "desk/home_load.html", context, status=422 if form.errors else 200)


def greeting(office: Office, at: datetime) -> str:
    """ "Good morning" by the clock of the office."""
    hour = at.astimezone(office.zone).hour
    if hour < 12:
        return _("Good morning")
    return _("Good afternoon") if hour < 18 else _("Good evening")


def _sections(office: str, everybody: bool, overdue: Any, today: Any, coming: Any) -> list[dict[str, Any]]:
    feed = f"{reverse('desk:activities', args=[office])}?who={'all' if everybody else 'me'}"
    found = (
        ("overdue", _("Overdue"), overdue, "overdue", "trouble"),
        ("today", _("Today"), today, "today", ""),
        ("coming", _("Next 14 days"), coming, "coming", ""),
    )
    return [
        {"id": name, "heading": heading, "rows": rows, "url": f"{feed}#{anchor}", "tone": tone}
        for name, heading, rows, anchor, tone in found
        if rows
    ]


def _queue(request: Request, query: queue.Query) -> dict[str, Any]:
    found = queue.rows(request.member, query)
    return {
        "queue": found[: queue.MOST],
        "has_more": len(found) > queue.MOST,
        "choices": queue.choices(request.member),
        "is_narrow": query.is_narrow,
    }


def _wants_queue(request: Request) -> bool:
    return request.headers.get("HX-Target", "").endswith("#queue")


def _steps(request: Request) -> list[dict[str, Any]]:
    if request.office.is_demo or request.office.checklist_hidden_at or not request.member.can("settings.office"):
        return []
    found = checklist.steps(request.office)
    if all(step.is_done for step in found):
        return []
    return [step._asdict() | {"url": address(step.route, request.office.slug)} for step in found]


urlpatterns = [
    path("", home, name="home"),
    path("cards/", cards, name="home_cards"),
    path("new-for-me/", clear, name="home_clear"),
    path("checklist/", hide_checklist, name="home_checklist"),
    path("load/<int:user>/", person_load, name="person_load"),
]
