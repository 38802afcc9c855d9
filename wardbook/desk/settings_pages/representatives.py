"""Whom the office serves."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_http_methods

from wardbook.desk.fields import ColleagueField, LineField
from wardbook.desk.office_days import days_of
from wardbook.desk.settings_pages.frame import fingerprint, keep, show
from wardbook.lib.forms import DayField
from wardbook.lib.respond import done
from wardbook.lib.rules import RuleBroken
from wardbook.offices import actions as office_actions
from wardbook.offices.middleware import Request
from wardbook.offices.models import Membership, Representative


class RepresentativeForm(forms.Form):
    """Name, title, sign-in; for somebody known also until when they served."""

    name = LineField(label=_later("Name"), max_length=120, missing=_later("Enter a name."))
    title = LineField(
        label=_later("Title"),
        max_length=120,
        required=False,
        help_text=_later("As in letters: Member of Parliament for Glanmor, Councillor for Riverside."),
    )
    user = ColleagueField(
        label=_later("Signs in as"),
        required=False,
        empty_label=_later("Does not sign in"),
        help_text=_later("Invite them under People first."),
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.fields["user"]
        assert isinstance(user, ColleagueField)
        people = Membership.objects.active().filter(office_id=member.office_id).select_related("user")
        user.queryset = people.order_by("user__name")

    def cleaned(self) -> dict[str, Any]:
        """What the actions take: the sign-in as a person."""
        user = self.cleaned_data["user"]
        return {**self.cleaned_data, "user": user.user if user else None}


class ServingForm(RepresentativeForm):
    """The same, with the day on which somebody stopped serving."""

    ended_on = DayField(
        label=_later("Served until"), required=False, chips=[], help_text=_later("Empty while they serve.")
    )

    def __init__(self, *args: Any, days: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ended_on"]
        assert isinstance(field, DayField)
        field.anchor(**days)


@require_http_methods(["GET", "POST"])
def representatives_page(request: Request, office: str) -> HttpResponse:
    """All of them; POST adds one."""
    form = RepresentativeForm(request.POST if request.method == "POST" else None, member=request.member)
    if form.is_valid():
        try:
            one = office_actions.add_representative(
                request.office, **form.cleaned(), by=request.user, at=timezone.now()
            )
        except RuleBroken as refusal:
            form.add_error("name", str(refusal))
        else:
            text = _("%(name)s is added.") % {"name": one.name}
            return done(request, reverse("desk:representatives", args=[office]), text)
    context = {"form": form, "representatives": request.office.representatives.select_related("user")}
    return show(request, "desk/settings/representatives.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def representative_page(request: Request, office: str, pk: int) -> HttpResponse:
    """One of them; POST changes."""
    one = get_object_or_404(Representative, office=request.office, pk=pk)
    at = timezone.now()
    current = {"name": one.name, "title": one.title, "user": one.user_id, "ended_on": one.ended_on}
    form = ServingForm(
        request.POST if request.method == "POST" else None,
        member=request.member,
        days=days_of(request.office, at),
        initial=current,
    )

    def act() -> None:
        office_actions.change_representative(one, **form.cleaned(), by=request.user, at=at)

    answer = keep(
        request,
        form,
        current,
        one,
        act,
        page=reverse("desk:representatives", args=[office]),
        wrong="name",
    )
    if answer is not None:
        return answer
    version = request.POST.get("version") or fingerprint(current)
    context = {"form": form, "one": one, "version": version}
    return show(request, "desk/settings/representative.html", context, status=422 if form.errors else 200)
