"""What each value of a file can become on the page of values: one of a list, something new, nothing, no case."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from wardbook.cases.models import Case, Outcome, Priority
from wardbook.exchange.fields import Takes
from wardbook.exchange.mapping import Map, Rule, folded
from wardbook.exchange.rows import NO, YES
from wardbook.exchange.tallying import LISTED
from wardbook.exchange.targets import NEVER_MADE, Target
from wardbook.exchange.values import Choice, Lists, is_over
from wardbook.lib.fold import words
from wardbook.vocabulary.models import Status

UNMATCHED, OUT, EMPTY, NEW = "-", "out", "empty", "new"
_LABELS: dict[str, dict[Any, Any]] = {
    "kind": dict(Case.Kind.choices),
    "priority": {each.value: each.label for each in Priority},
    "outcome": dict(Outcome.choices),
}


@dataclass(frozen=True)
class Option:
    """One thing that a value can become: what is shown, what a map writes, and by which words it is suggested."""

    label: str
    told: Any
    said: tuple[str, ...] = ()


@dataclass
class Listed:
    """One field of a map that goes to a list, with everything its values can become."""

    rule: Rule
    lists: Lists
    under_is_mapped: bool
    needs_outcome: bool
    known: dict[str, Option] = field(default_factory=dict)
    new: dict[str, Option] = field(default_factory=dict)

    def __post_init__(self) -> None:
        its = self.rule.its
        if its.takes is Takes.CHOICE:
            labels = _LABELS.get(self.rule.name, {})
            for word, value in its.choices.items():
                label = str(labels.get(value, word))
                self.known[f"is:{word}"] = Option(label, word, (word, label))
        elif its.takes is Takes.YES:
            self.known = {"is:yes": Option(_("Yes"), True, ("yes",)), "is:no": Option(_("No"), False, ("no",))}
        elif its.takes is Takes.MEMBER:
            for email, name in sorted(self.lists.member_names.items(), key=lambda pair: pair[1].casefold()):
                self.known[f"is:{email}"] = Option(f"{name} ({email})", email, (name, email))
        else:
            self._add_values()
            self._add_new()

    @property
    def can_make_all(self) -> bool:
        """Whether whatever the list does not have can be made without a word about each."""
        return set(self.new) == {NEW}

    def now(self, text: str) -> str:
        """What a value becomes as the map stands and the lists are."""
        target = self._target(text)
        if target is None:
            return self._found(text)
        if target.is_refused:
            return OUT
        if not target.name and not isinstance(target.name, int):
            return EMPTY
        return self._of(target) or UNMATCHED

    def suggested(self, text: str) -> str:
        """What it may well be, by folded names: accents, points and blanks do not matter."""
        found = self._by_words.get(tuple(words(text)), [])
        return found[0] if text and len(found) == 1 else UNMATCHED

    def is_open(self, text: str) -> bool:
        """Whether the rows of a value stay out until somebody says what it becomes."""
        if self.now(text) != UNMATCHED:
            return False
        may_be_empty = not text and self.rule.name != "status"
        return not may_be_empty and not (text and self.rule.new_values and self.can_make_all)

    def told(self, text: str, key: str) -> Any:
        """What a map writes for it, or None where nothing need be said."""
        if key == UNMATCHED:
            return None
        if key == OUT:
            return {"refuse": True}
        if key == EMPTY:
            return ""
        if key in self.new:
            return {"name": text, "new": True} | self.new[key].told
        if key == self._found(text) and self.rule.otherwise is None:
            return None
        return self.known[key].told

    def _target(self, text: str) -> Target | None:
        return self.rule.values.get(folded(text), self.rule.otherwise) if text else self.rule.empty

    def _found(self, text: str) -> str:
        """What a value is as it stands."""
        takes = self.rule.its.takes
        if not text:
            return UNMATCHED
        if takes in (Takes.CHOICE, Takes.MEMBER):
            return key if (key := f"is:{folded(text)}") in self.known else UNMATCHED
        if takes is Takes.YES:
            return _yes_or_no(text)
        return self._value(text, "")

    def _value(self, name: str, under: str, outcome: str = "") -> str:
        parent = self.lists.find(Choice(self.rule.its.under, under)) if under else None
        above = self.lists.choice_of(self.rule.its.under, parent) if parent is not None else None
        value = self.lists.find(Choice(self.rule.name, name, above))
        if value is None and not self.under_is_mapped:
            return UNMATCHED
        if value is not None and self._asks_how(value):
            return f"is:{value.pk}:{outcome}" if outcome else UNMATCHED
        # Where another column says under what it is, any of that name will do.
        return key if value is not None and (key := f"is:{value.pk}") in self.known else self._named(name)

    def _asks_how(self, value: Any) -> bool:
        """Whether cases of this status are closed, and no column says how they ended."""
        return self.needs_outcome and isinstance(value, Status) and value.status_class == Status.Class.CLOSED

    def _named(self, name: str) -> str:
        return self._by_name.get(folded(name), UNMATCHED)

    @cached_property
    def _by_words(self) -> dict[tuple[str, ...], list[str]]:
        found: dict[tuple[str, ...], list[str]] = {}
        for key, option in self.known.items():
            for said in dict.fromkeys(tuple(words(one)) for one in option.said):
                found.setdefault(said, []).append(key)
        return found

    @cached_property
    def _by_name(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for key, option in self.known.items():
            found.setdefault(folded(option.said[0]), key)
        return found

    def _of(self, target: Target) -> str:
        takes = self.rule.its.takes
        if takes is Takes.CHOICE:
            return next((f"is:{word}" for word, value in self.rule.its.choices.items() if value == target.name), "")
        if takes is Takes.YES:
            return "is:yes" if target.name else "is:no"
        if takes is Takes.MEMBER:
            return key if (key := f"is:{folded(target.name)}") in self.known else ""
        if (found := self._value(target.name, target.under, target.outcome)) != UNMATCHED:
            return found
        if not (target.is_new or self.rule.new_values):
            return ""
        wanted = (target.status_class or self.rule.status_class, target.outcome, folded(target.under))
        for key, option in self.new.items():
            told = option.told
            if (told.get("class", ""), told.get("outcome", ""), folded(told.get("under", ""))) == wanted:
                return key
        return ""

    def _add_values(self) -> None:
        its, names = self.rule.its, [folded(value.name) for value in self.lists.values(self.rule.name)]
        shown: set[str] = set()
        for value in self.lists.values(self.rule.name):
            name, told = value.name, value.name
            label = str(value)
            if its.under:
                parent = getattr(value, its.under)
                if self.under_is_mapped:
                    if folded(name) in shown:
                        continue
                    shown.add(folded(name))
                else:
                    label = f"{parent.name}: {name}"
                    told = {"name": name, "under": parent.name} if names.count(folded(name)) > 1 else name
            if is_over(value):
                label = _("%(name)s (no longer used)") % {"name": label}
            said = (name, value.code) if hasattr(value, "code") and value.code else (name,)
            if self._asks_how(value):
                for word, end in Outcome.choices:
                    ends = {"name": name, "outcome": word}
                    self.known[f"is:{value.pk}:{word}"] = Option(f"{label}: {end}", ends, said)
            else:
                self.known[f"is:{value.pk}"] = Option(label, told, said)

    def _add_new(self) -> None:
        its = self.rule.its
        if its.list_name in NEVER_MADE:
            return
        if self.rule.name == "status":
            for word, label in Status.Class.choices:
                words_of = _("New in the list, of the kind: %(kind)s") % {"kind": label}
                if word == Status.Class.CLOSED and self.needs_outcome:
                    for how, end in Outcome.choices:
                        ends = {"class": word, "outcome": how}
                        self.new[f"{NEW}:{word}:{how}"] = Option(f"{words_of}: {end}", ends)
                else:
                    self.new[f"{NEW}:{word}"] = Option(words_of, {"class": word})
        elif its.under and not self.under_is_mapped:
            for parent in self.lists.values(its.under):
                if not is_over(parent) and self.lists.find(Choice(its.under, parent.name)) is not None:
                    words_of = _("New in the list, under %(parent)s") % {"parent": parent.name}
                    self.new[f"{NEW}:{parent.pk}"] = Option(words_of, {"under": parent.name})
        else:
            self.new[NEW] = Option(_("New in the list"), {})


def listed(using: Map, lists: Lists) -> dict[str, Listed]:
    """Every field of a map whose values a person can match, by its name."""
    return {
        name: Listed(rule, lists, rule.its.under in using.rules, name == "status" and "outcome" not in using.rules)
        for name, rule in using.rules.items()
        if not rule.fixed and rule.its.takes in LISTED
    }


def _yes_or_no(text: str) -> str:
    word = folded(text)
    return "is:yes" if word in YES else "is:no" if word in NO else UNMATCHED
