"""Templates in the words of what is being written: the same for emails and letters."""

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from wardbook.cases.models import Case
from wardbook.contacts.models import Contact
from wardbook.correspondence import filling
from wardbook.correspondence.models import Template
from wardbook.lib.ids import as_id, as_number
from wardbook.offices.middleware import Request


@require_GET
def template_text(request: Request, office: str, pk: int) -> JsonResponse:
    """A template with its tokens filled from the case and the contact that the address names."""
    template = get_object_or_404(Template.objects.visible_to(request.member).in_use(), pk=pk)
    case, contact = None, None
    if number := request.GET.get("case", ""):
        in_reach = Case.objects.visible_to(request.member)
        case = get_object_or_404(in_reach, number=as_number(number) or 0)
    if person := request.GET.get("contact", ""):
        known = Contact.objects.visible_to(request.member)
        contact = get_object_or_404(known, pk=as_id(person) or 0)
    subject, body, missing = filled(request, template, case, contact)
    return JsonResponse({"subject": subject, "body": body, "missing": [f"{{{token}}}" for token in missing]})


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
