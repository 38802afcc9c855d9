"""What people do with a campaign. Each is one act, said with Undo."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wardbook.correspondence.actions import campaigns
from wardbook.correspondence.models import Campaign, Message
from wardbook.desk.campaigns.forms import CampaignChoiceForm, DetailsForm, PositionForm, SplitForm
from wardbook.desk.campaigns.listing import members_of
from wardbook.desk.campaigns.views import find_campaign, page
from wardbook.desk.inbox.decisions import fields_of
from wardbook.desk.inbox.forms import NewCaseForm
from wardbook.desk.inbox.item import contact_of
from wardbook.journal.offering import undo_address
from wardbook.lib.ids import as_id
from wardbook.lib.respond import done, respond
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request


@require_POST
def accept(request: Request, office: str, pk: int) -> HttpResponse:
    """The group is a campaign, with a policy case."""
    found = find_campaign(request, pk)

    def act(at: datetime) -> str:
        accepted = campaigns.accept(found, by=request.user, at=at)
        case = accepted.case.reference if accepted.case else ""
        return _("Campaign made, filed on %(case)s.") % {"case": case}

    # Who wanted to answer it goes on there.
    then = reverse("desk:campaign_reply", args=[office, pk]) if request.POST.get("then") == "reply" else ""
    return _do(request, found, act, then)


@require_POST
def end(request: Request, office: str, pk: int) -> HttpResponse:
    """Nothing joins it any more."""
    found = find_campaign(request, pk)

    def act(at: datetime) -> str:
        campaigns.end(found, by=request.user, at=at)
        return _("“%(name)s” has ended.") % {"name": found.name}

    return _do(request, found, act)


@require_POST
def take_out(request: Request, office: str, pk: int, message: int) -> HttpResponse:
    """One message is no copy."""
    found = find_campaign(request, pk)
    chosen = _message(request, found, message)

    def act(at: datetime) -> str:
        campaigns.take_out(found, chosen, by=request.user, at=at)
        return _("Taken out. It lies in the Inbox by itself.")

    return _do(request, found, act)


@require_POST
def rest(request: Request, office: str, pk: int) -> HttpResponse:
    """What those who were set apart wrote is read: one of them, or all."""
    found = find_campaign(request, pk)
    named = request.POST.get("message", "")
    chosen = [_message(request, found, as_id(named) or 0)] if named else None

    def act(at: datetime) -> str:
        count = campaigns.put_with_the_rest(found, chosen, by=request.user, at=at)
        return _("%(count)d put with the rest.") % {"count": count}

    return _do(request, found, act)


@require_POST
def split(request: Request, office: str, pk: int) -> HttpResponse:
    """The chosen messages are another campaign."""
    found = find_campaign(request, pk)
    form = SplitForm(members_of(request.member, found), request.POST)
    if not form.is_valid():
        return page(request, found, status=422, split=form)
    at = timezone.now()
    try:
        new = campaigns.split(
            found, list(form.cleaned_data["message"]), name=form.cleaned_data["name"], by=request.user, at=at
        )
    except RuleBroken as refusal:
        form.add_error("message", str(refusal))
        return page(request, found, status=422, split=form)
    return done(request, _address(request, new), _("A campaign of its own."), undo_address(request, at))


@require_http_methods(["GET", "POST"])
def details(request: Request, office: str, pk: int) -> HttpResponse:
    """Rename it, say who organises it, or how alike its mails are."""
    found = find_campaign(request, pk)
    initial = {"name": found.name, "organiser": found.organiser, "threshold": found.threshold}
    form = DetailsForm(request.POST if request.method == "POST" else None, initial=initial)

    def act(at: datetime) -> str:
        campaigns.change(found, by=request.user, at=at, **form.cleaned_data)
        return _("Saved.")

    return _with_form(request, found, form, act, _("Change the campaign"), _("Save"))


@require_http_methods(["GET", "POST"])
def position(request: Request, office: str, pk: int) -> HttpResponse:
    """Record what the representative thinks."""
    found = find_campaign(request, pk)
    initial = {"position": found.position, "position_on": found.position_on}
    form = PositionForm(request, timezone.now(), request.POST if request.method == "POST" else None, initial=initial)

    def act(at: datetime) -> str:
        campaigns.change(found, by=request.user, at=at, **form.cleaned_data)
        return _("Position recorded.")

    return _with_form(request, found, form, act, _("Record a position"), _("Record"))


@require_http_methods(["GET", "POST"])
def merge(request: Request, office: str, pk: int) -> HttpResponse:
    """All of this one goes to another campaign."""
    found = find_campaign(request, pk)
    form = CampaignChoiceForm(request, request.POST if request.method == "POST" else None, without=found.pk)

    def act(at: datetime) -> str:
        into: Campaign = form.cleaned_data["campaign"]
        campaigns.merge(found, into, by=request.user, at=at)
        return _("Joined with “%(name)s”.") % {"name": into.name}

    def after() -> str:
        return _address(request, form.cleaned_data["campaign"])

    return _with_form(request, found, form, act, _("Join with another campaign"), _("Join them"), after)


@require_http_methods(["GET", "POST"])
def make_case(request: Request, office: str, pk: int, message: int) -> HttpResponse:
    """The person in this message needs help. Everything is filled in; one more press is enough."""
    found, at = find_campaign(request, pk), timezone.now()
    chosen = _message(request, found, message)
    contact = contact_of(request, chosen)
    what = " ".join((chosen.own_words or str(chosen)).split())
    form = NewCaseForm(
        request,
        at,
        request.POST if request.method == "POST" else None,
        contact=contact,
        sender=chosen.sender,
        initial={
            "what": what[:120].rpartition(" ")[0] if len(what) > 120 else what,
            "person": contact,
            "owner": request.member.user_id,
            "new_person": contact is None,
        },
    )

    def act(at: datetime) -> str:
        data = form.cleaned_data
        case = campaigns.make_case(
            found,
            chosen,
            description=data["what"],
            contact=data["person"],
            make_contact=bool(data.get("new_person")) and data["person"] is None,
            by=request.user,
            at=at,
            **fields_of(data),
        )
        return _("Case %(case)s opened.") % {"case": case.reference}

    return _with_form(request, found, form, act, _("Make a case"), _("Open case"), message=chosen, autofocus=True)


def _do(request: Request, found: Campaign, act: Callable[[datetime], str], then: str = "") -> HttpResponse:
    """Do it, and show the campaign again or `then`, saying what was done or why not."""
    at = timezone.now()
    try:
        said = act(at)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, _address(request, found))
    return done(request, then or _address(request, found), said, undo_address(request, at))


def _with_form(
    request: Request,
    found: Campaign,
    form: Any,
    act: Callable[[datetime], str],
    heading: str,
    button: str,
    after: Callable[[], str] | None = None,
    **shown: Any,
) -> HttpResponse:
    """Ask in the dialog or on a page of its own, and do it once the answers are right."""
    status, at = 200, timezone.now()
    if form.is_valid():
        try:
            said = act(at)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, after() if after else _address(request, found), said, undo_address(request, at))
    if form.errors:
        status = 422
    context = {
        "campaign": found,
        "form": form,
        "heading": heading,
        "button": button,
        "form_url": request.get_full_path(),
        "back": _address(request, found),
        "message": None,
        "autofocus": False,
        **shown,
    }
    return respond(request, "desk/campaigns/question.html", context, piece="form", status=status)


def _message(request: Request, found: Campaign, pk: int) -> Message:
    return get_object_or_404(members_of(request.member, found), pk=pk)


def _address(request: Request, found: Campaign) -> str:
    return reverse("desk:campaign", args=[request.office.slug, found.pk])
