"""What a person may say about themselves."""

from pathlib import Path
from typing import ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from wardbook.accounts.models import User
from wardbook.lib.quote import one_line


def languages() -> list[tuple[str, str]]:
    """The languages the product really speaks: English, and those with a finished translation."""
    finished = [
        code
        for code, _name in settings.LANGUAGES
        if any((Path(place) / code / "LC_MESSAGES" / "django.mo").exists() for place in settings.LOCALE_PATHS)
    ]
    return [("en-gb", "English")] + [(code, get_language_info(code)["name_local"]) for code in finished]


class PreferencesForm(forms.ModelForm[User]):
    """Name, language, looks and keys of one person."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name, as colleagues know it.")},
    )
    language = forms.ChoiceField(label=_("Language"), choices=languages)
    theme = forms.ChoiceField(label=_("Colours"), choices=User.Theme, widget=forms.RadioSelect)
    density = forms.ChoiceField(label=_("Rows in lists"), choices=User.Density, widget=forms.RadioSelect)
    single_keys = forms.ChoiceField(
        label=_("Single-letter keys"),
        choices=User.SingleKeys,
        widget=forms.RadioSelect,
        help_text=_("Press c for a new case, g then h for Home. The ? window lists them all."),
    )
    newest_first = forms.BooleanField(label=_("Show the newest entry of a timeline first"), required=False)

    class Meta:
        model = User
        fields: ClassVar = ["name", "language", "theme", "density", "single_keys", "newest_first"]

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("Enter your name, as colleagues know it."))
        return name


class AppearanceForm(forms.Form):
    """What can be changed from the menu of any page; only what was pressed is sent."""

    theme = forms.ChoiceField(choices=User.Theme, required=False)
    density = forms.ChoiceField(choices=User.Density, required=False)
    single_keys = forms.ChoiceField(choices=User.SingleKeys, required=False)
