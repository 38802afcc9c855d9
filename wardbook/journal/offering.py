"""Offering somebody to take back what they did just now."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from wardbook.journal.models import Undo

if TYPE_CHECKING:
    from wardbook.offices.middleware import Request


def undo_address(request: "Request", at: datetime) -> str:
    """Where the person's newest act at this moment is taken back, or "" when it cannot be."""
    undo = Undo.objects.visible_to(request.member).filter(at=at).order_by("-pk").values_list("pk", flat=True).first()
    return reverse("desk:undo", args=[request.office.slug, undo]) if undo else ""
