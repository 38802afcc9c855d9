"""What can happen to a case and to what hangs on it. The comment beside each is its line in docs/events.md."""

OPENED = "case.opened"  # A matter became a case. kind, status, owner, team, opened_on
IMPORTED = "case.imported"  # It came in from another system. batch, source, kind, status, outcome, opened_on
IMPORT_TAKEN_BACK = "case.import_taken_back"  # It went again with its import. batch
EDITED = "case.edited"  # What a case says was changed. fields, changes {column: [was, now]} without free text
STATUS_CHANGED = "case.status_changed"  # It stands elsewhere, neither closed nor reopened. was, now, review_on
CLOSED = "case.closed"  # It was closed. was, now (statuses), outcome, ended and done (activities)
REOPENED = "case.reopened"  # A closed case was taken up again. was (outcome), now (status), count
PRIORITY_CHANGED = "case.priority_changed"  # was, now
ASSIGNED = "case.assigned"  # It was given to a person, a team, both or nobody. was, now, team_was, team
CO_ASSIGNED = "case.co_assigned"  # Colleagues joined or left those who work on it. added, removed
TAGGED = "case.tagged"  # Tags were put on or taken off. added, removed
WAITING = "case.waiting"  # Who must act next changed. was, now, agency
DEADLINE_SET = "case.deadline_set"  # The day after which it is too late was set or removed. now
RESTRICTED = "case.restricted"  # Only named people see it from now on.
UNRESTRICTED = "case.unrestricted"  # Everybody whose role sees such cases sees it again.
LET_IN = "case.let_in"  # Somebody was named who may see a restricted case. user
KEPT_OUT = "case.kept_out"  # Somebody was kept away from a case. user
ACCESS_ENDED = "case.access_ended"  # Letting in or keeping out was taken back. user, grant
READ = "case.read"  # A restricted case was looked at; at most one line an hour and person.
DELETED = "case.deleted"  # It was put into the bin.
RESTORED = "case.restored"  # It was taken out of the bin.
PURGED = "case.purged"  # It was removed after 30 days in the bin. files
LINKED = "case.linked"  # It was said to belong with another case. to, why (related, split, late-reply)
UNLINKED = "case.unlinked"  # It was said not to belong with another case after all. to
UNDONE = "case.undone"  # An act was taken back. undo, fields
PARTY_ADDED = "case.party_added"  # Somebody was attached in a role. party, role, contact or user
PARTY_ENDED = "case.party_ended"  # Somebody no longer has their role. party, role
PLACE_ADDED = "case.place_added"  # A place was added. place, ward
PLACE_REMOVED = "case.place_removed"  # A place was taken off. place, ward

ACTIVITY_LOGGED = "activity.logged"  # Something that was done was written down. type
ACTIVITY_PLANNED = "activity.planned"  # A next step was planned for a day. type, due_on, assignee
ACTIVITY_FINISHED = "activity.finished"  # A planned step was done.
ACTIVITY_MOVED = "activity.moved"  # A planned step was put off. was, now (days)
ACTIVITY_CANCELLED = "activity.cancelled"  # A planned step will not happen.
ACTIVITY_EDITED = "activity.edited"  # What an activity says was changed. fields
ACTIVITY_FILED = "activity.filed"  # An activity without a case was put on one. case

NOTE_ADDED = "note.added"  # A note for the office was added. note, mentions
NOTE_EDITED = "note.edited"  # Its author corrected it. note
CASE_NOTE_ADDED = "case_note.added"  # A note for everybody on the case was added. note

DOCUMENT_ADDED = "document.added"  # A file joined an entry. size
DOCUMENT_READ = "document.read"  # A file of a restricted case was downloaded.
DOCUMENT_REMOVED = "document.removed"  # A file was taken off its case.
