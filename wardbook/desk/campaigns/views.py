"""The list of campaigns, and the page of one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from wardbook.cases.models import Case
from wardbook.correspondence.models import Campaign
from wardbook.desk.campaigns.forms import SplitForm
from wardbook.desk.campaigns.listing import (
    APART,
    PAGE,
    by_other_ways,
    counts_of,
    list_of,
    members_of,
    paragraphs_of,
    progress_of,
    set_apart,
)
from wardbook.lib.ids import as_id, ids_among
from wardbook.lib.respond import respond
from wardbook.offices.middleware import Request


def find_campaign(request: Request, pk: int) -> Campaign:
    """The campaign, if this person may know of it."""
    found = Campaign.objects.visible_to(request.member).select_related("office", "case")
    return get_object_or_404(found, pk=pk)


@require_GET
def campaigns(request: Request, office: str) -> HttpResponse:
    """Those that go on, proposed ones first; or those that have ended."""
    ended = request.GET.get("show") == "ended"
    root = reverse("desk:campaigns", args=[office])
    tabs = [
        {"label": _("Going on"), "url": root, "current": not ended},
        {"label": _("Ended"), "url": f"{root}?show=ended", "current": ended},
    ]
    context = {"campaigns": list_of(request.member, ended=ended), "ended": ended, "tabs": tabs}
    return respond(request, "desk/campaigns.html", context)


@require_GET
def campaign(request: Request, office: str, pk: int) -> HttpResponse:
    """What all share, who differs, who wrote, and what was answered."""
    return page(request, find_campaign(request, pk))


def page(request: Request, found: Campaign, *, status: int = 200, split: SplitForm | None = None) -> HttpResponse:
    """The page of a campaign. `split` holds what was chosen to be split off, where that was refused."""
    member, at = request.member, timezone.now()
    counts = counts_of(member, found)
    rows = members_of(member, found).select_related("contact", "case").order_by("-pk")
    only_other = request.GET.get("only") == "other"
    if only_other:
        rows = by_other_ways(rows)
    if (after := as_id(request.GET.get("after", ""))) is not None:
        rows = rows.filter(pk__lt=after)
    shown = list(rows.defer("html", "quoted", "text", "signature")[: PAGE + 1])
    replies = list(found.replies.select_related("by")[:10])
    context: dict[str, Any] = {
        "campaign": found,
        "case": Case.objects.visible_to(member).filter(pk=found.case_id or 0).first(),
        "counts": counts,
        "shared": paragraphs_of(found.sample),
        "people_words": _people_words(counts.people),
        "letters": set_apart(member, found),
        "more_apart": max(counts.apart - APART, 0),
        "rows": shown[:PAGE],
        "only_other": only_other,
        "older": f"?{'only=other&' * only_other}after={shown[PAGE - 1].pk}#people" if len(shown) > PAGE else "",
        "replies": [{"bulk": one, "progress": progress_of(one)} for one in replies],
        "may_write": member.can("campaigns.write"),
        "today": request.office.local_date(at),
        "split": split,
        "chosen": ids_among(request.POST.getlist("message")),
    }
    return respond(request, "desk/campaign.html", context, status=status)


def _people_words(count: int) -> str:
    return ngettext("%(count)d person", "%(count)d people", count) % {"count": count}
