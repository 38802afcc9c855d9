"""The page on which an email or a letter is written: its draft, its template, and what both show alike."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import reverse

from wardbook.cases.models import Case, Draft
from wardbook.cases.views.door import case_url, page_or_piece
from wardbook.contacts.models import Contact
from wardbook.correspondence.models import Template
from wardbook.correspondence.views.words import filled
from wardbook.lib.ids import can_be_an_id
from wardbook.offices.middleware import Request


class DraftedPage:
    """A form about a case or to a contact, with the draft that is kept while somebody writes."""

    template: ClassVar[str]

    def __init__(self, request: Request, case: Case | None, contact: Contact | None, scope: str) -> None:
        self.request, self.case, self.contact, self.scope = request, case, contact, scope
        self.draft = Draft.objects.visible_to(request.member).filter(scope=scope).first()

    def show(self, form: Any, status: int, **more: Any) -> HttpResponse:
        about = "&".join(f"{name}={value}" for name, value in self.about(form).items())
        words = reverse("correspondence:template_text", args=[self.request.office.slug, 0])
        context = {
            "case": self.case,
            "contact": self.contact,
            "form": form,
            "form_url": self.request.get_full_path(),
            "back": self.back,
            "scope": self.scope,
            "draft_version": self.draft.version if self.draft else 0,
            "template_url": f"{words}?{about}",
        }
        return page_or_piece(self.request, self.template, context | more, "form", status)

    def about(self, form: Any) -> dict[str, int]:
        """What the words of a template are filled from, as its address names it."""
        if self.case:
            return {"case": self.case.number}
        return {"contact": self.contact.pk} if self.contact else {}

    def insert(self, typed: dict[str, Any], person: Contact | None, usual: Collection[str] = ()) -> None:
        """Put the words of the chosen template below what is typed: for who has no JavaScript. Its subject takes the
        place of a `usual` one, and of none that somebody wrote."""
        chosen = typed.get("template", "")
        templates = Template.objects.visible_to(self.request.member).in_use()
        template = templates.filter(pk=int(chosen)).first() if can_be_an_id(chosen) else None
        if template is not None:
            subject, body, _missing = filled(self.request, template, self.case, person)
            typed["body"] = "\n".join(part for part in (typed.get("body", "").strip(), body) if part)
            own = typed.get("subject", "").strip()
            typed["subject"] = subject or own if own in usual else own or subject

    @property
    def back(self) -> str:
        if self.case:
            return case_url(self.case)
        assert self.contact is not None  # what is written is about a case or to a contact
        return reverse("contacts:contact", args=[self.request.office.slug, self.contact.pk])
