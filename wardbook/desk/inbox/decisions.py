"""The decisions on an item of the Inbox. Each is one act, says what it did with Undo, and shows the next item."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wardbook.cases import actions as case_actions
from wardbook.cases.models import Case
from wardbook.correspondence import senders, threading
from wardbook.correspondence.actions import by_hand, filing, forwarding
from wardbook.correspondence.models import Message
from wardbook.desk.inbox.forms import AssignmentForm, CaseChoiceForm, DismissalForm, LaterForm, NewCaseForm
from wardbook.desk.inbox.item import contact_of
from wardbook.desk.inbox.listing import Shown, following
from wardbook.desk.inbox.views import find_message
from wardbook.journal.actions import as_one, gathering
from wardbook.journal.offering import undo_address
from wardbook.lib.days import long_day
from wardbook.lib.respond import done, respond
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request


@require_http_methods(["GET", "POST"])
def file(request: Request, office: str, pk: int) -> HttpResponse:
    """Put it on a case: the one we suggest, or one that is chosen."""
    message = find_message(request, pk)
    form = CaseChoiceForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        case: Case = form.cleaned_data["case"]

        def act(at: datetime) -> str:
            # Only who saw it on a case moves it: a decision in the Inbox comes too late if a colleague was first.
            put = filing.move_to_case if "moves" in request.POST else filing.file_on_case
            # Whose mail was forwarded is a guess until a person has read it and decides.
            writer = (
                {"contact": contact_of(request, message)} if message.forwarded and put is filing.file_on_case else {}
            )
            put(message, case, by=request.user, at=at, **writer)
            return _("Added to %(case)s.") % {"case": case.reference}

        return _decide(request, message, act) or _ask(request, message, "file", form, 409)
    return _ask(request, message, "file", form, 422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def new_case(request: Request, office: str, pk: int) -> HttpResponse:
    """Make it a case. Everything is filled in from the mail; one more press is enough."""
    return _case_from(request, find_message(request, pk), is_second=False)


@require_http_methods(["GET", "POST"])
def split(request: Request, office: str, pk: int) -> HttpResponse:
    """A second matter in the same mail becomes a case of its own (E9)."""
    return _case_from(request, find_message(request, pk), is_second=True)


@require_POST
def dismiss(request: Request, office: str, pk: int) -> HttpResponse:
    """No answer is needed."""
    message = find_message(request, pk)
    form = DismissalForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return done(request, _item(request, message))
    reason = form.cleaned_data["reason"]

    def act(at: datetime) -> str:
        filing.dismiss(message, reason=reason, by=request.user, at=at)
        return _("“%(subject)s”: %(reason)s.") % {
            "subject": str(message),
            "reason": Message.DismissalReason(reason).label.lower(),
        }

    return _decide(request, message, act) or done(request, _item(request, message))


@require_http_methods(["GET", "POST"])
def later(request: Request, office: str, pk: int) -> HttpResponse:
    """Show it again on a day."""
    message, at = find_message(request, pk), timezone.now()
    form = LaterForm(request, at, request.POST if request.method == "POST" else None)
    if form.is_valid():
        until = form.cleaned_data["to"]

        def act(at: datetime) -> str:
            filing.put_off(message, until=until, by=request.user, at=at)
            return _("It comes back on %(day)s.") % {"day": long_day(until)}

        return _decide(request, message, act) or _ask(request, message, "later", form, 409)
    return _ask(request, message, "later", form, 422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def assign(request: Request, office: str, pk: int) -> HttpResponse:
    """Give it to a colleague, who decides. The item stays on the screen."""
    message = find_message(request, pk)
    given = request.POST if request.method == "POST" else None
    form = AssignmentForm(request, given, initial={"to": message.assignee_id})
    if form.is_valid():
        to = form.cleaned_data["to"]

        def act(at: datetime) -> str:
            filing.assign(message, to=to, by=request.user, at=at)
            return _("Given to %(name)s.") % {"name": to} if to else _("Given to nobody.")

        return _decide(request, message, act) or _ask(request, message, "assign", form, 409)
    return _ask(request, message, "assign", form, 422 if form.errors else 200)


@require_POST
def back_to_inbox(request: Request, office: str, pk: int) -> HttpResponse:
    """What was filed or dismissed lies in the Inbox again."""
    message, at = find_message(request, pk), timezone.now()
    try:
        stopped = forwarding.return_to_inbox(message, by=request.user, at=at)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, reverse("desk:inbox", args=[office]))
    said = _("It is in the Inbox again, and is not forwarded.") if stopped else _("It is in the Inbox again.")
    return done(request, _item(request, message), said, undo_address(request, at))


def _case_from(request: Request, message: Message, *, is_second: bool) -> HttpResponse:
    """Ask what the case is about, then open it. `is_second`: a message that waits brings two cases at once, one that
    is filed brings the second."""
    at, contact = timezone.now(), contact_of(request, message)
    is_waiting = message.state == Message.State.WAITING
    what = threading.base_subject(message.subject if message.is_by_hand else str(message))[:200] if is_waiting else ""
    form = NewCaseForm(
        request,
        at,
        request.POST if request.method == "POST" else None,
        contact=contact,
        sender=_introduced_as(message),
        asks_second=is_second and is_waiting,
        initial={"what": what, "person": contact, "owner": request.member.user_id, "new_person": contact is None},
    )
    kind = "split" if is_second else "new_case"
    if not form.is_valid():
        return _ask(request, message, kind, form, 422 if form.errors else 200)

    @transaction.atomic
    def act(at: datetime) -> str:
        data = form.cleaned_data
        fields = fields_of(data)
        who: dict[str, Any] = {"by": request.user, "at": at}
        if not is_waiting:
            case = filing.split(message, description=data["what"], constituent=data["person"], **who, **fields)
            return _("Case %(case)s opened.") % {"case": case.reference}
        makes = bool(data.get("new_person") or data.get("new_name")) and data["person"] is None
        if makes and data.get("new_name"):
            by_hand.name_sender(message, data["new_name"], **who)
        with gathering() as undos:
            case = filing.open_case_from(
                message, description=data["what"], contact=data["person"], make_contact=makes, **who, **fields
            )
            if not is_second:
                return _("Case %(case)s opened.") % {"case": case.reference}
            second = filing.split(message, description=data["second"], **who)
        as_one(undos)
        names = {"case": case.reference, "second": second.reference}
        return _("Cases %(case)s and %(second)s opened.") % names

    return _decide(request, message, act, form=form) or _ask(request, message, kind, form, 422)


def _introduced_as(message: Message) -> str:
    """Who would be made known with the case; "" where the message does not say who wrote it."""
    writer = senders.writer_of(message)
    if message.medium == Message.Medium.EMAIL:
        return f"{writer.name} <{writer.address}>" if writer.name else writer.address
    return writer.name or writer.address


def fields_of(data: dict[str, Any]) -> dict[str, Any]:
    """What was chosen for the new case, as opening it takes it."""
    fields: dict[str, Any] = {
        "owner": data["owner"],
        "policy_area": data["topic"].policy_area,
        "category": data["topic"].category,
        "case_type": data["case_type"],
    }
    if data["follow_up_on"]:
        subject = _("Follow up: %(what)s") % {"what": data["what"]}
        fields["follow_up"] = case_actions.FollowUp(subject[:200], data["follow_up_on"], data["owner"])
    return fields


def _decide(
    request: Request, message: Message, act: Callable[[datetime], str], form: Any = None
) -> HttpResponse | None:
    """Do it, say it, and show the next item. None when a form should show why it was refused."""
    at = timezone.now()
    shown = Shown.read(request)
    after = None if "moves" in request.POST else following(request.member, shown, message, at)
    try:
        said = act(at)
    except RuleBroken as refusal:
        if form is not None:
            form.add_error(None, str(refusal))
            return None
        # Somebody else was first: say so and move on.
        messages.error(request, str(refusal))
        return done(request, _next(request, shown, after))
    return done(request, _next(request, shown, after), said, undo_address(request, at))


def _next(request: Request, shown: Shown, after: int | None) -> str:
    slug = request.office.slug
    if after is None:
        return reverse("desk:inbox", args=[slug]) + shown.query()
    return reverse("desk:inbox_item", args=[slug, after]) + shown.query()


def _item(request: Request, message: Message) -> str:
    return reverse("desk:inbox_item", args=[request.office.slug, message.pk]) + Shown.read(request).query()


HEADINGS: dict[str, Callable[[], str]] = {
    "file": lambda: _("Add to a case"),
    "new_case": lambda: _("New case"),
    "split": lambda: _("Two matters in one mail"),
    "later": lambda: _("Later"),
    "assign": lambda: _("Give it to somebody"),
}
BUTTONS: dict[str, Callable[[], str]] = {
    "file": lambda: _("Add to this case"),
    "new_case": lambda: _("Open case"),
    "split": lambda: _("Open case"),
    "later": lambda: _("Show it again then"),
    "assign": lambda: _("Give it"),
}


def _ask(request: Request, message: Message, kind: str, form: Any, status: int) -> HttpResponse:
    """The question as a page of its own, or in the dialog."""
    context = {
        "form": form,
        "message": message,
        "heading": HEADINGS[kind](),
        "button": BUTTONS[kind](),
        "form_url": request.get_full_path(),
        "back": _item(request, message),
        "kind": kind,
    }
    return respond(request, "desk/inbox/question.html", context, piece="form", status=status)
