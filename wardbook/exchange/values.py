"""The lists of one office during an import: what is in them, and what the import would put in or puts in."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Model

from wardbook.exchange import events
from wardbook.exchange.fields import CASE, Field
from wardbook.exchange.mapping import folded
from wardbook.journal.actions import record
from wardbook.offices import actions as office_actions
from wardbook.offices.models import Membership, Office, Representative, Team, Ward
from wardbook.vocabulary import actions as vocabulary_actions
from wardbook.vocabulary.models import CaseCode, Status, Tag, Value

if TYPE_CHECKING:
    from wardbook.accounts.models import User


class Choice(NamedTuple):
    """A value that a row asks for: of which field, its name, under which other value; a new status has a class."""

    field: str
    name: str
    under: "Choice | None" = None
    status_class: str = ""

    @property
    def key(self) -> tuple[str, str, Any]:
        """What two spellings of one value share."""
        word = Tag.key_for(self.name) if CASE[self.field].model is Tag else folded(self.name)
        return (self.field, word, self.under.key if self.under else None)


class Lists:
    """Every value of the office that an import may name, found by its name whatever its case.

    Merged values lead to what they were merged into; retired ones are found too, for what comes in is history.
    """

    def __init__(self, office: Office, fields: Iterable[str]) -> None:
        self.office = office
        # A parent before what lies under it: so do the fields stand in CASE.
        self._fields = [name for name, its in CASE.items() if its.model and name in _with_parents(fields)]
        self._found: dict[tuple[str, str, Any], Any] = {}
        self._under: dict[str, dict[str, list[Any]]] = {}
        self._keys: dict[tuple[str, int], tuple[str, str, Any]] = {}
        self.members: dict[str, int] = {}
        self.member_names: dict[str, str] = {}
        self.load()

    def load(self) -> None:
        """Read the lists again: after a transaction that was rolled back, what it made is no more."""
        self._found, self._under, self._keys = {}, {}, {}
        for name in self._fields:
            for value in _all_of(CASE[name], self.office):
                self._remember(name, value)
        active = Membership.objects.active().filter(office=self.office).select_related("user")
        self.members = {member.user.email.casefold(): member.user_id for member in active}
        self.member_names = {member.user.email.casefold(): str(member.user) for member in active}

    def find(self, choice: Choice) -> Any | None:
        """The value, or None. Without saying under what, a name that stands only once is found."""
        if choice.under is None and CASE[choice.field].under:
            alone = self._under.get(choice.field, {}).get(folded(choice.name), [])
            return alone[0] if len(alone) == 1 else None
        return self._found.get(choice.key)

    def names(self, field: str) -> list[str]:
        """The names of all values of a list, whatever they lie under."""
        return [value.name for (name, _word, _above), value in self._found.items() if name == field]

    def values(self, field: str) -> list[Any]:
        """All values of a list, each once, those in use first."""
        found = {value.pk: value for (name, _word, _above), value in self._found.items() if name == field}
        return sorted(found.values(), key=lambda value: (is_over(value), str(value).casefold()))

    def choice_of(self, field: str, value: Any) -> Choice:
        """The choice that finds a value again."""
        under = CASE[field].under
        return Choice(field, value.name, self.choice_of(under, getattr(value, under)) if under else None)

    def get_or_make(self, choice: Choice, *, by: "User | None", at: datetime) -> tuple[Any, list[Model]]:
        """The value, and what had to be made for it, the parents first. Raises RuleBroken."""
        found = self.find(choice)
        if found is not None:
            return found, []
        made: list[Model] = []
        fields: dict[str, Any] = {}
        if choice.under:
            parent, made = self.get_or_make(choice.under, by=by, at=at)
            fields[CASE[choice.field].under] = parent
        value = self._make(choice, fields, by=by, at=at)
        self._remember(choice.field, value)
        return value, [*made, value]

    def _make(self, choice: Choice, fields: dict[str, Any], *, by: "User | None", at: datetime) -> Model:
        model = CASE[choice.field].model
        if model is Ward:
            ward = Ward.objects.create(office=self.office, name=choice.name)
            record(events.WARD_ADDED, about=ward, by=by, at=at)
            return ward
        if model is Team:
            return office_actions.create_team(self.office, name=choice.name, by=by, at=at)
        if model is Representative:
            return office_actions.add_representative(self.office, name=choice.name, by=by, at=at)
        if model is Status:
            fields["status_class"] = choice.status_class
        assert model is not None
        assert issubclass(model, Value)
        return vocabulary_actions.add_value(model, self.office, name=choice.name, by=by, at=at, **fields)

    def _remember(self, field: str, value: Any) -> None:
        under = CASE[field].under
        above = self._keys.get((under, getattr(value, f"{under}_id"))) if under else None
        last = _lead_on(value)
        for word in _words_of(value):
            self._found.setdefault((field, word, above), last)
            if under:
                self._under.setdefault(field, {}).setdefault(word, []).append(last)
            self._keys.setdefault((field, value.pk), (field, word, above))


def _with_parents(fields: Iterable[str]) -> set[str]:
    wanted = set(fields) & CASE.keys()
    while more := {CASE[name].under for name in wanted if CASE[name].under} - wanted:
        wanted |= more
    return wanted


def _all_of(its: Field, office: Office) -> Iterable[Model]:
    assert its.model is not None
    values = its.model._default_manager.filter(office=office).order_by("pk")
    if issubclass(its.model, Value):
        # What is in use first: a retired value may have the name of another one.
        values = values.select_related("merged_into")
        return sorted(values, key=_is_retired)
    return values


def _is_retired(value: Any) -> bool:
    return value.retired_at is not None


def is_over(value: Any) -> bool:
    """Whether people can no longer choose a value; what comes in may still name it."""
    return getattr(value, "retired_at", None) is not None or getattr(value, "ended_on", None) is not None


def _lead_on(value: Any) -> Any:
    for _step in range(20):
        if getattr(value, "merged_into", None) is None:
            break
        value = value.merged_into
    return value


def _words_of(value: Any) -> tuple[str, ...]:
    if isinstance(value, Tag):
        return (value.key,)
    if isinstance(value, CaseCode):
        return (folded(value.code), folded(value.name))
    return (folded(value.name),)
