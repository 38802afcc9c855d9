"""A call, visit or letter with somebody, written down with or without a case, and what follows (S3.4, S3.21)."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from wardbook.cases import actions as case_actions
from wardbook.cases.forms.choosing import ColleagueField, ValueField, staff_of
from wardbook.cases.models import Activity, Case
from wardbook.cases.views.entries import tell_refused
from wardbook.contacts.models import Contact
from wardbook.desk.office_days import days_of
from wardbook.desk.people.page import get_contact
from wardbook.desk.quick_log.forms import COME_BY_THEMSELVES
from wardbook.desk.quick_log.saving import activity_type, keep_files
from wardbook.desk.topics import TopicField
from wardbook.journal.offering import undo_address
from wardbook.lib.forms import CHOOSE, ChosenManyField, Combobox, DayField, FilesField
from wardbook.lib.respond import done, respond
from wardbook.lib.rules import RuleBroken
from wardbook.lib.typed import ClockField, LineField, MinutesField, TextField
from wardbook.offices.middleware import Request
from wardbook.vocabulary.models import ActivityType, ContactType, Tag

FOLLOW_UP_AFTER = timedelta(days=7)


class CallForm(forms.Form):
    """One interaction with one person, and what follows from it."""

    how = forms.ModelChoiceField(
        ContactType.objects.none(),
        label=_("How?"),
        empty_label=None,
        widget=forms.RadioSelect(attrs={"class": "choices--row"}),
        error_messages=CHOOSE | {"required": _("Choose how it came or went.")},
    )
    direction = forms.ChoiceField(
        label=_("Who began?"),
        choices=[(Activity.Direction.IN, _("They did")), (Activity.Direction.OUT, _("We did"))],
        initial=Activity.Direction.IN,
        widget=forms.RadioSelect(attrs={"class": "choices--row"}),
        error_messages=CHOOSE,
    )
    subject = LineField(
        longest=200,
        label=_("What was it about?"),
        widget=forms.TextInput(attrs={"data-count": 140, "autocomplete": "off", "autofocus": True}),
        error_messages={"required": _("Say in a few words what it was about.")},
    )
    outcome = LineField(longest=300, label=_("What came of it?"), required=False)
    details = TextField(longest=20_000, label=_("Details"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    case = forms.ModelChoiceField(
        Case.objects.none(), label=_("On a case"), required=False, empty_label=_("On none"), error_messages=CHOOSE
    )
    next_on = DayField(label=_("Follow-up on"), required=False)
    next_step = LineField(longest=200, label=_("What to do then"), required=False)
    next_type = ValueField(ActivityType, label=_("Kind of step"), empty_label=_("Follow-up"))
    next_who = ColleagueField(label=_("Who does it"), empty_label=_("Nobody yet"))
    on = DayField(label=_("Day"), required=False, chips=[("today", _("Today")), ("yesterday", _("Yesterday"))])
    clock = ClockField(required=False, widget=forms.TextInput(attrs={"class": "input--short", "autocomplete": "off"}))
    minutes = MinutesField(required=False)
    place = LineField(longest=160, label=_("Where"), required=False, help_text=_("“At the Annual Gala”"))
    written_on = DayField(label=_("Date on the letter"), required=False, chips=())
    topic = TopicField()
    tags = ChosenManyField(Tag.objects.none(), label=_("Tags"), required=False)
    uploads = FilesField(label=_("Files, scans and pictures"), required=False, allow_empty_file=True)

    def __init__(self, request: Request, contact: Contact, at: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office = request.office
        self.office, self.at, self.day = office, at, days_of(office, at)
        fields: dict[str, Any] = dict(self.fields)
        types = ContactType.objects.filter(office=office, retired_at__isnull=True)
        fields["how"].queryset = types.exclude(code__in=COME_BY_THEMSELVES)
        fields["tags"].queryset = Tag.objects.filter(office=office, retired_at__isnull=True)
        fields["tags"].widget = Combobox(multiple=True, url=reverse("cases:tag_options", args=[office.slug]))
        fields["topic"].of(office)
        fields["next_type"].offer(office)
        fields["next_who"].offer(staff_of(office), request.member)
        cases = Case.objects.visible_to(request.member).open().filter(constituent=contact)
        fields["case"].queryset = (
            cases.order_by("-last_activity_at") if request.member.can("cases.write") else cases.none()
        )
        fields["case"].label_from_instance = lambda case: f"{case.reference} {case.description}"
        for field in fields.values():
            if isinstance(field, DayField):
                field.anchor(**self.day)

    def clean_next_on(self) -> Any:
        day = self.cleaned_data["next_on"]
        if day and day < self.day["today"]:
            raise forms.ValidationError(_t("A follow-up cannot lie in the past."))
        return day

    def clean_written_on(self) -> Any:
        day = self.cleaned_data["written_on"]
        if day and day > self.day["today"]:
            raise forms.ValidationError(_t("This day has not come yet."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors.keys() & {"on", "clock"}:
            data["happened_at"] = self._moment(data.get("on"), data.get("clock"))
            if data["happened_at"] > self.at:
                self.add_error(
                    "on" if data.get("on") else "clock", _t("Something that was done cannot lie in the future.")
                )
        return data

    def _moment(self, on: Any, clock: time | None) -> datetime:
        if on in (None, self.day["today"]) and clock is None:
            return self.at
        day = on or self.day["today"]
        return datetime.combine(day, clock or time(12), tzinfo=self.office.zone)

    def follow_up(self) -> case_actions.FollowUp | None:
        """What follows, if a day or a step was typed; a step without a day is for in a week (S3.21)."""
        data = self.cleaned_data
        if not data["next_on"] and not data["next_step"]:
            return None
        due_on = data["next_on"] or self.day["today"] + FOLLOW_UP_AFTER
        return case_actions.FollowUp(
            data["next_step"] or data["subject"], due_on, data["next_who"], data["next_type"]
        )


@require_http_methods(["GET", "POST"])
def log(request: Request, office: str, pk: int) -> HttpResponse:
    """Write down a call, visit or letter with this person; with a follow-up in the same save."""
    at = timezone.now()
    contact = get_contact(request, pk)
    initial = {"how": _phone(request), "next_who": request.user.pk if request.member.can("cases.own") else None}
    if request.method == "GET":
        form = CallForm(request, contact, at, initial=initial)
    else:
        form = CallForm(request, contact, at, request.POST, request.FILES, initial=initial)
        if form.is_valid():
            try:
                refused = _save(request, contact, form, at)
            except RuleBroken as refusal:
                form.add_error(None, str(refusal))
            else:
                tell_refused(request, refused)
                url = reverse("contacts:contact", args=[office, pk]) + "?tab=timeline"
                return done(request, url, _t("Recorded."), undo=undo_address(request, at))
    ctx = {
        "contact": contact,
        "form": form,
        "action": reverse("contacts:log", args=[office, pk]),
        "back_url": reverse("contacts:contact", args=[office, pk]),
        "is_more_open": any(form[name].errors for name in MORE),
    }
    return respond(request, "people/log.html", ctx, piece="form", status=422 if form.errors else 200)


MORE = ("on", "clock", "minutes", "place", "written_on", "topic", "tags", "uploads")


def _save(request: Request, contact: Contact, form: CallForm, at: datetime) -> list[tuple[str, str]]:
    data = form.cleaned_data
    activity = case_actions.log_activity(
        request.office,
        type=activity_type(request.office, data["how"].code),
        contact_type=data["how"],
        subject=data["subject"],
        details=data["details"],
        outcome=data["outcome"],
        contact=contact,
        case=data["case"],
        direction=data["direction"],
        happened_at=data["happened_at"],
        minutes=data["minutes"],
        place=data["place"],
        written_on=data["written_on"],
        policy_area=data["topic"].policy_area,
        category=data["topic"].category,
        tags=data["tags"],
        informs_constituent=data["direction"] == Activity.Direction.OUT,
        follow_up=form.follow_up(),
        by=request.user,
        at=at,
    )
    return keep_files(activity, data["uploads"], request, at)


def _phone(request: Request) -> int | None:
    types = ContactType.objects.filter(office=request.office, retired_at__isnull=True, code="phone")
    return types.values_list("pk", flat=True).first()
