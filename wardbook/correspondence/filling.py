"""Templates and their tokens: `{person.formal_name}` becomes "Mrs Evans" (EM-6).

Only the tokens named here mean anything; whatever else stands in braces stays as it was typed (D6). A token without a
value stays too and is reported, so that nobody gets "Dear ,". Values are put in once and never read for tokens again.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from wardbook.cases.models import Case, Party
from wardbook.contacts.models import Contact
from wardbook.correspondence.writing import long_day
from wardbook.lib.fold import fold
from wardbook.offices.models import Membership, Office, Representative

if TYPE_CHECKING:
    from django.utils.functional import Promise


class Filled(NamedTuple):
    """A text with its tokens filled; `missing` are those that have no value here, each once."""

    text: str
    missing: list[str]


@dataclass
class Facts:
    """What the tokens of one message or letter are filled from.

    `language` is that of the words around the tokens, whoever reads them: an English sentence to somebody who gets
    letters in Welsh has an English date. Words of which nobody said it are in the office's own.
    """

    office: Office
    at: datetime
    case: Case | None = None
    person: Contact | None = None
    me: Membership | None = None
    agency: Contact | None = None
    language: str = ""
    _parties: list[Party] | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.person is None and self.case is not None:
            self.person = self.case.constituent
        if not self.language:
            self.language = self.office.language

    @property
    def representative(self) -> Representative | None:
        return self.case.representative if self.case else None

    @property
    def parties(self) -> list[Party]:
        """Who has a role on the case now. One query."""
        if self._parties is None:
            rows = Party.objects.filter(case=self.case, until__isnull=True) if self.case else Party.objects.none()
            self._parties = list(rows.select_related("role", "contact", "user"))
        return self._parties

    def have_no_parties(self) -> None:
        """An invented case has nobody to ask the database for."""
        self._parties = []

    def the_agency(self) -> Contact | None:
        if self.agency is not None:
            return self.agency
        if self.case is not None and self.case.waiting_agency is not None:
            return self.case.waiting_agency
        return next((party.contact for party in self.parties if party.contact and party.role.for_agency), None)

    def agency_party(self) -> Party | None:
        agency = self.the_agency()
        return next((party for party in self.parties if agency and party.contact_id == agency.pk), None)


def _day(value: date | None) -> str:
    return long_day(value) if value else ""


# What a template may say, with the words under which it is offered.
TOKENS: dict[str, tuple["Promise", Callable[[Facts], str]]] = {
    "person.formal_name": (_("Mrs Evans"), lambda f: f.person.formal_name if f.person else ""),
    "person.name": (_("Rhian Evans"), lambda f: f.person.name if f.person else ""),
    "person.title": (_("Mrs"), lambda f: f.person.title if f.person else ""),
    "person.first_name": (_("the person's first name"), lambda f: f.person.given_name if f.person else ""),
    "person.last_name": (_("the person's last name"), lambda f: f.person.family_name if f.person else ""),
    "case.reference": (_("the case's reference"), lambda f: f.case.reference if f.case else ""),
    "case.description": (_("what the case is about"), lambda f: f.case.description if f.case else ""),
    "case.opened_on": (_("the day the case was opened"), lambda f: _day(f.case.opened_on) if f.case else ""),
    "case.deadline_on": (_("the day it must be done by"), lambda f: _day(f.case.deadline_on) if f.case else ""),
    "constituent.name": (
        _("the constituent's name"),
        lambda f: f.case.constituent.name if f.case and f.case.constituent else "",
    ),
    "constituent.formal_name": (
        _("the constituent's name with title"),
        lambda f: f.case.constituent.formal_name if f.case and f.case.constituent else "",
    ),
    "office.name": (_("the office's name"), lambda f: f.office.name),
    "office.short_name": (_("the office's short name"), lambda f: f.office.short_name),
    "representative.name": (
        _("the representative's name"),
        lambda f: f.representative.name if f.representative else "",
    ),
    "representative.title": (
        _("the representative's title"),
        lambda f: f.representative.title if f.representative else "",
    ),
    "me.name": (_("your name"), lambda f: f.me.user.name if f.me else ""),
    "me.job_title": (_("your job title"), lambda f: f.me.job_title if f.me else ""),
    "agency.name": (_("the agency's name"), lambda f: getattr(f.the_agency(), "name", "")),
    "agency.reference": (_("the agency's reference"), lambda f: getattr(f.agency_party(), "their_reference", "")),
    "today": (_("today's date"), lambda f: _day(f.office.local_date(f.at))),
}
# {role:Landlord.name}: whoever has that role on the case, by the office's word for it.
_ROLE_ENDINGS = ("name", "formal_name", "reference")
_LONGEST_ROLE = 120
_TOKEN = re.compile(
    r"\{(" + "|".join(re.escape(token) for token in TOKENS) + rf"|role:[^{{}}.\n]{{1,{_LONGEST_ROLE}}}"
    r"\.(?:" + "|".join(_ROLE_ENDINGS) + r"))\}"
)


def fill(text: str, facts: Facts) -> Filled:
    """Put values in for the tokens, with days in the language of the words. Two queries at most."""
    missing: list[str] = []

    def value_of(found: re.Match[str]) -> str:
        value = _value(found[1], facts).strip()
        if not value:
            missing.append(found[1])
            return found[0]
        return " ".join(value.split())

    with translation.override(facts.language):
        filled = _TOKEN.sub(value_of, text)
    return Filled(filled, list(dict.fromkeys(missing)))


def tokens_in(text: str) -> list[str]:
    """The tokens that stand in a text, each once."""
    return list(dict.fromkeys(_TOKEN.findall(text)))


def unknown_tokens(text: str) -> list[str]:
    """What looks like a token and means nothing, each once: a slip of the pen, as a rule."""
    found = [hit[0] for hit in re.finditer(r"\{[^{}\n]{1,140}\}", text) if not _TOKEN.fullmatch(hit[0])]
    return list(dict.fromkeys(found))


def slips_in(text: str) -> list[str]:
    """What is written as a token and is none, like {person.nam}: it would go out as it stands."""
    found = re.findall(r"\{(\w{1,40}(?:[.:]\w{1,40}){1,4})\}", text)
    return list(dict.fromkeys(token for token in found if not _TOKEN.fullmatch(f"{{{token}}}")))


def _value(token: str, facts: Facts) -> str:
    if token in TOKENS:
        return TOKENS[token][1](facts)
    role, _dot, ending = token.removeprefix("role:").rpartition(".")
    party = next((party for party in facts.parties if fold(party.role.name) == fold(role.strip())), None)
    if party is None:
        return ""
    if ending == "reference":
        return party.their_reference
    if party.contact is None:
        return str(party.user.name) if party.user else ""
    return party.contact.formal_name if ending == "formal_name" else party.contact.name
