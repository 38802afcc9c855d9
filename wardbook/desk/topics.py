"""Policy area and category as one choice: "Housing › Repairs and damp"."""

from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wardbook.lib.forms import CHOOSE
from wardbook.offices.models import Office
from wardbook.vocabulary.models import Category, PolicyArea, ServiceType


class Topic(NamedTuple):
    """What something is about, as far as it is known."""

    policy_area: PolicyArea | None = None
    category: Category | None = None

    @property
    def value(self) -> str:
        """As it stands in a form: a3 for an area, c5 for a category."""
        if self.category is not None:
            return f"c{self.category.pk}"
        return f"a{self.policy_area.pk}" if self.policy_area is not None else ""

    def __str__(self) -> str:
        if self.category is not None and self.policy_area is not None:
            return f"{self.policy_area} › {self.category}"
        return str(self.policy_area or "")

    def __bool__(self) -> bool:
        return self.policy_area is not None


class TopicField(forms.ChoiceField):
    """One policy area, or one category with its area, of an office. Cleans to a Topic. Call `of` first."""

    default_error_messages = {**CHOOSE}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Policy area and category"))
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.Select(attrs={"data-combobox": True}))
        super().__init__(**kwargs)
        self.topics: dict[str, Topic] = {}

    def of(self, office: Office) -> None:
        """Offer what the office has in use. Two queries."""
        areas = {area.pk: area for area in PolicyArea.objects.filter(office=office, retired_at__isnull=True)}
        topics = {f"a{area.pk}": Topic(area) for area in areas.values()}
        for category in Category.objects.filter(office=office, retired_at__isnull=True):
            if area := areas.get(category.policy_area_id):
                topics[f"c{category.pk}"] = Topic(area, category)
        order = {pk: place for place, pk in enumerate(areas)}
        ordered = sorted(
            topics.items(),
            key=lambda item: (order[item[1].policy_area.pk], item[1].category is not None),  # type: ignore[union-attr]  # every topic here has an area
        )
        self.topics = dict(ordered)
        self.choices = [("", _t("Not chosen")), *((value, str(topic)) for value, topic in ordered)]

    def prepare_value(self, value: Any) -> Any:
        return value.value if isinstance(value, Topic) else value

    def clean(self, value: Any) -> Topic:
        chosen = super().clean(value)
        return self.topics.get(chosen, Topic())


def service_types(office: Office) -> list[tuple[str, str]]:
    """The services in use, each with its category, as choices. One query."""
    found = ServiceType.objects.filter(office=office, retired_at__isnull=True).select_related("category")
    return [("", _t("Not chosen")), *((str(one.pk), f"{one.category} › {one}") for one in found)]
