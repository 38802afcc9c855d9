"""A row of a file becomes the person or organisation it would be, or the list of what is wrong with it."""

import re

from django.utils.translation import gettext as _

from wardbook.exchange.coming import ComingPerson
from wardbook.exchange.fields import PERSON
from wardbook.exchange.rows import RowReader

# How a whole postcode looks, by country. Elsewhere: letters and digits, with a digit somewhere.
_POSTCODES = {
    "GB": re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}"),
    "US": re.compile(r"[0-9]{5}(-[0-9]{4})?"),
    "DE": re.compile(r"[0-9]{5}"),
    "IE": re.compile(r"[A-Z][0-9]{2} ?[A-Z0-9]{4}|D6W ?[A-Z0-9]{4}"),
}
_ANY = re.compile(r"(?=.*[0-9])[A-Z0-9][A-Z0-9 -]{1,10}[A-Z0-9]")
_NOT_TOLD = frozenset({"do_not_call", "do_not_mail", "do_not_email"})


class ContactRows(RowReader[ComingPerson | None]):
    """Reads rows as people and organisations."""

    def _made(self) -> ComingPerson | None:
        if not any(self._texts[name](self._row.cells) for name in self._rules if name in PERSON):
            self._refuse_nameless(_("a name"))
            return None
        person = self._person()
        postcode = self._get("postcode") or ""
        pattern = _POSTCODES.get(self._lists.office.country, _ANY)
        if postcode and not pattern.fullmatch(" ".join(postcode.upper().split())):
            self._refuse("postcode", _("a postcode"))
        if person is None or self._problems:
            return None
        flags = {name: bool(self._get(name)) for name in _NOT_TOLD if name in self._rules}
        texts = {name: found for name in ("needs", "language") if (found := self._get(name))}
        if "id" in self._rules and not person.source_id:
            self._refuse("id", _("the source's own number of the person"))
        # Without a number of its own a row is known again by what it says.
        source_id = person.source_id or f"row:{person.digest}"
        return ComingPerson(self._row.number, source_id, person, flags | texts)

    def _refuse_nameless(self, expected: str) -> None:
        name = next(name for name in ("name", "family_name", "organisation", "given_name") if name in self._rules)
        self._refuse(name, expected)
