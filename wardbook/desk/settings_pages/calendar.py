"""The office's calendar: where it is, its public holidays of this and next year, and its own closures."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_http_methods, require_POST

from wardbook.desk.fields import LineField
from wardbook.desk.office_days import days_of
from wardbook.desk.settings_pages.frame import fingerprint, keep, show
from wardbook.lib.days import long_day
from wardbook.lib.forms import DayField
from wardbook.lib.respond import done
from wardbook.lib.rules import RuleBroken
from wardbook.offices import actions as office_actions
from wardbook.offices.calendar import CalendarError, SkippedDay, WorkingCalendar, known_calendars
from wardbook.offices.middleware import Request
from wardbook.offices.models import Closure, Office


class PlaceForm(forms.Form):
    """Whose public holidays the office keeps."""

    country = LineField(
        label=_later("Country"),
        max_length=2,
        missing=_later("Enter a country, like GB."),
        help_text=_later("Two letters: GB, IE, US or CA."),
        widget=forms.TextInput(attrs={"list": "countries", "autocomplete": "off", "class": "input input--short"}),
    )
    subdivision = LineField(
        label=_later("Part of the country"),
        max_length=6,
        required=False,
        help_text=_later("A code: WLS for Wales, SCT for Scotland, CA for California. Empty: what all parts keep."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input input--short"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "country" in cleaned and "subdivision" in cleaned:
            try:
                calendar = WorkingCalendar(cleaned["country"], cleaned["subdivision"])
            except CalendarError as trouble:
                known = cleaned["country"].upper() in known_calendars()
                self.add_error("subdivision" if known else "country", str(trouble))
            else:
                cleaned["country"], cleaned["subdivision"] = calendar.country, calendar.subdivision or ""
        return cleaned


class ClosureForm(forms.Form):
    """A day, or a run of days, on which the office is closed."""

    day = DayField(
        label=_later("First day"), chips=[], error_messages={"required": _later("Enter a day, like 24 December.")}
    )
    until = DayField(label=_later("Last day"), chips=[], required=False)
    reason = LineField(
        label=_later("Why"), max_length=120, missing=_later("Say why the office is closed, like “Moving house”.")
    )

    def __init__(self, *args: Any, days: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("day", "until"):
            field = self.fields[name]
            assert isinstance(field, DayField)
            field.anchor(**days)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("day"), cleaned.get("until")
        if first and last and last < first:
            self.add_error("until", _("The last day is before the first."))
        if first and last and (last - first).days > 60:
            self.add_error("until", _("Enter at most 60 days at once."))
        return cleaned


@require_http_methods(["GET", "POST"])
def calendar_page(request: Request, office: str) -> HttpResponse:
    """Country and part; holidays and closures below."""
    current = {"country": request.office.country, "subdivision": request.office.subdivision}
    form = PlaceForm(request.POST if request.method == "POST" else None, initial=current)

    def act() -> None:
        office_actions.change_office(request.office, changes=form.cleaned_data, by=request.user, at=timezone.now())

    answer = keep(
        request,
        form,
        current,
        request.office,
        act,
        page=reverse("desk:calendar", args=[office]),
        said=_("Saved. Working days count by it now."),
    )
    if answer is not None:
        return answer
    return _page(request, place_form=form)


@require_POST
def add_closure(request: Request, office: str) -> HttpResponse:
    """The office is closed on a day, or on each day of a run."""
    at = timezone.now()
    form = ClosureForm(request.POST, days=days_of(request.office, at))
    if form.is_valid():
        first: date = form.cleaned_data["day"]
        last: date = form.cleaned_data["until"] or first
        try:
            for ahead in range((last - first).days + 1):
                office_actions.add_closure(
                    request.office,
                    day=first + timedelta(days=ahead),
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                    at=at,
                )
        except RuleBroken as refusal:
            form.add_error("day", str(refusal))
        else:
            return done(
                request, reverse("desk:calendar", args=[office]), _("Closed on %(day)s.") % {"day": long_day(first)}
            )
    return _page(request, closure_form=form)


@require_POST
def remove_closure(request: Request, office: str, pk: int) -> HttpResponse:
    """The office works on that day after all."""
    closure = get_object_or_404(Closure, office=request.office, pk=pk)
    office_actions.remove_closure(closure, by=request.user, at=timezone.now())
    text = _("Open on %(day)s after all.") % {"day": long_day(closure.day)}
    return done(request, reverse("desk:calendar", args=[office]), text)


def holidays(office: Office, year: int) -> list[SkippedDay]:
    """The public holidays of a year that would otherwise be working days, in order."""
    plain = WorkingCalendar(office.country, office.subdivision or None)
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range(366))
    found = (plain.why_not(day) for day in days if day.year == year)
    return [skipped for skipped in found if skipped and skipped.kind == "holiday"]


def _page(
    request: Request, *, place_form: PlaceForm | None = None, closure_form: ClosureForm | None = None
) -> HttpResponse:
    at = timezone.now()
    today = request.office.local_date(at)
    current = {"country": request.office.country, "subdivision": request.office.subdivision}
    wrong = any(form is not None and form.errors for form in (place_form, closure_form))
    context = {
        "place_form": place_form or PlaceForm(initial=current),
        "closure_form": closure_form or ClosureForm(days=days_of(request.office, at)),
        "version": request.POST.get("version") or fingerprint(current),
        "today": today,
        "years": [(year, holidays(request.office, year)) for year in (today.year, today.year + 1)],
        "closures": request.office.closures.filter(day__gte=today - timedelta(days=365)),
        "countries": sorted(known_calendars()),
    }
    return show(request, "desk/settings/calendar.html", context, status=422 if wrong else 200)
