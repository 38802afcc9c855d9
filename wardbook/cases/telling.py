"""What a line of the journal says in words: who did what, from what to what, by name (S3.5)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import CharField, F, Model, Value
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.utils.translation import ngettext

from wardbook.accounts.models import User
from wardbook.cases import events
from wardbook.cases.models import Activity, Case, Document, Outcome, Priority, WaitingOn
from wardbook.contacts.models import Contact
from wardbook.journal.models import Event
from wardbook.lib import days
from wardbook.offices.models import Representative, Team, Ward
from wardbook.vocabulary.models import (
    CaseCode,
    CaseType,
    Category,
    ContactType,
    PartyRole,
    PolicyArea,
    ServiceType,
    Status,
    SubType,
    Tag,
)

Key = tuple[type[Model], int]
Names = dict[Key, str]

# What is on the timeline as an entry of its own needs no line beside it; readings are for the journal alone.
UNTOLD = frozenset(
    {events.READ, events.DOCUMENT_READ, events.DOCUMENT_ADDED, events.NOTE_ADDED, events.NOTE_EDITED}
    | {events.CASE_NOTE_ADDED, events.ACTIVITY_LOGGED, events.ACTIVITY_PLANNED, events.ACTIVITY_FINISHED}
    | {events.ACTIVITY_EDITED}
)

COLUMNS: dict[str, tuple[Any, Any]] = {
    "kind": (_later("Kind"), dict(Case.Kind.choices)),
    "constituent_id": (_later("Constituent"), Contact),
    "requester_id": (_later("Raised by"), Contact),
    "representative_id": (_later("Representative"), Representative),
    "case_type_id": (_later("Case type"), CaseType),
    "sub_type_id": (_later("Sub-type"), SubType),
    "case_code_id": (_later("Case code"), CaseCode),
    "policy_area_id": (_later("Policy area"), PolicyArea),
    "category_id": (_later("Category"), Category),
    "service_type_id": (_later("Service type"), ServiceType),
    "contact_type_id": (_later("How it came"), ContactType),
    "opened_on": (_later("Open date"), date),
    "priority": (_later("Priority"), dict(Priority.choices)),
    "is_anonymous": (_later("Does not want to be named"), {True: _later("yes"), False: _later("no")}),
    "description": (_later("What it is about"), None),
    "notes": (_later("Details"), None),
}
_NAMED_BY: dict[type[Model], str] = {Activity: "subject"}


def told(lines: Iterable[Event], others: Mapping[str, "str | Promise"] | None = None) -> dict[int, str]:
    """Each line in words, by its id. One query for all the names, whatever they are names of.

    `others` are the words of other rooms for what happens there: "put a message on another case".
    """
    lines = list(lines)
    wanted: dict[type[Model], set[int]] = defaultdict(set)
    for line in lines:
        for model, pk in _named_in(line):
            wanted[model].add(pk)
    names = _look_up(wanted)
    return {line.pk: sentence(line, names, others or {}) for line in lines}


def sentence(line: Event, names: Names, others: Mapping[str, "str | Promise"]) -> str:
    """One line in words; what nobody taught us to say is said by its name."""
    who = names.get((User, line.by_id), "") if line.by_id else _("Wardbook")
    say = _SENTENCES.get(line.name)
    if say:
        return say(line, who, names)
    return f"{who} {others[line.name]}" if line.name in others else f"{who}: {line.name}"


def _named_in(line: Event) -> list[Key]:
    """What a line speaks of by id."""
    facts = line.facts
    found: list[Key] = []
    if line.by_id:
        found.append((User, line.by_id))
    for key, model in _FACTS.get(line.name, {}).items():
        ids = facts.get(key)
        found += [(model, pk) for pk in (ids if isinstance(ids, list) else [ids]) if isinstance(pk, int)]
    for column, pair in facts.get("changes", {}).items():
        model = COLUMNS.get(column, (None, None))[1]
        if isinstance(model, type) and issubclass(model, Model):
            found += [(model, pk) for pk in pair if isinstance(pk, int)]
    if line.subject_type == "cases.activity":
        found.append((Activity, line.subject_id))
    if line.subject_type == "cases.document":
        found.append((Document, line.subject_id))
    return found


_FACTS: dict[str, dict[str, type[Model]]] = {
    events.STATUS_CHANGED: {"was": Status, "now": Status},
    events.ASSIGNED: {"was": User, "now": User, "team_was": Team, "team": Team},
    events.CO_ASSIGNED: {"added": User, "removed": User},
    events.TAGGED: {"added": Tag, "removed": Tag},
    events.WAITING: {"agency": Contact},
    events.LET_IN: {"user": User},
    events.KEPT_OUT: {"user": User},
    events.ACCESS_ENDED: {"user": User},
    events.PARTY_ADDED: {"contact": Contact, "user": User, "role": PartyRole},
    events.PARTY_ENDED: {"role": PartyRole},
    events.PLACE_ADDED: {"ward": Ward},
}


def _look_up(wanted: dict[type[Model], set[int]]) -> Names:
    """The names of things by model and id: one query, a union of all."""
    parts = []
    models = list(wanted)
    for number, model in enumerate(models):
        name = _NAMED_BY.get(model, "name")
        rows = model._default_manager.filter(pk__in=wanted[model]).order_by()
        rows = rows.annotate(which=Value(number), called=Cast(F(name), CharField()))
        parts.append(rows.values_list("which", "pk", "called"))
    if not parts:
        return {}
    found = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return {(models[which], pk): called for which, pk, called in found}


def _name(names: Names, model: type[Model], pk: Any) -> str:
    return names.get((model, pk), _("something that is gone")) if pk else _("nobody")


def _day(text: Any) -> str:
    try:
        return days.short_day(date.fromisoformat(str(text)))
    except ValueError:
        return str(text)


def _value(names: Names, model: Any, value: Any) -> str:
    """An id, a code or a day as people call it."""
    if value in (None, ""):
        return _("none")
    if isinstance(model, dict):
        return str(model.get(value, value))
    if model is date:
        return _day(value)
    return names.get((model, value), _("something that is gone"))


def _opened(line: Event, who: str, names: Names) -> str:
    opened_on = str(line.facts.get("opened_on", ""))
    if opened_on and opened_on != line.at.date().isoformat():
        return _("%(who)s opened the case, dated %(day)s") % {"who": who, "day": _day(opened_on)}
    return _("%(who)s opened the case") % {"who": who}


def _edited(line: Event, who: str, names: Names) -> str:
    changes = line.facts.get("changes", {})
    parts = []
    for column in line.facts.get("fields", []):
        label, model = COLUMNS.get(column, (column, None))
        if model is None or column not in changes:
            parts.append(str(label))
            continue
        was, now = (_value(names, model, value) for value in changes[column])
        parts.append(f"{label} {was} → {now}")
    return _("%(who)s changed %(what)s") % {"who": who, "what": "; ".join(parts)}


def _status(line: Event, who: str, names: Names) -> str:
    said = _("%(who)s: status %(was)s → %(now)s") % {
        "who": who,
        "was": _name(names, Status, line.facts.get("was")),
        "now": _name(names, Status, line.facts.get("now")),
    }
    if line.facts.get("review_on"):
        said += ", " + _("look at it again %(day)s") % {"day": _day(line.facts["review_on"])}
    return said


def _closed(line: Event, who: str, names: Names) -> str:
    outcome = dict(Outcome.choices).get(line.facts.get("outcome", ""), "")
    said = _("%(who)s closed the case: %(outcome)s") % {"who": who, "outcome": outcome}
    if ended := len(line.facts.get("ended", [])):
        words = ngettext("%(count)d planned step cancelled", "%(count)d planned steps cancelled", ended)
        said += ", " + words % {"count": ended}
    return said


def _priority(line: Event, who: str, names: Names) -> str:
    labels = dict(Priority.choices)
    return _("%(who)s: priority %(was)s → %(now)s") % {
        "who": who,
        "was": labels.get(line.facts.get("was", 0), ""),
        "now": labels.get(line.facts.get("now", 0), ""),
    }


def _assigned(line: Event, who: str, names: Names) -> str:
    facts = line.facts
    parts = []
    if facts.get("was") != facts.get("now"):
        parts.append(f"{_name(names, User, facts.get('was'))} → {_name(names, User, facts.get('now'))}")
    if facts.get("team_was") != facts.get("team"):
        was, now = (names.get((Team, facts.get(key) or 0), _("no team")) for key in ("team_was", "team"))
        parts.append(f"{was} → {now}")
    return _("%(who)s assigned: %(what)s") % {"who": who, "what": "; ".join(parts)}


def _joined(model: type[Model], added: str, removed: str) -> Callable[[Event, str, Names], str]:
    def say(line: Event, who: str, names: Names) -> str:
        parts = []
        for key, words in (("added", added), ("removed", removed)):
            if ids := line.facts.get(key):
                parts.append(_(words) % {"what": ", ".join(_name(names, model, pk) for pk in ids)})
        return f"{who}: {'; '.join(parts)}"

    return say


def _waiting(line: Event, who: str, names: Names) -> str:
    now = line.facts.get("now", "")
    whom = names.get((Contact, line.facts.get("agency") or 0), "") or dict(WaitingOn.choices).get(now, _("nobody"))
    return _("%(who)s: waiting on %(whom)s") % {"who": who, "whom": whom}


def _deadline(line: Event, who: str, names: Names) -> str:
    if line.facts.get("now"):
        return _("%(who)s set the deadline to %(day)s") % {"who": who, "day": _day(line.facts["now"])}
    return _("%(who)s removed the deadline") % {"who": who}


def _party(line: Event, who: str, names: Names) -> str:
    contact, user = line.facts.get("contact"), line.facts.get("user")
    whom = _name(names, Contact, contact) if contact else _name(names, User, user)
    role = _name(names, PartyRole, line.facts.get("role"))
    return _("%(who)s added %(whom)s as %(role)s") % {"who": who, "whom": whom, "role": role}


def _place(line: Event, who: str, names: Names) -> str:
    ward = names.get((Ward, line.facts.get("ward") or 0), "")
    if ward:
        return _("%(who)s added a place in %(ward)s") % {"who": who, "ward": ward}
    return _("%(who)s added a place") % {"who": who}


def _plain(words: Any) -> Callable[[Event, str, Names], str]:
    def say(line: Event, who: str, names: Names) -> str:
        return str(words) % {"who": who}

    return say


def _about_user(words: Any) -> Callable[[Event, str, Names], str]:
    return lambda line, who, names: str(words) % {"who": who, "whom": _name(names, User, line.facts.get("user"))}


def _about_subject(words: Any) -> Callable[[Event, str, Names], str]:
    def say(line: Event, who: str, names: Names) -> str:
        model = Document if line.subject_type == "cases.document" else Activity
        return str(words) % {"who": who, "what": _name(names, model, line.subject_id)}

    return say


def _imported(line: Event, who: str, names: Names) -> str:
    return _("%(who)s brought the case in from %(source)s") % {"who": who, "source": line.facts.get("source", "")}


def _moved(line: Event, who: str, names: Names) -> str:
    return _("%(who)s moved “%(what)s”: %(was)s → %(now)s") % {
        "who": who,
        "what": _name(names, Activity, line.subject_id),
        "was": _day(line.facts.get("was")),
        "now": _day(line.facts.get("now")),
    }


_SENTENCES: dict[str, Callable[[Event, str, Names], str]] = {
    events.OPENED: _opened,
    events.IMPORTED: _imported,
    events.EDITED: _edited,
    events.STATUS_CHANGED: _status,
    events.CLOSED: _closed,
    events.REOPENED: _plain(_later("%(who)s reopened the case")),
    events.PRIORITY_CHANGED: _priority,
    events.ASSIGNED: _assigned,
    events.CO_ASSIGNED: _joined(User, "working on it too: %(what)s", "no longer working on it: %(what)s"),
    events.TAGGED: _joined(Tag, "added tag %(what)s", "removed tag %(what)s"),
    events.WAITING: _waiting,
    events.DEADLINE_SET: _deadline,
    events.RESTRICTED: _plain(_later("%(who)s restricted the case")),
    events.UNRESTRICTED: _plain(_later("%(who)s opened the case to the office again")),
    events.LET_IN: _about_user(_later("%(who)s let %(whom)s in")),
    events.KEPT_OUT: _about_user(_later("%(who)s kept %(whom)s away from the case")),
    events.ACCESS_ENDED: _about_user(_later("%(who)s took back who may see it: %(whom)s")),
    events.DELETED: _plain(_later("%(who)s put the case into the bin")),
    events.RESTORED: _plain(_later("%(who)s took the case out of the bin")),
    # Without its number: not everybody who sees this case sees the other one.
    events.LINKED: _plain(_later("%(who)s linked the case to another")),
    events.UNLINKED: _plain(_later("%(who)s took the link to another case away")),
    events.UNDONE: _plain(_later("%(who)s took a change back")),
    events.PARTY_ADDED: _party,
    events.PARTY_ENDED: lambda line, who, names: (
        _("%(who)s took off a %(role)s")
        % {
            "who": who,
            "role": _name(names, PartyRole, line.facts.get("role")),
        }
    ),
    events.PLACE_ADDED: _place,
    events.PLACE_REMOVED: _plain(_later("%(who)s took a place off")),
    events.ACTIVITY_MOVED: _moved,
    events.ACTIVITY_CANCELLED: _about_subject(_later("%(who)s cancelled “%(what)s”")),
    events.ACTIVITY_FILED: _about_subject(_later("%(who)s filed “%(what)s” here")),
    events.DOCUMENT_REMOVED: _about_subject(_later("%(who)s took off the file “%(what)s”")),
}


def _marked() -> tuple[str, ...]:
    """The words that `_joined` translates later, marked where the collector of translations finds them."""
    return (
        _("working on it too: %(what)s"),
        _("no longer working on it: %(what)s"),
        _("added tag %(what)s"),
        _("removed tag %(what)s"),
    )
