"""One value of a list: add, rename, describe, order, retire, bring back, merge."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.journal.actions import record, remember_undo
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.offices.models import Office
from wardbook.vocabulary import events
from wardbook.vocabulary.actions.refusals import (
    below,
    case_code,
    clean_description,
    clean_name,
    free_code,
    mark_of,
    refuse_taken_name,
    refuse_to_lose,
    refuse_to_merge,
    refuse_wrong_parent,
    tag_key,
)
from wardbook.vocabulary.models import (
    ActivityType,
    CaseCode,
    CaseType,
    ContactType,
    PartyRole,
    Status,
    Tag,
    Value,
    list_of,
)

if TYPE_CHECKING:
    from wardbook.accounts.models import User

V = TypeVar("V", bound=Value)

# The further columns that the office may change. A status keeps its class for ever: all logic keys on it.
EDITABLE: dict[type[Value], tuple[str, ...]] = {
    CaseCode: ("code",),
    ActivityType: ("family",),
    PartyRole: ("for_agency",),
    CaseType: ("restricts",),
}


@transaction.atomic
def add_value(
    model: type[V],
    office: Office,
    *,
    name: str,
    by: "User | None",
    at: datetime,
    description: str = "",
    **fields: Any,
) -> V:
    """Put a new value at the end of a list. `fields`: the parent, code, family, for_agency, status_class, mark.

    Raises RuleBroken for a name that is empty, too long or taken, or for a parent of another office.
    """
    name = clean_name(name)
    refuse_wrong_parent(model, office, fields)
    if model is Tag:
        fields["key"] = tag_key(name)
    if model is ContactType:
        fields["code"] = free_code(office, fields.get("code") or name)
    if model is Status:
        fields.setdefault("mark", mark_of(fields.get("status_class", "")))
    if "code" in fields and model is CaseCode:
        fields["code"] = case_code(office, fields["code"])
    refuse_taken_name(model, office, name, fields)
    last = (
        model._default_manager.filter(office=office).order_by("-position").values_list("position", flat=True).first()
    )
    value = model._default_manager.create(
        office=office,
        name=name,
        description=clean_description(description),
        position=(last or 0) + 1,
        valid_from=at,
        **fields,
    )
    record(events.ADDED, about=value, by=by, at=at, called=name)
    return cast("V", value)


def rename(value: V, name: str, *, by: "User | None", at: datetime, seen: str | None = None) -> V:
    """Call a value something else. It stays the same value, on all that has it (S4.15)."""
    return edit_value(value, by=by, at=at, seen=seen, name=name)


def describe(value: V, description: str, *, by: "User | None", at: datetime, seen: str | None = None) -> V:
    """Say what belongs to a value, with an example (S4.14)."""
    return edit_value(value, by=by, at=at, seen=seen, description=description)


@transaction.atomic
def edit_value(value: V, *, by: "User | None", at: datetime, seen: str | None = None, **values: Any) -> V:
    """Change name, description and, where the list has them, code, family or for_agency.

    Raises RuleBroken for a name or code that is taken, Stale if the value no longer is what `seen` was made of.
    """
    value = _locked(value)
    if seen is not None and seen != value.fingerprint:
        raise Stale(value)
    allowed = ("name", "description", *EDITABLE.get(type(value), ()))
    was_name = value.name
    if "name" in values:
        values["name"] = clean_name(values["name"])
        if type(value) is Tag:
            values["key"], allowed = tag_key(values["name"]), (*allowed, "key")
        if values["name"] != value.name:
            refuse_taken_name(
                type(value), value.office, values["name"], _siblings(value, values), apart_from=value.pk
            )
    if "description" in values:
        values["description"] = clean_description(values["description"])
    if "code" in values and type(value) is CaseCode:
        values["code"] = case_code(value.office, values["code"], apart_from=value.pk)
    changed = [field for field, new in values.items() if field in allowed and getattr(value, field) != new]
    if not changed:
        return value
    was = {field: [getattr(value, field), values[field]] for field in changed}
    for field in changed:
        setattr(value, field, values[field])
    value.save(update_fields=changed)
    remember_undo(
        "vocabulary.edit",
        office_id=value.office_id,
        by=by,
        at=at,
        label=_("“%(name)s” changed") % {"name": was_name},
        payload={"list": list_of(type(value)), "value": value.pk, "changed": was},
    )
    if "name" in changed:
        record(events.RENAMED, about=value, by=by, at=at, was=was_name, now=value.name)
    if rest := sorted(set(changed) - {"name", "key"}):
        record(events.EDITED, about=value, by=by, at=at, fields=rest)
    return value


@transaction.atomic
def move(value: V, places: int, *, by: "User | None", at: datetime) -> V:
    """Move a value up (negative) or down its list, among those under the same parent and in use."""
    value = _locked(value)
    siblings = type(value)._default_manager.filter(office_id=value.office_id, retired_at__isnull=True)
    if value.parent_field:
        siblings = siblings.filter(**{value.parent_field: getattr(value, f"{value.parent_field}_id")})
    order = list(siblings.order_by("position", "name", "pk"))
    if value not in order:
        raise RuleBroken(_("“%(name)s” is retired. Bring it back first.") % {"name": value.name})
    old = order.index(value)
    new = min(max(old + places, 0), len(order) - 1)
    if new == old:
        return value
    numbers = sorted(one.position for one in order)
    # Values brought in together may share a number: give each its own before the order is kept.
    numbers = [max(number, numbers[0] + place) for place, number in enumerate(numbers)]
    order.insert(new, order.pop(old))
    for one, number in zip(order, numbers, strict=True):
        if one.position != number:
            one.position = number
            one.save(update_fields=["position"])
    record(events.MOVED, about=value, by=by, at=at, places=new - old)
    value.refresh_from_db(fields=["position"])
    return value


@transaction.atomic
def retire(value: V, *, by: "User | None", at: datetime) -> V:
    """Nobody can choose the value any more, nor those under it; whatever has it keeps it (S2.9).

    Raises RuleBroken for the last status of its class, and the last action: cases could not be kept without.
    """
    value = _locked(value)
    if value.retired_at:
        return value
    refuse_to_lose(value)
    under = list(below(value).filter(retired_at__isnull=True).values_list("pk", flat=True))
    _retire_with_those_under(value, at)
    record(events.RETIRED, about=value, by=by, at=at, under=under)
    remember_undo(
        "vocabulary.bring_back",
        office_id=value.office_id,
        by=by,
        at=at,
        label=_("“%(name)s” retired") % {"name": value.name},
        payload={"list": list_of(type(value)), "value": value.pk},
    )
    return value


@transaction.atomic
def bring_back(value: V, *, by: "User | None", at: datetime) -> V:
    """Let people choose a retired value again, and those under it that went with it."""
    value = _locked(value)
    if value.retired_at is None:
        return value
    if value.merged_into:
        raise RuleBroken(
            _("“%(name)s” was merged into “%(into)s”.") % {"name": value.name, "into": value.merged_into}
        )
    parent = getattr(value, value.parent_field) if value.parent_field else None
    if parent is not None and parent.retired_at:
        raise RuleBroken(_("Bring back “%(name)s” first.") % {"name": parent.name})
    went_at = value.retired_at
    _bring_back_with_those_under(value, went_at)
    record(events.BROUGHT_BACK, about=value, by=by, at=at)
    return value


@transaction.atomic
def merge(value: V, into: V, *, by: "User | None", at: datetime, move_open: bool = False) -> V:
    """Two values are one from now on: `value` is retired and points to `into` (S4.15). Returns `into`.

    What was recorded keeps the old value. With `move_open`, open cases and planned work take the new one
    (a reaction in cases hears of it). Raises RuleBroken if they cannot be one.
    """
    # In the order of their ids, so that two merges cannot lock each other out.
    locked = {one: _locked(one) for one in sorted({value, into}, key=lambda one: one.pk)}
    value, into = locked[value], locked[into]
    refuse_to_merge(value, into)
    value.retired_at, value.merged_into = value.retired_at or at, into
    value.save(update_fields=["retired_at", "merged_into"])
    record(events.MERGED, about=value, by=by, at=at, into=into.pk, move_open=move_open)
    if not move_open:
        remember_undo(
            "vocabulary.unmerge",
            office_id=value.office_id,
            by=by,
            at=at,
            label=_("“%(name)s” merged into “%(into)s”") % {"name": value.name, "into": into.name},
            payload={"list": list_of(type(value)), "value": value.pk},
        )
    return into


@transaction.atomic
def unmerge(value: V, *, by: "User | None", at: datetime) -> V:
    """A merged value stands by itself again, and may be chosen."""
    value = _locked(value)
    if value.merged_into is None:
        raise RuleBroken(_("“%(name)s” is not merged.") % {"name": value.name})
    value.merged_into, value.retired_at = None, None
    value.save(update_fields=["merged_into", "retired_at"])
    record(events.UNMERGED, about=value, by=by, at=at)
    return value


def _locked(value: V) -> V:
    return cast(
        "V", type(value)._default_manager.select_for_update(of=("self",)).select_related("office").get(pk=value.pk)
    )


def _siblings(value: Value, values: Mapping[str, Any]) -> dict[str, Any]:
    fields = {"key": values["key"]} if "key" in values else {}
    if value.parent_field:
        fields[value.parent_field] = getattr(value, value.parent_field)
    return fields


def _retire_with_those_under(value: Value, at: datetime) -> None:
    # The same moment on all of them tells later which ones went together.
    for one in below(value).filter(retired_at__isnull=True):
        _retire_with_those_under(one, at)
    value.retire(at)
    value.save(update_fields=["retired_at"])


def _bring_back_with_those_under(value: Value, went_at: datetime) -> None:
    for one in below(value).filter(retired_at=went_at, merged_into__isnull=True):
        _bring_back_with_those_under(one, went_at)
    value.retired_at = None
    value.save(update_fields=["retired_at"])
