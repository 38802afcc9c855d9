"""The lists that an office starts with."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db import transaction
from django.utils import translation

from wardbook.journal.actions import record
from wardbook.offices.models import Office
from wardbook.vocabulary import events, presets
from wardbook.vocabulary.models import (
    ActivityType,
    CaseCode,
    CaseType,
    Category,
    ContactType,
    NoteCode,
    PartyRole,
    PolicyArea,
    ServiceType,
    Status,
    SubType,
    Tag,
    Value,
    list_of,
)

if TYPE_CHECKING:
    from wardbook.accounts.models import User

V = TypeVar("V", bound=Value)


@transaction.atomic
def seed_lists(office: Office, *, by: "User | None", at: datetime) -> dict[str, int]:
    """Fill each list that is empty with the presets of the office's profile, in the office's language.

    Returns how many values each list got. Lists that already have values stay as they are.
    """
    with translation.override(office.language):
        made = _seed(office, at)
    if made:
        record(events.SEEDED, about=office, by=by, at=at, profile=office.profile, lists=made)
    return made


def _seed(office: Office, at: datetime) -> dict[str, int]:
    profile = office.profile
    flat: list[tuple[type[Value], Iterable[presets.Preset]]] = [
        (Status, presets.STATUSES),
        (ContactType, presets.CONTACT_TYPES),
        (ActivityType, presets.ACTIVITY_TYPES),
        (NoteCode, presets.NOTE_CODES),
        (PartyRole, presets.PARTY_ROLES),
        (CaseCode, presets.CASE_CODES),
        (Tag, [presets.Preset(tag, "", {"key": Tag.key_for(tag)}) for tag in presets.TAGS[profile]]),
    ]
    made = {}
    for model, rows in flat:
        if not model._default_manager.filter(office=office).exists():
            made[list_of(model)] = len(_make(model, office, rows, at))
    made |= _seed_tree(
        office,
        at,
        (CaseType, [preset for preset, _subs in presets.CASE_TYPES[profile]]),
        (SubType, [[presets.Preset(sub) for sub in subs] for _preset, subs in presets.CASE_TYPES[profile]]),
    )
    areas = presets.TOPICS[profile]
    made |= _seed_tree(
        office,
        at,
        (PolicyArea, [presets.Preset(area.name, area.description) for area in areas]),
        (Category, [[presets.Preset(topic.name) for topic in area.categories] for area in areas]),
        (
            ServiceType,
            [[presets.Preset(kind) for kind in topic.service_types] for area in areas for topic in area.categories],
        ),
    )
    return {word: count for word, count in made.items() if count}


def _seed_tree(office: Office, at: datetime, top: Any, *levels: Any) -> dict[str, int]:
    """A list and those under it; each level's rows are grouped by the row above."""
    model, rows = top
    if model._default_manager.filter(office=office).exists():
        return {}
    above = _make(model, office, rows, at)
    made = {list_of(model): len(above)}
    for level, groups in levels:
        rows = [
            presets.Preset(row.name, row.description, {**row.fields, level.parent_field: parent})
            for parent, group in zip(above, groups, strict=True)
            for row in group
        ]
        above = _make(level, office, rows, at)
        made[list_of(level)] = len(above)
    return made


def _make(model: type[V], office: Office, rows: Iterable[presets.Preset], at: datetime) -> list[V]:
    made = model._default_manager.bulk_create(
        model(
            office=office,
            name=str(row.name),
            description=str(row.description),
            position=place,
            valid_from=at,
            **row.fields,
        )
        for place, row in enumerate(rows, start=1)
    )
    return cast("list[V]", made)
