"""Everything an office has, row by row, so that any change shows and can be named."""

import datetime as dt
import re
import uuid

from django.apps import apps

from wardbook.accounts.models import User
from wardbook.invariants import path_to_office
from wardbook.offices.models import Office

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.+Z-]+")

# Columns that are never twice the same: digests, keys, and what is sealed.
UNLIKE = ("digest", "previous", "token_hash", "storage_key", "folder", "password", "secret", "smtp_secret")

# What the journal says of reading (K2): a restricted case, or a file of one, was looked at; a list was taken along.
READ = ("case.read", "document.read", "cases.exported")


def dump(world, only=None):
    """{model: {pk: row}} of an office and of the people in it; of `only` these tables of the database."""
    models = [model for model in apps.get_models(include_auto_created=True) if path_to_office(model)]
    asked = {model: model._default_manager.filter(**{path_to_office(model): world.office.pk}) for model in models}
    asked[Office] = Office.objects.filter(pk=world.office.pk)
    asked[User] = User.objects.filter(memberships__office=world.office).distinct()
    return {
        model._meta.label: {row[model._meta.pk.attname]: row for row in rows.values()}
        for model, rows in asked.items()
        if only is None or model._meta.db_table in only
    }


def changes(before, after):
    """What differs between two dumps, in words: empty if nothing does."""
    found = []
    for label in sorted(before.keys() | after.keys()):
        was, now = before.get(label, {}), after.get(label, {})
        found += [f"{label} {pk} is gone" for pk in was.keys() - now.keys()]
        found += [f"{label} {pk} is new: {now[pk]}" for pk in now.keys() - was.keys()]
        for pk in was.keys() & now.keys():
            found += [
                f"{label} {pk}: {name} was {value!r}, is {now[pk][name]!r}"
                for name, value in was[pk].items()
                if value != now[pk][name]
            ]
    return found


def without_notes_of_reading(before, after, reader):
    """What differs apart from what a page may note about its reader, each column with its reason."""
    for row in _rows(after, "cases.CaseVisit"):
        # Presence, and what the reader opened last. That they are writing is told otherwise.
        if row["user_id"] == reader.pk and row["writing_at"] is None:
            _allow(before, "cases.CaseVisit", row, ("opened_at", "seen_at"), is_new=True)
    for row in _rows(after, "correspondence.InboxVisit"):
        # Presence: who has an item of the Inbox on the screen.
        if row["user_id"] == reader.pk:
            _allow(before, "correspondence.InboxVisit", row, ("seen_at",), is_new=True)
    for row in _rows(after, "cases.Activity"):
        # Work that was given to the reader is not new to them any more.
        if row["assignee_id"] == reader.pk:
            _allow(before, "cases.Activity", row, ("seen_at",))
    for row in _rows(after, "offices.Membership"):
        # To which of their offices the start page leads.
        if row["user_id"] == reader.pk:
            _allow(before, "offices.Membership", row, ("last_used_at",))
    lines = 0
    for row in _rows(after, "journal.Event"):
        if row["id"] not in before["journal.Event"] and row["name"] in READ and row["by_id"] == reader.pk:
            _allow(before, "journal.Event", row, (), is_new=True)
            lines += 1
    for row in _rows(after, "journal.ChainHead"):
        # The chain grows by just these lines.
        known = before["journal.ChainHead"].get(row["id"])
        if lines and known and known["number"] + lines == row["number"]:
            _allow(before, "journal.ChainHead", row, ("number", "digest"))
    return changes(before, after)


def _rows(tables, label):
    return list(tables.get(label, {}).values())


def _allow(before, label, row, columns, *, is_new=False):
    """Let these columns of a row, or the whole of a new one, count as what they were before."""
    known = before[label].get(row["id"])
    if known is not None:
        before[label][row["id"]] = known | {name: row[name] for name in columns}
    elif is_new:
        before[label][row["id"]] = row


def apart_from_moments(tables):
    """A dump without what differs between two same acts: the moment, keys and digests. Whether there is a moment
    stays."""
    return {
        label: {pk: {name: _plain(name, value) for name, value in row.items()} for pk, row in rows.items()}
        for label, rows in tables.items()
    }


def _plain(name, value):
    if isinstance(value, dt.datetime | uuid.UUID):
        return type(value).__name__
    if isinstance(value, dict | list):
        return MOMENT.sub("a moment", repr(value))
    return bool(value) if name in UNLIKE else value
