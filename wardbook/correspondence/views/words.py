"""Templates in the words of what is being written: the same for emails and letters."""

from django.utils import timezone

from wardbook.cases.models import Case
from wardbook.contacts.models import Contact
from wardbook.correspondence import filling
from wardbook.correspondence.models import Template
from wardbook.offices.middleware import Request


def filled(
    request: Request, template: Template, case: Case | None, contact: Contact | None
) -> tuple[str, str, list[str]]:
    """A template in the words of one message or letter, and the tokens that have no value."""
    facts = filling.Facts(
        office=request.office,
        at=timezone.now(),
        case=case,
        person=contact,
        me=request.member,
        language=template.language,
    )
    subject, body = filling.fill(template.subject, facts), filling.fill(template.body, facts)
    return subject.text, body.text, list(dict.fromkeys([*subject.missing, *body.missing]))
