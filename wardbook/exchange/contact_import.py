"""Importing people and organisations."""

from wardbook.exchange import actions
from wardbook.exchange.actions import Brought
from wardbook.exchange.coming import ComingPerson
from wardbook.exchange.contact_rows import ContactRows
from wardbook.exchange.importing import FileImport, Outcome


class ContactImport(FileImport[ComingPerson]):
    """A file of people and organisations."""

    kind = "contacts"
    reader = ContactRows

    def foresee(self, step: list[ComingPerson], outcome: Outcome) -> Brought:
        known = actions.KNOWN[self.kind](self.run_data, step)
        people = self.run_data.people
        unsure = [row for row in step if row.source_id not in known or people.is_chosen(row.person)]
        self._look_alike([(row.number, row.person) for row in unsure], outcome)
        fresh = [row for row in step if row.source_id not in known and people.would_make(row.person)]
        return Brought(made=len(fresh), known=len(step) - len(fresh))
