"""Inviting somebody, and accepting."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wardbook.accounts.models import User
from wardbook.lib.quote import one_line
from wardbook.offices import access
from wardbook.offices.models import Invitation, Membership
from wardbook.offices.passwords import refuse_office_words


def roles_to_give(giver: Membership) -> list[tuple[str, Any]]:
    """The roles that a member may give, none above their own (A9)."""
    return [(role.value, role.label) for role in Membership.Role if access.may_grant(giver.role, role.value)]


class InvitationForm(forms.Form):
    """Whom to invite, and as what. Call with the member who invites."""

    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        error_messages={
            "required": _("Enter an email address, like anna@example.org."),
            "invalid": _("Enter an email address, like anna@example.org."),
        },
    )
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    role = forms.ChoiceField(
        label=_("Role"),
        error_messages={"required": _("Choose a role."), "invalid_choice": _("Choose one of these roles.")},
    )

    def __init__(self, *args: Any, giver: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ChoiceField(
            label=self.fields["role"].label,
            choices=roles_to_give(giver),
            error_messages=self.fields["role"].error_messages,
        )

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])


class AcceptForm(forms.Form):
    """Name and password of somebody new. Call with the invitation."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name, as colleagues know it.")},
    )
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        help_text=_("At least 12 characters. Three or four words that do not belong together are good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choose a password of at least 12 characters.")},
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        self.fields["name"].initial = invitation.name

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("Enter your name, as colleagues know it."))
        return name

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        name = self.cleaned_data.get("name", "")
        validate_password(password, User(email=self.invitation.email, name=name))
        refuse_office_words(password, [self.invitation.office], also=[name])
        return password
