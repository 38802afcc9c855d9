"""What mail does when it hears of something."""

from wardbook.cases import events as case_events
from wardbook.correspondence import events, tasks
from wardbook.correspondence.actions import purging
from wardbook.correspondence.models import BulkReply, Dispatch
from wardbook.journal.models import Event
from wardbook.journal.reactions import reacts_to


@reacts_to(events.MESSAGE_WRITTEN, events.MESSAGE_RETRIED)
def have_it_sent(event: Event) -> None:
    """Ask the worker for the moment at which its turn comes; the sweep would come within a minute."""
    turn_at = Dispatch.objects.filter(pk=event.subject_id).values_list("turn_at", flat=True).first()
    if turn_at is not None:
        tasks.ask_to_send(event.at, turn_at=turn_at)


@reacts_to(events.MESSAGE_RECEIVED)
def have_it_compared(event: Event) -> None:
    """Ask the worker to look for mails like this one; the sweep would come within a minute."""
    if not event.facts.get("auto_kind"):
        tasks.ask_once(tasks.group_mail)


@reacts_to(events.CAMPAIGN_ACCEPTED, events.CAMPAIGN_MERGED)
def have_the_rest_filed(event: Event) -> None:
    """What an act on a very large campaign left is filed by the worker."""
    tasks.ask_once(tasks.group_mail)


@reacts_to(events.BULK_REPLY_WRITTEN)
def have_many_answered(event: Event) -> None:
    """Ask the worker for the moment at which the hold is over."""
    starts_at = BulkReply.objects.values_list("starts_at", flat=True).get(pk=event.subject_id)
    # A moment later, so that its turn has come when the worker looks.
    tasks.answer_many.using(run_after=starts_at + tasks.ONE_TURN_FOR).enqueue()


@reacts_to(case_events.PURGED)
def let_the_post_go(event: Event) -> None:
    """A case that is removed for good takes its messages and letters with it."""
    purging.let_go(event.subject_id)
