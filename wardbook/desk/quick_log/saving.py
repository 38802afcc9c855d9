"""What was typed into Quick log becomes a person, a case, an entry. All of it or nothing, in one transaction."""

from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.cases import actions as case_actions
from wardbook.cases.models import Activity, Case
from wardbook.contacts import actions as contact_actions
from wardbook.contacts.models import Contact
from wardbook.contacts.naming import take_apart
from wardbook.desk.quick_log.forms import INWARD, QuickLogForm
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request
from wardbook.offices.models import Office
from wardbook.vocabulary.models import ActivityType, ContactType

# What kind of activity a thing that came in is, by how it came.
FAMILIES = {
    "phone": ActivityType.Family.CALL,
    "letter": ActivityType.Family.LETTER,
    "email": ActivityType.Family.EMAIL,
    "in-person": ActivityType.Family.MEETING,
    "surgery": ActivityType.Family.MEETING,
    "field": ActivityType.Family.VISIT,
}

Refused = list[tuple[str, str]]


class Saved(NamedTuple):
    """What came of it, and the files that were not taken, each with the reason."""

    thing: Case | Activity
    refused: Refused


@transaction.atomic
def open_case(request: Request, form: QuickLogForm, at: datetime) -> Saved:
    """A new case with its first entry, its place and its follow-up; closed at once if it is finished already.

    Raises RuleBroken, and then nothing is kept, the new person neither.
    """
    office, by, data = request.office, request.user, form.cleaned_data
    contact = person(request, form, at)
    topic = form.chosen_topic()
    finished = data["outcome"]
    owner = data["owner"]
    case = case_actions.open_case(
        office,
        description=data["what"],
        notes=data["details"],
        constituent=contact,
        is_anonymous=bool(data["is_anonymous"]) and contact is None,
        requester=data["requester"],
        kind=data.get("kind") or Case.Kind.CASEWORK,
        owner=owner,
        owner_team=data["team"],
        opened_on=data["opened_on"],
        contact_type=data.get("how"),
        policy_area=topic.policy_area,
        category=topic.category,
        service_type=data.get("service_type"),
        case_type=data.get("case_type"),
        case_code=data.get("case_code"),
        priority=data.get("priority") or 0,
        tags=tags(form),
        follow_up=None if finished else follow_up(form),
        by=by,
        at=at,
    )
    entry = None
    if case.kind not in INWARD or data["uploads"]:
        entry = log(request, form, at, contact=contact, case=case, details="")
    if data["place"] or data["place_postcode"]:
        case_actions.add_place(
            case, text=data["place"] or data["place_postcode"], postcode=data["place_postcode"], by=by, at=at
        )
    if data.get("is_restricted"):
        case_actions.restrict(case, by=by, at=at)
    if finished:
        case_actions.close(
            case, outcome=finished, note=data["outcome_note"], closed_on=data["opened_on"], by=by, at=at
        )
    return Saved(case, keep_files(entry, data["uploads"], request, at) if entry else [])


@transaction.atomic
def add_to_case(request: Request, form: QuickLogForm, case: Case, at: datetime) -> Saved:
    """What was typed as an entry of a case that is there already (S3.19)."""
    if not request.member.can("cases.write"):
        raise RuleBroken(_("You cannot add to this case. Save a new one; a colleague will put them together."))
    contact = person(request, form, at)
    entry = log(request, form, at, contact=contact, case=case, details=form.cleaned_data["details"])
    return Saved(case, keep_files(entry, form.cleaned_data["uploads"], request, at))


@transaction.atomic
def just_record(request: Request, form: QuickLogForm, at: datetime) -> Saved:
    """An enquiry that was answered at once: counted and classified, and no case (E64)."""
    data, topic = form.cleaned_data, form.chosen_topic()
    contact = person(request, form, at)
    entry = log(
        request,
        form,
        at,
        contact=contact,
        case=None,
        details=data["details"],
        outcome=data["outcome_note"],
        policy_area=topic.policy_area,
        category=topic.category,
        tags=tags(form),
        # Only what was written on purpose: the day alone is set beforehand, for cases.
        follow_up=follow_up(form) if data["follow_up"] else None,
    )
    return Saved(entry, keep_files(entry, data["uploads"], request, at))


def person(request: Request, form: QuickLogForm, at: datetime) -> Contact | None:
    """Who it is about: somebody known, or somebody made known now."""
    data = form.cleaned_data
    if data["person"] is not None or not data["new_name"]:
        chosen = data["person"]
        return chosen if isinstance(chosen, Contact) else None
    named: dict[str, Any]
    if data["new_is_organisation"]:
        named = {"kind": Contact.Kind.ORGANISATION, "organisation_name": data["new_name"]}
    else:
        named = take_apart(data["new_name"])._asdict()
    return contact_actions.add_contact(
        request.office,
        phones=[data["new_phone"]],
        emails=[data["new_email"]],
        address=data["new_address"],
        postcode=data["new_postcode"],
        by=request.user,
        at=at,
        **named,
    )


def log(
    request: Request,
    form: QuickLogForm,
    at: datetime,
    *,
    contact: Contact | None,
    case: Case | None,
    details: str,
    **more: Any,
) -> Activity:
    """The call, visit or letter itself."""
    data = form.cleaned_data
    how: ContactType | None = data.get("how")
    heard_on = data["received_on"] or data["opened_on"]
    return case_actions.log_activity(
        request.office,
        type=activity_type(request.office, how.code if how else ""),
        subject=data["what"],
        details=details,
        contact=contact,
        case=case,
        contact_type=how,
        written_on=data["written_on"],
        direction=Activity.Direction.IN,
        happened_at=moment_of(request.office, heard_on, at) if heard_on else at,
        by=request.user,
        at=at,
        **more,
    )


def tags(form: QuickLogForm) -> list[Any]:
    """Those chosen under More and those suggested and ticked."""
    return list(dict.fromkeys([*form.cleaned_data.get("tags", ()), *form.ticked_tags()]))


def follow_up(form: QuickLogForm) -> case_actions.FollowUp | None:
    """The next step, if there is a day for it."""
    data = form.cleaned_data
    if data["follow_up_on"] is None:
        return None
    subject = data["follow_up"] or _("Follow up: %(what)s") % {"what": data["what"]}
    return case_actions.FollowUp(subject[:200], data["follow_up_on"], data["owner"])


def keep_files(entry: Activity, uploads: list[UploadedFile[Any]], request: Request, at: datetime) -> Refused:
    """Files join the entry; one that is refused does not lose the others."""
    if not uploads:
        return []
    _kept, refused = case_actions.add_documents(entry, uploads, by=request.user, at=at)
    return refused


def activity_type(office: Office, code: str) -> ActivityType:
    """The office's first action for something that came in this way. Raises RuleBroken when it has none at all."""
    types = list(ActivityType.objects.filter(office=office, retired_at__isnull=True))
    family = FAMILIES.get(code, ActivityType.Family.OTHER)
    for one in [*(t for t in types if t.family == family), *types]:
        return one
    raise RuleBroken(_("The office has no actions to choose from. Add one under Settings › Lists."))


def moment_of(office: Office, day: date, at: datetime) -> datetime:
    """Noon of an earlier day at the office; the moment itself when it is today."""
    if day >= office.local_date(at):
        return at
    return datetime.combine(day, time(12), tzinfo=office.zone)
