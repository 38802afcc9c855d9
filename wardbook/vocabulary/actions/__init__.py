"""The only writers of an office's lists. An act on a value never changes what already has the value."""

from wardbook.vocabulary.actions.refusals import NearlySame
from wardbook.vocabulary.actions.seeding import seed_lists
from wardbook.vocabulary.actions.tags import find_or_add_tag, near_tags
from wardbook.vocabulary.actions.values import (
    add_value,
    bring_back,
    describe,
    edit_value,
    merge,
    move,
    rename,
    retire,
    unmerge,
)

__all__ = [
    "NearlySame",
    "add_value",
    "bring_back",
    "describe",
    "edit_value",
    "find_or_add_tag",
    "merge",
    "move",
    "near_tags",
    "rename",
    "retire",
    "seed_lists",
    "unmerge",
]
