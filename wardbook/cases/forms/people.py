"""Who takes part in a case, who may see it, and where it is."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wardbook.cases.forms.choosing import ColleagueField, ContactField, ValueField
from wardbook.cases.models import Case, CaseAccess
from wardbook.lib.forms import CHOOSE
from wardbook.lib.typed import LineField, PostcodeField
from wardbook.offices.models import Membership, Ward
from wardbook.vocabulary.models import PartyRole


class PartyForm(forms.Form):
    """Attach somebody in a role: a person, an agency, or a colleague."""

    role = ValueField(PartyRole, label=_("Role"), required=True, empty_label=_("Choose"))
    contact = ContactField(label=_("Person or agency"))
    user = ColleagueField(label=_("Or a colleague"), empty_label=_("Nobody"))
    their_reference = LineField(
        longest=80, label=_("Their reference"), required=False, help_text=_("Quote it when you write to them.")
    )
    note = LineField(longest=200, label=_("Note"), required=False)

    def __init__(self, case: Case, member: Membership, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.member = member
        role: Any = self.fields["role"]
        role.error_messages["required"] = _("Choose the part they play.")
        role.offer(case.office)
        contact: Any = self.fields["contact"]
        contact.offer(member)
        user: Any = self.fields["user"]
        user.offer(colleagues(member))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "contact" not in self.errors and (values.get("contact") is None) == (values.get("user") is None):
            self.add_error("contact", _t("Choose one person, organisation or colleague."))
        return values

    def full_clean(self) -> None:
        super().full_clean()
        field: Any = self.fields["contact"]
        if self.is_bound and "contact" in self.errors:
            field.offer_matches()


class AccessForm(forms.Form):
    """Let somebody in to a restricted case, or keep somebody away from a case."""

    user = ColleagueField(label=_("Colleague"), required=True, empty_label=_("Choose"))
    grant = forms.ChoiceField(
        label=_("They"),
        choices=[(CaseAccess.Grant.READER, _("may see it")), (CaseAccess.Grant.KEPT_OUT, _("are kept away from it"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two."), "invalid_choice": _("Choose one of the two.")},
    )
    reason = LineField(
        longest=200, label=_("Reason"), required=False, help_text=_("Seen by those who may see the case.")
    )

    def __init__(self, case: Case, member: Membership, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.case, self.member = case, member
        user: Any = self.fields["user"]
        user.error_messages["required"] = _("Choose a colleague.")
        user.offer(colleagues(member))
        self.initial.setdefault("grant", CaseAccess.Grant.READER if case.is_restricted else CaseAccess.Grant.KEPT_OUT)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if (
            values.get("grant") == CaseAccess.Grant.KEPT_OUT
            and not values.get("reason")
            and "reason" not in self.errors
        ):
            self.add_error("reason", _t("Say why: their own case, or a relative's."))
        return values


class PlaceForm(forms.Form):
    """Where the problem is, which need not be where the person lives."""

    text = LineField(
        longest=250,
        label=_("Place"),
        help_text=_("An address, or words like “behind the bus stop in Mill Lane”."),
        error_messages={"required": _("Say where it is.")},
    )
    postcode = PostcodeField(required=False, help_text=_("The ward comes from it."))
    ward = forms.ModelChoiceField(
        Ward.objects.none(),
        label=_("Ward"),
        required=False,
        empty_label=_("From the postcode"),
        error_messages=CHOOSE,
    )
    latitude = forms.DecimalField(
        label=_("Latitude"),
        required=False,
        max_digits=9,
        decimal_places=6,
        min_value=-90,
        max_value=90,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    longitude = forms.DecimalField(
        label=_("Longitude"),
        required=False,
        max_digits=9,
        decimal_places=6,
        min_value=-180,
        max_value=180,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )

    def __init__(self, case: Case, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        ward: Any = self.fields["ward"]
        ward.queryset = Ward.objects.filter(office=case.office, retired_at__isnull=True)
        for name, like in (("latitude", "51.5074"), ("longitude", "-0.1278")):
            words = _t("Enter a number in degrees, like %(like)s.") % {"like": like}
            field: Any = self.fields[name]
            field.error_messages |= {"invalid": words}
            for validator in field.validators:
                if hasattr(validator, "messages"):  # the three ways a decimal can have too many digits
                    validator.messages = dict.fromkeys(validator.messages, words)
                else:
                    validator.message = words

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        both = {"latitude", "longitude"}
        given = {name for name in both if values.get(name) is not None}
        if len(given) == 1 and not (both & set(self.errors)):
            self.add_error(next(iter(both - given)), _t("A point needs both numbers."))
        return values


def colleagues(member: Membership) -> Any:
    """Everybody who works in the member's office now."""
    from wardbook.accounts.models import User

    return User.objects.filter(
        pk__in=Membership.objects.active().filter(office_id=member.office_id).values("user_id")
    )
