"""Maps: which column of a file goes where. Read from TOML; whatever is wrong in one is named with its line."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _

from wardbook.exchange import dates, reading, targets
from wardbook.exchange.fields import CASE, CONTACT, NEEDED, STATUS_CLASSES, Field
from wardbook.exchange.map_lines import line_of
from wardbook.exchange.near import choices, near
from wardbook.exchange.targets import NEVER_MADE, Target
from wardbook.lib.quote import quoted

LARGEST = 1_000_000
KINDS = {"cases": CASE, "contacts": CONTACT}
TOP = ("kind", "about", "source", "time_zone", "encoding", "delimiter", "dates", "fields")
RULE = ("column", "template", "fixed", "values", "otherwise", "empty", "new_values", "class", "separator")
_COLUMN = re.compile(r"\{([^{}]*)\}")
_SHIPPED = files("wardbook.exchange").joinpath("maps")


class MapError(Exception):
    """The map cannot be used. The message has one line for each thing that is wrong."""


@dataclass(frozen=True)
class Rule:
    """How one field is filled: a text made of columns, or a fixed value, then changed by the list of values.

    `pieces` are (text before, column) pairs; the last has no column.
    """

    name: str
    its: Field
    pieces: tuple[tuple[str, str], ...] = ()
    fixed: Target | None = None
    values: Mapping[str, Target] = field(default_factory=dict)
    otherwise: Target | None = None
    empty: Target | None = None
    new_values: bool = False
    status_class: str = ""
    separator: str = ";"

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(column for _text, column in self.pieces if column)

    @property
    def targets(self) -> tuple[Target, ...]:
        """Everything that the map lets a value become."""
        told = (*self.values.values(), self.fixed, self.otherwise, self.empty)
        return tuple(target for target in told if target)

    @property
    def label(self) -> str:
        """The columns as a person finds them in the file; the field when its value is fixed."""
        return ", ".join(dict.fromkeys(self.columns)) or self.name


@dataclass(frozen=True)
class Map:
    """A map that was read without error."""

    name: str
    kind: str
    source: str
    zone: ZoneInfo | None
    encoding: str
    delimiter: str
    formats: tuple[str, ...]
    rules: Mapping[str, Rule]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(column for rule in self.rules.values() for column in rule.columns))


def folded(value: str) -> str:
    """How a value of the file is compared with the map and with the lists: case and outer blanks do not matter."""
    return " ".join(value.split()).casefold()


def shipped() -> list[str]:
    """The maps that come with Wardbook."""
    return sorted(entry.name.removesuffix(".toml") for entry in _SHIPPED.iterdir() if entry.name.endswith(".toml"))


def load(given: str, *, kind: str) -> Map:
    """The map in a file, or one that comes with Wardbook by its short name. Raises MapError."""
    document, text, name = document_of(given)
    return of(document, text, name=name, kind=kind)


def document_of(given: str) -> tuple[dict[str, Any], str, str]:
    """What a map says, with its text and its name, before anything of it is checked. Raises MapError."""
    text, name = _text_of(given)
    try:
        return tomllib.loads(text), text, name
    except ValueError as trouble:  # TOMLDecodeError is one; a number of 5,000 digits is another
        last = f"at line {text.count(chr(10)) + 1}, the last"
        said = str(trouble).replace("at end of document", last)
        raise MapError(_("%(name)s is not TOML: %(said)s.") % {"name": name, "said": said}) from None
    except RecursionError:
        raise MapError(_("%(name)s is not a map: it is nested too deeply.") % {"name": name}) from None


def of(document: dict[str, Any], text: str = "", *, name: str, kind: str) -> Map:
    """The map that a document says; with its text what is wrong is named with its line. Raises MapError."""
    reader = _Reader(document, text)
    found = reader.read(Path(name).stem, kind)
    if reader.wrong or found is None:
        raise MapError("\n".join(f"{name}, {line}" for _number, line in sorted(reader.wrong)))
    return found


def _text_of(given: str) -> tuple[str, str]:
    path = Path(given)
    try:
        if given in shipped() and not path.is_file():
            return _SHIPPED.joinpath(f"{given}.toml").read_text(encoding="utf-8"), f"{given}.toml"
        if not path.is_file():
            what = "is not a file" if path.exists() else "does not exist"
            said = f"The map {quoted(given, 120)} {what}{near(given, shipped())}. "
            raise MapError(f"{said}Maps that come with Wardbook: {', '.join(shipped())}.")
        if path.stat().st_size > LARGEST:
            raise MapError(f"The map {quoted(given, 120)} is larger than {LARGEST:,} bytes; that is no map.")
        return path.read_text(encoding="utf-8-sig"), path.name
    except UnicodeDecodeError:
        raise MapError(_("The map %(name)s is not UTF-8.") % {"name": quoted(given, 120)}) from None
    except (OSError, ValueError) as trouble:
        reason = getattr(trouble, "strerror", None) or "its name cannot be used"
        raise MapError(f"The map {quoted(given, 120)} cannot be read: {reason}.") from None


class _Reader:
    """Reads a document and collects everything that is wrong with it."""

    def __init__(self, document: dict[str, Any], text: str) -> None:
        self.document, self._lines = document, text.splitlines()
        self.wrong: list[tuple[int, str]] = []

    def read(self, name: str, kind: str) -> Map | None:
        document = self.document
        for key in document:
            if key not in TOP:
                self._say((key,), _("there is no such setting%(hint)s") % {"hint": near(key, TOP)})
        if (found_kind := document.get("kind", kind)) != kind:
            self._say(
                ("kind",),
                _("this map is for %(found_kind)s, not for %(kind)s")
                % {"found_kind": quoted(str(found_kind)), "kind": kind},
            )
            return None
        source = self._string("source")
        if not source or len(source) > 60:
            self._say(("source",), _("name where the file comes from, in up to 60 characters"))
        rules = self._rules(KINDS[kind])
        found = Map(
            name=name,
            kind=kind,
            source=source,
            zone=self._zone(),
            encoding=self._encoding(),
            delimiter=self._delimiter(),
            formats=self._formats(),
            rules=rules,
        )
        self._refuse_gaps(rules, kind)
        return found

    def _say(self, path: tuple[str, ...], what: str) -> None:
        line = line_of(self._lines, path)
        where = _("line %(line)s, ") % {"line": line} if line else ""
        self.wrong.append((line, f"{where}{'.'.join(path)}: {what}."))

    def _string(self, key: str) -> str:
        found = self.document.get(key, "")
        if not isinstance(found, str):
            self._say((key,), _("write text between quotation marks"))
            return ""
        return found.strip() if key != "delimiter" else found

    def _zone(self) -> ZoneInfo | None:
        zone = self._string("time_zone")
        if not zone:
            return None
        known = available_timezones()
        if zone not in known:
            self._say(
                ("time_zone",),
                _("%(zone)s is not a time zone%(hint)s; write one like Europe/London")
                % {"zone": quoted(zone), "hint": near(zone, known)},
            )
            return None
        return ZoneInfo(zone)

    def _encoding(self) -> str:
        encoding = self._string("encoding")
        if encoding and not reading.known_encoding(encoding):
            self._say(
                ("encoding",),
                _("%(encoding)s is not an encoding; write utf-8, cp1252, latin-1 or utf-16")
                % {"encoding": quoted(encoding)},
            )
        return encoding

    def _delimiter(self) -> str:
        delimiter = {"tab": "\t", "comma": ",", "semicolon": ";"}.get(found := self._string("delimiter"), found)
        if delimiter and (len(delimiter) > 1 or delimiter in '"\r\n\0' or delimiter.isalnum()):
            self._say(("delimiter",), _('write one sign, like "," or ";", or "tab"'))
        return delimiter

    def _formats(self) -> tuple[str, ...]:
        found = self.document.get("dates", [dates.ISO])
        if not isinstance(found, list) or not found or not all(isinstance(pattern, str) for pattern in found):
            self._say(("dates",), _('write a list of formats, like ["%d/%m/%Y"]'))
            return (dates.ISO,)
        for pattern in found:
            try:
                dates.check_format(pattern)
            except dates.BadFormat as trouble:
                self._say(
                    ("dates",),
                    _("%(pattern)s reads no dates: %(trouble)s") % {"pattern": quoted(pattern), "trouble": trouble},
                )
        return tuple(found)

    def _rules(self, known: Mapping[str, Field]) -> dict[str, Rule]:
        given = self.document.get("fields", {})
        if not isinstance(given, dict):
            self._say(("fields",), _("write a table [fields]"))
            return {}
        rules = {}
        for path, told in _flat(given, known):
            name = ".".join(path)
            if name in known:
                rule = self._rule(name, known[name], told, ("fields", *path))
                if rule:
                    rules[name] = rule
            else:
                self._say(("fields", *path), _("there is no such field%(hint)s") % {"hint": near(name, known)})
        return rules

    def _rule(self, name: str, its: Field, told: Any, path: tuple[str, ...]) -> Rule | None:
        if isinstance(told, str):
            told = {"template" if "{" in told else "column": told}
        if not isinstance(told, dict):
            self._say(path, _("write the name of a column, or a table"))
            return None
        for key in told:
            if key not in RULE:
                self._say((*path, key), _("there is no such setting%(hint)s") % {"hint": near(key, RULE)})
        if sum(key in told for key in ("column", "template", "fixed")) != 1:
            self._say(path, _("say one of column, template or fixed"))
            return None
        pieces = self._pieces(told, path)
        if pieces is None:
            return None
        if told.get("new_values") is True and its.list_name in NEVER_MADE:
            self._say((*path, "new_values"), _("values can only be made for lists of names"))
        if not isinstance(told.get("new_values", False), bool):
            self._say((*path, "new_values"), _("write true or false"))
        status_class = told.get("class", "")
        if status_class and (name != "status" or status_class not in STATUS_CLASSES):
            self._say(
                (*path, "class"), _("only a status has a class: %(choices)s") % {"choices": choices(STATUS_CLASSES)}
            )
        separator = told.get("separator", ";")
        if not isinstance(separator, str) or not separator:
            self._say((*path, "separator"), _("write the sign that stands between two tags"))
            separator = ";"
        values = told.get("values", {})
        if not isinstance(values, dict):
            self._say((*path, "values"), _("write a table: what the file says = what it becomes"))
            values = {}
        one = {
            key: self._target(name, its, told[key], (*path, key))
            for key in ("fixed", "otherwise", "empty")
            if key in told
        }
        return Rule(
            name=name,
            its=its,
            pieces=pieces,
            fixed=one.get("fixed"),
            otherwise=one.get("otherwise"),
            empty=one.get("empty"),
            values={
                folded(said): target
                for said, becomes in values.items()
                if (target := self._target(name, its, becomes, (*path, "values", said)))
            },
            new_values=told.get("new_values") is True,
            status_class=status_class if isinstance(status_class, str) else "",
            separator=separator,
        )

    def _pieces(self, told: dict[str, Any], path: tuple[str, ...]) -> tuple[tuple[str, str], ...] | None:
        if "fixed" in told:
            return ()
        key = "column" if "column" in told else "template"
        text = told[key]
        if not isinstance(text, str) or not text.strip():
            self._say((*path, key), _("write the name of a column"))
            return None
        if key == "column":
            return (("", text.strip()), ("", ""))
        parts = _COLUMN.split(text)
        if len(parts) == 1 or any(not column.strip() for column in parts[1::2]):
            self._say((*path, key), _("name at least one column in braces, like {Street}"))
            return None
        return tuple(zip(parts[0::2], [*(column.strip() for column in parts[1::2]), ""], strict=True))

    def _target(self, name: str, its: Field, told: Any, path: tuple[str, ...]) -> Target | None:
        return targets.read(name, its, told, path, self._say)

    def _refuse_gaps(self, rules: Mapping[str, Rule], kind: str) -> None:
        given = self.document.get("fields", {})
        for names in NEEDED[kind]:
            if isinstance(given, dict) and not set(names) & given.keys():
                self._say(
                    ("fields",),
                    _("say where the %(choices)s comes from") % {"choices": choices(quoted(name) for name in names)},
                )
        for child, parent in (("service_type", "category"), ("category", "policy_area"), ("sub_type", "case_type")):
            if child not in rules:
                continue
            rule, words = rules[child], _("a new one must belong under something; map %(parent)s too")
            if rule.new_values and parent not in rules:
                self._say(("fields", child, "new_values"), words % {"parent": parent})
            for target in rule.targets:
                if target.is_new and not target.under and parent not in rules:
                    self._say(("fields", child, "values"), words % {"parent": parent})
                if target.under and parent in rules:
                    said = _("%(parent)s says under what it is; leave “under” out")
                    self._say(("fields", child, "values"), said % {"parent": parent})
        for pair in (("latitude", "longitude"), ("longitude", "latitude")):
            if pair[0] in rules and pair[1] not in rules:
                self._say(("fields", pair[0]), _("a point needs its %(pair)s too") % {"pair": pair[1]})


def _flat(given: Mapping[str, Any], known: Mapping[str, Field]) -> list[tuple[tuple[str, ...], Any]]:
    """The rules with their paths; the fields of a person stand in a table of their own."""
    groups = {name.split(".")[0] for name in known if "." in name}
    found: list[tuple[tuple[str, ...], Any]] = []
    for key, told in given.items():
        if key in groups and isinstance(told, dict):
            found += [((key, inner), rule) for inner, rule in told.items()]
        else:
            found.append(((key,), told))
    return found
