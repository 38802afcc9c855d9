"""Eastmarsh council (demo.md, section 2): six services, a triage team, nine officers, four councillors."""

from datetime import datetime, timedelta

from wardbook.accounts.models import User
from wardbook.cases import actions as case_actions
from wardbook.cases.models import Activity, Case, Priority
from wardbook.contacts import actions as contact_actions
from wardbook.contacts.models import Contact
from wardbook.demo import staff
from wardbook.demo.cast import Cast, postcode_table
from wardbook.demo.people import crowd
from wardbook.demo.script import Script
from wardbook.offices import actions as office_actions
from wardbook.offices.models import Office
from wardbook.vocabulary.models import Category

WARDS = ("Marsh End", "Fen Gate", "Abbey", "Eastbank", "Market")
STAFF = (
    ("Gwen Marsh", "gwen", "manager", "Member services manager"),
    ("Tina Field", "tina", "triage", "Triage officer"),
    ("Raj Anand", "raj", "triage", "Triage officer"),
    ("Lena Stone", "lena", "service", "Highways"),
    ("Mark Fenn", "mark", "service", "Highways"),
    ("Olu Adeyemi", "olu", "service", "Housing"),
    ("Beth Carr", "beth", "service", "Waste"),
    ("Ian Poole", "ian", "service", "Planning"),
    ("Suki Tan", "suki", "service", "Parks"),
    ("Nora Finch", "nora", "service", "Environmental health"),
    ("Mair Lloyd", "mair.lloyd", "councillor", "Councillor for Marsh End"),
    ("Tom Hale", "tom.hale", "councillor", "Councillor for Marsh End"),
    ("Priya Nair", "priya.nair", "councillor", "Councillor for Abbey"),
    ("Joe Barton", "joe.barton", "councillor", "Councillor for Market"),
    ("Admin Eastmarsh", "admin", "admin", "Administrator"),
)
# Service, its members (the first leads), and what it deals with: (area, category, service type, how it is put).
TEAMS: dict[str, tuple[str, ...]] = {
    "Highways": ("Lena", "Mark"),
    "Housing": ("Olu",),
    "Waste": ("Beth",),
    "Planning": ("Ian",),
    "Parks": ("Suki",),
    "Environmental health": ("Nora",),
    "Triage": ("Tina", "Raj"),
}
MATTERS: tuple[tuple[str, str, str, str], ...] = (
    ("Highways", "Highways", "Street lighting", "Street light out, {street}"),
    ("Highways", "Highways", "Potholes and surfaces", "Pothole, {street}"),
    ("Highways", "Highways", "Drains and flooding", "Blocked gully, {street}"),
    ("Housing", "Housing", "", "Heating not mended, {street}"),
    ("Waste", "Waste", "", "Bin not emptied, {street}"),
    ("Planning", "Planning", "", "Shed as high as the house, {street}"),
    ("Parks", "Parks", "", "Hedge over the pavement, {street}"),
    ("Environmental health", "Environmental health", "", "Noise from the workshop, {street}"),
    ("Triage", "Community safety", "", "Something else, {street}"),
)
STREETS = ("Mill Lane", "Church Street", "Fen Road", "Dyke Row", "Abbey Close", "Market Hill", "Sluice Lane")
CASES, FIRST_NUMBER = 90, 3030


def tell(*, now: datetime, seed: int) -> Office:
    """Make the council and tell its months."""
    office = staff.office(
        name="Eastmarsh Council",
        short_name="Eastmarsh",
        slug="eastmarsh",
        profile="council",
        country="GB",
        subdivision="ENG",
        at=now - timedelta(days=300),
    )
    people = staff.hire(office, STAFF, domain="example.net", at=office.created_at)
    for name in ("Mair Lloyd", "Tom Hale", "Priya Nair", "Joe Barton"):
        staff.represent(office, name, "Councillor", people[name.split(" ")[0]], at=office.created_at)
    for name, members in TEAMS.items():
        _team(office, name, [people[member] for member in members], by=people["Gwen"])
    left = office.memberships.get(user=people["Nora"])
    office_actions.deactivate_member(left, by=people["Gwen"], at=now - timedelta(days=60))
    postcode_table(office, WARDS, "EM")
    script, cast = Script(office, now=now, seed=seed), Cast(office, people)
    residents = [
        contact_actions.add_contact(
            office,
            title=person.title,
            given_name=person.given,
            family_name=person.family,
            phones=[person.phone],
            emails=[person.email.replace("example.org", "example.net")] if person.email else [],
            address=f"{person.house} {script.rng.choice(STREETS)}",
            postcode=f"EM{script.rng.randint(1, 5)} {script.rng.randint(1, 9)}AB",
            by=people["Gwen"],
            at=office.created_at,
        )
        for person in crowd(80, script.rng)
    ]
    Office.objects.filter(pk=office.pk).update(last_case_number=FIRST_NUMBER - 1)
    moments = sorted(script.days_ago(150 * (1 - count / CASES) ** 1.6) for count in range(CASES))
    for number, moment in enumerate(moments, start=FIRST_NUMBER):
        _case(script, cast, residents, moment, number)
    script.play()
    return office


