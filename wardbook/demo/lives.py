"""How an ordinary case goes: opened, taken up, chased, answered, closed; some wait, some slip, some are forgotten."""

from datetime import datetime, timedelta

from wardbook.accounts.models import User
from wardbook.cases import actions as case_actions
from wardbook.cases.models import Activity, Case, Priority, WaitingOn
from wardbook.contacts.models import Contact
from wardbook.demo.cast import Cast
from wardbook.demo.matters import ANSWERS, CALLS, CHASES, INTERNAL_NOTES, OUTCOMES, TELL, Matter
from wardbook.demo.script import Script

CHANNELS = (
    ("phone",) * 5 + ("email",) * 6 + ("letter",) * 2 + ("in-person", "surgery", "surgery", "social", "web-form")
)
PRIORITIES = (Priority.NONE,) * 6 + (Priority.LOW, Priority.MEDIUM, Priority.MEDIUM, Priority.HIGH)


class Life:
    """One case on its way. Each step adds the next one to the script."""

    def __init__(
        self, script: Script, cast: Cast, matter: Matter, person: Contact | None, owner: User | None
    ) -> None:
        self.script, self.cast, self.matter, self.person, self.owner = script, cast, matter, person, owner
        self.rng = script.rng
        self.case: Case

    def begin(self, moment: datetime, *, restricted: bool = False, high: bool = False, place: str = "") -> Case:
        """Open the case, and have its life go on."""
        rng, cast = self.rng, self.cast
        by = self.owner or cast["Anna"]
        channel = rng.choice(CHANNELS)
        due = self.script.calendar.working_days_after(cast.office.local_date(moment), rng.choice((3, 5, 5, 8)))
        area = cast.areas[self.matter.area]
        forgotten = rng.random() < 0.04
        self.case = case_actions.open_case(
            cast.office,
            description=rng.choice(self.matter.words),
            notes=self.matter.notes,
            constituent=self.person,
            is_anonymous=self.person is None,
            kind=self.matter.kind,
            owner=self.owner,
            policy_area=area,
            category=cast.categories.get((self.matter.area, self.matter.category)),
            contact_type=cast.contact_types.get(channel),
            priority=Priority.HIGH if high else rng.choice(PRIORITIES),
            is_restricted=False,
            tags=cast.tags(self.matter.tags, by=by, at=moment),
            follow_up=None
            if forgotten
            else case_actions.FollowUp(
                rng.choice(TELL) if not self.matter.agency else self._chase(), due, self.owner
            ),
            by=by,
            at=moment,
        )
        if place:
            case_actions.add_place(self.case, text=place, postcode="GM1 4AB", by=by, at=moment)
        elif self.matter.area == "Roads and parking" and self.person and (address := self.person.addresses.first()):
            case_actions.add_place(self.case, text=address.lines, postcode=address.postcode, by=by, at=moment)
        if restricted and self.owner:
            case_actions.restrict(self.case, by=self.owner, at=moment)
        if not forgotten:
            self.script.at(self.script.later(moment, rng.choice((0, 0, 1, 2))), self.take_up)
        return self.case

    def take_up(self, moment: datetime) -> None:
        """Acknowledged or opened; the agency is approached."""
        if self.owner is None:
            self.owner = self.rng.choice((self.cast["Anna"], self.cast["Sam"], None))
            if self.owner is None:
                return
            case_actions.assign(self.case, owner=self.owner, by=self.cast["Mared"], at=moment)
        status = self.cast.statuses[self.rng.choice(("Acknowledged", "Open", "Open"))]
        case_actions.set_status(self.case, status, by=self.owner, at=moment)
        if self.rng.random() < 0.4:
            case_actions.add_internal_note(
                self.case,
                text=self.rng.choice(INTERNAL_NOTES),
                by=self._colleague(),
                at=moment + timedelta(minutes=4),
            )
        if self.matter.agency:
            self.script.at(self.script.later(moment, self.rng.choice((0, 1, 2))), self.write_to_agency)
        else:
            self.script.at(self.script.later(moment, self.rng.choice((2, 4, 9))), self.end)

    def write_to_agency(self, moment: datetime) -> None:
        """A letter to the body concerned; from now on we wait for it."""
        agency = self.cast.agencies[self.matter.agency]
        case_actions.log_activity(
            self.cast.office,
            case=self.case,
            contact=agency,
            type=self.cast.activity_types["Letter sent"],
            contact_type=self.cast.contact_types["letter"],
            direction=Activity.Direction.OUT,
            subject=f"Wrote to {agency.name}",
            by=self.owner,
            at=moment,
        )
        role = self.cast.party_role_agency
        if not self.case.parties.exists():
            case_actions.add_party(self.case, role=role, contact=agency, by=self.owner, at=moment)
        case_actions.wait_on(self.case, WaitingOn.AGENCY, agency=agency, by=self.owner, at=moment)
        self.script.at(self.script.later(moment, self.rng.choice((2, 5, 8, 12))), self.middle)

    def middle(self, moment: datetime) -> None:
        """Somebody rings, somebody chases, an answer comes or does not."""
        if self._gone():
            return
        self._tick_off(moment)
        subject, outcome = self.rng.choice(CALLS)
        if self.rng.random() < 0.6:
            case_actions.log_activity(
                self.cast.office,
                case=self.case,
                contact=self.person,
                type=self.cast.activity_types["Phone call"],
                contact_type=self.cast.contact_types["phone"],
                direction=Activity.Direction.IN,
                subject=subject,
                outcome=outcome,
                minutes=self.rng.choice((3, 5, 8, 12)),
                informs_constituent=True,
                by=self.owner,
                at=moment,
            )
        if self.rng.random() < 0.55:
            self._answer(moment + timedelta(minutes=30))
        if self.rng.random() < 0.12:
            case_actions.set_status(self.case, self.cast.statuses["On-Hold"], by=self.owner, at=moment)
        if self.rng.random() < 0.94:
            self._plan(moment)
        following = self.script.later(moment, self.rng.choice((4, 8, 12, 20)))
        self.script.at(following, self.end if self.rng.random() < 0.55 else self.middle)

    def end(self, moment: datetime) -> None:
        """Closed with an outcome; now and then it comes back."""
        if self._gone():
            return
        self._tick_off(moment)
        outcome = self.rng.choices(list(OUTCOMES), weights=[weight for weight, _lines in OUTCOMES.values()])[0]
        line = self.rng.choice(OUTCOMES[outcome][1])
        case_actions.close(self.case, outcome=outcome, note=line, by=self.owner, at=moment)
        if self.rng.random() < 0.05:
            self.script.at(self.script.later(moment, self.rng.choice((3, 9))), self.return_)

    def return_(self, moment: datetime) -> None:
        """It was not over after all."""
        self.case = case_actions.reopen(
            self.case, reason="They rang: it is broken again.", by=self.owner or self.cast["Anna"], at=moment
        )
        self._plan(moment)

    def _answer(self, moment: datetime) -> None:
        agency = self.cast.agencies[self.matter.agency]
        case_actions.log_activity(
            self.cast.office,
            case=self.case,
            contact=agency,
            type=self.cast.activity_types["Letter"],
            contact_type=self.cast.contact_types["letter"],
            direction=Activity.Direction.IN,
            subject=f"{agency.name} answered",
            details=self.rng.choice(ANSWERS),
            by=self.owner,
            at=moment,
        )
        case_actions.wait_on(self.case, WaitingOn.US, by=self.owner, at=moment)

    def _plan(self, moment: datetime) -> None:
        days = self.rng.choice((5, 5, 10, 15))
        due = self.script.calendar.working_days_after(self.cast.office.local_date(moment), days)
        case_actions.plan_activity(
            self.cast.office,
            case=self.case,
            subject=self._chase() if self.matter.agency else self.rng.choice(TELL),
            due_on=due,
            assignee=self.owner,
            by=self.owner,
            at=moment,
        )

    def _tick_off(self, moment: datetime) -> None:
        """Most of what was planned is done when the case is next looked at."""
        for activity in Activity.objects.planned().filter(case=self.case):
            case_actions.finish_activity(activity, by=self.owner, at=moment)

    def _gone(self) -> bool:
        self.case.refresh_from_db()
        return self.case.is_closed or self.case.deleted_at is not None

    def _chase(self) -> str:
        return self.rng.choice(CHASES).format(agency=self.matter.agency)

    def _colleague(self) -> User:
        return self.rng.choice((self.cast["Anna"], self.cast["Sam"], self.cast["Mared"]))
