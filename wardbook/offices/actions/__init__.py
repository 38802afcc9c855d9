"""The only writers of offices and of who works in them. Called through this module: `office_actions.invite(…)`."""

from wardbook.offices.actions.invitations import (
    accept_invitation,
    find,
    invite,
    invite_again,
    new_link,
    note_handed_over,
    revoke,
)
from wardbook.offices.actions.offices import (
    add_closure,
    change_office,
    create_office,
    remove_closure,
    set_field_use,
)
from wardbook.offices.actions.people import (
    add_member,
    add_representative,
    change_job_title,
    change_role,
    deactivate_member,
    reactivate_member,
    remember_office,
    sign_out_everywhere,
)
from wardbook.offices.actions.teams import (
    add_to_team,
    change_team,
    create_team,
    remove_from_team,
    restore_team,
    retire_team,
)

__all__ = [
    "accept_invitation",
    "add_closure",
    "add_member",
    "add_representative",
    "add_to_team",
    "change_job_title",
    "change_office",
    "change_role",
    "change_team",
    "create_office",
    "create_team",
    "deactivate_member",
    "find",
    "invite",
    "invite_again",
    "new_link",
    "note_handed_over",
    "reactivate_member",
    "remember_office",
    "remove_closure",
    "remove_from_team",
    "restore_team",
    "retire_team",
    "revoke",
    "set_field_use",
    "sign_out_everywhere",
]