def _team(office: Office, name: str, members: list[User], *, by: User) -> None:
    """A service's team with its people; the first of them leads."""
    team = office.teams.filter(name=name).first()
    if team is None:
        team = office_actions.create_team(office, name=name, by=by, at=office.created_at)
    for member in members:
        office_actions.add_to_team(team, user=member, by=by, at=office.created_at)
    if members:
        office_actions.change_team(
            team, name=name, email="", lead=members[0], is_triage=team.is_triage, by=by, at=office.created_at
        )


def _case(script: Script, cast: Cast, residents: list[Contact], moment: datetime, number: int) -> None:
    rng = script.rng
    councillors = list(cast.office.representatives.all())
    service, area, category, words = rng.choices(MATTERS, weights=(6, 6, 3, 4, 5, 3, 3, 2, 2))[0]
    street = rng.choice(STREETS)
    if number == 3107:
        service, area, category, words, street = *MATTERS[0], "Mill Lane"
    elif number == 3092:
        service, area, category, words, street = *MATTERS[6], "Church Street"
    resident = rng.choice(residents) if rng.random() < 0.6 else None
    representative = councillors[0] if number in (3107, 3092) else rng.choice(councillors)

    def begin(at: datetime) -> None:
        team = cast.teams[service]
        category_found = cast.categories.get((area, category)) or _any_category(cast, area)
        case = case_actions.open_case(
            cast.office,
            description=words.format(street=street),
            constituent=resident,
            is_anonymous=resident is None,
            representative=representative,
            owner_team=team,
            policy_area=cast.areas[area],
            category=category_found,
            service_type=category_found.service_types.first(),
            contact_type=cast.contact_types["portal"],
            priority=rng.choice((Priority.NONE, Priority.NONE, Priority.LOW, Priority.MEDIUM, Priority.HIGH)),
            follow_up=case_actions.FollowUp(
                "First answer to the councillor",
                script.calendar.working_days_after(cast.office.local_date(at), 5),
                None,
            ),
            by=representative.user,
            at=at,
        )
        case_actions.add_place(
            case, text=street, postcode=f"EM{rng.randint(1, 5)} 1AB", by=representative.user, at=at
        )
        script.at(script.later(at, rng.choice((0, 1, 3))), lambda later: _take_up(script, cast, case, service, later))

    script.at(moment, begin)


def _take_up(script: Script, cast: Cast, case: Case, service: str, at: datetime) -> None:
    """Somebody of the team takes it; a case note tells the councillor; in time it is closed."""
    members = TEAMS["Triage"] if service == "Environmental health" else TEAMS[service]
    officer = cast[script.rng.choice(members)]
    case_actions.claim(case, by=officer, at=at)
    case_actions.set_status(case, cast.statuses["Open"], by=officer, at=at)
    if script.rng.random() < 0.7:
        case_actions.add_case_note(case, text="A crew will look at it this week.", by=officer, at=at)
    for activity in Activity.objects.planned().filter(case=case):
        case_actions.finish_activity(activity, by=officer, at=at)
    due = script.calendar.working_days_after(cast.office.local_date(at), 10)
    case_actions.plan_activity(
        cast.office, case=case, subject="Next answer", due_on=due, assignee=officer, by=officer, at=at
    )
    if script.rng.random() < 0.6:
        outcome = script.rng.choice(("resolved", "resolved", "partly", "advice"))
        script.at(
            script.later(at, script.rng.choice((4, 8, 15))),
            lambda later: case_actions.close(case, outcome=outcome, note="", by=officer, at=later),
        )


def _any_category(cast: Cast, area: str) -> Category:
    return next(category for (name, _category), category in cast.categories.items() if name == area)
