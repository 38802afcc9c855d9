"""Mail about somebody's own sign-in. Sent by the worker: a slow mail server must not tell a stranger who is known."""

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django_tasks import task

from wardbook.accounts.models import User


@task
def send_message(to: str, subject: str, body: str) -> None:
    """A notice to one person. Holds no secret, because the queue is a table."""
    send_mail(subject, body, None, [to])


@task
def send_confirmation(address_id: int) -> None:
    """The link that confirms a new address for signing in. Made here, as for a new password."""
    address = EmailAddress.objects.select_related("user").filter(pk=address_id, verified=False).first()
    if address is None or not address.user.is_active:
        return
    key = EmailConfirmationHMAC(address).key
    context = {"activate_url": settings.SITE_URL + reverse("account_confirm_email", args=[key])}
    with translation.override(address.user.language):
        subject = render_to_string("account/email/email_confirmation_subject.txt", context)
        body = render_to_string("account/email/email_confirmation_message.txt", context)
    send_mail(" ".join(subject.split()), body, None, [address.email])


@task
def send_password_reset(user_id: int, to: str) -> None:
    """The link to a new password. Made here and not in the request, so that no working link lies in the queue."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    # From the settings and never from the request: its Host header is whatever the caller likes (G6).
    address = settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=key)
    with translation.override(user.language):
        context = {
            "user": user,
            "password_reset_url": address,
            "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
        }
        subject = render_to_string("account/email/password_reset_key_subject.txt", context)
        body = render_to_string("account/email/password_reset_key_message.txt", context)
    send_mail(" ".join(subject.split()), body, None, [to])
