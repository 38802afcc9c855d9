"""What can be added to a case: a note, a note for everybody on it, a call, a letter, another entry, a task."""

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wardbook.cases import actions, mentions
from wardbook.cases.actions import FollowUp
from wardbook.cases.forms.choosing import ColleagueField, ContactField, staff_of
from wardbook.cases.forms.held import anchor_days
from wardbook.cases.models import Activity, Case
from wardbook.cases.readers import who_reads_notes
from wardbook.contacts.models import Contact
from wardbook.lib.forms import CHOOSE, DayField, FilesField
from wardbook.lib.typed import ClockField, LineField, MinutesField, TextField
from wardbook.offices.models import Membership, Office, Team
from wardbook.vocabulary.models import ActivityType

Family = ActivityType.Family
EMPTY_NOTE = {"required": _("Write the note first.")}


class Choice(NamedTuple):
    """A value that can be chosen; `family` for actions."""

    pk: int
    name: str
    family: str = ""


class Choices:
    """What several forms of one page choose from, given or asked once."""

    def __init__(
        self,
        office: Office,
        *,
        types: list[Choice] | None = None,
        people: list[Any] | None = None,
        teams: list[Choice] | None = None,
    ) -> None:
        self.office, self._types, self._people, self._teams = office, types, people, teams

    @cached_property
    def types(self) -> list[Choice]:
        if self._types is not None:
            return self._types
        known = ActivityType.objects.filter(office=self.office, retired_at__isnull=True)
        return [Choice(*row) for row in known.values_list("pk", "name", "family")]

    @cached_property
    def people(self) -> list[Any]:
        if self._people is not None:
            return self._people
        return list(staff_of(self.office).order_by("name", "pk"))

    @cached_property
    def teams(self) -> list[Choice]:
        if self._teams is not None:
            return self._teams
        return [Choice(*row) for row in Team.objects.active().filter(office=self.office).values_list("pk", "name")]

    def of_families(self, families: tuple[str, ...]) -> list[Choice]:
        return [value for value in self.types if value.family in families]


