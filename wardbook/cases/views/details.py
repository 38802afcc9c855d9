"""Details of a case, each changed in place."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from wardbook.cases import actions, facts
from wardbook.cases.forms import details, standing
from wardbook.cases.forms.held import Held
from wardbook.cases.forms.tags import TagsForm
from wardbook.cases.models import Case
from wardbook.cases.views.door import case_url, changed, find_case, page_or_piece, today_of, who_was_first
from wardbook.journal.actions import as_one, gathering
from wardbook.journal.offering import undo_address
from wardbook.lib.quote import one_line
from wardbook.lib.respond import Option, done, in_dialog, options, respond, wants_piece
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.offices.middleware import Request
from wardbook.vocabulary import actions as vocabulary_actions
from wardbook.vocabulary.models import Status, Tag

Act = Callable[[Case, Any, Any, datetime], Case]


def _edit(case: Case, form: Any, by: Any, at: datetime) -> Case:
    return actions.edit(case, by=by, at=at, seen=form.seen, **form.chosen())


def _status(case: Case, form: Any, by: Any, at: datetime) -> Case:
    values = form.cleaned_data
    return actions.set_status(
        case,
        values["status"],
        by=by,
        at=at,
        review_on=values.get("review_on"),
        reason=values["reason"],
        seen=form.seen,
    )


def _priority(case: Case, form: Any, by: Any, at: datetime) -> Case:
    return actions.set_priority(case, form.cleaned_data["priority"], by=by, at=at, seen=form.seen)


def _assignment(case: Case, form: Any, by: Any, at: datetime) -> Case:
    values = form.cleaned_data
    together = form.together_now()
    with gathering() as undos:
        if together is not None:
            case = actions.co_assign(case, together, by=by, at=at)
        team = values.get("owner_team", case.owner_team)
        case = actions.assign(case, owner=values["owner"], team=team, by=by, at=at, seen=form.seen)
    as_one(undos)
    return case


def _tags(case: Case, form: Any, by: Any, at: datetime) -> Case:
    wanted, name = form.wanted()
    if name:
        wanted.append(vocabulary_actions.find_or_add_tag(case.office, name, by=by, at=at, sure=True))
    return actions.set_tags(case, wanted, by=by, at=at)


def _waiting(case: Case, form: Any, by: Any, at: datetime) -> Case:
    values = form.cleaned_data
    return actions.wait_on(case, values["waiting_on"], agency=values["waiting_agency"], by=by, at=at, seen=form.seen)


def _deadline(case: Case, form: Any, by: Any, at: datetime) -> Case:
    values = form.cleaned_data
    return actions.set_deadline(
        case, values["deadline_on"], reason=values["deadline_reason"], by=by, at=at, seen=form.seen
    )


@dataclass(frozen=True)
class Detail:
    """A line of the details: its title, its form, and the one act behind it."""

    title: str | Promise
    form: type[Held]
    act: Act = _edit
    narrows: bool = False


DETAILS: dict[str, Detail] = {
    "status": Detail(_("Status"), standing.StatusForm, _status),
    "priority": Detail(_("Priority"), standing.PriorityForm, _priority),
    "assignment": Detail(_("Who does it"), standing.AssignmentForm, _assignment),
    "tags": Detail(_("Tags"), TagsForm, _tags),
    "waiting": Detail(_("Waiting on"), standing.WaitingForm, _waiting),
    "deadline": Detail(_("Deadline"), standing.DeadlineForm, _deadline),
    "description": Detail(_("Title and details"), details.DescriptionForm),
    "kind": Detail(_("Kind"), details.KindForm),
    "opened": Detail(_("Opened"), details.OpenedForm),
    "topic": Detail(_("Policy area, category"), details.TopicForm, narrows=True),
    "type": Detail(_("Case type"), details.TypeForm, narrows=True),
    "code": Detail(_("Case code"), details.CodeForm),
    "how": Detail(_("How it came"), details.HowForm),
    "constituent": Detail(_("Constituent"), details.ConstituentForm),
    "requester": Detail(_("Raised by"), details.RequesterForm),
    "representative": Detail(_("Representative"), details.RepresentativeForm),
}


@require_http_methods(["GET", "POST"])
def detail(request: Request, office: str, number: int, name: str) -> HttpResponse:
    """One detail: its form, or after a change its new value."""
    kind = DETAILS.get(name)
    if kind is None:
        raise Http404
    at = timezone.now()
    case = find_case(request, number, at)
    today = today_of(request, at)
    if request.method == "GET" and "shown" in request.GET and wants_piece(request):
        return _value(request, case, name, at)
    narrowed = request.GET.dict() if request.method == "GET" and kind.narrows else None
    form = kind.form(
        case,
        request.member,
        request.POST if request.method == "POST" else None,
        today=today,
        initial=narrowed,
        auto_id=f"{name}-%s",
    )
    if form.is_valid():
        closing = form.cleaned_data.get("status") if name == "status" else None
        if closing is not None and closing.status_class == Status.Class.CLOSED and not case.is_closed:
            return done(request, f"{facts_url(case, 'closure')}?closing_status={closing.pk}")
        try:
            kind.act(case, form, request.user, at)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        except Stale as stale:
            return _both(request, form, stale.current, name)
        else:
            return _saved(request, find_case(request, number, at), name, at)
    context = _drawn(request, case, name) | {"form": form, "back": case_url(case), "narrows": kind.narrows}
    return page_or_piece(request, "cases/detail.html", context, "form", 422 if form.errors else 200)


def _drawn(request: Request, case: Case, name: str) -> dict[str, Any]:
    """Where and how the form is drawn: in place of the value, in the dialog, or on a page of its own."""
    mode = "dialog" if in_dialog(request) else "place" if wants_piece(request) else "page"
    line = f"case-{case.number}-{name}"
    return {
        "case": case,
        "name": name,
        "title": DETAILS[name].title,
        "form_url": facts.address(case, name),
        "mode": mode,
        "line_id": line,
        "swaps": line if mode == "place" else f"{line}-form",
        "target": line if mode == "place" else "",
    }


def facts_url(case: Case, name: str) -> str:
    from django.urls import reverse

    return reverse(f"cases:{name}", args=[case.office.slug, case.number])


def _saved(request: Request, case: Case, name: str, at: datetime) -> HttpResponse:
    undo = undo_address(request, at)
    text = _t("Saved.") if undo else _t("Nothing was changed.")
    if not wants_piece(request) or in_dialog(request):
        return done(request, case_url(case), text, undo)
    return _value(request, case, name, at, **changed(request, text=text, undo=undo))


def _value(request: Request, case: Case, name: str, at: datetime, **said: Any) -> HttpResponse:
    row = facts.row(case, request.member, name, today=today_of(request, at))
    return respond(request, "cases/detail.html", {"case": case, "row": row}, piece="value", **said)


def _both(request: Request, form: Held, current: Case, name: str) -> HttpResponse:
    """Somebody saved the same first: both versions, nothing lost (R13)."""
    current = Case.objects.for_page().get(pk=current.pk)
    theirs = form.shown(current)
    fields, keep = [], [("was", form.digest(current))]
    for column in form.columns:
        if column not in form.fields:
            continue
        sent = form.data.get(column, "")
        mine = form.cleaned_data.get(column)
        their_raw = getattr(theirs[column], "pk", theirs[column])
        their_raw = "" if their_raw in (None, False) else "on" if their_raw is True else str(their_raw)
        if form.in_words(column, mine) == form.in_words(column, theirs[column]):
            keep.append((column, str(sent)))
            continue
        fields.append(
            {
                "name": column,
                "label": form.fields[column].label,
                "mine": sent,
                "theirs": their_raw,
                "mine_words": form.in_words(column, mine),
                "theirs_words": form.in_words(column, theirs[column]),
            }
        )
    context = _drawn(request, current, name) | {
        "fields": fields,
        "keep": keep,
        "theirs_name": who_was_first(current, request.member.user_id) or _t("Somebody"),
        "action": facts.address(current, name),
        "version": current.version,
    }
    if context["mode"] != "place":
        context["line_id"] = ""
    return page_or_piece(request, "cases/both.html", context, "form", 409)


@require_GET
def tag_options(request: Request, office: str) -> HttpResponse:
    """The office's tags that begin with, or contain, what was typed."""
    typed = one_line(request.GET.get("q", ""))[:80]
    key = Tag.key_for(typed)
    tags = Tag.objects.filter(office=request.office, retired_at__isnull=True)
    if key:
        tags = tags.filter(key__contains=key)
    found = sorted(tags.order_by("name")[:200], key=lambda tag: (not tag.key.startswith(key), tag.name))[:12]
    return options(request, [Option(value=tag.pk, label=tag.name, detail=tag.description) for tag in found])
