"""Making an office, changing it, and its days of closure."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.accounts.models import User
from wardbook.journal.actions import record
from wardbook.lib.rules import RuleBroken
from wardbook.offices import events, profiles
from wardbook.offices.calendar import CalendarError, WorkingCalendar
from wardbook.offices.models import Closure, FieldUse, Office, Team

CHANGEABLE = frozenset(
    {
        "name",
        "short_name",
        "time_zone",
        "country",
        "subdivision",
        "language",
        "reference_format",
        "case_label",
        "gate",
        "default_follow_up_days",
        "support_address",
    }
)


@transaction.atomic
def create_office(
    *,
    name: str,
    slug: str,
    profile: str,
    at: datetime,
    by: User | None = None,
    short_name: str = "",
    country: str = "GB",
    subdivision: str = "ENG",
    time_zone: str = "Europe/London",
    language: str = "en-gb",
    is_demo: bool = False,
) -> Office:
    """An office with the words and fields of its profile. Raises RuleBroken for what can't be an office."""
    start = profiles.STARTS.get(profile)
    if start is None:
        raise RuleBroken(_("There is no such kind of office."))
    office = Office(
        name=name.strip(),
        short_name=(short_name or name).strip()[:30],
        slug=slug,
        profile=profile,
        country=country,
        subdivision=subdivision,
        time_zone=time_zone,
        language=language,
        case_label=start.case_label,
        is_demo=is_demo,
        created_at=at,
    )
    _check(office)
    office.save(force_insert=True)
    FieldUse.objects.bulk_create(FieldUse(office=office, field=field, use=use) for field, use in start.fields.items())
    record(events.OFFICE_CREATED, about=office, by=by, at=at, profile=profile)
    if start.has_triage:
        team = Team.objects.create(office=office, name=_("Triage"), is_triage=True)
        record(events.TEAM_CREATED, about=team, by=by, at=at)
    return office


@transaction.atomic
def change_office(office: Office, *, changes: Mapping[str, Any], by: User | None, at: datetime) -> Office:
    """Change what an office may change about itself. Raises RuleBroken; writes nothing if nothing is new."""
    if unknown := set(changes) - CHANGEABLE:
        raise ValueError(f"Not a thing an office changes: {', '.join(sorted(unknown))}.")
    office = Office.objects.select_for_update().get(pk=office.pk)
    new = sorted(field for field, value in changes.items() if getattr(office, field) != value)
    if not new:
        return office
    for field in new:
        setattr(office, field, changes[field])
    _check(office)
    office.save(update_fields=new)
    # Only which fields: a name or an address is not for the journal.
    record(events.OFFICE_CHANGED, about=office, by=by, at=at, fields=new)
    return office


@transaction.atomic
def hide_checklist(office: Office, *, by: User | None, at: datetime) -> Office:
    """The first steps of a new office no longer show on Home."""
    office = Office.objects.select_for_update().get(pk=office.pk)
    if office.checklist_hidden_at is None:
        office.checklist_hidden_at = at
        office.save(update_fields=["checklist_hidden_at"])
        record(events.OFFICE_CHANGED, about=office, by=by, at=at, fields=["checklist_hidden_at"])
    return office


@transaction.atomic
def set_field_use(office: Office, *, field: str, use: str, by: User | None, at: datetime) -> FieldUse:
    """Hide, show or require a field of the office's cases."""
    if field not in profiles.FIELDS or use not in FieldUse.Use.values:
        raise RuleBroken(_("There is no such field."))
    row, is_new = FieldUse.objects.select_for_update().get_or_create(
        office=office, field=field, defaults={"use": use}
    )
    was = None if is_new else row.use
    if was == use:
        return row
    row.use = use
    row.save(update_fields=["use"])
    record(events.FIELD_USE_SET, about=office, by=by, at=at, field=field, use=use, was=was)
    return row


@transaction.atomic
def add_closure(office: Office, *, day: date, reason: str, by: User | None, at: datetime) -> Closure:
    """A day on which the office does not work. What counts working days hears of it and counts again."""
    if not reason.strip():
        raise RuleBroken(_("Say why the office is closed, like “Moving house”."))
    if Closure.objects.filter(office=office, day=day).exists():
        raise RuleBroken(_("The office is closed on this day already."))
    closure = Closure.objects.create(office=office, day=day, reason=reason.strip())
    record(events.CLOSURE_ADDED, about=closure, by=by, at=at, day=day.isoformat())
    return closure


@transaction.atomic
def remove_closure(closure: Closure, *, by: User | None, at: datetime) -> None:
    """The office works on this day after all."""
    closure = Closure.objects.select_for_update().get(pk=closure.pk)
    record(events.CLOSURE_REMOVED, about=closure, by=by, at=at, day=closure.day.isoformat())
    closure.delete()


def _check(office: Office) -> None:
    """Everything that a form would have asked, for whoever comes without a form. Raises RuleBroken."""
    try:
        WorkingCalendar(office.country, office.subdivision)
        office.full_clean()
    except CalendarError as trouble:
        raise RuleBroken(str(trouble)) from trouble
    except ValidationError as trouble:
        field, messages = next(iter(trouble.message_dict.items()))
        label = "" if field == "__all__" else getattr(office._meta.get_field(field), "verbose_name", field)
        raise RuleBroken(f"{str(label).capitalize()}: {messages[0]}" if label else messages[0]) from trouble
