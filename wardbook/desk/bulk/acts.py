"""What can be done with many cases at once: what it asks, what it does to each, what it says. Same actions as on the
case itself (S1.18)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.utils.translation import ngettext

from wardbook.cases import actions as case_actions
from wardbook.cases.models import Case, Priority
from wardbook.desk.bulk import forms
from wardbook.desk.bulk.forms import KEEP, NOBODY
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Membership, Office, Team
from wardbook.vocabulary.models import CaseType, Category, ContactType, PolicyArea, ServiceType, Status, Tag

if TYPE_CHECKING:
    from wardbook.accounts.models import User

# Reads the plain arguments once: names become rows of the office. Then one call for each case.
Deed = Callable[..., Any]
Prepare = Callable[[Office, dict[str, Any]], tuple[Deed, str]]


_CLASSES: dict[str, Any] = {
    "policy_area": PolicyArea,
    "category": Category,
    "service_type": ServiceType,
    "case_type": CaseType,
    "contact_type": ContactType,
}


@dataclass(frozen=True)
class Act:
    """One bulk act. `prepare` gives what is done to each case, and the words that go behind "12 cases "."""

    name: str
    title: Promise
    button: Promise
    form: type[forms.BulkForm]
    prepare: Prepare
    warns_of_closed: Promise | str = ""
    danger: bool = False
    ends_cases: bool = False


def _assignment(office: Office, arguments: dict[str, Any]) -> tuple[Deed, str]:
    owner, team = arguments["owner"], arguments["team"]
    person = None if owner in (KEEP, NOBODY) else _colleague(office, owner)
    group = None if team in (KEEP, NOBODY) else _team(office, team)

    def assign(case: Case, *, by: User, at: datetime) -> None:
        new_owner = case.owner if owner == KEEP else person
        new_team = case.owner_team if team == KEEP else group
        case_actions.assign(case, owner=new_owner, team=new_team, by=by, at=at)

    whom = person or group or _("nobody")
    return assign, _("assigned to %(whom)s") % {"whom": whom}


def _status(office: Office, arguments: dict[str, Any]) -> tuple[Deed, str]:
    status = Status.objects.filter(office=office, pk=arguments["status"]).first()
    if not isinstance(status, Status) or status.retired_at:
        raise RuleBroken(_("The office no longer has this status."))
    review_on = _day(arguments["review_on"])

    def set_status(case: Case, *, by: User, at: datetime) -> None:
        case_actions.set_status(case, status, review_on=review_on, by=by, at=at)

    return set_status, _("set to %(status)s") % {"status": status.name}


def _priority(office: Office, arguments: dict[str, Any]) -> tuple[Deed, str]:
    priority = arguments["priority"]

    def set_priority(case: Case, *, by: User, at: datetime) -> None:
        case_actions.set_priority(case, priority, by=by, at=at)

    return set_priority, _("set to priority %(priority)s") % {"priority": Priority(priority).label}


def _tags(office: Office, arguments: dict[str, Any]) -> tuple[Deed, str]:
    tags = {tag.pk: tag for tag in Tag.objects.filter(office=office)}
    added = [tags[pk] for pk in arguments["add"] if pk in tags]
    removed = set(arguments["remove"])

    def tag(case: Case, *, by: User, at: datetime) -> None:
        kept = [tags[row.tag_id] for row in case.case_tags.all() if row.tag_id not in removed]
        case_actions.set_tags(case, [*kept, *added], by=by, at=at)

    return tag, _("with new tags")


def _classification(office: Office, arguments: dict[str, Any]) -> tuple[Deed, str]:
    values: dict[str, Any] = {}
    for name, pk in arguments.items():
        values[name] = _CLASSES[name].objects.filter(office=office, pk=pk, retired_at__isnull=True).first()
    if not all(values.values()):
        raise RuleBroken(_("The office no longer has one of these values."))

    def classify(case: Case, *, by: User, at: datetime) -> None:
        case_actions.edit(case, by=by, at=at, **values)

    return classify, _("classified")


def _follow_up(office: Office, arguments: dict[str, Any]) -> tuple[Deed, str]:
    due_on = _day(arguments["due_on"])
    assert due_on is not None
    who = arguments["assignee"]
    person = None if who == "owner" else _colleague(office, who)

    def plan(case: Case, *, by: User, at: datetime) -> None:
        case_actions.plan_activity(
            office,
            case=case,
            contact=case.constituent,
            subject=arguments["subject"],
            due_on=due_on,
            assignee=person or case.owner,
            team=None if person or case.owner else case.owner_team,
            by=by,
            at=at,
        )

    return plan, _("with a follow-up")


def _closure(office: Office, arguments: dict[str, Any]) -> tuple[Deed, str]:
    def close(case: Case, *, by: User, at: datetime) -> None:
        case_actions.close(case, outcome=arguments["outcome"], note=arguments["note"], by=by, at=at)

    return close, _("closed")


def _restriction(office: Office, arguments: dict[str, Any]) -> tuple[Deed, str]:
    return case_actions.restrict, _("restricted")


def _deletion(office: Office, arguments: dict[str, Any]) -> tuple[Deed, str]:
    return case_actions.delete, _("moved to the bin")


_LEFT_ALONE = _later("They are left as they are.")

ACTS: dict[str, Act] = {
    act.name: act
    for act in (
        Act("assignment", _later("Assign"), _later("Assign"), forms.AssignmentForm, _assignment, _LEFT_ALONE),
        Act(
            "status",
            _later("Status"),
            _later("Set the status"),
            forms.StatusForm,
            _status,
            _later("They are opened again."),
        ),
        Act("priority", _later("Priority"), _later("Set the priority"), forms.PriorityForm, _priority),
        Act("tags", _later("Tags"), _later("Change the tags"), forms.TagsForm, _tags),
        Act(
            "classification",
            _later("Classify"),
            _later("Classify the cases"),
            forms.ClassificationForm,
            _classification,
        ),
        Act(
            "follow-up", _later("Follow-up"), _later("Plan a follow-up"), forms.FollowUpForm, _follow_up, _LEFT_ALONE
        ),
        Act(
            "closure",
            _later("Close"),
            _later("Close the cases"),
            forms.ClosureForm,
            _closure,
            _LEFT_ALONE,
            ends_cases=True,
        ),
        Act("restriction", _later("Restrict"), _later("Restrict the cases"), forms.NothingToAsk, _restriction),
        Act("deletion", _later("Delete"), _later("Move to the bin"), forms.NothingToAsk, _deletion, danger=True),
    )
}


def said(count: int, what: str) -> str:
    """ "12 cases assigned to Anna." """
    return ngettext("%(count)d case %(what)s.", "%(count)d cases %(what)s.", count) % {"count": count, "what": what}


def _colleague(office: Office, pk: Any) -> User:
    member = Membership.objects.staff().filter(office=office, user_id=int(pk)).select_related("user").first()
    if member is None:
        raise RuleBroken(_("This colleague cannot be given cases any more."))
    user: User = member.user
    return user


def _team(office: Office, pk: Any) -> Team:
    team = Team.objects.active().filter(office=office, pk=int(pk)).first()
    if team is None:
        raise RuleBroken(_("This team is no longer there."))
    return team


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
