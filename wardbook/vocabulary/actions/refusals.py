"""What the rules of the lists do not allow, each with its sentence."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from wardbook.lib.fold import fold
from wardbook.lib.quote import one_line
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Office
from wardbook.vocabulary.models import (
    ActivityType,
    CaseCode,
    CaseType,
    Category,
    ContactType,
    PartyRole,
    PolicyArea,
    ServiceType,
    Status,
    SubType,
    Tag,
    Value,
)


class NearlySame(RuleBroken):
    """There are tags that are nearly the word; `tags` holds them, the nearest first."""

    def __init__(self, name: str, tags: list[Tag]) -> None:
        near = ", ".join(f"“{tag.name}”" for tag in tags[:3])
        super().__init__(
            _("“%(name)s” is nearly the same as %(near)s. Choose that, or add the new tag all the same.")
            % {"name": name, "near": near}
        )
        self.tags = tags


def clean_name(text: str) -> str:
    name = one_line(text)
    if not name:
        raise RuleBroken(_("Give it a name."))
    if len(name) > 120:
        raise RuleBroken(_("A name has at most 120 letters."))
    return name


def clean_description(text: str) -> str:
    text = one_line(text)
    if len(text) > 300:
        raise RuleBroken(_("A description has at most 300 letters."))
    return text


def tag_key(name: str) -> str:
    key = Tag.key_for(name)
    if not key:
        raise RuleBroken(_("A tag needs at least one letter or digit."))
    return key


def case_code(office: Office, code: str, apart_from: int | None = None) -> str:
    code = one_line(code)
    if not code or len(code) > 12:
        raise RuleBroken(_("A code has 1 to 12 letters or digits."))
    codes: Any = CaseCode.objects.filter(office=office)
    codes = codes.exclude(pk=apart_from)
    if codes.filter(code__iexact=code).exists():
        raise RuleBroken(_("The code “%(code)s” is in the list already.") % {"code": code})
    return code


def free_code(office: Office, text: str) -> str:
    base = slugify(fold(text))[:26].strip("-") or "other"
    known = ContactType.objects.filter(office=office)
    taken = set(known.filter(code__startswith=base).values_list("code", flat=True))
    return next(code for code in [base, *(f"{base}-{n}" for n in range(2, 999))] if code not in taken)


def mark_of(status_class: str) -> str:
    marks = {"new": "new", "open": "open", "paused": "on_hold", "closed": "closed"}
    if status_class not in marks:
        raise RuleBroken(_("Say of which kind the status is: new, open, paused or closed."))
    return marks[status_class]


def refuse_wrong_parent(model: type[Value], office: Office, fields: Mapping[str, Any]) -> None:
    if not model.parent_field:
        return
    parent = fields.get(model.parent_field)
    if parent is None:
        raise RuleBroken(_("Say what it belongs under."))
    if parent.office_id != office.pk:
        raise RuleBroken(_("That belongs to another office."))
    if parent.retired_at:
        raise RuleBroken(_("“%(name)s” is retired. Bring it back first.") % {"name": parent.name})


def refuse_taken_name(
    model: type[Value], office: Office, name: str, fields: Mapping[str, Any], apart_from: int | None = None
) -> None:
    if model is CaseCode:
        return
    same: Any = model._default_manager.filter(office=office).exclude(pk=apart_from)
    if model.parent_field:
        same = same.filter(**{model.parent_field: fields[model.parent_field]})
    same = same.filter(key=fields["key"]) if model is Tag else same.filter(name__iexact=name)
    known = same.first()
    if known is None:
        return
    if known.merged_into:
        raise RuleBroken(
            _("“%(name)s” was merged into “%(into)s”.") % {"name": known.name, "into": known.merged_into}
        )
    if known.retired_at:
        raise RuleBroken(_("“%(name)s” is retired. Bring it back instead.") % {"name": known.name})
    raise RuleBroken(_("“%(name)s” is in the list already.") % {"name": known.name})


def below(value: Value) -> Any:
    """The values directly under one: categories of an area, service types of a category."""
    below: dict[type[Value], type[Value]] = {CaseType: SubType, PolicyArea: Category, Category: ServiceType}
    model = below.get(type(value))
    if model is None:
        return type(value)._default_manager.none()
    return model._default_manager.filter(**{model.parent_field: value})


def refuse_to_lose(value: Value) -> None:
    others: Any = type(value)._default_manager.filter(office_id=value.office_id, retired_at__isnull=True)
    others = others.exclude(pk=value.pk)
    if isinstance(value, Status) and not others.filter(status_class=value.status_class).exists():
        raise RuleBroken(
            _("Cases need a status of the kind “%(kind)s”. Add another before this one goes.")
            % {"kind": value.get_status_class_display()}
        )
    if isinstance(value, ActivityType | PartyRole | ContactType) and not others.exists():
        raise RuleBroken(_("The list would be empty. Add another before this one goes."))


def refuse_to_merge(value: Value, into: Value) -> None:
    if type(value) is not type(into) or value.office_id != into.office_id:
        raise RuleBroken(_("Choose a value of the same list."))
    if value.pk == into.pk:
        raise RuleBroken(_("Choose another value; this is the same one."))
    if value.merged_into:
        raise RuleBroken(
            _("“%(name)s” was merged into “%(into)s”.") % {"name": value.name, "into": value.merged_into}
        )
    if into.retired_at:
        raise RuleBroken(_("“%(name)s” is retired. Choose a value that is in use.") % {"name": into.name})
    if isinstance(value, Status) and isinstance(into, Status) and value.status_class != into.status_class:
        raise RuleBroken(_("Only statuses of the same kind can be one."))
    if below(value).filter(retired_at__isnull=True).exists():
        raise RuleBroken(
            _("“%(name)s” still has values under it. Merge or retire those first.") % {"name": value.name}
        )
