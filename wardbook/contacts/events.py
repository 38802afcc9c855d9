"""What can happen to a contact."""

ADDED = "contact.added"
EDITED = "contact.edited"
DELETED = "contact.deleted"
RESTORED = "contact.restored"

NOTE_ADDED = "contact_note.added"
NOTE_BECAME_CASE = "contact_note.became_case"

POSTCODES_REPLACED = "postcodes.replaced"
