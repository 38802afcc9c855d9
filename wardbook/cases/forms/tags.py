"""The tags of a case; a new one is made only by those who may, and only when no old one is meant."""

from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wardbook.cases.forms.held import Held
from wardbook.cases.models import Case
from wardbook.lib.forms import ChosenManyField, Combobox
from wardbook.lib.ids import ids_among
from wardbook.lib.typed import LineField
from wardbook.vocabulary.actions import near_tags
from wardbook.vocabulary.models import Tag

ADD = "add"


class TagsForm(Held):
    tags = ChosenManyField(Tag.objects.none(), label=_("Tags"), required=False)
    new_tag = LineField(
        longest=120, label=_("A new tag"), required=False, help_text=_("Only if none of the list fits.")
    )
    instead = forms.ChoiceField(label=_("Do you mean one of these?"), required=False, widget=forms.RadioSelect)
    # The tags when the form was drawn: only what the person changed is changed.
    before = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    def build(self) -> None:
        now = list(self.case.tags.order_by("name"))
        field: Any = self.fields["tags"]
        in_use = Q(retired_at__isnull=True) | Q(pk__in=[tag.pk for tag in now])
        field.queryset = Tag.objects.filter(in_use, office=self.office)
        box: Combobox = field.widget
        box.multiple, box.url = True, reverse("cases:tag_options", args=[self.office.slug])
        sent = self.data.getlist("tags") if self.is_bound and hasattr(self.data, "getlist") else []
        ids = ids_among(sent)
        known = {tag.pk: tag for tag in [*now, *Tag.objects.filter(office=self.office, pk__in=ids)]}
        box.shown = [(tag.pk, tag.name) for tag in known.values()]
        self.initial["tags"] = [tag.pk for tag in now]
        self.initial["before"] = ",".join(str(tag.pk) for tag in now)
        if not self.member.can("vocabulary.new_tag"):
            del self.fields["new_tag"]
        self._offer_instead()

    def _offer_instead(self) -> None:
        """A tag that is nearly the new word is offered first (S4.12)."""
        name = str(self.data.get("new_tag", "")) if self.is_bound and "new_tag" in self.fields else ""
        key = Tag.key_for(name[:120])
        same = key and Tag.objects.filter(office=self.office, key=key).exists()
        near = near_tags(self.office, name[:120])[:5] if key and not same else []
        if not near:
            del self.fields["instead"]
            return
        field: Any = self.fields["instead"]
        field.choices = [
            *((str(tag.pk), tag.name) for tag in near),
            (ADD, _t("No, add “%(name)s”") % {"name": name[:120]}),
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        name = values.get("new_tag", "")
        if name and not Tag.key_for(name):
            self.add_error("new_tag", _t("A tag needs at least one letter or digit."))
        if "instead" in self.fields and not values.get("instead") and "instead" not in self.errors:
            self.add_error("instead", _t("There is a tag that is nearly the same. Choose it, or add the new one."))
        return values

    def wanted(self) -> tuple[list[Tag], str]:
        """The tags from now on, and the name of one to be made."""
        before = set(ids_among(self.cleaned_data["before"].split(",")))
        ticked = {tag.pk for tag in self.cleaned_data["tags"]}
        now = {tag.pk for tag in self.case.tags.all()}
        wanted = (now - (before - ticked)) | (ticked - before)
        name = self.cleaned_data.get("new_tag", "")
        instead = self.cleaned_data.get("instead", "")
        if instead and instead != ADD:
            wanted.add(int(instead))
            name = ""
        return list(Tag.objects.filter(office=self.office, pk__in=wanted)), name

    @classmethod
    def values(cls, case: Case) -> list[Any]:
        return sorted(case.tags.values_list("pk", flat=True))
