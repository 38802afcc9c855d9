"""Importing cases."""

from typing import Any

from wardbook.exchange import actions
from wardbook.exchange.actions import Brought
from wardbook.exchange.case_rows import CaseRows
from wardbook.exchange.coming import Coming
from wardbook.exchange.fields import CASE
from wardbook.exchange.importing import FileImport, Outcome
from wardbook.exchange.values import Choice


class CaseImport(FileImport[Coming]):
    """A file of cases."""

    kind = "cases"
    reader = CaseRows

    def __init__(self, *words: Any, **options: Any) -> None:
        super().__init__(*words, **options)
        self._dry_known: set[Choice] = set()

    def foresee(self, step: list[Coming], outcome: Outcome) -> Brought:
        known = actions.KNOWN[self.kind](self.run_data, step)
        fresh = [coming for coming in step if coming.source_id not in known]
        for coming in fresh:
            outcome.statuses[coming.status.name] += 1
            outcome.places += coming.place is not None
            day = coming.columns["opened_on"].isoformat()
            outcome.first_day = min(outcome.first_day or day, day)
            outcome.last_day = max(outcome.last_day, day)
            for choice in coming.all_choices():
                self._would_make(choice, outcome)
        people = self.run_data.people
        persons = [coming.person for coming in fresh if coming.person]
        people.look_up(persons)
        self._look_alike([(coming.number, coming.person) for coming in fresh if coming.person], outcome)
        outcome.new_people += sum(people.would_make(person) for person in persons)
        return Brought(made=len(fresh), known=len(known))

    def _would_make(self, choice: Choice, outcome: Outcome) -> None:
        if choice in self._dry_known:
            return
        self._dry_known.add(choice)
        if choice.under:
            self._would_make(choice.under, outcome)
        names = outcome.new_values.setdefault(CASE[choice.field].list_name, [])
        if self.lists.find(choice) is None and choice.name not in names:
            names.append(choice.name)
