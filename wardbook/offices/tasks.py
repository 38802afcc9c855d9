"""Mail that lets somebody into an office."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks import task

from wardbook.offices import actions
from wardbook.offices.models import Invitation


@task
def send_invitation(invitation_id: int) -> None:
    """Mail an invitation with a link that is made now, so that no working link ever lies in the queue.

    Noted after sending. If the worker dies in between, the sweep sends another, and only the newest link
    works: a second mail is a nuisance, a lost one leaves somebody outside.
    """
    invitation = Invitation.objects.select_related("office", "invited_by").filter(pk=invitation_id).first()
    if invitation is None or invitation.handed_over_at is not None:
        return
    token = actions.new_link(invitation, at=timezone.now())
    if token is None:
        return
    with translation.override(invitation.office.language):
        context = {"invitation": invitation, "office": invitation.office, "link": link(token)}
        subject = render_to_string("offices/email/invitation_subject.txt", context)
        body = render_to_string("offices/email/invitation.txt", context)
    send_mail(" ".join(subject.split()), body, None, [invitation.email])
    actions.note_handed_over(invitation, at=timezone.now())


def link(token: str) -> str:
    """The whole address of an invitation, from the settings and never from a request (G6)."""
    return str(settings.SITE_URL) + reverse("offices:invitation", args=[token])
