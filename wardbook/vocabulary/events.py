"""What can happen to the lists of an office. The comment beside each is its line in docs/events.md."""

SEEDED = "vocabulary.seeded"  # Empty lists were filled with the presets of a profile. profile, lists
ADDED = "vocabulary.added"  # A value was added. called
RENAMED = "vocabulary.renamed"  # A value got another name; it stays the same value. was, now
EDITED = "vocabulary.edited"  # Its description, code or sort was changed. fields
MOVED = "vocabulary.moved"  # It stands elsewhere in its list. places
RETIRED = "vocabulary.retired"  # Nobody can choose it any more. under (values that went with it)
BROUGHT_BACK = "vocabulary.brought_back"  # It can be chosen again.
MERGED = "vocabulary.merged"  # It is part of another from now on. into, move_open
UNMERGED = "vocabulary.unmerged"  # It stands by itself again.
