"""A person or organisation becomes known, changes, goes and comes back."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.contacts import events
from wardbook.contacts.actions import saving
from wardbook.contacts.models import Address, Contact
from wardbook.journal.actions import record, remember_undo
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.accounts.models import User

COLUMNS = frozenset(
    {"kind", "is_agency", "title", "given_name", "family_name", "organisation_name", "language", "ward", "area"}
    | {"do_not_call", "do_not_mail", "do_not_email", "flags_source", "needs", "safe_contact", "deceased_on"}
    | {"warning", "warning_reason", "warning_review_on", "casework_hotline", "usual_days"}
)
SOURCE = frozenset({"source", "source_id"})


@transaction.atomic
def add_contact(
    office: Office,
    *,
    by: "User | None",
    at: datetime,
    kind: str = Contact.Kind.PERSON,
    given_name: str = "",
    family_name: str = "",
    organisation_name: str = "",
    title: str = "",
    phones: Iterable[Any] = (),
    emails: Iterable[Any] = (),
    socials: Iterable[Any] = (),
    websites: Iterable[Any] = (),
    address: str = "",
    postcode: str = "",
    mailing_address: str = "",
    mailing_postcode: str = "",
    **fields: Any,
) -> Contact:
    """Make a contact known, with its ways to be reached, its ward by postcode, and the words it is found by.

    `phones`, `emails`, `socials`, `websites` are texts or (text, label) pairs. `fields` are further columns
    (language, needs, warning, is_agency, source, source_id …). Raises RuleBroken without a name, or for a ward of
    another office.
    """
    _known(fields, COLUMNS | SOURCE)
    saving.same_office(office, *fields.values())
    contact = Contact(
        office=office,
        kind=kind,
        given_name=_line(given_name, 80),
        family_name=_line(family_name, 80),
        organisation_name=_line(organisation_name, 160),
        title=_line(title, 30),
        created_by=by,
        created_at=at,
        **fields,
    )
    _name(contact)
    if postcode.strip():
        _settle(contact, postcode)
    contact.save()
    for name, given in {"phones": phones, "emails": emails, "socials": socials, "websites": websites}.items():
        saving.set_points(contact, saving.POINTS[name], given, country=office.country)
    saving.set_address(contact, saving.address_kind(contact, "address"), address, postcode)
    saving.set_address(contact, saving.address_kind(contact, "mailing_address"), mailing_address, mailing_postcode)
    saving.reindex(contact)
    record(events.ADDED, about=contact, by=by, at=at, kind=contact.kind)
    return contact


@transaction.atomic
def edit_contact(
    contact: Contact, *, by: "User | None", at: datetime, seen: int | None = None, **values: Any
) -> Contact:
    """Change what is known of a contact; `values` as for add_contact, lists replace the whole list.

    Raises Stale if somebody saved since version `seen`, RuleBroken without a name.
    """
    _known(values, COLUMNS | saving.POINTS.keys() | saving.ADDRESSES.keys() | set(saving.ADDRESSES.values()))
    contact = _locked(contact)
    if seen is not None and contact.version != seen:
        raise Stale(contact)
    saving.same_office(contact, *values.values())
    was, was_reach = {name: getattr(contact, name) for name in COLUMNS}, saving.values(contact)
    for name in COLUMNS & values.keys():
        setattr(contact, name, values[name])
    _name(contact)
    if contact.kind != was["kind"]:
        contact.addresses.exclude(kind=Address.Kind.MAILING).update(kind=saving.address_kind(contact, "address"))
    changed = _reach(contact, values, was_reach)
    if "postcode" in changed:
        _settle(contact, values["postcode"], given=values)
    changed |= {name for name, old in was.items() if getattr(contact, name) != old}
    if not changed:
        return contact
    contact.version += 1
    contact.save()
    saving.reindex(contact)
    record(events.EDITED, about=contact, by=by, at=at, fields=sorted(changed))
    was, now = was | was_reach, plain_state(contact)
    remember_undo(
        "contact.fields",
        office_id=contact.office_id,
        by=by,
        at=at,
        label=_("%(name)s changed") % {"name": contact.name},
        payload={
            "contact": contact.pk,
            "changed": {name: [_plain(was[name]), now[name]] for name in changed},
        },
    )
    return contact


@transaction.atomic
def delete_contact(contact: Contact, *, by: "User", at: datetime) -> Contact:
    """Take a contact off every list; it can be brought back for a day. Raises RuleBroken while a case is open."""
    contact = _locked(contact)
    count = contact.cases.filter(closed_at__isnull=True, deleted_at__isnull=True).count()
    if count:
        raise RuleBroken(
            _("%(name)s has an open case. Close it first, or give it to somebody else.") % {"name": contact.name}
        )
    if contact.awaited_cases.filter(closed_at__isnull=True, deleted_at__isnull=True).exists():
        raise RuleBroken(_("An open case waits for %(name)s. Change that first.") % {"name": contact.name})
    contact.deleted_at = at
    contact.version += 1
    contact.save(update_fields=["deleted_at", "version"])
    record(events.DELETED, about=contact, by=by, at=at)
    remember_undo(
        "contact.restore",
        office_id=contact.office_id,
        by=by,
        at=at,
        label=_("%(name)s deleted") % {"name": contact.name},
        payload={"contact": contact.pk},
    )
    return contact


@transaction.atomic
def restore_contact(contact: Contact, *, by: "User | None", at: datetime) -> Contact:
    """Bring a deleted contact back."""
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    if contact.deleted_at is not None:
        contact.deleted_at = None
        contact.version += 1
        contact.save(update_fields=["deleted_at", "version"])
        record(events.RESTORED, about=contact, by=by, at=at)
    return contact


def _locked(contact: Contact) -> Contact:
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    if contact.deleted_at:
        raise RuleBroken(_("%(name)s was deleted meanwhile.") % {"name": contact.name})
    return contact


def _name(contact: Contact) -> None:
    contact.name_itself()
    if not contact.name:
        raise RuleBroken(
            _("Write the name of the organisation.")
            if contact.kind == Contact.Kind.ORGANISATION
            else _("Write a first or last name.")
        )


def _settle(contact: Contact, postcode: str, given: dict[str, Any] | None = None) -> None:
    """Ward and area follow the postcode where the table knows it; else what a person chose stands."""
    where = saving.whereabouts(contact.office, postcode)
    if where.area != Contact.Area.UNKNOWN:
        contact.area, contact.ward = where.area, where.ward
    elif given is not None and not given.keys() & {"area", "ward"}:
        contact.area, contact.ward = Contact.Area.UNKNOWN, None


def _reach(contact: Contact, values: dict[str, Any], was: dict[str, Any]) -> set[str]:
    changed = set()
    for name in saving.POINTS.keys() & values.keys():
        if saving.set_points(contact, saving.POINTS[name], values[name], country=contact.office.country):
            changed.add(name)
    for lines, postcode in saving.ADDRESSES.items():
        kind = saving.address_kind(contact, lines)
        if saving.set_address(contact, kind, values.get(lines, was[lines]), values.get(postcode, was[postcode])):
            changed |= {lines, postcode} & values.keys()
    return changed


def _known(given: dict[str, Any], allowed: "frozenset[str] | set[str]") -> None:
    if unknown := given.keys() - allowed:
        raise TypeError(f"A contact has no {', '.join(sorted(unknown))}.")


def _line(text: str, longest: int) -> str:
    return " ".join(text.split())[:longest]


def plain_state(contact: Contact) -> dict[str, Any]:
    """What is known of a contact, as JSON keeps it."""
    known = {name: getattr(contact, name) for name in COLUMNS} | saving.values(contact)
    return {name: _plain(value) for name, value in known.items()}


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.pk if hasattr(value, "pk") else value
