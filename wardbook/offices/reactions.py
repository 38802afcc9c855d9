"""What offices do when they hear of something."""

from wardbook.journal.models import Event
from wardbook.journal.reactions import reacts_to
from wardbook.offices import events, tasks


@reacts_to(events.INVITED, events.INVITED_AGAIN)
def mail_the_invitation(event: Event) -> None:
    """Enqueue the mail with the link, unless the link is handed over on the terminal."""
    if event.facts["by_mail"]:
        tasks.send_invitation.enqueue(event.subject_id)
