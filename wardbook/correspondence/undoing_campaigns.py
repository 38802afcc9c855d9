"""How the acts on campaigns are taken back. Registered by the app when it is ready."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from wardbook.cases import readers
from wardbook.cases.models import Case
from wardbook.correspondence import events
from wardbook.correspondence.actions import bulk
from wardbook.correspondence.actions.remembering import PLACED, SETTABLE
from wardbook.correspondence.models import BulkReply, Campaign, Message
from wardbook.journal.actions import Line, record, record_many
from wardbook.journal.inverses import inverse
from wardbook.journal.models import Undo
from wardbook.lib.rules import RuleBroken

if TYPE_CHECKING:
    from wardbook.accounts.models import User

_DAYS = ("later_on", "position_on")
_MOMENTS = ("filed_at", "ended_at")
_CAMPAIGN = (*SETTABLE, "is_accepted", "case_id", "ended_at")


@inverse("campaign.place")
def put_back(undo: Undo, by: "User", at: datetime) -> str:
    """Campaigns and their messages are as they were. A message that somebody did something with since stays there."""
    for pk, version, was in undo.payload["campaigns"]:
        campaign = Campaign.objects.select_for_update().get(pk=pk)
        if campaign.version != version:
            raise RuleBroken(_("Somebody did something else with this campaign since."))
        _refuse_hidden([was.get("case_id")], by)
        for name in _CAMPAIGN:
            setattr(campaign, name, _read(name, was[name]))
        campaign.version += 1
        campaign.save()
        record(events.CAMPAIGN_CHANGED, about=campaign, by=by, at=at, fields=["undone"])
    kept = {pk: (version, was) for pk, version, was in undo.payload["messages"]}
    found = Message.objects.select_for_update(of=("self",)).filter(pk__in=list(kept)).order_by("pk")
    same = [one for one in found if one.version == kept[one.pk][0]]
    if kept and not same:
        raise RuleBroken(_("Somebody did something else with these messages since."))
    _refuse_hidden({kept[one.pk][1]["case_id"] for one in same} | {one.case_id for one in same}, by)
    lines = []
    for one in same:
        was, case = kept[one.pk][1], one.case_id
        for name in PLACED:
            setattr(one, name, _read(name, was[name]))
        one.version += 1
        one.save(update_fields=[*(name.removesuffix("_id") for name in PLACED), "version"])
        if one.case_id is None and case is not None:
            lines.append(Line(events.MESSAGE_RETURNED, one, {"was": case}))
        elif one.case_id is not None and case is None:
            lines.append(Line(events.MESSAGE_FILED, one, {"case": one.case_id, "how": one.filed_how}))
        elif one.case_id != case:
            lines.append(Line(events.MESSAGE_MOVED, one, {"was": case, "case": one.case_id}))
    record_many(lines, by=by, at=at)
    return _("Undone: %(what)s") % {"what": undo.label}


@inverse("bulk_reply.stop")
def stop_bulk(undo: Undo, by: "User", at: datetime) -> str:
    """An answer to many is stopped; what has gone out has gone out."""
    bulk.stop(BulkReply.objects.get(pk=undo.payload["bulk"]), by=by, at=at)
    return _("Not sent: %(what)s") % {"what": undo.label}


def _refuse_hidden(cases: Any, by: "User") -> None:
    for pk in cases:
        if pk is None:
            continue
        case = Case.objects.filter(pk=pk).first()
        if case is None or case.deleted_at is not None or not readers.can_see(case, by):
            raise RuleBroken(_("The case is no longer there for you."))


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _MOMENTS:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name in _DAYS else value
