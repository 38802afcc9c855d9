"""One answer to many: choose the text, check who gets what, send, watch, stop."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wardbook.correspondence import audience, filling, writing
from wardbook.correspondence.actions import bulk
from wardbook.correspondence.audience import LeftOut, Person
from wardbook.correspondence.models import BulkReply, Campaign
from wardbook.desk.campaigns.forms import ReplyForm, templates_of
from wardbook.desk.campaigns.listing import PAGE, people_in, progress_of
from wardbook.desk.campaigns.views import find_campaign
from wardbook.journal.offering import undo_address
from wardbook.lib.ids import as_id
from wardbook.lib.respond import done, respond, wants_piece
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request
from wardbook.offices.models import Membership

SAMPLES = 3
MOST_LISTED = 500


@require_http_methods(["GET", "POST"])
def reply(request: Request, office: str, pk: int) -> HttpResponse:
    """Write it; see who gets it, three samples, and who is left out and why; try it on oneself; send it."""
    found, at = find_campaign(request, pk), timezone.now()
    if request.method != "POST":
        if not found.is_accepted or found.ended_at is not None:
            return _not_yet(request, found)
        return _form_page(request, found, ReplyForm(request, initial=_first(request, found)), at)
    form = ReplyForm(request, request.POST)
    if not form.is_valid():
        return _form_page(request, found, form, at, status=422)
    data, step = form.cleaned_data, request.POST.get("step", "check")
    by_hand = _by_hand(request)
    try:
        bulk.refuse(found, data["identity"], request.user)
        if step == "send":
            return _send(request, found, data, by_hand, at)
        people = _people(found, data, by_hand, at, request.member)
        sample = next((one for one in people if one.left_out == LeftOut.NO), None)
        if step == "test" and sample is not None:
            bulk.test(
                found,
                sample,
                identity=data["identity"],
                subject=data["subject"],
                body=data["body"],
                by=request.user,
                at=at,
            )
            messages.success(request, _("A test is on its way to %(address)s.") % {"address": request.user.email})
    except RuleBroken as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, found, form, at, status=422)
    return _form_page(request, found, form, at, people=people, by_hand=by_hand)


@require_GET
def answer(request: Request, office: str, pk: int) -> HttpResponse:
    """How far an answer is, and exactly who got it, who did not, and why."""
    found = _find(request, pk)
    at, here = timezone.now(), reverse("desk:campaign_answer", args=[office, pk])
    progress = progress_of(found)
    show = request.GET.get("show", "")
    rows = people_in(found, show)
    if (after := as_id(request.GET.get("after", ""))) is not None:
        rows = rows.filter(pk__gt=after)
    shown = list(rows[: PAGE + 1])
    going_on = found.state in bulk.UNDER_WAY
    context = {
        "bulk": found,
        "campaign": found.campaign,
        "progress": progress,
        "words": _progress_words(found, progress, at),
        "poll_url": here if going_on else "",
        "may_stop": going_on and request.member.can("campaigns.write"),
        "tabs": _tabs(here, show, progress),
        "rows": shown[:PAGE],
        "more": f"?show={show}&after={shown[PAGE - 1].pk}" if len(shown) > PAGE else "",
    }
    answer = respond(request, "desk/campaigns/answer.html", context, piece="progress")
    if wants_piece(request) and not going_on:
        # It is over: the page that watched it lists who got it as it ended.
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def stop(request: Request, office: str, pk: int) -> HttpResponse:
    """Nothing more of it goes out."""
    found = _find(request, pk)
    here = reverse("desk:campaign_answer", args=[office, pk])
    try:
        gone = bulk.stop(found, by=request.user, at=timezone.now())
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, here)
    words = ngettext("Stopped. %(count)d had gone out.", "Stopped. %(count)d had gone out.", gone)
    return done(request, here, words % {"count": gone})


def _not_yet(request: Request, found: Campaign) -> HttpResponse:
    """What has to be done before this can be answered, in place of the form."""
    back = reverse("desk:campaign", args=[request.office.slug, found.pk])
    context = {"campaign": found, "back": back, "may_write": request.member.can("campaigns.write")}
    return respond(request, "desk/campaigns/not_yet.html", context)


def _send(
    request: Request, found: Campaign, data: dict[str, Any], by_hand: frozenset[str], at: datetime
) -> HttpResponse:
    written = bulk.write(
        found,
        identity=data["identity"],
        subject=data["subject"],
        body=data["body"],
        template=data["template"],
        leaves=_leaves(data),
        by_hand=by_hand,
        only_again=data["again"],
        seen=data["seen"],
        by=request.user,
        at=at,
    )
    where = reverse("desk:campaign_answer", args=[request.office.slug, written.pk])
    return done(request, where, _("It starts in 60 seconds."), undo_address(request, at))


def _find(request: Request, pk: int) -> BulkReply:
    found = BulkReply.objects.visible_to(request.member).select_related("campaign__case", "by", "identity")
    return get_object_or_404(found, pk=pk)


def _first(request: Request, found: Campaign) -> dict[str, Any]:
    """What stands in the form at first: the chosen template's words, with its tokens."""
    named = as_id(request.GET.get("template", ""))
    template = templates_of(request).filter(pk=named).first() if named is not None else None
    return {
        "subject": (template.subject if template else "") or writing.answer_to(found.name)[:200],
        "body": template.body if template else "",
        "template": template.pk if template else None,
        "without_outside": request.GET.get("leave") == "outside",
        "again": request.GET.get("to") == "again",
        "seen": found.version,
    }


