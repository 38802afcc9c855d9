"""The only writers of contacts. Called through this module: `contact_actions.add_contact(office, …)`."""

from wardbook.contacts.actions.notes import add_note, note_became_case
from wardbook.contacts.actions.people import add_contact, delete_contact, edit_contact, restore_contact
from wardbook.contacts.actions.postcodes import Lies, Replaced, replace_postcodes
from wardbook.contacts.actions.saving import reindex
from wardbook.contacts.alike import likely_same

__all__ = [
    "Lies",
    "Replaced",
    "add_contact",
    "add_note",
    "delete_contact",
    "edit_contact",
    "likely_same",
    "note_became_case",
    "reindex",
    "replace_postcodes",
    "restore_contact",
]
