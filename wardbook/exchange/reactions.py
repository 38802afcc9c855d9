"""What the imports do when they hear of something."""

from wardbook.exchange import events, tasks
from wardbook.exchange.models import Run
from wardbook.journal.models import Event
from wardbook.journal.reactions import reacts_to


@reacts_to(events.ASKED)
def ask_a_worker(event: Event) -> None:
    """The queue is a table in the same database: the task commits with the run, or not at all."""
    if event.facts["step"] != Run.Step.MATCH:
        tasks.carry_out.enqueue(event.subject_id)
