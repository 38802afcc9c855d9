"""What the shell of an office shows of the person's other offices."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from wardbook.offices.models import Membership


def other_offices(request: HttpRequest) -> dict[str, Any]:
    """`other_offices` for templates: name and address of each, as the gate has found them."""

    def find() -> list[dict[str, str]]:
        here = getattr(request, "office", None)
        memberships: list[Membership] = getattr(request, "memberships", [])
        others = [member.office for member in memberships if member.office != here]
        return [{"name": other.name, "url": reverse("desk:home", args=[other.slug])} for other in others if here]

    return {"other_offices": SimpleLazyObject(find)}
