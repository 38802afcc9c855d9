"""The only writers of cases. Called through this module: `case_actions.close(case, …)`."""

from wardbook.cases.actions.access import (
    end_access,
    keep_out,
    let_in,
    note_file_reading,
    note_reading,
    restrict,
    unrestrict,
)
from wardbook.cases.actions.activities import edit_activity, file_on_case, log_activity, see_activities
from wardbook.cases.actions.becoming import entries_become_case, note_becomes_case
from wardbook.cases.actions.bulk import BulkResult, in_bulk
from wardbook.cases.actions.claiming import claim_activity
from wardbook.cases.actions.closing import Unclassified, close, reopen, set_status
from wardbook.cases.actions.deleting import delete, purge, restore
from wardbook.cases.actions.documents import FileRefused, add_documents, remove_document
from wardbook.cases.actions.editing import edit, set_deadline, set_priority, set_tags, wait_on
from wardbook.cases.actions.handing_over import hand_over
from wardbook.cases.actions.notes import add_case_note, add_internal_note, edit_internal_note
from wardbook.cases.actions.opening import open_case
from wardbook.cases.actions.people import add_party, assign, claim, co_assign, end_party
from wardbook.cases.actions.places import add_place, remove_place
from wardbook.cases.actions.planning import (
    FollowUp,
    cancel_activity,
    finish_activity,
    move_activity,
    plan_activity,
)
from wardbook.cases.actions.waiting_files import (
    forget_waiting,
    let_wait,
    room_for_waiting,
    sweep_waiting,
    waiting_in,
    waiting_root,
)
from wardbook.cases.actions.working import discard_draft, keep_draft, visit

__all__ = [
    "BulkResult",
    "FileRefused",
    "FollowUp",
    "Unclassified",
    "add_case_note",
    "add_documents",
    "add_internal_note",
    "add_party",
    "add_place",
    "assign",
    "cancel_activity",
    "claim",
    "claim_activity",
    "close",
    "co_assign",
    "delete",
    "discard_draft",
    "edit",
    "edit_activity",
    "edit_internal_note",
    "end_access",
    "end_party",
    "entries_become_case",
    "file_on_case",
    "finish_activity",
    "forget_waiting",
    "hand_over",
    "in_bulk",
    "keep_draft",
    "keep_out",
    "let_in",
    "let_wait",
    "log_activity",
    "move_activity",
    "note_becomes_case",
    "note_file_reading",
    "note_reading",
    "open_case",
    "plan_activity",
    "purge",
    "remove_document",
    "remove_place",
    "reopen",
    "restore",
    "restrict",
    "room_for_waiting",
    "see_activities",
    "set_deadline",
    "set_priority",
    "set_status",
    "set_tags",
    "sweep_waiting",
    "unrestrict",
    "visit",
    "wait_on",
    "waiting_in",
    "waiting_root",
]
