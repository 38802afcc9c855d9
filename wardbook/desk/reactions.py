"""What the desk does when it hears of something."""

from wardbook.desk import events, tasks
from wardbook.journal.models import Event
from wardbook.journal.reactions import reacts_to


@reacts_to(events.BULK_STARTED)
def ask_a_worker(event: Event) -> None:
    """The queue is a table in the same database: the task commits with the run, or not at all."""
    tasks.go_on_with_bulk.enqueue(event.subject_id)
