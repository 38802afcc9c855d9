"""The Office of the Member for Glanmor (demo.md, section 1)."""

from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

from wardbook.accounts.models import User
from wardbook.cases import actions as case_actions
from wardbook.cases.models import Activity
from wardbook.contacts import actions as contact_actions
from wardbook.contacts.models import Contact
from wardbook.demo import came_in, matters, named, post, staff
from wardbook.demo.cast import Cast, postcode_table
from wardbook.demo.lives import Life
from wardbook.demo.people import WARDS, Person, crowd
from wardbook.demo.script import Script
from wardbook.offices.models import Office

STAFF = (
    ("Eleri Vaughan", "eleri", "representative", "Member for Glanmor"),
    ("Mared Hughes", "mared", "manager", "Office manager, data protection lead"),
    ("Anna Price", "anna", "caseworker", "Caseworker"),
    ("Sam Okoro", "sam", "caseworker", "Caseworker"),
    ("Carys Lewis", "carys", "volunteer", "Volunteer"),
    ("Ifan Rees", "ifan", "caseworker", "Scheduler"),
    ("Admin Glanmor", "admin", "admin", "Administrator"),
)
PEOPLE = 600
FIRST_NUMBER, LAST_NUMBER = 1838, 2076
SPIKE_FROM = 2050  # the cases of this week


def tell(*, now: datetime, seed: int) -> Office:
    """Make the office and tell its six months. Every line of it goes through the actions."""
    office = staff.office(
        name="Office of the Member for Glanmor",
        short_name="Glanmor",
        slug="glanmor",
        profile="representative",
        country="GB",
        subdivision="WLS",
        at=now - timedelta(days=400),
    )
    people = staff.hire(office, STAFF, domain="example.org", at=office.created_at)
    staff.represent(office, "Eleri Vaughan", "Member for Glanmor", people["Eleri"], at=office.created_at)
    postcode_table(office, WARDS, "GM")
    script = Script(office, now=now, seed=seed)
    cast = Cast(office, people)
    for name, (phone, email, days) in matters.AGENCIES.items():
        cast.agency(name, phone, email, days, by=people["Mared"], at=office.created_at)
    contacts = _known_people(script, people["Mared"])
    known = named.people(cast, at=office.created_at)
    _old_case(script, cast, known)
    Office.objects.filter(pk=office.pk).update(last_case_number=FIRST_NUMBER - 1)
    _cases(script, cast, contacts, known)
    _enquiries(script, cast, contacts)
    came_in.arrive(post.arrive(script, cast, known, contacts), known, script.now)
    script.play()
    named.leave_for_today(script, cast, known)
    return office


def _known_people(script: Script, by: User) -> list[Contact]:
    """Six hundred people whom the office met over the years."""
    return [add_person(script, person, by) for person in crowd(PEOPLE, script.rng)]


def add_person(script: Script, person: Person, by: User) -> Contact:
    """One invented person becomes a contact."""
    outside = script.rng.random() < 0.05
    return contact_actions.add_contact(
        script.office,
        title=person.title,
        given_name=person.given,
        family_name=person.family,
        phones=[person.phone],
        emails=[person.email] if person.email else [],
        address=f"{person.house} {person.street}",
        postcode=f"GM{script.rng.randint(7, 9)} 1AA" if outside else person.postcode,
        language=person.language,
        by=by,
        at=script.office.created_at,
    )


def _old_case(script: Script, cast: Cast, known: dict[str, Contact]) -> None:
    Office.objects.filter(pk=script.office.pk).update(last_case_number=1501)
    named.school_transport(script, cast, known)


def _cases(script: Script, cast: Cast, contacts: list[Contact], known: dict[str, Contact]) -> None:
    """The cases of half a year, in the order of their numbers."""
    rng = script.rng
    ordinary = [matter for matter in matters.MATTERS for _share in range(matter.weight)]
    queue = rng.sample(contacts, LAST_NUMBER - FIRST_NUMBER + 1)
    damp_left, school_left, number_of_visas = (
        18,
        6,
        {2000, 2009, 2017, 2024, 2030, 2037, 2043, 2046, 2049, 2053, 2058},
    )
    moments = sorted(_moment(script, number) for number in range(FIRST_NUMBER, LAST_NUMBER + 1))
    for number, moment in zip(range(FIRST_NUMBER, LAST_NUMBER + 1), moments, strict=True):
        person = queue.pop()
        if number in named.STORIES:
            script.at(moment, partial(named.STORIES[number], script, cast, known))
            continue
        owner = rng.choice((cast["Anna"], cast["Anna"], cast["Sam"], cast["Sam"], cast["Ifan"], None))
        matter, high, place = rng.choice(ordinary), False, ""
        if number in number_of_visas:
            matter = matters.VISA
        elif number >= SPIKE_FROM and damp_left:
            matter, damp_left = matters.DAMP, damp_left - 1
            high = damp_left < 8
            if damp_left < 10:
                matter = matter._replace(tags=("damp", "damp-riverside"))
                place = f"{20 + damp_left} Riverside Walk"
        elif number >= SPIKE_FROM - 14 and school_left and number % 2:
            matter, school_left = matters.SCHOOL_PLACE, school_left - 1
        elif number % 29 == 0:
            matter = matters.DAMP
        life = Life(script, cast, matter, person if rng.random() > 0.03 else None, owner)
        script.at(moment, partial(life.begin, high=high, place=place, restricted=number % 41 == 0))


def _moment(script: Script, number: int) -> datetime:
    """When a case was opened: 2041 twelve days ago, 1988 forty days ago, those of the spike this week."""
    knots = ((FIRST_NUMBER, 181.0), (1988, 40.0), (2033, 14.0), (2041, 12.0), (SPIKE_FROM, 6.0), (LAST_NUMBER, 0.2))
    for (low, older), (high, newer) in pairwise(knots):
        if low <= number <= high:
            days = older + (newer - older) * (number - low) / (high - low)
            moment = script.now - timedelta(days=days)
            while not script.calendar.is_working_day(script.office.local_date(moment)):
                moment += timedelta(days=1)
            hour = 9 + (number * 7) % 8
            return min(moment.replace(hour=hour, minute=(number * 13) % 60), script.now - timedelta(minutes=5))
    raise ValueError(number)


def _enquiries(script: Script, cast: Cast, contacts: list[Contact]) -> None:
    """Questions that were answered at once, without a case."""
    rng = script.rng
    for _each in range(60):
        subject, outcome = rng.choice(matters.ENQUIRIES)
        person, by = rng.choice(contacts), rng.choice((cast["Anna"], cast["Sam"]))

        def ask(
            at: datetime, subject: str = subject, outcome: str = outcome, person: Contact = person, by: User = by
        ) -> None:
            case_actions.log_activity(
                cast.office,
                contact=person,
                type=cast.activity_types["Phone call"],
                contact_type=cast.contact_types["phone"],
                direction=Activity.Direction.IN,
                subject=subject,
                outcome=outcome,
                minutes=3,
                by=by,
                at=at,
            )

        script.at(script.days_ago(rng.uniform(1, 170)), ask)
