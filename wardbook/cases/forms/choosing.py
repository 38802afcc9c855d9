"""Fields that choose from an office's lists, its people and its contacts. Another office's id is never a choice."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, TypeVar, cast

from django import forms
from django.db.models import Model, Q, QuerySet
from django.forms.models import ModelChoiceIterator
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wardbook.cases import references
from wardbook.cases.models import Case
from wardbook.contacts.lookup import best_matches
from wardbook.contacts.models import Contact
from wardbook.lib.forms import CHOOSE, ChosenField, Combobox, RowsField
from wardbook.lib.ids import as_number
from wardbook.offices.models import Membership, Office
from wardbook.vocabulary.models import Value

M = TypeVar("M", bound=Model)


def case_named(member: Membership, typed: str) -> Case | None:
    """The case that somebody means who typed a reference or a number, if this person may see it."""
    cases, key = Case.objects.visible_to(member), references.key(typed)
    found = cases.filter(reference_key=key) if key else cases.none()
    if not found and (number := as_number(key)) is not None:
        found = cases.filter(number=number)
    return found.first()


class ValueField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """One value of one list of the office: those in use, and the one the case has."""

    def __init__(self, model: type[Value], **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("empty_label", _("None"))
        kwargs["error_messages"] = CHOOSE | kwargs.get("error_messages", {})
        super().__init__(model.objects.none(), **kwargs)
        self.model = model

    def offer(self, office: Office, current: int | None = None) -> None:
        """Limit it to an office's values."""
        values = self.model.objects.filter(office=office)
        self.queryset = values.filter(Q(retired_at__isnull=True) | Q(pk=current))


class _Grouped(ModelChoiceIterator):  # type: ignore[type-arg]  # generic only in the stubs
    """The choices under headings: the values they depend on."""

    def __iter__(self) -> Iterator[Any]:
        field = cast("DependentField", self.field)
        if field.empty_label is not None:
            yield ("", field.empty_label)
        parent = field.model.parent_field
        values = self.queryset.select_related(parent).order_by(
            f"{parent}__position", f"{parent}__name", "position", "name"
        )
        for above, below in groupby(values, key=lambda value: getattr(value, parent)):
            yield (str(above), [self.choice(value) for value in below])


class DependentField(ValueField):
    """A value that depends on another: shown under it."""

    iterator = _Grouped

    def offer_under(self, office: Office, parent: Any, current: int | None = None) -> None:
        """Limit what is shown to one parent's values; what may be sent stays the whole list."""
        self.offer(office, current)
        if parent:
            values = self.model.objects.filter(office=office)
            values = values.filter(Q(retired_at__isnull=True) | Q(pk=current))
            shown = values.filter(Q(**{f"{self.model.parent_field}_id": parent}) | Q(pk=current))
            self.widget.choices = [("", self.empty_label or ""), *((value.pk, str(value)) for value in shown)]


class ManyField(RowsField):
    """Several rows of a list."""

    default_error_messages = {
        "invalid_choice": _("Choose from the list."),
        "invalid_pk_value": _("Choose from the list."),
        "invalid_list": _("Choose from the list."),
        "list": _("Choose from the list."),
    }

    def __init__(self, queryset: Any = None, **kwargs: Any) -> None:
        super().__init__(queryset, **kwargs)


class ColleagueField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """One colleague by name."""

    def __init__(self, **kwargs: Any) -> None:
        from wardbook.accounts.models import User

        kwargs.setdefault("required", False)
        super().__init__(User.objects.none(), error_messages=CHOOSE, **kwargs)

    def offer(self, people: "QuerySet[Any]", me: Membership | None = None) -> None:
        """Limit it to some people; whoever asks stands first as "Me"."""
        self.queryset = people.order_by("name", "pk")
        if me is not None:
            mine = [(user.pk, _("Me (%(name)s)") % {"name": user.name}) for user in self.queryset if user == me.user]
            rest = [(user.pk, str(user)) for user in self.queryset if user != me.user]
            self.widget.choices = [*([("", self.empty_label)] if self.empty_label else []), *mine, *rest]


class ContactField(ChosenField):
    """A person or organisation, found by type-ahead; without JavaScript in a second step."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(Contact.objects.none(), **kwargs)
        self.member: Membership | None = None

    def offer(self, member: Membership, shown: Contact | None = None, *, agencies: bool = False) -> None:
        """Limit it to the contacts the member may see."""
        self.member, self.agencies = member, agencies
        contacts = Contact.objects.visible_to(member)
        # Whoever is on the case already may stay, whatever the member sees otherwise.
        self.queryset = contacts | Contact.objects.filter(pk=shown.pk) if shown else contacts
        url = reverse("cases:people_options", args=[member.office.slug])
        self.box.url = f"{url}?agencies=1" if agencies else url
        self.box.shown = shown.name if shown else ""

    @property
    def box(self) -> Combobox:
        return cast("Combobox", self.widget)

    def offer_matches(self) -> None:
        """The second step without JavaScript: what was typed but not chosen, as choices."""
        if self.member is None or not self.box.typed:
            return
        contacts = Contact.objects.visible_to(self.member)
        found = best_matches(contacts, self.member.office_id, self.box.typed)
        self.box.matches = [(contact.pk, contact.name) for contact in found]


def staff_of(office: Office) -> "QuerySet[Any]":
    """The people of an office who can be given work."""
    from wardbook.accounts.models import User

    return User.objects.filter(pk__in=Membership.objects.staff().filter(office=office).values("user_id"))
