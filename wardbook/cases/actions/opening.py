"""A matter becomes a case."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.cases import events, references
from wardbook.cases.actions.access import name_who_restricts
from wardbook.cases.actions.indexing import index
from wardbook.cases.actions.planning import FollowUp, can_do, put_down
from wardbook.cases.actions.saving import same_office
from wardbook.cases.models import Case, CaseTag
from wardbook.contacts.models import Contact
from wardbook.journal.actions import record, remember_undo
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Office, Team
from wardbook.vocabulary.models import Status, Tag

if TYPE_CHECKING:
    from wardbook.accounts.models import User


@transaction.atomic
def open_case(
    office: Office,
    *,
    description: str,
    by: "User | None",
    at: datetime,
    constituent: Contact | None = None,
    is_anonymous: bool = False,
    kind: str = Case.Kind.CASEWORK,
    owner: "User | None" = None,
    owner_team: Team | None = None,
    status: Status | None = None,
    opened_on: date | None = None,
    tags: Iterable[Tag] = (),
    follow_up: FollowUp | None = None,
    **fields: Any,
) -> Case:
    """Open a case: numbered, with an open date, owned if an owner is given, with its first follow-up.

    `fields` are further columns of Case (notes, priority, policy_area, category, contact_type, requester,
    representative, is_restricted, …). Raises RuleBroken for a future open date, for nobody and no reason why
    (neither constituent, nor anonymous, nor internal, nor policy), or for a value of another office.
    """
    description = " ".join(description.split())
    if not description:
        raise RuleBroken(_("Say in a few words what it is about."))
    today = office.local_date(at)
    opened_on = opened_on or today
    if opened_on > today:
        raise RuleBroken(_("The open date cannot be in the future."))
    of_somebody = constituent is not None or is_anonymous or fields.get("requester") is not None
    if not of_somebody and kind not in (Case.Kind.INTERNAL, Case.Kind.INVITATION, Case.Kind.POLICY):
        raise RuleBroken(_("Say who it is about, or that the person does not want to be named."))
    status = status or first_status(office, Status.Class.NEW)
    if status.status_class == Status.Class.CLOSED:
        raise RuleBroken(_("Open the case first, then close it with an outcome."))
    same_office(office, constituent, owner_team, status, *tags, *fields.values())
    can_do(office, None, owner)
    if fields.get("category") is not None and fields.get("policy_area") is None:
        fields["policy_area"] = fields["category"].policy_area
    if fields.get("case_type") is not None and fields["case_type"].restricts:
        fields["is_restricted"] = True
    number = _next_number(office)
    reference = references.write(office.reference_format, number=number, year=opened_on.year)
    case = Case.objects.create(
        office=office,
        number=number,
        reference=reference,
        reference_key=references.key(reference),
        description=description,
        constituent=constituent,
        is_anonymous=is_anonymous,
        kind=kind,
        owner=owner,
        owner_team=owner_team,
        assigned_at=at if owner else None,
        assigned_by=by if owner else None,
        status=status,
        status_class=status.status_class,
        opened_on=opened_on,
        created_at=at,
        created_by=by,
        last_activity_at=at,
        **fields,
    )
    index([case])
    CaseTag.objects.bulk_create(
        CaseTag(office=office, case=case, tag=tag, opened_on=opened_on) for tag in dict.fromkeys(tags)
    )
    record(
        events.OPENED,
        about=case,
        by=by,
        at=at,
        kind=case.kind,
        status=status.pk,
        owner=owner.pk if owner else None,
        team=owner_team.pk if owner_team else None,
        opened_on=opened_on.isoformat(),
    )
    if case.is_restricted:
        name_who_restricts(case, by=by, at=at)
        record(events.RESTRICTED, about=case, by=by, at=at)
    if follow_up:
        put_down(office, case=case, by=by, at=at, **follow_up._asdict())
        case.refresh_from_db(fields=["next_step_on"])
    label = _("%(case)s opened") % {"case": case.reference}
    remember_undo("case.bin", office_id=office.pk, by=by, at=at, label=label, payload={"case": case.pk})
    return case


def first_status(office: Office, status_class: str) -> Status:
    """The office's first status of a class, of those that look like it: “Open” rather than “Acknowledged”, which is
    open too. Raises RuleBroken when the office has none."""
    found = Status.objects.filter(office=office, status_class=status_class, retired_at__isnull=True)
    status = found.filter(mark=status_class).first() or found.first()
    if not isinstance(status, Status):
        raise RuleBroken(_("The office has no status for this. Add one under Settings › Lists."))
    return status


def _next_number(office: Office) -> int:
    row = Office.objects.select_for_update().only("last_case_number").get(pk=office.pk)
    row.last_case_number += 1
    row.save(update_fields=["last_case_number"])
    return row.last_case_number
