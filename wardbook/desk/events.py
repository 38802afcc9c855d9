"""What can happen to a view, a list or an act on many. The comment beside each is its line in docs/events.md."""

VIEW_SAVED = "view.saved"  # A filter was kept under a name. shared
VIEW_CHANGED = "view.changed"  # A view's name, filter, pin or sharing changed. fields, shared
VIEW_DELETED = "view.deleted"  # A view is no longer kept. shared

CASES_EXPORTED = "cases.exported"  # Cases were taken along as a file. filter, columns, count

BULK_STARTED = "bulk.started"  # An act on many cases was handed to a worker. act, count
BULK_STOPPED = "bulk.stopped"  # The rest of it was left as it is. done, left
BULK_FINISHED = "bulk.finished"  # It came to its end. done, refused
