"""A row of a file becomes the case it would be, or the list of what is wrong with it. Writes nothing."""

from datetime import datetime, tzinfo
from typing import Any

from django.utils.translation import gettext as _

from wardbook.exchange.coming import Coming, Place
from wardbook.exchange.dates import Moment
from wardbook.exchange.fields import CASE, Takes
from wardbook.exchange.mapping import Map, Rule
from wardbook.exchange.rows import RowReader, nothing
from wardbook.exchange.targets import Target
from wardbook.exchange.values import Choice, Lists
from wardbook.lib.quote import quoted
from wardbook.vocabulary.models import Status

LONGEST_DESCRIPTION = 200


class CaseRows(RowReader[Coming]):
    """Reads rows as cases."""

    def __init__(self, using: Map, columns: list[str], lists: Lists, *, zone: tzinfo, at: datetime) -> None:
        super().__init__(using, columns, lists, zone=zone, at=at)
        self._known_choices: dict[tuple[str, str, Choice | None, bool], Choice] = {}
        self._first_status = {
            status_class: Choice("status", status.name, None, status_class)
            for status_class in (Status.Class.CLOSED, Status.Class.NEW)
            if (status := Status.objects.filter(office=lists.office, status_class=status_class).in_use().first())
        }

    def _made(self) -> Coming:
        columns: dict[str, Any] = {}
        source_id = self._get("id")
        if not source_id and not self._failed("id"):
            self._refuse("id", _("the source's own number of the request"))
        description, notes = self._get("description"), self._get("notes") or ""
        if not description:
            self._refuse("description", _("what it is about"))
        elif len(description) > LONGEST_DESCRIPTION:
            # Nothing is lost: what does not fit on the line stands in the details.
            notes = "\n\n".join(part for part in (description, notes) if part)
            description = description[: LONGEST_DESCRIPTION - 1].rstrip() + "…"
        columns |= {"description": description, "notes": notes}
        for name in ("kind", "priority"):
            if (chosen := self._get(name)) is not None:
                columns[name] = chosen
        deadline = self._get("deadline")
        columns["deadline_on"] = deadline.day if deadline else None
        columns["deadline_reason"] = self._get("deadline_reason") or ""
        columns["is_restricted"] = bool(self._get("restricted"))
        columns["is_anonymous"] = bool(self._get("anonymous"))
        columns["owner_id"] = self._get("owner")
        status, status_class, outcome = self._status()
        self._set_times(columns, status_class, outcome)
        coming = Coming(self._row.number, source_id or "", columns, status)
        self._choose(coming)
        coming.place = self._place()
        coming.person = None if columns["is_anonymous"] else self._person("constituent.")
        return coming

    def _status(self) -> tuple[Choice, str, str]:
        """The status, its class, and the outcome that goes with it."""
        rule = self._rules.get("status")
        if rule is None:
            is_closed = bool(self._texts.get("closed", nothing)(self._row.cells))
            status = self._first_status.get(Status.Class.CLOSED if is_closed else Status.Class.NEW)
            if status is None:
                self._refuse("status", _("The office has no status for this. Add one under Settings › Lists."), True)
                status = Choice("status", "")
            return status, str(Status.Class.CLOSED if is_closed else Status.Class.NEW), self._get("outcome") or ""
        text, target = self._target(rule)
        no_status = Choice("status", "")
        if self._failed("status"):
            return no_status, "", ""
        if not text and target is None:
            self._refuse("status", _("a status"))
            return no_status, "", ""
        name = target.name if target else text
        known = self._lists.find(Choice("status", name))
        status_class = known.status_class if known else (target and target.status_class) or rule.status_class
        if known is None and not (rule.new_values or (target and target.is_new)):
            self._refuse("status", _not_in(name, rule), True)
        elif not status_class:
            self._refuse(
                "status", _("%(name)s is a new status. Say its class in the map.") % {"name": quoted(name)}, True
            )
        elif len(name) > rule.its.longest:
            self._refuse("status", _("at most %(longest)s characters") % {"longest": rule.its.longest})
        outcome = self._get("outcome") or (target and target.outcome) or ""
        return Choice("status", name, None, status_class), status_class, outcome

    def _set_times(self, columns: dict[str, Any], status_class: str, outcome: str) -> None:
        opened = self._past("opened")
        if opened is None:
            if "opened" in self._rules and not self._failed("opened"):
                self._refuse("opened", _("the day it was opened"))
            opened = Moment(self._at, self._today, has_time=True)
        closed, updated = self._past("closed"), self._past("updated")
        if status_class == Status.Class.CLOSED:
            if closed is None and "closed" not in self._rules:
                closed = updated or opened
            if closed is None:
                if not self._failed("closed"):
                    self._refuse("closed", _("the day it was closed, since its status is a closed one"))
                closed = opened
            # What is wrong with the day of opening was said; nothing can be before a day that nobody knows.
            if closed.day < opened.day and not self._failed("opened"):
                self._refuse(
                    "closed", _("a day not before %(day)s, when it was opened") % {"day": opened.day.isoformat()}
                )
            if not outcome and not self._failed("outcome"):
                column = "outcome" if "outcome" in self._rules else "status"
                self._refuse(column, _("how it ended. Add an outcome to the map: a closed case has one"), True)
            closed_at = closed.at if closed.has_time else max(closed.at, opened.at)
            columns |= {"closed_at": closed_at, "closed_on": closed.day, "outcome": outcome}
            columns["outcome_note"] = self._get("outcome_note") or ""
        columns |= {"opened_on": opened.day, "created_at": opened.at}
        # A closed date on an open case tells that it was closed once, and taken up again.
        columns["first_closed_at"] = columns.get("closed_at") or (closed.at if closed else None)
        columns["last_activity_at"] = max(moment.at for moment in (opened, closed, updated) if moment)

    def _choose(self, coming: Coming) -> None:
        for name, rule in self._rules.items():
            if rule.its.takes is Takes.VALUES:
                coming.tags = [
                    one
                    for word, target in self._split(rule).items()
                    if (one := self._choice(rule, word, target, None))
                ]
            elif rule.its.takes is Takes.VALUE and name not in ("status", "ward"):
                self._choose_one(coming, name, rule)

    def _choose_one(self, coming: Coming, name: str, rule: Rule) -> None:
        if name in coming.choices:
            return
        above = rule.its.under
        if above in self._rules:
            self._choose_one(coming, above, self._rules[above])
        text, target = self._target(rule)
        if chosen := self._choice(rule, text, target, coming.choices.get(above)):
            coming.choices[name] = chosen
            if chosen.under and above not in coming.choices:
                coming.choices[above] = chosen.under
                if chosen.under.under:
                    coming.choices[CASE[above].under] = chosen.under.under

    def _choice(self, rule: Rule, text: str, target: Target | None, under: Choice | None) -> Choice | None:
        """The choice of a text, if the office has it or the map lets it be made. Says so if not."""
        name = target.name if target else text
        if not name:
            return None
        is_new = rule.new_values or (target is not None and target.is_new)
        if target and target.under and under is None:
            under = self._parent(rule, target.under)
        key = (rule.name, name, under, is_new)
        if (known := self._known_choices.get(key)) is not None:
            return known
        choice = Choice(rule.name, name, under)
        found = self._lists.find(choice)
        if found is not None and rule.its.under:
            choice = self._lists.choice_of(rule.name, found)
        elif found is None and not is_new:
            self._refuse(rule.name, _not_in(name, rule), True, found=name)
            return None
        elif found is None and rule.its.under and under is None:
            self._refuse(
                rule.name,
                _("a value of %(list_name)s that %(name)s belongs under")
                % {"list_name": CASE[rule.its.under].list_name, "name": quoted(name)},
            )
            return None
        elif len(name) > rule.its.longest:
            self._refuse(rule.name, _("at most %(longest)s characters") % {"longest": rule.its.longest}, found=name)
            return None
        self._known_choices[key] = choice
        return choice

    def _parent(self, rule: Rule, name: str) -> Choice | None:
        found = self._lists.find(Choice(rule.its.under, name))
        return self._lists.choice_of(rule.its.under, found) if found is not None else None

    def _split(self, rule: Rule) -> dict[str, Target | None]:
        """The words of a cell that holds several, each once, with what they become."""
        if rule.fixed:
            return {rule.fixed.name: rule.fixed}
        words: dict[str, Target | None] = {}
        for word in self._texts[rule.name](self._row.cells).split(rule.separator):
            plain = " ".join(word.split())
            target = self._becomes(rule, plain)
            words[target.name if target else plain] = target
        return {word: target for word, target in words.items() if word}

    def _place(self) -> Place | None:
        text, postcode = self._get("place") or "", (self._get("postcode") or "").upper()
        latitude, longitude = self._get("latitude"), self._get("longitude")
        if (latitude is None) != (longitude is None) and not (self._failed("latitude") or self._failed("longitude")):
            self._refuse(
                "latitude" if latitude is None else "longitude", _("both latitude and longitude, or neither")
            )
        ward = None
        if rule := self._rules.get("ward"):
            ward = self._choice(rule, *self._target(rule), None)
        if postcode and text.upper().endswith(postcode):
            # The postcode has a place of its own and would stand there twice.
            text = text[: -len(postcode)].rstrip(" ,") or text
        if not (text or postcode or latitude is not None or ward):
            return None
        if not text and not postcode:
            text = f"{latitude}, {longitude}" if latitude is not None else ward.name if ward else ""
        return Place(text, postcode, latitude, longitude, ward)


def _not_in(name: str, rule: Rule) -> str:
    return _("%(name)s is not in %(list_name)s. Match it or add it to the list.") % {
        "name": quoted(name, 60),
        "list_name": rule.its.list_name,
    }
