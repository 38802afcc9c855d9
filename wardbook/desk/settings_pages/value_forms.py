"""What the page of values asks: what each value of a file becomes, the most frequent first."""

import dataclasses
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.utils.translation import ngettext

from wardbook.desk.settings_pages.import_forms import CHOOSE, LABELS
from wardbook.exchange import matching
from wardbook.exchange.fields import Takes
from wardbook.exchange.mapping import folded
from wardbook.exchange.options import EMPTY, NEW, OUT, UNMATCHED, Listed
from wardbook.lib.fold import fold

SHOWN = 50
"""So many values of a field stand on a page; a search and the tick “without a match” lead to the others."""
LONG_LIST = 12


@dataclass
class Shown:
    """One value on the page: the names of its fields in the form."""

    text: str
    count: int
    name: str
    is_open: bool


@dataclass
class Section:
    """One field of the map on the page."""

    field: str
    listed: Listed
    different: int
    kept: int
    open: int
    added: int
    matching: int
    rows: list[Shown] = dataclasses.field(default_factory=list)

    @property
    def rest(self) -> str:
        """The name of the field that says what happens to values without a match."""
        return f"rest_{_plain(self.field)}"


def sections(
    listed: dict[str, Listed],
    counted: dict[str, Any],
    *,
    search: str = "",
    only_open: bool = False,
    only: frozenset[str] | None = None,
) -> list[Section]:
    """The fields whose values the check counted, with as many values as a page holds; or `only` those that a form
    names, which showed them before."""
    found, wanted = [], fold(search)
    for name, one in listed.items():
        if name not in counted:
            continue
        said = counted[name]
        values = [
            Shown(text, count, f"v_{_plain(name)}_{_digest(text)}", one.is_open(text))
            for text, count in said["values"]
        ]
        section = Section(name, one, said["different"], len(values), sum(value.is_open for value in values), 0, 0)
        if one.rule.new_values:
            without = [value for value in values if value.text and one.now(value.text) == UNMATCHED]
            section.added = sum(not value.is_open for value in without)
        fit = [value for value in values if wanted in fold(value.text) and (value.is_open or not only_open)]
        if only is not None:
            fit = [value for value in values if value.name in only]
        section.matching, section.rows = len(fit), fit if only is not None else fit[:SHOWN]
        found.append(section)
    return found


class ValuesForm(forms.Form):
    """One choice for each value that is shown."""

    def __init__(self, *args: Any, kind: str, sections: list[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.sections = kind, sections
        for section in sections:
            self._add(section)

    def document(self, document: dict[str, Any]) -> dict[str, Any]:
        """The document of the map with what was chosen here."""
        told: dict[str, dict[str, Any]] = {}
        for section in self.sections:
            told[section.field] = {
                row.text: section.listed.told(row.text, self.cleaned_data[row.name]) for row in section.rows
            }
        changed = matching.with_values(document, told)
        for section in self.sections:
            if section.rest in self.cleaned_data:
                matching.make_the_rest(changed, section.field, new=self.cleaned_data[section.rest] == NEW)
        return changed

    def title(self, section: Section) -> str:
        """What a person calls the field."""
        return str(LABELS[self.kind].get(section.field, section.listed.rule.its.list_name or section.field))

    def _add(self, section: Section) -> None:
        listed = section.listed
        known = [(key, option.label) for key, option in listed.known.items()]
        new = [(key, option.label) for key, option in listed.new.items()]
        for row in section.rows:
            now = listed.now(row.text)
            suggested = listed.suggested(row.text) if now == UNMATCHED and row.text else UNMATCHED
            choices: list[Any] = [(UNMATCHED, _unmatched(listed, row.text))] if _may_be_unmatched(listed, row) else []
            choices += [*self._short(listed, row.text), *(new if row.text else [])]
            choices += [(self.title(section), known)] if known else []
            words = [_rows(row.count)]
            if suggested != UNMATCHED:
                words.append(_("suggested, since the names are alike"))
            widget = forms.Select(attrs={"data-combobox": True} if len(known) > LONG_LIST else {})
            self.fields[row.name] = forms.ChoiceField(
                choices=choices,
                label=row.text or _("(empty cells)"),
                help_text=" · ".join(words),
                initial=suggested if now == UNMATCHED else now,
                widget=widget,
                error_messages=CHOOSE,
            )
        if listed.can_make_all and (not self.is_bound or section.rest in self.data):
            self.fields[section.rest] = forms.ChoiceField(
                choices=list(_REST.items()),
                label=_("Values without a match"),
                initial=NEW if listed.rule.new_values else OUT,
                error_messages=CHOOSE,
            )

    def _short(self, listed: Listed, text: str) -> list[tuple[str, str]]:
        may_be_empty = text and listed.rule.name != "status" and listed.rule.its.takes is not Takes.YES
        empty = [(EMPTY, _("Leave it out: the case comes in without it"))] if may_be_empty else []
        return [*empty, (OUT, _("Keep these rows out"))]


_REST: dict[str, Promise] = {OUT: _later("Their rows stay out"), NEW: _later("Are added to our list")}


def _may_be_unmatched(listed: Listed, row: Shown) -> bool:
    return listed.now(row.text) == UNMATCHED


def _unmatched(listed: Listed, text: str) -> str:
    if not text and listed.rule.name != "status":
        return _("Stays empty")
    return _("No match")


def _rows(count: int) -> str:
    return ngettext("%(count)d row", "%(count)d rows", count) % {"count": count}


def _plain(name: str) -> str:
    return name.replace(".", "_")


def _digest(text: str) -> str:
    return sha256(folded(text).encode()).hexdigest()[:12]
