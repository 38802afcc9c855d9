"""What mail does when it hears of something."""

from wardbook.correspondence import events, tasks
from wardbook.correspondence.models import Dispatch
from wardbook.journal.models import Event
from wardbook.journal.reactions import reacts_to


@reacts_to(events.MESSAGE_WRITTEN, events.MESSAGE_RETRIED)
def have_it_sent(event: Event) -> None:
    """Ask the worker for the moment at which its turn comes; the sweep would come within a minute."""
    turn_at = Dispatch.objects.filter(pk=event.subject_id).values_list("turn_at", flat=True).first()
    if turn_at is not None:
        tasks.ask_to_send(event.at, turn_at=turn_at)
