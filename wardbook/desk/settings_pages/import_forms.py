"""What the page of imports asks: a file with its map, and which of its columns goes where."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from wardbook.exchange import dates, guessing, mapping
from wardbook.exchange.fields import CASE, CONTACT, NEEDED, Field, Takes
from wardbook.exchange.targets import NEVER_MADE
from wardbook.lib.typed import LineField

KINDS = {"contacts": _later("People and organisations"), "cases": _later("Cases")}
MATCH, OWN = "match", "own"
SHIPPED: dict[str, Promise] = {
    "outlook": _later("Contacts exported from Outlook"),
    "la311": _later("Service requests of Los Angeles (MyLA311)"),
}
# What a person can choose a column for, in the order of the list. Other fields need a map in a file.
PERSON_LABELS: dict[str, Promise] = {
    "name": _later("Full name"),
    "title": _later("Title"),
    "given_name": _later("First name"),
    "family_name": _later("Last name"),
    "organisation": _later("Organisation"),
    "phone": _later("Telephone"),
    "mobile": _later("Mobile"),
    "email": _later("Email"),
    "address": _later("Address"),
    "postcode": _later("Postcode"),
}
CONTACT_LABELS: dict[str, Promise] = {
    **PERSON_LABELS,
    "id": _later("Number in the old system"),
    "language": _later("Language (code, like cy)"),
    "needs": _later("What to keep in mind"),
    "do_not_call": _later("Do not call (yes or no)"),
    "do_not_mail": _later("Do not write letters (yes or no)"),
    "do_not_email": _later("Do not email (yes or no)"),
}
CASE_LABELS: dict[str, Promise] = {
    "id": _later("Number in the old system"),
    "description": _later("What it is about"),
    "notes": _later("Details"),
    "opened": _later("Opened on"),
    "closed": _later("Closed on"),
    "updated": _later("Last changed on"),
    "status": _later("Status"),
    "outcome": _later("Outcome"),
    "outcome_note": _later("Outcome in words"),
    "kind": _later("Case kind"),
    "priority": _later("Priority"),
    "deadline": _later("Deadline"),
    "policy_area": _later("Policy area"),
    "category": _later("Category"),
    "case_type": _later("Case type"),
    "case_code": _later("Case code"),
    "contact_type": _later("Contact type"),
    "tags": _later("Tags"),
    "representative": _later("Representative"),
    "owner": _later("Who does it"),
    "team": _later("Team"),
    "restricted": _later("Restricted (yes or no)"),
    "anonymous": _later("Anonymous (yes or no)"),
    "place": _later("Place"),
    "postcode": _later("Postcode of the place"),
    "ward": _later("Ward"),
    **{
        f"constituent.{name}": format_lazy(_later("Constituent: {field}"), field=label)
        for name, label in PERSON_LABELS.items()
    },
}
LABELS = {"contacts": CONTACT_LABELS, "cases": CASE_LABELS}
DATES = {
    "%d/%m/%Y": _later("day/month/year, like 31/12/2025"),
    "%m/%d/%Y": _later("month/day/year, like 12/31/2025"),
    "%d.%m.%Y": _later("day.month.year, like 31.12.2025"),
    dates.ISO: _later("year-month-day, like 2025-12-31"),
}
LEFT_OUT, TOLD = "-", "told"
ENCODINGS = {TOLD: _later("Told by the file"), "cp1252": _later("Windows (Excel, Western Europe)")}
CHOOSE = dict.fromkeys(("required", "invalid_choice"), _later("Choose from the list."))


class FileForm(forms.Form):
    """A file, what is in it, and how its columns are read."""

    kind = forms.ChoiceField(
        choices=list(KINDS.items()),
        label=_later("What is in it?"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _later("Say what is in the file.")),
    )
    table = forms.FileField(
        label=_later("CSV or Excel file"),
        help_text=_later("The first line names the columns. Of an Excel workbook (.xlsx) the first sheet is read."),
        error_messages={
            "required": _later("Choose a CSV or Excel file."),
            "empty": _later("This file is empty."),
            "invalid": _later("Choose a CSV or Excel file."),
        },
    )
    using = forms.ChoiceField(
        choices=[
            (MATCH, _later("I match its columns on the next page")),
            *SHIPPED.items(),
            (OWN, _later("A map of my own (a TOML file)")),
        ],
        label=_later("How are its columns read?"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _later("Choose from the list.")),
    )
    map_file = forms.FileField(
        label=_later("Map of my own"),
        required=False,
        help_text=_later("Only if you chose it above. docs/importing.md tells how to write one."),
        error_messages={"empty": _later("This file is empty."), "invalid": _later("Choose a TOML file.")},
    )

    def clean_table(self) -> Any:
        if self.cleaned_data["table"].size > settings.UPLOAD_MAX_BYTES:
            limit = settings.UPLOAD_MAX_BYTES // 1024**2
            raise forms.ValidationError(
                _("This file is larger than %(limit)d MB. Ask whoever runs Wardbook to use “wardbook import”.")
                % {"limit": limit}
            )
        return self.cleaned_data["table"]

    def clean_map_file(self) -> Any:
        file = self.cleaned_data["map_file"]
        if file and file.size > mapping.LARGEST:
            raise forms.ValidationError(_("This file is too large to be a map."))
        return file

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("using") == OWN and not found.get("map_file") and "map_file" not in self.errors:
            self.add_error("map_file", _("Choose the file of your map, or another way above."))
        elif found.get("using") and found["using"] != OWN and found.get("map_file"):
            self.add_error("map_file", _("Choose “A map of my own” above, or leave this file out."))
        return found


class MatchForm(forms.Form):
    """One choice for each column; makes the document of a map."""

    source = LineField(
        longest=60,
        label=_later("Where is it from?"),
        help_text=_later("A name for the old system. Rows with a number of this system come in once, however often."),
        error_messages={"required": _later("Name where the file comes from.")},
    )
    encoding = forms.ChoiceField(choices=list(ENCODINGS.items()), label=_later("Encoding"), error_messages=CHOOSE)
    dates = forms.ChoiceField(choices=list(DATES.items()), label=_later("Dates are written"), error_messages=CHOOSE)
    make_values = forms.BooleanField(
        required=False, label=_later("Add to our lists what they do not have yet (categories, tags, wards and more)")
    )

    def __init__(self, *args: Any, kind: str, columns: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.columns = kind, [column for column in dict.fromkeys(columns) if column]
        choices = [(LEFT_OUT, _("Leave out")), *LABELS[kind].items()]
        for place, column in enumerate(self.columns):
            self.fields[f"column_{place}"] = forms.ChoiceField(choices=choices, label=column, error_messages=CHOOSE)
        if kind == "contacts":
            del self.fields["make_values"]
            del self.fields["dates"]

    @staticmethod
    def guessed(columns: list[str], kind: str) -> dict[str, str]:
        """The initial choices."""
        found = guessing.guess(columns, kind=kind)
        named = [column for column in dict.fromkeys(columns) if column]
        return {f"column_{place}": found.get(column, LEFT_OUT) for place, column in enumerate(named)}

    @staticmethod
    def as_chosen(document: dict[str, Any], columns: list[str]) -> dict[str, Any]:
        """The choices of a document that this form made."""
        chosen = {told["column"]: field for field, told in _flat(document.get("fields", {}))}
        named = [column for column in dict.fromkeys(columns) if column]
        return {f"column_{place}": chosen.get(column, LEFT_OUT) for place, column in enumerate(named)} | {
            "source": document.get("source", ""),
            "encoding": document.get("encoding") or TOLD,
            "dates": next(iter(document.get("dates", [])), ""),
            "make_values": any(told.get("new_values") for _field, told in _flat(document.get("fields", {}))),
        }

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        taken: dict[str, str] = {}
        for place, column in enumerate(self.columns):
            field = found.get(f"column_{place}", LEFT_OUT)
            if field == LEFT_OUT:
                continue
            if field in taken:
                words = _("“%(other)s” goes there already. Leave one of them out.") % {"other": taken[field]}
                self.add_error(f"column_{place}", words)
            taken[field] = column
        for needed in NEEDED[self.kind]:
            if not set(needed) & set(taken) and not self.errors:
                labels = " / ".join(str(LABELS[self.kind][name]) for name in needed)
                self.add_error(None, _("Say which column is this: %(fields)s.") % {"fields": labels})
        return found

    def document(self, before: dict[str, Any]) -> dict[str, Any]:
        """What mapping.of reads. What was said of values `before` stays while their column goes to the same field."""
        known = CONTACT if self.kind == "contacts" else CASE
        fields: dict[str, Any] = {}
        for place, column in enumerate(self.columns):
            field = self.cleaned_data[f"column_{place}"]
            if field == LEFT_OUT:
                continue
            rule: dict[str, Any] = {"column": column}
            its = known[field]
            known_rule = _rule(before, field, column)
            rule |= {key: known_rule[key] for key in ("values", "empty") if key in known_rule}
            if known_rule and "make_values" not in self.changed_data:
                rule |= {key: known_rule[key] for key in ("new_values",) if key in known_rule}
            elif self.cleaned_data.get("make_values") and self._can_be_made(field, its):
                rule["new_values"] = True
            group, dot, inner = field.partition(".")
            if dot:
                fields.setdefault(group, {})[inner] = rule
            else:
                fields[field] = rule
        document = {
            "source": self.cleaned_data["source"],
            "encoding": "" if self.cleaned_data["encoding"] == TOLD else self.cleaned_data["encoding"],
            "fields": fields,
        }
        if "dates" in self.cleaned_data:
            document["dates"] = list(dict.fromkeys([self.cleaned_data["dates"], dates.ISO]))
        return document

    def _can_be_made(self, field: str, its: Field) -> bool:
        chosen = [self.cleaned_data.get(f"column_{place}") for place in range(len(self.columns))]
        is_list = its.takes in (Takes.VALUE, Takes.VALUES) and field != "status" and its.list_name not in NEVER_MADE
        return is_list and (not its.under or its.under in chosen)


def _flat(fields: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for name, told in fields.items():
        if "column" in told and isinstance(told["column"], str):
            found.append((name, told))
        else:
            found += [(f"{name}.{inner}", rule) for inner, rule in told.items()]
    return found


def _rule(document: dict[str, Any], field: str, column: str) -> dict[str, Any]:
    """What a document that this form made says of a field, if the same column goes there."""
    return next(
        (told for name, told in _flat(document.get("fields", {})) if (name, told["column"]) == (field, column)), {}
    )
