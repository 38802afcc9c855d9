"""Alarms of the post: mail that has not come in although it should, mail that does not get out (R20, R29)."""

from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wardbook.correspondence.models import Dispatch, Mailbox, Message
from wardbook.desk.templatetags.ui import day_clock
from wardbook.offices.models import Membership


def alarms(member: Membership, at: datetime) -> list[dict[str, str]]:
    """A banner for each mailbox in trouble, for whoever reads the Inbox or looks after the mailboxes. One query."""
    if not (member.can("inbox.read") or member.can("settings.mail")):
        return []
    stuck = Dispatch.objects.stuck(at).filter(mailbox=OuterRef("pk")).order_by()
    counted = stuck.values("mailbox").annotate(count=Count("pk")).values("count")
    silent = Mailbox.objects.visible_to(member).silent(at).values("pk")
    boxes: QuerySet[Any] = Mailbox.objects.visible_to(member).in_use()
    boxes = boxes.annotate(
        stuck=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
        is_silent=Case(When(pk__in=silent, then=True), default=False),
    )
    found = []
    for box in boxes.filter(Q(is_silent=True) | Q(stuck__gt=0)).order_by("address"):
        if box.is_silent:
            found.append(_silent(box, member))
        if box.stuck:
            found.append(_stuck(box, box.stuck, member, at))
    return found


def _silent(box: Mailbox, member: Membership) -> dict[str, str]:
    if box.succeeded_at:
        heading = _("Mail to %(address)s has not come in since %(when)s.")
    else:
        heading = _("Mail to %(address)s has never come in.")
    when = day_clock(box.succeeded_at) if box.succeeded_at else ""
    banner = {"heading": heading % {"address": box.address, "when": when}, "text": box.problem}
    if member.can("settings.mail"):
        return banner | {"url": reverse("desk:mailbox", args=[member.office.slug, box.pk]), "action": _("What to do")}
    return banner | {"url": reverse("desk:inbox", args=[member.office.slug]), "action": _("Open the Inbox")}


def _stuck(box: Mailbox, count: int, member: Membership, at: datetime) -> dict[str, str]:
    heading = ngettext(
        "%(count)d email has waited for more than half an hour to go out from %(address)s.",
        "%(count)d emails have waited for more than half an hour to go out from %(address)s.",
        count,
    )
    stuck = Dispatch.objects.stuck(at).filter(mailbox=box).order_by("first_turn_at", "pk")
    problem = stuck.values_list("problem", flat=True)[0]
    said = _("%(problem)s. They are tried again by themselves.") % {"problem": Dispatch.Problem(problem).label}
    banner = {"heading": heading % {"count": count, "address": box.address}, "text": said, "url": "", "action": ""}
    if member.can("settings.mail"):
        return banner | {"url": reverse("desk:mailbox", args=[member.office.slug, box.pk]), "action": _("What to do")}
    theirs = Message.objects.visible_to(member).filter(dispatch__in=stuck, case__isnull=False)
    first = theirs.order_by("at", "pk").values_list(F("case__number"), flat=True).first()
    if first is not None:
        banner |= {"url": reverse("desk:case", args=[member.office.slug, first]), "action": _("Open the first case")}
    return banner
