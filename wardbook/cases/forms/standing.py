"""Where a case stands: status, priority, who has it, whom it waits for, what must be done by when."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wardbook.cases.forms.choosing import ColleagueField, ContactField, ManyField, ValueField, staff_of
from wardbook.cases.forms.held import Held
from wardbook.cases.models import Case, CaseAccess, CoAssignment, Priority, WaitingOn
from wardbook.lib.forms import CHOOSE, DayField
from wardbook.lib.ids import ids_among
from wardbook.lib.typed import LineField
from wardbook.offices.models import Team
from wardbook.vocabulary.models import Status


class StatusForm(Held):
    columns = ("status", "review_on")
    status = ValueField(
        Status, label=_("Status"), required=True, empty_label=None, error_messages={"required": _("Choose a status.")}
    )
    review_on = DayField(
        label=_("Look at it again on"),
        required=False,
        chips=[("+1w", _("Next week")), ("+2w", _("In 2 weeks")), ("+1m", _("In a month"))],
        help_text=_("For On-Hold: the case comes back on this day. Left empty: in 14 days."),
    )
    reason = LineField(
        longest=300, label=_("Why"), required=False, help_text=_("One line. It becomes a note for the office.")
    )

    def build(self) -> None:
        field: Any = self.fields["status"]
        field.offer(self.office, self.case.status_id)
        if not field.queryset.filter(status_class=Status.Class.PAUSED).exists():
            del self.fields["review_on"]

    def clean_review_on(self) -> Any:
        day = self.cleaned_data.get("review_on")
        if day and day < self.today and day != self.case.review_on:
            raise forms.ValidationError(_t("Choose a day that is still to come."))
        return day


class PriorityForm(Held):
    columns = ("priority",)
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        choices=Priority.choices,
        coerce=int,
        widget=forms.RadioSelect(attrs={"class": "choices choices--row"}),
        error_messages={
            "required": _("Choose None, Low, Medium or High."),
            "invalid_choice": _("Choose None, Low, Medium or High."),
        },
    )


class AssignmentForm(Held):
    columns = ("owner", "owner_team")
    owner = ColleagueField(label=_("Who does it"), empty_label=_("Nobody"))
    owner_team = forms.ModelChoiceField(
        Team.objects.none(),
        label=_("Team"),
        required=False,
        empty_label=_("No team"),
        error_messages=CHOOSE,
    )
    together = ManyField(label=_("Working on it too"), required=False, widget=forms.CheckboxSelectMultiple)
    # Who worked on it too when the form was drawn: only what the person changed is changed.
    before = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    def build(self) -> None:
        people = can_be_given(self.case)
        owner: Any = self.fields["owner"]
        owner.offer(people | staff_of(self.office).filter(owned_cases=self.case), self.member)
        teams: Any = self.fields["owner_team"]
        teams.queryset = Team.objects.filter(
            Q(retired_at__isnull=True) | Q(pk=self.case.owner_team_id or 0), office=self.office
        )
        together: Any = self.fields["together"]
        now = set(CoAssignment.objects.filter(case=self.case).values_list("user_id", flat=True))
        together.queryset = (people | staff_of(self.office).filter(pk__in=now)).exclude(pk=self.case.owner_id)
        self.initial["together"], self.initial["before"] = sorted(now), ",".join(map(str, sorted(now)))
        if not together.queryset.exists():
            del self.fields["together"]
        if not teams.queryset.exists():
            del self.fields["owner_team"]

    def together_now(self) -> list[Any] | None:
        """Who works on it from now on: what the person ticked and unticked, on what is so meanwhile."""
        if "together" not in self.fields:
            return None
        before = set(ids_among(self.cleaned_data["before"].split(",")))
        ticked = {user.pk for user in self.cleaned_data["together"]}
        now = set(CoAssignment.objects.filter(case=self.case).values_list("user_id", flat=True))
        wanted = (now - (before - ticked)) | (ticked - before)
        field: Any = self.fields["together"]
        return list(field.queryset.model.objects.filter(pk__in=wanted))


class WaitingForm(Held):
    columns = ("waiting_on", "waiting_agency")
    waiting_on = forms.ChoiceField(
        label=_("Who must act next"),
        choices=[("", _("Not said")), *WaitingOn.choices],
        required=False,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    waiting_agency = ContactField(label=_("Which agency"), help_text=_("Only when an agency must act."))

    def build(self) -> None:
        field: Any = self.fields["waiting_agency"]
        field.offer(self.member, self.case.waiting_agency)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("waiting_on") != WaitingOn.AGENCY:
            values["waiting_agency"] = None
        return values


class DeadlineForm(Held):
    columns = ("deadline_on", "deadline_reason")
    deadline_on = DayField(
        label=_("Must be done by"),
        required=False,
        help_text=_("An eviction, a hearing, a removal: the day after which it is too late. Empty for none."),
    )
    deadline_reason = LineField(longest=120, label=_("What happens then"), required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("deadline_reason") and not values.get("deadline_on") and "deadline_on" not in self.errors:
            self.add_error("deadline_on", _t("Enter the day, like Friday, 6/6 or +10wd."))
        return values


def can_be_given(case: Case) -> Any:
    """The people a case may be given to: staff who are not kept out; of a restricted case, who is let in (S1.21)."""
    people = staff_of(case.office)
    access = CaseAccess.objects.filter(case=case)
    people = people.exclude(pk__in=access.filter(grant=CaseAccess.Grant.KEPT_OUT).values("user_id"))
    if case.is_restricted:
        from wardbook.cases.readers import who_can_see

        people = people.filter(pk__in=[member.user_id for member in who_can_see(case)])
    return people
