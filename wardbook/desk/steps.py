"""Ticking planned work off, putting it off, taking it from the team, and what comes next (ux.md 1.4, AC-11)."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wardbook.cases import actions as case_actions
from wardbook.cases.models import Activity, WaitingOn
from wardbook.desk.after import address, back
from wardbook.desk.office_days import days_of
from wardbook.journal.offering import undo_address
from wardbook.lib.days import long_day
from wardbook.lib.forms import DayField
from wardbook.lib.quote import one_line
from wardbook.lib.respond import done, respond, wants_piece
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request

# What the chips of "What happens next?" mean as a day.
DAYS = {"tomorrow": _later("Tomorrow"), "+1w": _later("Next week"), "+10wd": _later("10 working days")}
WAITS = {
    WaitingOn.CONSTITUENT: _later("Wait for the constituent"),
    WaitingOn.AGENCY: _later("Wait for an agency"),
    WaitingOn.COUNCILLOR: _later("Wait for a councillor"),
}


class NextForm(forms.Form):
    """What happens after something was done: a day, somebody we wait for, or nothing."""

    subject = forms.CharField(
        label=_later("Next step"),
        max_length=200,
        required=False,
        error_messages={"max_length": _later("Use at most 200 letters.")},
    )
    day = DayField(label=_later("On"), required=False, chips=[])
    step = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, days: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["day"]
        assert isinstance(field, DayField)
        field.anchor(**days)
        self.chip = DayField(required=False, chips=[])
        self.chip.anchor(**days)

    def clean_subject(self) -> str:
        return one_line(self.cleaned_data["subject"])

    def clean_step(self) -> str:
        step: str = self.cleaned_data["step"]
        known = {"", "day", "nothing", *DAYS, *(f"wait:{who.value}" for who in WAITS)}
        if step not in known:
            raise forms.ValidationError(_("Choose one of the buttons."))
        return step

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        step = cleaned.get("step", "")
        if step in DAYS:
            cleaned["day"] = self.chip.clean(step)
        elif step in ("", "day") and not cleaned.get("day") and "day" not in self.errors:
            self.add_error("day", _("Choose a day, or say that nothing follows."))
        return cleaned


class LaterForm(forms.Form):
    """To which day something is put off."""

    to = DayField(label=_later("To which day?"), error_messages={"required": _later("Choose a day.")})

    def __init__(self, *args: Any, days: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, DayField)
        field.anchor(**days)


def get_activity(request: Request, pk: int) -> Activity:
    """The activity, or 404 if this person may not know it exists."""
    rows = Activity.objects.visible_to(request.member).for_list().select_related("case__constituent", "office")
    return get_object_or_404(rows, pk=pk)


@require_POST
def finish(request: Request, office: str, pk: int) -> HttpResponse:
    """Tick it off, then ask what happens next: in the row with JavaScript, on a page without."""
    activity, at = get_activity(request, pk), timezone.now()
    try:
        activity = case_actions.finish_activity(activity, by=request.user, at=at)
    except RuleBroken as refusal:
        return _refused(request, activity, str(refusal))
    url = f"{reverse('desk:activity_next', args=[office, pk])}?back={back(request, '')}"
    if not wants_piece(request):
        return done(request, url, _("“%(subject)s” is done.") % {"subject": activity.subject}, _undo(request, at))
    toast = {"text": _("“%(subject)s” is done.") % {"subject": activity.subject}, "undo": _undo(request, at)}
    return _ask(request, get_activity(request, pk), at, toast=toast)


@require_http_methods(["GET", "POST"])
def what_next(request: Request, office: str, pk: int) -> HttpResponse:
    """ "What happens next?" after something was done."""
    activity, at = get_activity(request, pk), timezone.now()
    if request.method != "POST":
        return _ask(request, activity, at)
    form = NextForm(request.POST, days=days_of(request.office, at))
    if form.is_valid():
        try:
            said = _go_on(request, activity, form.cleaned_data, at)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            if not wants_piece(request):
                return done(request, back(request, _home(request)), said, _undo(request, at))
            context = {"activity": activity, "said": said}
            toast = {"text": said, "undo": _undo(request, at)}
            return respond(request, "desk/home/next.html", context, piece="settled", toast=toast)
    return _ask(request, activity, at, form=form, status=422)


@require_http_methods(["GET", "POST"])
def put_off(request: Request, office: str, pk: int) -> HttpResponse:
    """Move planned work to another day; the day may stand in the address, as the menu sends it."""
    activity, at = get_activity(request, pk), timezone.now()
    given = request.POST if request.method == "POST" else None
    if given is not None and "to" not in given and "to" in request.GET:
        given = request.GET
    form = LaterForm(given, days=days_of(request.office, at), initial={"to": activity.due_on})
    if form.is_valid():
        try:
            case_actions.move_activity(activity, form.cleaned_data["to"], by=request.user, at=at)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("“%(subject)s” moved to %(day)s.") % {
                "subject": activity.subject,
                "day": long_day(form.cleaned_data["to"]),
            }
            return done(request, back(request, _home(request)), said, _undo(request, at))
    context = {"activity": activity, "form": form, "back": back(request, _home(request))}
    return respond(request, "desk/home/later.html", context, piece="form", status=422 if form.errors else 200)


@require_POST
def claim(request: Request, office: str, pk: int) -> HttpResponse:
    """Take work that nobody has. The first of two wins, the second is told who was first."""
    activity, at = get_activity(request, pk), timezone.now()
    url = back(request, _home(request))
    try:
        case_actions.claim_activity(activity, by=request.user, at=at)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, url)
    return done(request, url, _("“%(subject)s” is yours.") % {"subject": activity.subject}, _undo(request, at))


@require_GET
def opened(request: Request, office: str, pk: int) -> HttpResponse:
    """Lead to where a piece of work is shown, and note that its assignee has seen it (S3.28)."""
    activity = get_activity(request, pk)
    if activity.assignee_id == request.member.user_id:
        case_actions.see_activities([activity], at=timezone.now())
    return redirect(place_of(request.office.slug, activity) or _home(request))


def place_of(slug: str, activity: Activity) -> str:
    """Where an activity is shown: on its case, at itself; else on its own page; else with its contact."""
    if activity.case is not None:
        return f"{address('desk:case', slug, activity.case.number)}#activity-{activity.pk}"
    own = address("cases:activity", slug, activity.pk)
    if own or activity.contact_id is None:
        return own
    return address("contacts:contact", slug, activity.contact_id)


def _go_on(request: Request, activity: Activity, chosen: dict[str, Any], at: datetime) -> str:
    """Do what was chosen, and say it."""
    step, case = chosen["step"], activity.case
    if step == "nothing":
        return _("Nothing follows.")
    if step.startswith("wait:"):
        if case is None:
            raise RuleBroken(_("Only a case can wait for somebody."))
        who = WaitingOn(step.removeprefix("wait:"))
        case_actions.wait_on(case, who, by=request.user, at=at)
        return _("%(case)s now waits: %(who)s.") % {"case": case.reference, "who": who.label}
    day: date = chosen["day"]
    case_actions.plan_activity(
        request.office,
        subject=chosen["subject"] or activity.subject,
        due_on=day,
        case=case,
        contact=activity.contact,
        assignee=activity.assignee or request.user,
        team=activity.team,
        type=activity.type if activity.type.retired_at is None else None,
        follows=activity,
        by=request.user,
        at=at,
    )
    return _("Next: %(subject)s, %(day)s.") % {
        "subject": chosen["subject"] or activity.subject,
        "day": long_day(day),
    }


def _ask(
    request: Request,
    activity: Activity,
    at: datetime,
    *,
    form: NextForm | None = None,
    status: int = 200,
    toast: dict[str, str] | None = None,
) -> HttpResponse:
    form = form or NextForm(days=days_of(request.office, at), initial={"subject": activity.subject})
    case = activity.case
    context = {
        "activity": activity,
        "form": form,
        "chips": list(DAYS.items()),
        "waits": [(f"wait:{who.value}", words) for who, words in WAITS.items()],
        "case": case if case is not None and not case.is_closed else None,
        "closure_url": address("cases:closure", request.office.slug, case.number) if case else "",
        "back": back(request, _home(request)),
    }
    return respond(request, "desk/home/next.html", context, piece="row", status=status, toast=toast)


def _refused(request: Request, activity: Activity, why: str) -> HttpResponse:
    if not wants_piece(request):
        messages.error(request, why)
        return done(request, back(request, _home(request)))
    return respond(
        request, "desk/home/next.html", {"activity": activity, "said": why}, piece="settled", status=422, say=why
    )


def _home(request: Request) -> str:
    return reverse("desk:home", args=[request.office.slug])


def _undo(request: Request, at: datetime) -> str:
    return undo_address(request, at)


urlpatterns = [
    path("activities/<int:pk>/done/", finish, name="activity_done"),
    path("activities/<int:pk>/next/", what_next, name="activity_next"),
    path("activities/<int:pk>/later/", put_off, name="activity_later"),
    path("activities/<int:pk>/claim/", claim, name="activity_claim"),
    path("activities/<int:pk>/open/", opened, name="activity_open"),
]