class Entry(forms.Form):
    """One entry of a case, or of a contact when there is no case. `seen` is when the page was drawn."""

    seen = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(
        self,
        member: Membership,
        data: Any = None,
        files: Any = None,
        *,
        at: datetime,
        case: Case | None = None,
        contact: Contact | None = None,
        choices: Choices | None = None,
        draft: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.member, self.office, self.case, self.about, self.at = member, member.office, case, contact, at
        self.choices = choices or Choices(member.office)
        self.draft = draft or {}
        kwargs["initial"] = self.first_values() | {k: v for k, v in self.draft.items() if k in self.base_fields}
        if data is None and (waiting := actions.waiting_in(self.draft, "uploads", member=member)):
            kwargs["initial"].setdefault("uploads", waiting)
        super().__init__(data, files, **kwargs)
        anchor_days(self, self.office, self.office.local_date(at))
        self.build()

    def first_values(self) -> dict[str, Any]:
        return {}

    def build(self) -> None:
        """Limit what can be chosen."""

    def offer_contact(self, name: str, chosen: Contact | None) -> None:
        """The people on the case stand first in the list."""
        field: Any = self.fields[name]
        field.offer(self.member, chosen)
        field.box.url += f"?case={self.case.number}" if self.case else ""
        field.box.shown = str(self.draft.get(f"{name}_text") or (chosen.name if chosen else ""))

    def offer_people(self, name: str) -> None:
        field: Any = self.fields[name]
        field.queryset = staff_of(self.office)
        me = self.member.user_id
        named = sorted(self.choices.people, key=lambda user: user.pk != me)
        pairs = [(u.pk, _t("Me (%(name)s)") % {"name": u.name} if u.pk == me else str(u)) for u in named]
        field.widget.choices = [("", field.empty_label), *pairs]

    def offer_types(self, families: tuple[str, ...], *, hide_one: bool = True) -> None:
        found = self.choices.of_families(families) or self.choices.types
        field: Any = self.fields["type"]
        field.queryset = ActivityType.objects.filter(pk__in=[value.pk for value in found])
        field.widget.choices = [(value.pk, value.name) for value in found]
        if found:
            field.initial = found[0].pk
        if len(found) == 1 and hide_one:
            field.widget = forms.HiddenInput()

    def full_clean(self) -> None:
        super().full_clean()
        for name, field in self.fields.items():
            if isinstance(field, ContactField) and self.is_bound and name in self.errors:
                field.offer_matches()


class NoteForm(Entry):
    """For the office only."""

    text = TextField(
        longest=20_000,
        label=_("Note"),
        error_messages=EMPTY_NOTE,
        help_text=_("Write @ and a colleague's name to tell them."),
    )
    uploads = FilesField(required=False, label=_("Files"), allow_empty_file=True)
    mentioned: ClassVar[list[Any]] = []

    def build(self) -> None:
        if self.case is not None:
            self.fields["text"].widget.attrs["data-mentions"] = reverse(
                "cases:mentions", args=[self.office.slug, self.case.number]
            )

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if self.case is None or "@" not in text:
            return text
        called = mentions.called_in(text, who_reads_notes(self.case))
        if called.unclear:
            said, people = called.unclear[0]
            names = ", ".join(f"@{person.name}" for person in people)
            raise forms.ValidationError(
                _t("There are several people called %(said)s. Write one of: %(names)s.")
                % {"said": said, "names": names}
            )
        self.mentioned = list(called.people)  # type: ignore[misc]  # the class's is only the empty default
        return text


class CaseNoteForm(Entry):
    """For everybody on the case."""

    text = TextField(longest=20_000, label=_("Note"), error_messages=EMPTY_NOTE)
    uploads = FilesField(required=False, label=_("Files"), allow_empty_file=True)


class LogForm(Entry):
    """Something that was done."""

    families: ClassVar[tuple[str, ...]] = (Family.MEETING, Family.VISIT, Family.EMAIL, Family.OTHER)
    hides_one = False
    direction_first = Activity.Direction.NONE

    type = forms.ModelChoiceField(
        ActivityType.objects.none(),
        label=_("What was done"),
        empty_label=None,
        error_messages={**CHOOSE, "required": _("Choose what was done.")},
    )
    contact = ContactField(label=_("With whom"))
    direction = forms.ChoiceField(
        label=_("Who spoke first"),
        choices=[(Activity.Direction.IN, _("They did")), (Activity.Direction.OUT, _("We did"))],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the two.")},
    )
    subject = LineField(
        longest=200,
        label=_("In one line"),
        error_messages={"required": _("Say in a few words what it was about.")},
    )
    details = TextField(longest=20_000, label=_("Details"), required=False)
    outcome = LineField(longest=300, label=_("What came of it"), required=False)
    day = DayField(label=_("Day"), required=False, chips=[("today", _("Today")), ("yesterday", _("Yesterday"))])
    clock = ClockField(required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    minutes = MinutesField(required=False)
    place = LineField(longest=160, label=_("Where"), required=False)
    uploads = FilesField(required=False, label=_("Files"), allow_empty_file=True)
    follow_up_on = DayField(label=_("Follow up on"), required=False)
    follow_up_subject = LineField(longest=200, label=_("What to do then"), required=False)
    follow_up_by = ColleagueField(label=_("Who does it"), empty_label=_("Nobody yet"))

    def first_values(self) -> dict[str, Any]:
        contact = self.about or (self.case.constituent if self.case else None)
        return {
            "contact": contact.pk if contact else None,
            "direction": self.direction_first,
            "follow_up_by": self.member.user_id,
        }

    def build(self) -> None:
        self.offer_types(self.families, hide_one=self.hides_one)
        self.offer_contact("contact", self.about or (self.case.constituent if self.case else None))
        self.offer_people("follow_up_by")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        happened = self.happened_at()
        if happened > self.at:
            name = "clock" if values.get("day") in (None, self.office.local_date(self.at)) else "day"
            self.add_error(name, _t("That is still to come. Plan it as a follow-up."))
        if not self.case and not values.get("contact") and "contact" not in self.errors:
            self.add_error("contact", _t("Say with whom."))
        due = values.get("follow_up_on")
        if due and due < self.office.local_date(self.at):
            self.add_error("follow_up_on", _t("A follow-up cannot lie in the past."))
        if values.get("follow_up_subject") and not due and "follow_up_on" not in self.errors:
            self.add_error("follow_up_on", _t("Enter a day, like Friday, 6/6 or +10wd."))
        return values

    def happened_at(self) -> datetime:
        """When it was: now, or noon of another day, unless a time is given."""
        values = self.cleaned_data
        today = self.office.local_date(self.at)
        day: date = values.get("day") or today
        clock: time | None = values.get("clock")
        if day == today and clock is None:
            return self.at
        return datetime.combine(day, clock or time(12), tzinfo=self.office.zone)

    def follow_up(self) -> FollowUp | None:
        """What follows, if anything."""
        values = self.cleaned_data
        if not values.get("follow_up_on"):
            return None
        subject = values.get("follow_up_subject") or _t("Follow up: %(what)s") % {"what": values["subject"]}
        return FollowUp(subject[:200], values["follow_up_on"], values.get("follow_up_by"))

    def facts(self) -> dict[str, Any]:
        """What the action is given."""
        values = self.cleaned_data
        names = ("type", "contact", "subject", "details", "outcome", "minutes", "place")
        facts = {name: values.get(name) for name in names}
        constituent = self.case.constituent if self.case else None
        told = values.get("contact") is not None and values["contact"] == constituent
        direction = values.get("direction") or Activity.Direction.NONE
        return facts | {
            "direction": direction,
            "happened_at": self.happened_at(),
            "informs_constituent": told and self.informs(direction),
            "follow_up": self.follow_up(),
        }

    def informs(self, direction: str) -> bool:
        """Whether the constituent was told where things stand, when it was with them."""
        return direction == Activity.Direction.OUT


class CallForm(LogForm):
    families = (Family.CALL,)
    hides_one = True
    direction_first = Activity.Direction.IN

    def informs(self, direction: str) -> bool:
        return True


class LetterForm(LogForm):
    """A letter with its scan (IN-5). `day` is the day it was received or sent."""

    families = (Family.LETTER,)
    hides_one = True
    direction_first = Activity.Direction.IN
    written_on = DayField(
        label=_("Date on the letter"), required=False, chips=[("today", _("Today")), ("yesterday", _("Yesterday"))]
    )

    def build(self) -> None:
        super().build()
        self.fields["contact"].label = _("From or to whom")
        self.fields["day"].label = _("Received or sent on")
        direction: Any = self.fields["direction"]
        direction.label = _("Which way")
        direction.choices = [(Activity.Direction.IN, _("It came in")), (Activity.Direction.OUT, _("We sent it"))]
        self.fields["uploads"].label = _("Scan")
        del self.fields["clock"], self.fields["minutes"], self.fields["place"]

    def clean_written_on(self) -> date | None:
        day: date | None = self.cleaned_data["written_on"]
        if day and day > self.office.local_date(self.at):
            raise forms.ValidationError(_t("A letter cannot carry a day that is still to come."))
        return day

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"written_on": self.cleaned_data.get("written_on"), "minutes": None, "place": ""}


class PlanForm(Entry):
    """The next step: a follow-up of one's own, or a task for a colleague or a team."""

    subject = LineField(
        longest=200, label=_("What to do"), error_messages={"required": _("Say in a few words what to do.")}
    )
    due_on = DayField(label=_("On"), error_messages={"required": _("Enter a day, like Friday, 6/6 or +10wd.")})
    assignee = ColleagueField(label=_("Who does it"), empty_label=_("Nobody yet"))
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Team"), required=False, empty_label=_("No team"), error_messages=CHOOSE
    )
    type = forms.ModelChoiceField(
        ActivityType.objects.none(),
        label=_("Kind of work"),
        empty_label=None,
        error_messages={**CHOOSE, "required": _("Choose what it is.")},
    )
    contact = ContactField(label=_("With whom"))
    details = TextField(longest=20_000, label=_("Details"), required=False)

    def first_values(self) -> dict[str, Any]:
        return {"assignee": (self.case.owner_id if self.case else None) or self.member.user_id}

    def build(self) -> None:
        found = self.choices.types
        tasks = [value for value in found if value.family == Family.TASK]
        self.offer_types(tuple({value.family for value in found}))
        self.fields["type"].required = False
        if tasks:
            self.fields["type"].initial = tasks[0].pk
        self.offer_contact("contact", self.about)
        self.offer_people("assignee")
        teams: Any = self.fields["team"]
        teams.queryset = Team.objects.active().filter(office=self.office)
        teams.widget.choices = [("", teams.empty_label), *((team.pk, team.name) for team in self.choices.teams)]

    def clean_assignee(self) -> Any:
        """Whoever was chosen; where nothing was asked, whoever has the case, else oneself."""
        if self.add_prefix("assignee") in self.data:
            return self.cleaned_data["assignee"]
        field: Any = self.fields["assignee"]
        owner = self.case.owner_id if self.case else None
        return field.queryset.filter(pk=owner).first() or self.member.user

    def clean_type(self) -> ActivityType:
        """What was chosen; a task, where nothing was asked."""
        field: Any = self.fields["type"]
        chosen: ActivityType | None = self.cleaned_data["type"]
        if chosen is None and field.initial:
            chosen = field.queryset.filter(pk=field.initial).first()
        if chosen is None:
            raise forms.ValidationError(field.error_messages["required"])
        return chosen

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day < self.office.local_date(self.at):
            raise forms.ValidationError(_t("A follow-up cannot lie in the past."))
        return day

    def facts(self) -> dict[str, Any]:
        names = ("subject", "due_on", "assignee", "team", "type", "contact", "details")
        return {name: self.cleaned_data.get(name) for name in names}
