"""What a value of a file becomes, as a map says it: a name, a word, nothing, something new, or no case at all."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wardbook.exchange.fields import OUTCOMES, STATUS_CLASSES, Field, Takes
from wardbook.exchange.near import choices, near
from wardbook.lib.quote import quoted

Path = tuple[str, ...]
Say = Callable[[Path, str], None]
NEVER_MADE = ("", "Case codes")
"""Lists whose values need more than a name."""


@dataclass(frozen=True)
class Target:
    """What a value of the file becomes: a name, a word or yes and no; a status also says its class and outcome.

    `under` is the value that it lies under, `is_new` lets it be made, `is_refused` keeps the rows out that say it.
    """

    name: Any
    status_class: str = ""
    outcome: str = ""
    under: str = ""
    is_new: bool = False
    is_refused: bool = False


def read(name: str, its: Field, told: Any, path: Path, say: Say) -> Target | None:
    """The target of a field that a map tells, or None after saying what is wrong with it."""
    if its.takes in (Takes.DATE, Takes.NUMBER):
        say(path, _("a field that takes %(value)s is filled from a column") % {"value": its.takes.value})
        return None
    if isinstance(told, dict):
        return _table(name, its, told, path, say)
    if its.takes is Takes.YES:
        if isinstance(told, bool):
            return Target(told)
        say(path, _("write true or false"))
        return None
    if not isinstance(told, str):
        say(path, _("write text between quotation marks"))
        return None
    if its.takes is Takes.CHOICE:
        if told and told not in its.choices:
            say(path, _not_one_of(told, its.choices))
            return None
        return Target(its.choices[told] if told else None)
    told = " ".join(told.split())
    if its.longest and len(told) > its.longest:
        say(path, _("at most %(longest)s characters fit") % {"longest": its.longest})
    return Target(told)


def _table(name: str, its: Field, told: dict[str, Any], path: Path, say: Say) -> Target | None:
    if told.get("refuse") is True and len(told) == 1:
        return Target("", is_refused=True)
    known = _settings(name, its)
    if not known:
        say(path, _("write text between quotation marks, or { refuse = true }"))
        return None
    wrong = False
    for key, found in told.items():
        if key not in known:
            said = _("there is no such setting%(hint)s") % {"hint": near(key, known)}
        elif key == "new" and isinstance(found, bool):
            continue
        elif key == "new":
            said = _("write true or false")
        elif not isinstance(found, str) or not found.strip():
            said = _("write text between quotation marks")
        elif known[key] and found not in known[key]:
            said = _not_one_of(found, known[key])
        else:
            continue
        say((*path, key), said)
        wrong = True
    if "name" not in told:
        say(path, _("say the name of the value") if name != "status" else _("say the name of the status"))
        wrong = True
    if told.get("outcome") and told.get("class") not in (None, "closed"):
        say(path, _("only a status of the class closed has an outcome"))
        wrong = True
    if wrong:
        return None
    word = " ".join(told["name"].split())
    if len(word) > its.longest:
        say(path, _("at most %(longest)s characters fit") % {"longest": its.longest})
    return Target(
        word,
        told.get("class", ""),
        told.get("outcome", ""),
        " ".join(told.get("under", "").split()),
        told.get("new", False),
    )


def _settings(name: str, its: Field) -> dict[str, Collection[str]]:
    """What the table of a target may say, each with the words it may be."""
    if its.takes not in (Takes.VALUE, Takes.VALUES):
        return {}
    known: dict[str, Collection[str]] = {"name": ()}
    if its.list_name not in NEVER_MADE:
        known["new"] = ()
    if its.under:
        known["under"] = ()
    if name == "status":
        known |= {"class": STATUS_CLASSES, "outcome": OUTCOMES}
    return known


def _not_one_of(told: str, known: Collection[str]) -> str:
    return _("%(told)s is not one of %(choices)s%(hint)s") % {
        "told": quoted(told),
        "choices": choices(known),
        "hint": near(told, known),
    }
