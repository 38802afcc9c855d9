"""What people are in the middle of: drafts kept while they type, and who else is here."""

import json
import re
from datetime import timedelta
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from wardbook.cases import actions
from wardbook.cases.models import Activity, Case, CaseNote, CaseVisit, Draft, InternalNote
from wardbook.cases.views.door import case_url
from wardbook.cases.views.entries import moment
from wardbook.journal.middleware import repeatable
from wardbook.lib.respond import respond
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.offices.middleware import Request

LARGEST = 100_000
MOST_FIELDS = 60
HERE_FOR = timedelta(seconds=40)
WRITING_FOR = timedelta(seconds=60)
_OF_CASE = re.compile(r"case-(\d{1,9})-[a-z-]{1,30}")
# What was ticked before a message goes counts for that one press: it is asked again.
_NEVER_KEPT = frozenset({"operation", "csrfmiddlewaretoken", "seen", "version", "was", "confirmed"})


@repeatable
@require_http_methods(["GET", "PUT", "DELETE"])
def draft(request: Request, office: str, scope: str) -> HttpResponse:
    """Keep, read or throw away what somebody is typing (ux P8)."""
    at, case = timezone.now(), _case_of(request, scope)
    if request.method == "DELETE":
        actions.discard_draft(request.office, scope=scope, by=request.member.user)
        return HttpResponse(status=204)
    if request.method == "GET":
        known = Draft.objects.visible_to(request.member).filter(scope=scope).first()
        return JsonResponse(_as_json(known)) if known else HttpResponse(status=204)
    body, seen = _sent(request)
    if body is None:
        return JsonResponse({"error": _("This draft could not be read.")}, status=400)
    try:
        kept = actions.keep_draft(
            request.office, scope=scope, body=body, case=case, by=request.member.user, at=at, seen=seen
        )
    except Stale as stale:
        return JsonResponse(_as_json(stale.current), status=409)
    except RuleBroken:
        return JsonResponse({"error": _("This draft is being saved already.")}, status=503)
    if case is not None:
        actions.visit(case, by=request.member.user, at=at, writing=True)
    return JsonResponse({"version": kept.version, "saved_at": _stamp(kept)})


def _case_of(request: Request, scope: str) -> Case | None:
    """The case a draft is for. A case one may not see has no drafts."""
    match = _OF_CASE.fullmatch(scope)
    if not match:
        return None
    case = Case.objects.visible_to(request.member).filter(number=int(match[1])).first()
    if case is None:
        raise Http404
    return case


def _sent(request: Request) -> tuple[dict[str, Any] | None, int]:
    """The fields and the version of a draft, or None for what is no draft."""
    try:
        if len(request.body) > LARGEST:
            return None, 0
        sent = json.loads(request.body)
        body, version = sent["body"], int(sent.get("version") or 0)
    except (ValueError, KeyError, TypeError, AttributeError, RequestDataTooBig, OverflowError, RecursionError):
        return None, 0
    if not isinstance(body, dict) or len(body) > MOST_FIELDS:
        return None, 0
    kept: dict[str, Any] = {}
    for name, value in body.items():
        texts = value if isinstance(value, list) else [value]
        if not all(isinstance(text, str) for text in texts):
            return None, 0
        if name not in _NEVER_KEPT:
            kept[name[:60]] = value
    return kept, version


def _as_json(draft: Draft) -> dict[str, Any]:
    return {"version": draft.version, "body": draft.body, "saved_at": _stamp(draft)}


def _stamp(draft: Draft) -> str:
    return timezone.localtime(draft.saved_at).isoformat()


@repeatable
@require_http_methods(["GET", "POST"])
def presence(request: Request, office: str, number: int) -> HttpResponse:
    """Say that one is here (and with `writing`, that one writes); hear who else is, and what is new since `seen`."""
    at = timezone.now()
    # Not find_case: a heartbeat is no reading of a restricted case.
    case = Case.objects.visible_to(request.member).select_related("office").filter(number=number).first()
    if case is None:
        raise Http404
    writing = request.method == "POST" and bool(request.POST.get("writing"))
    actions.visit(case, by=request.member.user, at=at, writing=writing)
    context = {
        "words": who_else(case, request, at),
        "new": _new_since(case, request),
        "case_url": case_url(case),
        "case": case,
    }
    return respond(request, "cases/presence.html", context)


def who_else(case: Case, request: Request, at: Any) -> list[str]:
    """Who else has the case on the screen, in words. One query."""
    visits = CaseVisit.objects.filter(case=case, seen_at__gt=at - HERE_FOR).exclude(user_id=request.member.user_id)
    here = list(visits.select_related("user").order_by("user__name")[:6])
    writing = [v.user.first_name for v in here if v.writing_at and v.writing_at > at - WRITING_FOR]
    reading = [v.user.first_name for v in here if v.user.first_name not in writing]
    said = [_("%(name)s is writing.") % {"name": name} for name in writing]
    if reading:
        names = ", ".join(reading)
        said.append(ngettext("%(names)s is here too.", "%(names)s are here too.", len(reading)) % {"names": names})
    return said


def _new_since(case: Case, request: Request) -> int:
    """How many entries colleagues have added since the page was drawn."""
    since = moment(request.GET.get("seen", ""))
    if since is None:
        return 0
    me, member = request.member.user_id, request.member
    notes = InternalNote.objects.visible_to(member).filter(case=case, at__gt=since).exclude(by_id=me)
    case_notes = CaseNote.objects.visible_to(member).filter(case=case, at__gt=since).exclude(by_id=me)
    entries = Activity.objects.visible_to(member).filter(case=case, created_at__gt=since).exclude(created_by_id=me)
    return notes.count() + case_notes.count() + entries.count()