def _leaves(data: dict[str, Any]) -> frozenset[str]:
    reasons = set() if data["with_own_words"] else {LeftOut.OWN_WORDS}
    return frozenset(reasons | ({LeftOut.OUT_OF_AREA} if data["without_outside"] else set()))


def _people(
    found: Campaign, data: dict[str, Any], by_hand: frozenset[str], at: datetime, me: Membership
) -> list[Person]:
    people = audience.people_of(found, leaves=_leaves(data), by_hand=by_hand, only_again=data["again"])
    bulk.words(data["subject"], data["body"])
    audience.leave_out_gaps(people, found, f"{data['subject']}\n{data['body']}", at, me=me)
    return people


def _by_hand(request: Request) -> frozenset[str]:
    """Those whose box is no longer ticked, among those who were listed."""
    listed = {writing.address_key(one) for one in request.POST.getlist("listed")[:MOST_LISTED]}
    kept = {writing.address_key(one) for one in request.POST.getlist("gets")[:MOST_LISTED]}
    return frozenset(listed - kept)


def _form_page(
    request: Request,
    found: Campaign,
    form: ReplyForm,
    at: datetime,
    *,
    people: list[Person] | None = None,
    by_hand: frozenset[str] = frozenset(),
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "campaign": found,
        "form": form,
        "templates": list(templates_of(request)[:30]),
        "chosen": str(form["template"].value() or ""),
        "query": "".join(f"&{name}={request.GET[name][:20]}" for name in ("to", "leave") if name in request.GET),
        "checked": None,
        "only_again": (form.cleaned_data if form.is_bound else form.initial).get("again"),
        "back": reverse("desk:campaign", args=[request.office.slug, found.pk]),
        "here": reverse("desk:campaign_reply", args=[request.office.slug, found.pk]),
    }
    if people is None and (context["chosen"] or not context["templates"]):
        # The words stand there to be read or written; Ctrl+Enter goes on from them.
        form.fields["body"].widget.attrs["data-autofocus"] = True
    if people is not None:
        context["checked"] = _checked(found, form, people, by_hand, at, request)
    return respond(request, "desk/campaigns/reply.html", context, status=status)


def _checked(
    found: Campaign, form: ReplyForm, people: list[Person], by_hand: frozenset[str], at: datetime, request: Request
) -> dict[str, Any]:
    getting = [one for one in people if one.left_out == LeftOut.NO]
    left: dict[str, list[Person]] = {}
    for one in people:
        if one.left_out:
            left.setdefault(one.left_out, []).append(one)

    def reason_of(why: str, first: Person) -> str:
        label = str(LeftOut(why).label)
        if why != LeftOut.NO_VALUE:
            return label
        words = f"{form.cleaned_data['subject']}\n{form.cleaned_data['body']}"
        missing = filling.fill(words, audience.facts_of(first, found, at, me=request.member)).missing
        return f"{label} ({', '.join(f'{{{token}}}' for token in missing)})"

    step = max(len(getting) // SAMPLES, 1)
    samples = []
    for one in getting[: step * SAMPLES : step][:SAMPLES]:
        facts = audience.facts_of(one, found, at, me=request.member)
        samples.append(
            {
                "person": one,
                "subject": filling.fill(form.cleaned_data["subject"], facts).text,
                "body": filling.fill(form.cleaned_data["body"], facts).text,
            }
        )
    boxes = [
        {"person": one, "gets": one.left_out == LeftOut.NO}
        for one in people
        if one.left_out in (LeftOut.NO, LeftOut.BY_HAND)
    ]
    words = ngettext("Send to %(count)d person", "Send to all %(count)d", len(getting)) % {"count": len(getting)}
    return {
        "getting": len(getting),
        "send_words": words,
        "left": [
            {"reason": reason_of(why, who[0]), "people": who[:50], "count": len(who)} for why, who in left.items()
        ],
        "left_count": len(people) - len(getting),
        "samples": samples,
        "boxes": boxes if len(boxes) <= MOST_LISTED else [],
    }


def _progress_words(found: BulkReply, progress: dict[str, int], at: datetime) -> str:
    counts = {"sent": progress["gone"], "all": progress["all"]}
    if found.state == BulkReply.State.HELD:
        seconds = max(int((found.starts_at - at).total_seconds()), 0)
        return _("Starts in %(seconds)d seconds, to %(all)d people.") % {"seconds": seconds, "all": counts["all"]}
    if found.state == BulkReply.State.STOPPED:
        return _("Stopped. Sent %(sent)d of %(all)d.") % counts
    return _("Sent %(sent)d of %(all)d.") % counts


def _tabs(here: str, show: str, progress: dict[str, int]) -> list[dict[str, Any]]:
    kinds = [
        ("", _("All"), progress["all"] + progress["left_out"]),
        ("sent", _("Got it"), progress["sent"]),
        ("here", _("Waiting to go out"), progress["here"] + progress["unwritten"]),
        ("uncertain", _("Perhaps sent"), progress["uncertain"]),
        ("bounced", _("Came back"), progress["bounced"]),
        ("not", _("Did not get it"), progress["failed"] + progress["stopped"]),
        ("left", _("Left out"), progress["left_out"]),
    ]
    return [
        {"label": label, "url": here + (f"?show={kind}" if kind else ""), "count": count, "current": kind == show}
        for kind, label, count in kinds
        if count or kind in ("", show)
    ]
