"""What the shell of an office shows of the person's other offices."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from wardbook.offices.models import Membership


def other_offices(request: HttpRequest) -> dict[str, Any]:
    """`other_offices` for templates: name and address of each. One query, and only on a page that shows them."""

    def find() -> list[dict[str, str]]:
        here = getattr(request, "office", None)
        if here is None or not request.user.is_authenticated:
            return []
        others = Membership.objects.active().filter(user=request.user).exclude(office=here)
        return [
            {"name": name, "url": reverse("desk:home", args=[slug])}
            for name, slug in others.order_by("office__name").values_list("office__name", "office__slug")
        ]

    return {"other_offices": SimpleLazyObject(find)}
