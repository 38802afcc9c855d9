"""What can happen to an office and to the people in it."""

OFFICE_CREATED = "office.created"
OFFICE_CHANGED = "office.changed"
FIELD_USE_SET = "office.field_use_set"

CLOSURE_ADDED = "closure.added"
CLOSURE_REMOVED = "closure.removed"

INVITED = "invitation.made"
INVITED_AGAIN = "invitation.made_again"
INVITATION_REVOKED = "invitation.revoked"
INVITATION_ACCEPTED = "invitation.accepted"

MEMBER_JOINED = "member.joined"
MEMBER_RETURNED = "member.returned"
MEMBER_LEFT = "member.left"
ROLE_CHANGED = "member.role_changed"
JOB_TITLE_CHANGED = "member.job_title_changed"
MEMBER_SIGNED_OUT = "member.signed_out"

TEAM_CREATED = "team.created"
TEAM_CHANGED = "team.changed"
TEAM_RETIRED = "team.retired"
TEAM_RESTORED = "team.restored"
TEAM_JOINED = "team.joined"
TEAM_LEFT = "team.left"

REPRESENTATIVE_ADDED = "representative.added"
REPRESENTATIVE_CHANGED = "representative.changed"

WARD_ADDED = "ward.added"  # A ward was added.
WARD_CHANGED = "ward.changed"  # Its name or code was changed. fields
WARD_RETIRED = "ward.retired"  # It can no longer be chosen.
WARD_RESTORED = "ward.restored"  # It can be chosen again.
